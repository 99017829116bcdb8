// Sparse products in strips of four rows.
#define CR_KERNEL "strips_kernel.h"
#include "each_width.h"
#undef CR_KERNEL
#include "dots.h"
#include "totals.h"

/// One column: the four rows of a strip are the lanes, in four chains.
typedef T F(four) __attribute__((vector_size(4 * CR_SIZE)));
static void F(strips_vector)(int64_t rows, const int64_t *pointers, const int32_t *columns, const T *values,
    const T *x, T *y) {
  for (int64_t first = 0, s = 0; first < rows; first += 4, s++) {
    F(four) sum[4] = {{0}}, v;
    int64_t k = pointers[s], end = pointers[s + 1];
    for (; k + 4 <= end; k += 4)
      CR_UNROLL for (int u = 0; u < 4; u++) {
        __builtin_memcpy(&v, values + 4 * (k + u), sizeof v);
        sum[u] += x[columns[k + u]] * v;
      }
    for (; k < end; k++) {
      __builtin_memcpy(&v, values + 4 * k, sizeof v);
      sum[0] += x[columns[k]] * v;
    }
    v = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    for (int i = 0; i < 4 && first + i < rows; i++) y[first + i] += v[i];
  }
}

static void F(strips_multiply)(int64_t rows, const int64_t *pointers, const int32_t *columns, const T *values,
    const T *x, T *y, int64_t batch) {
  int64_t b = 0;
  if (batch == 1) {
    F(strips_vector)(rows, pointers, columns, values, x, y);
    return;
  }
#define STEP(w) \
  for (; b + w <= batch; b += w) \
    CR_PASTE3(F(strips), _, w)(rows, pointers, columns, values, x + b, y + b, batch);
  CR_EACH_WIDTH(STEP)
#undef STEP
}

static void F(gather_add)(int64_t count, const int64_t *places, const T *values, T *y) {
  for (int64_t k = 0; k < count; k++) y[k] += values[places[k]];
}
static void F(scatter)(int64_t count, const int64_t *places, const T *values, T *y) {
  for (int64_t k = 0; k < count; k++) y[places[k]] = values[k];
}

// Columns that the sums of a strip take at a time: as many as leave registers for the operands.
enum { F(outer_columns) = CR_REGISTERS == 32 ? 4 : 2, F(outer_sums) = 4 * F(outer_columns) };

/// sum[4c + r] += Σ_b d[r][b] x[c][b] over one vector of the batch, or its first n columns.
CR_INLINE void F(strip_outer_term)(VEC *sum, const T *const *d, const T *const *x, int64_t b, int64_t n) {
  VEC v[4];
  CR_UNROLL for (int r = 0; r < 4; r++) v[r] = n == CR_LANES ? F(load)(d[r] + b) : F(load_part)(d[r] + b, n);
  CR_UNROLL for (int c = 0; c < F(outer_columns); c++) {
    VEC w = n == CR_LANES ? F(load)(x[c] + b) : F(load_part)(x[c] + b, n);
    CR_UNROLL for (int r = 0; r < 4; r++) sum[4 * c + r] += v[r] * w;
  }
}

static void F(strips_outer)(int64_t rows, const int64_t *pointers, const int32_t *columns, int64_t count,
    const T *delta, const T *x, T *gradient, int64_t batch, int64_t stride) {
  for (int64_t first = 0, s = 0; first < rows; first += 4, s++) {
    for (int64_t k = pointers[s], end = pointers[s + 1]; k < end; k += F(outer_columns)) {
      int64_t own = end - k < F(outer_columns) ? end - k : F(outer_columns);
      VEC sum[F(outer_sums)] = {{0}};
      const T *d[4], *v[F(outer_columns)];
      // Past the end the last row or column is taken again, and what comes of it dropped.
      CR_UNROLL for (int r = 0; r < 4; r++) d[r] = delta + (first + r < rows ? first + r : rows - 1) * batch;
      CR_UNROLL for (int c = 0; c < F(outer_columns); c++) v[c] = x + columns[c < own ? k + c : end - 1] * batch;
      for (int64_t t = 0; t < count; t++) {
        int64_t b = 0;
        for (; b + CR_LANES <= batch; b += CR_LANES) F(strip_outer_term)(sum, d, v, b, CR_LANES);
        if (b < batch) F(strip_outer_term)(sum, d, v, b, batch - b);
        CR_UNROLL for (int r = 0; r < 4; r++) d[r] += stride;
        CR_UNROLL for (int c = 0; c < F(outer_columns); c++) v[c] += stride;
      }
      for (int g = 0; g < F(outer_sums) && g < 4 * own; g += CR_DOTS)
        F(add_dots)(gradient + 4 * k + g, F(totals)(sum + g), 4 * own - g < CR_DOTS ? 4 * own - g : CR_DOTS);
    }
  }
}
