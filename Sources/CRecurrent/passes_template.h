// Element-wise work of a time step in one pass over the state. A last part of a vector is padded.
#include "functions.h"
#include "phi.h"
#include "dots.h"
#include "totals.h"

#define CR_GET(p) (n == CR_LANES ? F(load)((p) + b) : F(load_part)((p) + b, n))
#define CR_PUT(p, v) (n == CR_LANES ? F(store)((p) + b, v) : F(store_part)((p) + b, v, n))
/// A loop over one row: b, and n, the lanes in use.
#define CR_ROW(body)                                                       \
  {                                                                        \
    int64_t b = 0, n = CR_LANES;                                           \
    for (; b + CR_LANES <= batch; b += CR_LANES) body                      \
    if (b < batch) { n = batch - b; body }                                 \
  }

CR_INLINE void F(drive_all)(int activation, T slope, int64_t units, const T *decay, const T *bias, int64_t inputs,
    const T *U, const T *u, const T *x, T *y, T *rates, int64_t batch) {
  for (int64_t i = 0; i < units; i++, x += batch, y += batch, rates += batch, U += inputs) {
    T d = decay[i], c = bias[i];
    CR_ROW({
      VEC v = CR_GET(x);
      VEC sum = d * v + c;
      for (int64_t k = 0; k < inputs; k++) sum += U[k] * CR_GET(u + k * batch);
      CR_PUT(y, sum);
      CR_PUT(rates, F(phi)(activation, slope, v));
    })
  }
}

CR_INLINE void F(join_all)(int activation, T slope, int64_t units, const T *decay, const T *x, const T *delta, T *q,
    int64_t batch) {
  for (int64_t i = 0; i < units; i++, x += batch, delta += batch, q += batch) {
    T d = decay[i];
    CR_ROW({ CR_PUT(q, F(phi_slope)(activation, slope, CR_GET(x)) * CR_GET(q) + d * CR_GET(delta)); })
  }
}

CR_INLINE void F(blend_all)(int activation, T slope, int64_t units, const T *decay, const T *gain, const T *x,
    const T *a, T *y, int64_t batch) {
  for (int64_t i = 0; i < units; i++, x += batch, a += batch, y += batch) {
    T d = decay[i], r = gain[i];
    CR_ROW({ CR_PUT(y, d * CR_GET(x) + r * F(phi)(activation, slope, CR_GET(a))); })
  }
}

CR_INLINE void F(unblend_all)(int activation, T slope, int64_t units, const T *decay, const T *gain, const T *delta,
    const T *a, T *alpha, T *q, int64_t batch) {
  for (int64_t i = 0; i < units; i++, delta += batch, a += batch, alpha += batch, q += batch) {
    T d = decay[i], r = gain[i];
    CR_ROW({
      VEC v = CR_GET(delta);
      CR_PUT(alpha, F(phi_slope)(activation, slope, CR_GET(a)) * (r * v));
      CR_PUT(q, d * v);
    })
  }
}

/// CR_DOTS rows, or fewer: then the last is taken again and what comes of it dropped.
CR_INLINE void F(collect_rows)(int64_t own, int with_input, const T *delta, const T *u, T *bias, T *input,
    int64_t batch) {
  VEC sum[CR_DOTS] = {{0}}, driven[CR_DOTS] = {{0}};
  const T *row[CR_DOTS];
  CR_UNROLL for (int t = 0; t < CR_DOTS; t++) row[t] = delta + (t < own ? t : own - 1) * batch;
  CR_ROW({
    VEC w = with_input ? CR_GET(u) : (VEC){0};
    CR_UNROLL for (int t = 0; t < CR_DOTS; t++) {
      VEC v = CR_GET(row[t]);
      sum[t] += v;
      if (with_input) driven[t] += v * w;
    }
  })
  F(add_dots)(bias, F(totals)(sum), own);
  if (with_input) F(add_dots)(input, F(totals)(driven), own);
}

static void F(collect)(int64_t units, const T *delta, const T *u, T *bias, T *input, int64_t batch) {
  for (int64_t i = 0; i < units; i += CR_DOTS) {
    int64_t own = units - i < CR_DOTS ? units - i : CR_DOTS;
    if (u) F(collect_rows)(own, 1, delta + i * batch, u, bias + i, input + i, batch);
    else F(collect_rows)(own, 0, delta + i * batch, u, bias + i, NULL, batch);
  }
}
#undef CR_ROW
#undef CR_PUT
#undef CR_GET

// Compiled once for each activation.
#define CR_CASE(name, a, ...) case a: F(name)(a, slope, __VA_ARGS__); break;
#define CR_CASES(name, ...)                                                                 \
  switch (activation) {                                                                     \
    CR_CASE(name, cr_identity, __VA_ARGS__) CR_CASE(name, cr_relu, __VA_ARGS__)             \
    CR_CASE(name, cr_leaky_relu, __VA_ARGS__) CR_CASE(name, cr_tanh, __VA_ARGS__)           \
    CR_CASE(name, cr_hard_tanh, __VA_ARGS__) CR_CASE(name, cr_sigmoid, __VA_ARGS__)         \
    CR_CASE(name, cr_softplus, __VA_ARGS__)                                                 \
    default: break;                                                                         \
  }

static void F(drive)(int activation, T slope, int64_t units, const T *decay, const T *bias, int64_t inputs,
    const T *U, const T *u, const T *x, T *y, T *rates, int64_t batch) {
  CR_CASES(drive_all, units, decay, bias, inputs, U, u, x, y, rates, batch)
}
static void F(join)(int activation, T slope, int64_t units, const T *decay, const T *x, const T *delta, T *q,
    int64_t batch) {
  CR_CASES(join_all, units, decay, x, delta, q, batch)
}
static void F(blend)(int activation, T slope, int64_t units, const T *decay, const T *gain, const T *x, const T *a,
    T *y, int64_t batch) {
  CR_CASES(blend_all, units, decay, gain, x, a, y, batch)
}
static void F(unblend)(int activation, T slope, int64_t units, const T *decay, const T *gain, const T *delta,
    const T *a, T *alpha, T *q, int64_t batch) {
  CR_CASES(unblend_all, units, decay, gain, delta, a, alpha, q, batch)
}
#undef CR_CASE
#undef CR_CASES
