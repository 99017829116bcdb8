// Element-wise work of a time step in one pass over the state.
#include "levels.h"

#define CR_TEMPLATE "passes_template.h"
#include "each_level.h"

#define P(T) (int activation, T slope, int64_t units, const T *decay, const T *bias, int64_t inputs, const T *U, \
    const T *u, const T *x, T *y, T *rates, int64_t batch)
CR_PUBLIC(void, drive, P, (activation, slope, units, decay, bias, inputs, U, u, x, y, rates, batch))
#undef P

#define P(T) (int activation, T slope, int64_t units, const T *decay, const T *x, const T *delta, T *q, int64_t batch)
CR_PUBLIC(void, join, P, (activation, slope, units, decay, x, delta, q, batch))
#undef P

#define P(T) (int activation, T slope, int64_t units, const T *decay, const T *gain, const T *x, const T *a, T *y, \
    int64_t batch)
CR_PUBLIC(void, blend, P, (activation, slope, units, decay, gain, x, a, y, batch))
#undef P

#define P(T) (int activation, T slope, int64_t units, const T *decay, const T *gain, const T *delta, const T *a, \
    T *alpha, T *q, int64_t batch)
CR_PUBLIC(void, unblend, P, (activation, slope, units, decay, gain, delta, a, alpha, q, batch))
#undef P

#define P(T) (int64_t units, const T *delta, const T *u, T *bias, T *input, int64_t batch)
CR_PUBLIC(void, collect, P, (units, delta, u, bias, input, batch))
#undef P
