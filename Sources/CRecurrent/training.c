// Adam, the sum of squares and the softmax loss.
#include "levels.h"

#include <math.h>

#define CR_TEMPLATE "training_template.h"
#include "each_level.h"

#define P(T) (int64_t count, T *parameter, const T *gradient, T *m, T *v, T rate, T beta1, \
    T beta2, T epsilon, T correction1, T correction2, T clip)
CR_PUBLIC(void, adam, P, (count, parameter, gradient, m, v, rate, beta1, beta2, epsilon,
    correction1, correction2, clip))
#undef P

#define P(T) (int64_t count, const T *x)
CR_PUBLIC(double, square_sum, P, (count, x))
#undef P

#define P(T) (int64_t classes, int64_t batch, T *logits, const int32_t *labels, T weight, \
    double *loss, int32_t *argmax)
CR_PUBLIC(void, softmax_loss, P, (classes, batch, logits, labels, weight, loss, argmax))
#undef P
