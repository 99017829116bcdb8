// y[i, 0..<W] += Σ_k values[k] x[columns[k], 0..<W]: one row's W sums stay in registers, in
// four chains (by k mod 4) to hide the latency of the additions.
typedef T CR_W(vec) __attribute__((vector_size(CR_WLANES * CR_SIZE)));

CR_INLINE void CR_W(csr_term)(CR_W(vec) * sum, T value, const T *x) {
  CR_UNROLL for (int r = 0; r < CR_WREGS; r++) {
    CR_W(vec) v;
    __builtin_memcpy(&v, x + r * CR_WLANES, sizeof v);
    sum[r] += value * v;
  }
}

CR_INLINE void CR_W(csr)(int64_t rows, const int64_t *pointers, const int32_t *columns,
    const int64_t *positions, const T *values, const T *x, T *y, int64_t batch) {
#define CR_HIGH (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__)
#define CR_VALUE(k) (positions ? values[positions[k]] : values[k])
  int64_t last = pointers[rows] - 36;
  for (int64_t i = 0; i < rows; i++) {
    int64_t k = pointers[i], end = pointers[i + 1];
    if (k == end) continue;
    CR_W(vec) sum[4][CR_WREGS] = {{{0}}};
    for (; k + 4 <= end; k += 4) {
      if (positions && k < last)  // the values lie scattered: ask for them early
        CR_UNROLL for (int u = 0; u < 4; u++)
          __builtin_prefetch(values + positions[k + 32 + u]);
      uint64_t pair[2];  // two indices in one load: the load ports are what is scarce
      __builtin_memcpy(pair, columns + k, sizeof pair);
      CR_UNROLL for (int u = 0; u < 4; u++) {
        uint64_t column = u % 2 == CR_HIGH ? pair[u / 2] >> 32 : (uint32_t)pair[u / 2];
        CR_W(csr_term)(sum[u], CR_VALUE(k + u), x + (int64_t)column * batch);
      }
    }
    if (k < end) CR_W(csr_term)(sum[0], CR_VALUE(k), x + columns[k] * batch);
    if (k + 1 < end) CR_W(csr_term)(sum[1], CR_VALUE(k + 1), x + columns[k + 1] * batch);
    if (k + 2 < end) CR_W(csr_term)(sum[2], CR_VALUE(k + 2), x + columns[k + 2] * batch);
    CR_UNROLL for (int r = 0; r < CR_WREGS; r++) {
      T *to = y + i * batch + r * CR_WLANES;
      CR_W(vec) v;
      __builtin_memcpy(&v, to, sizeof v);
      v += (sum[0][r] + sum[1][r]) + (sum[2][r] + sum[3][r]);
      __builtin_memcpy(to, &v, sizeof v);
    }
  }
#undef CR_VALUE
#undef CR_HIGH
}
