// The activations and their slopes.
#include "levels.h"

#define CR_TEMPLATE "activation_template.h"
#include "each_level.h"

#define P(T) (int activation, T slope, int64_t count, const T *x, T *y)
CR_PUBLIC(void, activate, P, (activation, slope, count, x, y))
#undef P

#define P(T) (int activation, T slope, int64_t count, const T *x, const T *d, T *y)
CR_PUBLIC(void, slope_multiply, P, (activation, slope, count, x, d, y))
CR_PUBLIC(void, slope_multiply_add, P, (activation, slope, count, x, d, y))
#undef P
