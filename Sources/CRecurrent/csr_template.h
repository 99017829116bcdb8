// Sparse products. The batch is cut into chunks as wide as the registers allow.
#define CR_KERNEL "csr_kernel.h"
#include "each_width.h"
#undef CR_KERNEL
#include "dots.h"

static void F(csr_multiply)(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const T *values, const T *x, T *y, int64_t batch) {
  int64_t b = 0;
  if (rows <= 0 || pointers[rows] == pointers[0]) return;
#define STEP(w) \
  for (; b + w <= batch; b += w) \
    CR_PASTE3(F(csr), _, w)(rows, pointers, columns, NULL, values, x + b, y + b, batch);
  CR_EACH_WIDTH(STEP)
#undef STEP
}

static void F(csr_multiply_transposed)(int64_t columns_count, const int64_t *tpointers,
    const int32_t *trows, const int64_t *tpositions, const T *values, const T *x, T *y,
    int64_t batch) {
  int64_t b = 0;
  if (columns_count <= 0 || tpointers[columns_count] == tpointers[0]) return;
#define STEP(w) \
  for (; b + w <= batch; b += w) \
    CR_PASTE3(F(csr), _, w)(columns_count, tpointers, trows, tpositions, values, x + b, y + b, batch);
  CR_EACH_WIDTH(STEP)
#undef STEP
}

static void F(csr_outer)(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const T *delta, const T *x, T *gradient, int64_t batch) {
  for (int64_t i = 0; i < rows; i++) {
    int64_t k = pointers[i];
    F(dots)(pointers[i + 1] - k, columns + k, delta + i * batch, x, batch, gradient + k);
  }
}
