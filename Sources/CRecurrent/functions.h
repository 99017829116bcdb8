// exp, tanh, sigmoid, softplus and their slopes on one vector, free of branches.
//
// exp(x) = 2^n exp(r) with |r| <= log(2) / 2, by adding 1.5 * 2^(mantissa bits), whose sum's
// low bits are n; exp(r) - 1 = r + r^2 q(r), with q a minimax polynomial (error relative to r
// 1.4e-8 in f32, 2.7e-19 in f64). A NaN leaves n arbitrary but makes r NaN, hence the result.
#undef CR_MAGIC
#undef CR_LN2_HIGH
#undef CR_LN2_LOW
#undef CR_MANTISSA
#undef CR_BIAS
#undef CR_LOWEST
#undef CR_SHIFT
#undef CR_TANH_END
#if CR_SIZE == 4
#define CR_MAGIC 0x1.8p23f
#define CR_LN2_HIGH 0x1.62e4p-1f
#define CR_LN2_LOW 0x1.7f7d1cp-20f
#define CR_MANTISSA 23
#define CR_BIAS 127
#define CR_LOWEST -120.0f  // exp of it rounds to 0
#define CR_SHIFT 100       // exp is formed times 2^100, so that its factors stay normal
#define CR_TANH_END 30.0f  // exp(it) + 2 rounds to exp(it)
#else
#define CR_MAGIC 0x1.8p52
#define CR_LN2_HIGH 0x1.62e42feep-1
#define CR_LN2_LOW 0x1.a39ef35793c76p-33
#define CR_MANTISSA 52
#define CR_BIAS 1023
#define CR_LOWEST -760.0
#define CR_SHIFT 600
#define CR_TANH_END 60.0
#endif

/// p = exp(r) - 1 and the sum whose low bits are n, for x = n log(2) + r.
CR_INLINE VEC F(reduced_exp)(VEC x, UVEC *n) {
  VEC sum = x * (T)0x1.71547652b82fep+0 + CR_MAGIC;
  VEC whole = sum - CR_MAGIC;
  VEC r = (x - whole * CR_LN2_HIGH) - whole * CR_LN2_LOW;
  *n = (UVEC)sum;
#if CR_SIZE == 4
  VEC q = F(splat)(0.00139465623f);
  q = q * r + 0.00836664417f;
  q = q * r + 0.0416662805f;
  q = q * r + 0.166665425f;
  q = q * r + 0.500000006f;
#else
  VEC q = F(splat)(2.0924574548375374192e-9);
  q = q * r + 2.510914727285392408e-8;
  q = q * r + 2.7557242310995961968e-7;
  q = q * r + 2.7557243912019440936e-6;
  q = q * r + 0.000024801587361115706;
  q = q * r + 0.00019841269886400748772;
  q = q * r + 0.0013888888888866532719;
  q = q * r + 0.0083333333333215315329;
  q = q * r + 0.041666666666666702033;
  q = q * r + 0.16666666666666676688;
  q = q * r + 0.49999999999999999985;
#endif
  return q * (r * r) + r;
}

/// 2^(n + more), more given in the position of the exponent.
CR_INLINE VEC F(power)(UVEC n, CR_UINT more) {
  return (VEC)((n << CR_MANTISSA) + ((CR_UINT)(CR_BIAS + more) << CR_MANTISSA));
}

/// exp(x) for x <= 0, down to the denormal numbers and 0.
CR_INLINE VEC F(exp_negative)(VEC x) {
  VEC lowest = F(splat)(CR_LOWEST);
  UVEC n;
  VEC p = F(reduced_exp)(F(select)(x < lowest, lowest, x), &n);
  VEC power = F(power)(n, CR_SHIFT);
  return (p * power + power) * (T)(CR_SIZE == 4 ? 0x1p-100 : 0x1p-600);
}

CR_INLINE VEC F(absolute)(VEC x) {
  return (VEC)((UVEC)x & (((UVEC){0} - 1) >> 1));
}

/// tanh |x| = E / (E + 2) with E = exp(2 |x|) - 1, which is accurate at 0 too.
CR_INLINE VEC F(tanh)(VEC x) {
  VEC a = F(absolute)(x), end = F(splat)(CR_TANH_END);
  a += a;
  UVEC n;
  VEC p = F(reduced_exp)(F(select)(a > end, end, a), &n);
  VEC power = F(power)(n, 0);
  VEC e = p * power + (power - 1);
  return (VEC)((UVEC)(e / (e + 2)) | ((UVEC)x & ~(((UVEC){0} - 1) >> 1)));
}

CR_INLINE VEC F(sigmoid)(VEC x) {
  VEC e = F(exp_negative)(-F(absolute)(x));
  return F(select)(x < 0, e, F(splat)(1)) / (1 + e);
}

/// The slope of sigmoid, e / (1 + e)^2 with e = exp(-|x|).
CR_INLINE VEC F(sigmoid_slope)(VEC x) {
  VEC e = F(exp_negative)(-F(absolute)(x)), f = 1 + e;
  return e / (f * f);
}

/// max(x, 0) + log(1 + e) with e = exp(-|x|); log(1 + e) = 2 atanh(z) with z = e / (2 + e).
CR_INLINE VEC F(softplus)(VEC x) {
  VEC e = F(exp_negative)(-F(absolute)(x)), z = e / (2 + e), t = z * z;
#if CR_SIZE == 4
  VEC w = F(splat)(0.243016877f);
  w = w * t + 0.214274736f;
  w = w * t + 0.286169002f;
  w = w * t + 0.399988772f;
  w = w * t + 0.666666756f;
#else
  VEC w = F(splat)(0.16468655571737010288);
  w = w * t + 0.069936587465654343441;
  w = w * t + 0.10972712483936984644;
  w = w * t + 0.11715930401764656046;
  w = w * t + 0.13336807557848521801;
  w = w * t + 0.1538445183709897525;
  w = w * t + 0.18181823206224272901;
  w = w * t + 0.2222222212539998936;
  w = w * t + 0.28571428572510888964;
  w = w * t + 0.39999999999993972482;
  w = w * t + 0.6666666666666667833;
#endif
  return F(select)(x > 0, x, F(splat)(0)) + (w * t * z + (z + z));
}
