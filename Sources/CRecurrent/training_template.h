// Adam, the sum of squares and the softmax loss.
#include "functions.h"

CR_INLINE VEC F(root)(VEC x) {
#if defined(__clang__) && __has_builtin(__builtin_elementwise_sqrt)
  return __builtin_elementwise_sqrt(x);
#else
  for (int l = 0; l < CR_LANES; l++)
    x[l] = (T)(CR_SIZE == 4 ? __builtin_sqrtf((float)x[l]) : __builtin_sqrt((double)x[l]));
  return x;
#endif
}

static void F(adam)(int64_t count, T *parameter, const T *gradient, T *m, T *v, T rate, T beta1,
    T beta2, T epsilon, T correction1, T correction2, T clip) {
  for (int64_t k = 0; k < count; k += CR_LANES) {
    int64_t n = count - k < CR_LANES ? count - k : CR_LANES;
    int whole = n == CR_LANES;
    VEC g = clip * (whole ? F(load)(gradient + k) : F(load_part)(gradient + k, n));
    VEC p = whole ? F(load)(parameter + k) : F(load_part)(parameter + k, n);
    VEC a = whole ? F(load)(m + k) : F(load_part)(m + k, n);
    VEC b = whole ? F(load)(v + k) : F(load_part)(v + k, n);
    a = beta1 * a + (1 - beta1) * g;
    b = beta2 * b + ((1 - beta2) * g) * g;
    p -= rate * (a * correction1) / (F(root)(b * correction2) + epsilon);
    if (whole) {
      F(store)(parameter + k, p);
      F(store)(m + k, a);
      F(store)(v + k, b);
    } else {
      F(store_part)(parameter + k, p, n);
      F(store_part)(m + k, a, n);
      F(store_part)(v + k, b, n);
    }
  }
}

/// Blocks of 2048 in 4 vectors of doubles; the blocks' sums are added with compensation.
typedef double F(double_vec) __attribute__((vector_size(CR_BYTES)));
typedef T F(narrow) __attribute__((vector_size(CR_BYTES / 8 * CR_SIZE)));
static double F(square_sum)(int64_t count, const T *x) {
  enum { lanes = CR_BYTES / 8, block = 2048 };
  double total = 0, rest = 0;
  for (int64_t first = 0; first < count; first += block) {
    int64_t end = count - first < block ? count : first + block, k = first;
    F(double_vec) sum[4] = {{0}};
    for (; k + 4 * lanes <= end; k += 4 * lanes)
      CR_UNROLL for (int u = 0; u < 4; u++) {
        F(narrow) part;
        __builtin_memcpy(&part, x + k + u * lanes, sizeof part);
        F(double_vec) wide = __builtin_convertvector(part, F(double_vec));
        sum[u] += wide * wide;
      }
    F(double_vec) all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    double term = 0;
    for (; k < end; k++) term += (double)x[k] * (double)x[k];
    for (int l = 0; l < lanes; l++) term += all[l];
    double next = total + term;
    // An infinite or NaN sum stays what it is.
    if (next - next == 0) rest += total > term ? (total - next) + term : (term - next) + total;
    total = next;
  }
  return total + rest;
}

/// One group of n <= CR_LANES columns; see cr_softmax_loss.
CR_INLINE void F(softmax_group)(int64_t classes, int64_t batch, int64_t n, T *z,
    const int32_t *labels, T weight, double *loss, int32_t *argmax) {
#define CR_GET(c) (n == CR_LANES ? F(load)(z + (c) * batch) : F(load_part)(z + (c) * batch, n))
#define CR_PUT(c, v) \
  (n == CR_LANES ? F(store)(z + (c) * batch, v) : F(store_part)(z + (c) * batch, v, n))
  VEC top = CR_GET(0), sum = {0};
  IVEC best = {0};
  for (int64_t c = 1; c < classes; c++) {
    VEC v = CR_GET(c);
    IVEC more = ~(v <= top) & (top == top);  // larger, or the first NaN
    top = F(select)(more, v, top);
    best = (more & (IVEC)((IVEC){0} + (CR_INT)c)) | (~more & best);
  }
  if (argmax)
    for (int64_t l = 0; l < n; l++) argmax[l] = (int32_t)best[l];
  T at[CR_LANES] = {0};
  for (int64_t l = 0; l < n; l++)
    if (labels[l] >= 0 && labels[l] < classes) at[l] = z[labels[l] * batch + l];
  for (int64_t c = 0; c < classes; c++) {
    VEC e = F(exp_negative)(CR_GET(c) - top);
    sum += e;
    CR_PUT(c, e);
  }
  IVEC used = {0};
  for (int64_t l = 0; l < n; l++)
    if (labels[l] >= 0 && labels[l] < classes) {
      used[l] = -1;
      *loss += (double)weight * (log((double)sum[l]) - ((double)at[l] - (double)top[l]));
    }
  for (int64_t c = 0; c < classes; c++)
    CR_PUT(c, F(select)(used, weight * (CR_GET(c) / sum), F(splat)(0)));
  for (int64_t l = 0; l < n; l++)
    if (used[l]) z[labels[l] * batch + l] -= weight;
#undef CR_GET
#undef CR_PUT
}

static void F(softmax_loss)(int64_t classes, int64_t batch, T *logits, const int32_t *labels,
    T weight, double *loss, int32_t *argmax) {
  if (classes <= 0) return;
  int64_t b = 0;
  for (; b + CR_LANES <= batch; b += CR_LANES)
    F(softmax_group)(classes, batch, CR_LANES, logits + b, labels + b, weight, loss,
        argmax ? argmax + b : NULL);
  if (b < batch)
    F(softmax_group)(classes, batch, batch - b, logits + b, labels + b, weight, loss,
        argmax ? argmax + b : NULL);
}
