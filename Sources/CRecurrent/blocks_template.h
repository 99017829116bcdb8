// Products with lists of dense blocks.
#include "tiles.h"
#include "dots.h"
#include "outer32.h"

CR_INLINE void F(blocks_body)(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, int64_t a_row, int64_t a_depth, const T *values, const T *x,
    T *y, int64_t batch) {
  for (int64_t k = 0; k < count; k++)
    F(tiles_all)(s, s, values + k * s * s, a_row, a_depth, x + s * block_columns[k] * batch,
        y + s * block_rows[k] * batch, batch);
}

static void F(blocks_multiply)(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const T *values, const T *x, T *y, int64_t batch) {
  if (s == 32) F(blocks_body)(count, 32, block_rows, block_columns, 32, 1, values, x, y, batch);
  else F(blocks_body)(count, s, block_rows, block_columns, s, 1, values, x, y, batch);
}

static void F(blocks_multiply_transposed)(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const T *values, const T *x, T *y, int64_t batch) {
  if (s == 32) F(blocks_body)(count, 32, block_columns, block_rows, 1, 32, values, x, y, batch);
  else F(blocks_body)(count, s, block_columns, block_rows, 1, s, values, x, y, batch);
}

static void F(blocks_outer)(int64_t count, int64_t s, const int32_t *block_rows,
    const int32_t *block_columns, const T *delta, const T *x, T *gradient, int64_t batch) {
  if (s == 32) {
    F(outer32)(count, block_rows, block_columns, delta, x, gradient, batch);
    return;
  }
  for (int64_t k = 0; k < count; k++)
    for (int64_t i = 0; i < s; i++)
      F(dots)(s, NULL, delta + (s * block_rows[k] + i) * batch, x + s * block_columns[k] * batch,
          batch, gradient + (k * s + i) * s);
}
