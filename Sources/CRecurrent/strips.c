// Sparse products in strips of four rows.
#include "levels.h"

#define CR_TEMPLATE "strips_template.h"
#include "each_level.h"

#define P(T) (int64_t rows, const int64_t *pointers, const int32_t *columns, const T *values, const T *x, T *y, \
    int64_t batch)
CR_PUBLIC(void, strips_multiply, P, (rows, pointers, columns, values, x, y, batch))
#undef P

#define P(T) (int64_t rows, const int64_t *pointers, const int32_t *columns, int64_t count, const T *delta, \
    const T *x, T *gradient, int64_t batch, int64_t stride)
CR_PUBLIC(void, strips_outer, P, (rows, pointers, columns, count, delta, x, gradient, batch, stride))
#undef P

#define P(T) (int64_t count, const int64_t *places, const T *values, T *y)
CR_PUBLIC(void, gather_add, P, (count, places, values, y))
CR_PUBLIC(void, scatter, P, (count, places, values, y))
#undef P
