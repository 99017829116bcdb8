// Products with lists of dense blocks of one size, their transposes and their gradients.
#include "levels.h"

#define CR_TEMPLATE "blocks_template.h"
#include "each_level.h"

#define P(T) (int64_t count, int64_t s, const int32_t *block_rows, \
    const int32_t *block_columns, const T *values, const T *x, T *y, int64_t batch)
#define A (count, s, block_rows, block_columns, values, x, y, batch)
CR_PUBLIC(void, blocks_multiply, P, A)
CR_PUBLIC(void, blocks_multiply_transposed, P, A)
#undef P
#undef A

#define P(T) (int64_t count, int64_t s, const int32_t *block_rows, \
    const int32_t *block_columns, const T *delta, const T *x, T *gradient, int64_t batch)
CR_PUBLIC(void, blocks_outer, P,
    (count, s, block_rows, block_columns, delta, x, gradient, batch))
#undef P
