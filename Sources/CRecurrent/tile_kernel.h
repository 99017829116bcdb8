// y[i, 0..<W] += Σ_k a[i a_row + k a_depth] x[k, 0..<W] for i < ROWS: a tile of sums that
// stays in registers over the whole depth, for both orientations of a.
typedef T CR_W(tvec) __attribute__((vector_size(CR_WLANES * CR_SIZE)));
enum { CR_W(tile_rows) = CR_WREGS * CR_LANES == CR_WIDEST ? 4 : 8 };

CR_INLINE void CR_W(tile_of)(int rows, int64_t depth, const T *a, int64_t a_row,
    int64_t a_depth, const T *x, T *y, int64_t batch) {
  CR_W(tvec) sum[8][CR_WREGS];
  CR_UNROLL for (int i = 0; i < rows; i++)
    CR_UNROLL for (int r = 0; r < CR_WREGS; r++)
      __builtin_memcpy(&sum[i][r], y + i * batch + r * CR_WLANES, sizeof sum[i][r]);
  for (int64_t k = 0; k < depth; k++) {
    CR_W(tvec) v[CR_WREGS];
    CR_UNROLL for (int r = 0; r < CR_WREGS; r++)
      __builtin_memcpy(&v[r], x + k * batch + r * CR_WLANES, sizeof v[r]);
    CR_UNROLL for (int i = 0; i < rows; i++) {
      T value = a[i * a_row + k * a_depth];
      CR_UNROLL for (int r = 0; r < CR_WREGS; r++) sum[i][r] += value * v[r];
    }
  }
  CR_UNROLL for (int i = 0; i < rows; i++)
    CR_UNROLL for (int r = 0; r < CR_WREGS; r++)
      __builtin_memcpy(y + i * batch + r * CR_WLANES, &sum[i][r], sizeof sum[i][r]);
}

CR_INLINE void CR_W(tiles)(int64_t rows, int64_t depth, const T *a, int64_t a_row,
    int64_t a_depth, const T *x, T *y, int64_t batch) {
  int64_t i = 0;
  for (; i + CR_W(tile_rows) <= rows; i += CR_W(tile_rows))
    CR_W(tile_of)(CR_W(tile_rows), depth, a + i * a_row, a_row, a_depth, x, y + i * batch,
        batch);
  for (; i < rows; i++)
    CR_W(tile_of)(1, depth, a + i * a_row, a_row, a_depth, x, y + i * batch,
        batch);
}
