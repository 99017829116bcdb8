// Includes CR_KERNEL for W = 64, 32 … 1 columns, as far as the registers of the level reach.
// A kernel uses CR_W(name), the vector type CR_W(vec), CR_WLANES and CR_WREGS (vectors per
// row). Afterwards CR_EACH_WIDTH(STEP) expands STEP(w) for each of them, widest first.
#undef CR_WIDEST
#if CR_REGISTERS == 32
#define CR_WIDEST (4 * CR_LANES)
#else
#define CR_WIDEST (2 * CR_LANES)
#endif
#undef CR_W
#undef CR_WLANES
#undef CR_WREGS
#undef CR_EACH_WIDTH
#define CR_W(name) CR_PASTE3(F(name), _, W)
#define CR_WLANES (W < CR_LANES ? W : CR_LANES)
#define CR_WREGS (W / CR_WLANES)
#if CR_WIDEST >= 64
#define W 64
#include CR_KERNEL
#undef W
#endif
#if CR_WIDEST >= 32
#define W 32
#include CR_KERNEL
#undef W
#endif
#if CR_WIDEST >= 16
#define W 16
#include CR_KERNEL
#undef W
#endif
#if CR_WIDEST >= 8
#define W 8
#include CR_KERNEL
#undef W
#endif
#define W 4
#include CR_KERNEL
#undef W
#define W 2
#include CR_KERNEL
#undef W
#define W 1
#include CR_KERNEL
#undef W
#if CR_WIDEST >= 64
#define CR_EACH_WIDTH(STEP) STEP(64) STEP(32) STEP(16) STEP(8) STEP(4) STEP(2) STEP(1)
#elif CR_WIDEST >= 32
#define CR_EACH_WIDTH(STEP) STEP(32) STEP(16) STEP(8) STEP(4) STEP(2) STEP(1)
#elif CR_WIDEST >= 16
#define CR_EACH_WIDTH(STEP) STEP(16) STEP(8) STEP(4) STEP(2) STEP(1)
#elif CR_WIDEST >= 8
#define CR_EACH_WIDTH(STEP) STEP(8) STEP(4) STEP(2) STEP(1)
#else
#define CR_EACH_WIDTH(STEP) STEP(4) STEP(2) STEP(1)
#endif
