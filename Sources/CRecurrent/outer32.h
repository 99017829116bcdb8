// G_k += delta_I transpose(x_J) for 32 x 32 blocks. A panel of delta_I is transposed once for
// all the blocks of a block row, so that the product becomes broadcasts of x against vectors
// along i; this gives transpose(G_k), which is transposed when it is added.
enum {
  F(panel_columns) = 512 / CR_SIZE,            // of the batch: the panel takes 16 KiB
  F(outer_rows) = CR_REGISTERS == 32 ? 8 : 4,  // times two vectors of sums
};

#define CR_MIX(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)
/// Transposes CR_LANES vectors, by log2 CR_LANES perfect shuffles.
CR_INLINE void F(transpose)(VEC *r) {
  for (int step = 1; step < CR_LANES; step *= 2) {
    VEC t[CR_LANES];
    CR_UNROLL for (int i = 0; i < CR_LANES / 2; i++) {
      VEC a = r[i], b = r[i + CR_LANES / 2];
#if CR_LANES == 16
      t[2 * i] = CR_MIX(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      t[2 * i + 1] = CR_MIX(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
#elif CR_LANES == 8
      t[2 * i] = CR_MIX(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
      t[2 * i + 1] = CR_MIX(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
#elif CR_LANES == 4
      t[2 * i] = CR_MIX(a, b, 0, 4, 1, 5);
      t[2 * i + 1] = CR_MIX(a, b, 2, 6, 3, 7);
#else
      t[2 * i] = CR_MIX(a, b, 0, 2);
      t[2 * i + 1] = CR_MIX(a, b, 1, 3);
#endif
    }
    CR_UNROLL for (int i = 0; i < CR_LANES; i++) r[i] = t[i];
  }
}
#undef CR_MIX

/// panel[b, i] = d[i, b] for i < 32, b < n.
static void F(fill_panel)(int64_t n, const T *d, int64_t batch, T *panel) {
  int64_t b = 0;
  for (; b + CR_LANES <= n; b += CR_LANES)
    for (int i = 0; i < 32; i += CR_LANES) {
      VEC r[CR_LANES];
      CR_UNROLL for (int t = 0; t < CR_LANES; t++) r[t] = F(load)(d + (i + t) * batch + b);
      F(transpose)(r);
      CR_UNROLL for (int t = 0; t < CR_LANES; t++) F(store)(panel + (b + t) * 32 + i, r[t]);
    }
  for (; b < n; b++)
    for (int i = 0; i < 32; i++) panel[b * 32 + i] = d[i * batch + b];
}

/// G += transpose(panel) transpose(x), x being 32 rows of n columns.
static void F(outer_block)(int64_t n, const T *panel, const T *x, int64_t batch, T *gradient) {
  _Alignas(64) T turned[32 * 32];
  for (int j = 0; j < 32; j += F(outer_rows))
    for (int i = 0; i < 32; i += 2 * CR_LANES) {
      VEC sum[F(outer_rows)][2] = {{{0}}};
      for (int64_t b = 0; b < n; b++) {
        VEC p = F(load)(panel + b * 32 + i), q = F(load)(panel + b * 32 + i + CR_LANES);
        CR_UNROLL for (int t = 0; t < F(outer_rows); t++) {
          T value = x[(j + t) * batch + b];
          sum[t][0] += value * p;
          sum[t][1] += value * q;
        }
      }
      CR_UNROLL for (int t = 0; t < F(outer_rows); t++) {
        F(store)(turned + (j + t) * 32 + i, sum[t][0]);
        F(store)(turned + (j + t) * 32 + i + CR_LANES, sum[t][1]);
      }
    }
  for (int i = 0; i < 32; i += CR_LANES)
    for (int j = 0; j < 32; j += CR_LANES) {
      VEC r[CR_LANES];
      CR_UNROLL for (int t = 0; t < CR_LANES; t++) r[t] = F(load)(turned + (j + t) * 32 + i);
      F(transpose)(r);
      CR_UNROLL for (int t = 0; t < CR_LANES; t++) {
        T *to = gradient + (i + t) * 32 + j;
        F(store)(to, F(load)(to) + r[t]);
      }
    }
}

static void F(outer32)(int64_t count, const int32_t *block_rows, const int32_t *block_columns,
    const T *delta, const T *x, T *gradient, int64_t batch) {
  _Alignas(64) T panel[F(panel_columns) * 32];
  for (int64_t first = 0, end; first < count; first = end) {
    for (end = first + 1; end < count && block_rows[end] == block_rows[first];) end++;
    for (int64_t b = 0; b < batch; b += F(panel_columns)) {
      int64_t n = batch - b < F(panel_columns) ? batch - b : F(panel_columns);
      F(fill_panel)(n, delta + 32 * (int64_t)block_rows[first] * batch + b, batch, panel);
      for (int64_t k = first; k < end; k++)
        F(outer_block)(n, panel, x + 32 * (int64_t)block_columns[k] * batch + b, batch, gradient + k * 1024);
    }
  }
}
