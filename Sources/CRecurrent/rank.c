// Products with a thin dense matrix and their gradients.
#include "levels.h"

#define CR_TEMPLATE "rank_template.h"
#include "each_level.h"

#define P(T) \
  (int64_t units, int64_t inputs, const T *U, const T *u, T *y, int64_t batch)
CR_PUBLIC(void, rank_multiply, P, (units, inputs, U, u, y, batch))
#undef P

#define P(T) \
  (int64_t units, int64_t inputs, const T *delta, const T *u, T *gradient, int64_t batch)
CR_PUBLIC(void, rank_outer, P, (units, inputs, delta, u, gradient, batch))
#undef P
