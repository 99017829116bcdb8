// Activations and their slopes over arrays. A last part of a vector is padded, so every
// element goes through the same arithmetic wherever it stands.
#include "functions.h"
#include "phi.h"

enum { F(map_activate), F(map_multiply), F(map_multiply_add) };

/// What is stored for x, d and the old y.
CR_INLINE VEC F(mapped)(int map, int activation, T slope, VEC x, VEC d, VEC y) {
  if (map == F(map_activate)) return F(phi)(activation, slope, x);
  VEC product = F(phi_slope)(activation, slope, x) * d;
  return map == F(map_multiply) ? product : y + product;
}

CR_INLINE void F(map)(int map, int activation, T slope, int64_t count, const T *x, const T *d,
    T *y) {
  int64_t k = 0;
  VEC none = {0};
  for (; k + CR_LANES <= count; k += CR_LANES)
    F(store)(y + k, F(mapped)(map, activation, slope, F(load)(x + k),
        map == F(map_activate) ? none : F(load)(d + k),
        map == F(map_multiply_add) ? F(load)(y + k) : none));
  int64_t left = count - k;
  if (left > 0)
    F(store_part)(y + k, F(mapped)(map, activation, slope, F(load_part)(x + k, left),
        map == F(map_activate) ? none : F(load_part)(d + k, left),
        map == F(map_multiply_add) ? F(load_part)(y + k, left) : none), left);
}

#define CR_CASE(which, a) case a: F(map)(which, a, slope, count, x, d, y); break;
#define CR_CASES(which)                                                            \
  switch (activation) {                                                            \
    CR_CASE(which, cr_identity) CR_CASE(which, cr_relu)                            \
    CR_CASE(which, cr_leaky_relu) CR_CASE(which, cr_tanh)                          \
    CR_CASE(which, cr_hard_tanh) CR_CASE(which, cr_sigmoid)                        \
    CR_CASE(which, cr_softplus)                                                    \
    default: break;                                                                \
  }

static void F(activate)(int activation, T slope, int64_t count, const T *x, T *y) {
  const T *d = NULL;
  CR_CASES(F(map_activate))
}
static void F(slope_multiply)(int activation, T slope, int64_t count, const T *x, const T *d,
    T *y) {
  CR_CASES(F(map_multiply))
}
static void F(slope_multiply_add)(int activation, T slope, int64_t count, const T *x,
    const T *d, T *y) {
  CR_CASES(F(map_multiply_add))
}
#undef CR_CASE
#undef CR_CASES
