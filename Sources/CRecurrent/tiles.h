// y += A x for a small dense A (rows x depth) whose entry (i, k) is a[i a_row + k a_depth].
#define CR_KERNEL "tile_kernel.h"
#include "each_width.h"
#undef CR_KERNEL

CR_INLINE void F(tiles_all)(int64_t rows, int64_t depth, const T *a, int64_t a_row,
    int64_t a_depth, const T *x, T *y, int64_t batch) {
  int64_t b = 0;
  if (rows <= 0 || depth <= 0) return;
#define STEP(w) \
  for (; b + w <= batch; b += w) \
    CR_PASTE3(F(tiles), _, w)(rows, depth, a, a_row, a_depth, x + b, y + b, batch);
  CR_EACH_WIDTH(STEP)
#undef STEP
}
