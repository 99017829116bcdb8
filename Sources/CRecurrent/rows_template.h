// Row scalings and row sums.
#include "dots.h"

/// to = scale * x + bias + (add ? to : 0), along one row.
CR_INLINE void F(scale_row)(int64_t n, T scale, int with_bias, T bias, int add, const T *x, T *to) {
#define CR_SCALED(v, old) (with_bias ? scale * (v) + bias : add ? scale * (v) + (old) : scale * (v))
  int64_t b = 0;
  for (; b + CR_LANES <= n; b += CR_LANES)
    F(store)(to + b, CR_SCALED(F(load)(x + b), F(load)(to + b)));
  if (b < n)
    F(store_part)(to + b,
        CR_SCALED(F(load_part)(x + b, n - b), F(load_part)(to + b, n - b)), n - b);
#undef CR_SCALED
}

static void F(scale_rows)(int64_t units, const T *scale, const T *x, T *y, int64_t batch) {
  for (int64_t i = 0; i < units; i++)
    F(scale_row)(batch, scale[i], 0, 0, 0, x + i * batch, y + i * batch);
}
static void F(affine_rows)(int64_t units, const T *scale, const T *bias, const T *x, T *y,
    int64_t batch) {
  for (int64_t i = 0; i < units; i++)
    F(scale_row)(batch, scale[i], 1, bias ? bias[i] : 0, 0, x + i * batch, y + i * batch);
}
static void F(scale_rows_accumulate)(int64_t units, const T *scale, const T *x, T *y,
    int64_t batch) {
  for (int64_t i = 0; i < units; i++)
    F(scale_row)(batch, scale[i], 0, 0, 1, x + i * batch, y + i * batch);
}

/// sums[i] += x[i,:] · d[i,:], or with `ones` (a constant) the plain sum of x[i,:].
CR_INLINE void F(row_totals)(int ones, int64_t units, const T *x, const T *d, T *sums,
    int64_t batch) {
  int64_t i = 0;
  const T *rows[CR_DOTS];
  for (; i + CR_DOTS <= units; i += CR_DOTS) {
    CR_UNROLL for (int t = 0; t < CR_DOTS; t++) rows[t] = x + (i + t) * batch;
    F(add_dots)(sums + i, F(dot_group)(ones, rows, ones ? d : d + i * batch, batch, batch), CR_DOTS);
  }
  for (; i < units; i++) {  // one row, which fills all the places
    for (int t = 0; t < CR_DOTS; t++) rows[t] = x + i * batch;
    F(add_dots)(sums + i, F(dot_group)(ones, rows, ones ? d : d + i * batch, 0, batch), 1);
  }
}

static void F(row_sums)(int64_t units, const T *x, T *sums, int64_t batch) {
  F(row_totals)(1, units, x, NULL, sums, batch);
}
static void F(row_dots)(int64_t units, const T *x, const T *y, T *sums, int64_t batch) {
  F(row_totals)(0, units, x, y, sums, batch);
}
