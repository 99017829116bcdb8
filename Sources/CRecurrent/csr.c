// Sparse products with a CSR matrix, its transpose, and its gradient.
#include "levels.h"

#define CR_TEMPLATE "csr_template.h"
#include "each_level.h"

#define P(T) (int64_t rows, const int64_t *pointers, const int32_t *columns, const T *values, \
    const T *x, T *y, int64_t batch)
CR_PUBLIC(void, csr_multiply, P, (rows, pointers, columns, values, x, y, batch))
#undef P

#define P(T) (int64_t columns_count, const int64_t *tpointers, const int32_t *trows, \
    const int64_t *tpositions, const T *values, const T *x, T *y, int64_t batch)
CR_PUBLIC(void, csr_multiply_transposed, P,
    (columns_count, tpointers, trows, tpositions, values, x, y, batch))
#undef P

#define P(T) (int64_t rows, const int64_t *pointers, const int32_t *columns, const T *delta, \
    const T *x, T *gradient, int64_t batch)
CR_PUBLIC(void, csr_outer, P, (rows, pointers, columns, delta, x, gradient, batch))
#undef P
