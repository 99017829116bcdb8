// Inner products over the batch, CR_DOTS of them at once: each in one vector of at most 32
// bytes (wider ones cost more to sum up), then all summed across lanes together.
#undef CR_DOTS
#undef DVEC
#define DVEC F(dvec)
#if CR_BYTES > 32
#define CR_DOTS (32 / CR_SIZE)
#else
#define CR_DOTS (CR_BYTES / CR_SIZE)
#endif
typedef T DVEC __attribute__((vector_size(CR_DOTS * CR_SIZE)));

CR_INLINE DVEC F(load_dots)(const T *p) {
  DVEC v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}

#define CR_MIX(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
/// Lane t of the result is the sum over the lanes of a[t].
CR_INLINE DVEC F(sum_lanes)(const DVEC *a) {
#if CR_DOTS == 8
  DVEC h[2];
  CR_UNROLL for (int g = 0; g < 2; g++) {
    DVEC p = a[4 * g], q = a[4 * g + 1], r = a[4 * g + 2], s = a[4 * g + 3];
    DVEC t = CR_MIX(p, r, 0, 8, 1, 9, 4, 12, 5, 13) + CR_MIX(p, r, 2, 10, 3, 11, 6, 14, 7, 15);
    DVEC u = CR_MIX(q, s, 0, 8, 1, 9, 4, 12, 5, 13) + CR_MIX(q, s, 2, 10, 3, 11, 6, 14, 7, 15);
    h[g] = CR_MIX(t, u, 0, 8, 1, 9, 4, 12, 5, 13) + CR_MIX(t, u, 2, 10, 3, 11, 6, 14, 7, 15);
  }
  return CR_MIX(h[0], h[1], 0, 1, 2, 3, 8, 9, 10, 11)
      + CR_MIX(h[0], h[1], 4, 5, 6, 7, 12, 13, 14, 15);
#elif CR_DOTS == 4 && CR_SIZE == 4
  DVEC t = CR_MIX(a[0], a[2], 0, 4, 1, 5) + CR_MIX(a[0], a[2], 2, 6, 3, 7);
  DVEC u = CR_MIX(a[1], a[3], 0, 4, 1, 5) + CR_MIX(a[1], a[3], 2, 6, 3, 7);
  return CR_MIX(t, u, 0, 4, 1, 5) + CR_MIX(t, u, 2, 6, 3, 7);
#elif CR_DOTS == 4
  DVEC t = CR_MIX(a[0], a[1], 0, 4, 2, 6) + CR_MIX(a[0], a[1], 1, 5, 3, 7);
  DVEC u = CR_MIX(a[2], a[3], 0, 4, 2, 6) + CR_MIX(a[2], a[3], 1, 5, 3, 7);
  return CR_MIX(t, u, 0, 1, 4, 5) + CR_MIX(t, u, 2, 3, 6, 7);
#else
  return CR_MIX(a[0], a[1], 0, 2) + CR_MIX(a[0], a[1], 1, 3);
#endif
}

/// The inner products of CR_DOTS pairs of rows of length `batch`. x[t] and d[t * d_step] are
/// the rows; with d_step 0 one row d serves all. With `ones` (a constant) d is all ones.
CR_INLINE DVEC F(dot_group)(int ones, const T *const *x, const T *d, int64_t d_step,
    int64_t batch) {
  DVEC sum[CR_DOTS] = {{0}};
  int64_t b = 0;
  for (; b + CR_DOTS <= batch; b += CR_DOTS) {
    CR_UNROLL for (int t = 0; t < CR_DOTS; t++) {
      if (ones) sum[t] += F(load_dots)(x[t] + b);
      else sum[t] += F(load_dots)(d + t * d_step + b) * F(load_dots)(x[t] + b);
    }
  }
  DVEC total = F(sum_lanes)(sum);
  for (; b < batch; b++) {
    T tail[CR_DOTS];
    for (int t = 0; t < CR_DOTS; t++) tail[t] = ones ? x[t][b] : d[t * d_step + b] * x[t][b];
    total += F(load_dots)(tail);
  }
  return total;
}

/// to[0..<n] += group[0..<n], n <= CR_DOTS.
CR_INLINE void F(add_dots)(T *to, DVEC group, int64_t n) {
  if (n == CR_DOTS) {
    group += F(load_dots)(to);
    __builtin_memcpy(to, &group, sizeof group);
  } else {
    T lanes[CR_DOTS];
    __builtin_memcpy(lanes, &group, sizeof group);
    for (int64_t t = 0; t < n; t++) to[t] += lanes[t];
  }
}

/// to[k] += d · x[columns[k],:] for k < n (x[k,:] if columns is NULL); `batch` columns in use.
CR_INLINE void F(dots_body)(int64_t n, const int32_t *columns, const T *d, const T *x,
    int64_t batch, T *to) {
  for (int64_t k = 0; k < n; k += CR_DOTS) {
    int64_t left = n - k < CR_DOTS ? n - k : CR_DOTS;
    const T *rows[CR_DOTS];
    if (left == CR_DOTS) {
      CR_UNROLL for (int t = 0; t < CR_DOTS; t++)
        rows[t] = x + (columns ? (int64_t)columns[k + t] : k + t) * batch;
      F(add_dots)(to + k, F(dot_group)(0, rows, d, 0, batch), CR_DOTS);
    } else {  // past the end the last row is taken again and its product dropped
      for (int t = 0; t < CR_DOTS; t++) {
        int64_t at = t < left ? k + t : n - 1;
        rows[t] = x + (columns ? (int64_t)columns[at] : at) * batch;
      }
      F(add_dots)(to + k, F(dot_group)(0, rows, d, 0, batch), left);
    }
  }
}

CR_INLINE void F(dots)(int64_t n, const int32_t *columns, const T *d, const T *x,
    int64_t batch, T *to) {
  switch (batch) {  // the usual batches are compiled apart, so that d stays in registers
    case 16: F(dots_body)(n, columns, d, x, 16, to); break;
    case 32: F(dots_body)(n, columns, d, x, 32, to); break;
    default: F(dots_body)(n, columns, d, x, batch, to); break;
  }
}
#undef CR_MIX
