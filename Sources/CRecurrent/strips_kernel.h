// y[4s + r, 0..<W] += Σ_k values[4k + r] x[columns[k], 0..<W] for the entries k of each strip s: a row of x is loaded
// once for four rows of y. Narrow rows take two chains of sums, to hide the latency of the additions.
typedef T CR_W(svec) __attribute__((vector_size(CR_WLANES * CR_SIZE)));
enum { CR_W(chains) = CR_WREGS == 1 ? 2 : 1 };

CR_INLINE void CR_W(strip_term)(CR_W(svec) (*sum)[CR_WREGS], const T *values, const T *x) {
  CR_W(svec) v[CR_WREGS];
  CR_UNROLL for (int r = 0; r < CR_WREGS; r++) __builtin_memcpy(&v[r], x + r * CR_WLANES, sizeof v[r]);
  CR_UNROLL for (int i = 0; i < 4; i++)
    CR_UNROLL for (int r = 0; r < CR_WREGS; r++) sum[i][r] += values[i] * v[r];
}

CR_INLINE void CR_W(strips)(int64_t rows, const int64_t *pointers, const int32_t *columns, const T *values,
    const T *x, T *y, int64_t batch) {
  for (int64_t first = 0, s = 0; first < rows; first += 4, s++) {
    int64_t k = pointers[s], end = pointers[s + 1];
    if (k == end) continue;
    CR_W(svec) sum[2][4][CR_WREGS] = {{{{0}}}};
    for (; k + 2 <= end; k += 2)
      CR_UNROLL for (int u = 0; u < 2; u++)
        CR_W(strip_term)(sum[u % CR_W(chains)], values + 4 * (k + u), x + columns[k + u] * batch);
    if (k < end) CR_W(strip_term)(sum[0], values + 4 * k, x + columns[k] * batch);
    int64_t own = rows - first < 4 ? rows - first : 4;
    CR_UNROLL for (int i = 0; i < 4; i++) {
      if (i >= own) break;
      CR_UNROLL for (int r = 0; r < CR_WREGS; r++) {
        T *to = y + (first + i) * batch + r * CR_WLANES;
        CR_W(svec) v;
        __builtin_memcpy(&v, to, sizeof v);
        v += sum[0][i][r];
        if (CR_W(chains) == 2) v += sum[1][i][r];
        __builtin_memcpy(to, &v, sizeof v);
      }
    }
  }
}
