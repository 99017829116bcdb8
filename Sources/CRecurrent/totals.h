// The sums over the lanes of CR_DOTS full vectors; after dots.h.
#define CR_MIX(a, ...) __builtin_shufflevector(a, a, __VA_ARGS__)
/// The upper half of a vector added to the lower one, where a full vector is wider than those of dots.h.
CR_INLINE DVEC F(halved)(VEC a) {
#if CR_BYTES > 32 && CR_LANES == 16
  return CR_MIX(a, 0, 1, 2, 3, 4, 5, 6, 7) + CR_MIX(a, 8, 9, 10, 11, 12, 13, 14, 15);
#elif CR_BYTES > 32
  return CR_MIX(a, 0, 1, 2, 3) + CR_MIX(a, 4, 5, 6, 7);
#else
  return a;
#endif
}

CR_INLINE DVEC F(totals)(const VEC *sum) {
  DVEC halves[CR_DOTS];
  CR_UNROLL for (int t = 0; t < CR_DOTS; t++) halves[t] = F(halved)(sum[t]);
  return F(sum_lanes)(halves);
}
#undef CR_MIX
