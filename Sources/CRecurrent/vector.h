// The full vector of one level and type, with its loads, stores and select.
#undef CR_LANES
#undef VEC
#undef IVEC
#undef UVEC
#define CR_LANES (CR_BYTES / CR_SIZE)
#define VEC F(vec)
#define IVEC F(ivec)
#define UVEC F(uvec)
typedef T VEC __attribute__((vector_size(CR_BYTES)));
typedef CR_INT IVEC __attribute__((vector_size(CR_BYTES)));
typedef CR_UINT UVEC __attribute__((vector_size(CR_BYTES)));

CR_INLINE VEC F(load)(const T *p) {
  VEC v;
  __builtin_memcpy(&v, p, sizeof v);
  return v;
}
CR_INLINE void F(store)(T *p, VEC v) { __builtin_memcpy(p, &v, sizeof v); }

/// The first n lanes, 0 <= n <= CR_LANES; the others are zero.
CR_INLINE VEC F(load_part)(const T *p, int64_t n) {
  T lanes[CR_LANES] = {0};
  for (int64_t l = 0; l < n; l++) lanes[l] = p[l];
  return F(load)(lanes);
}
CR_INLINE void F(store_part)(T *p, VEC v, int64_t n) {
  T lanes[CR_LANES];
  F(store)(lanes, v);
  for (int64_t l = 0; l < n; l++) p[l] = lanes[l];
}
CR_INLINE VEC F(splat)(T a) { return a - (VEC){0}; }

/// where ? a : b, lane by lane (`where` is all ones or zero).
CR_INLINE VEC F(select)(IVEC where, VEC a, VEC b) {
  return (VEC)((where & (IVEC)a) | (~where & (IVEC)b));
}
