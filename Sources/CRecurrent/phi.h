// The activations and their slopes on one vector; after functions.h.
CR_INLINE VEC F(phi)(int activation, T slope, VEC x) {
  VEC zero = {0}, one = F(splat)(1);
  switch (activation) {
    case cr_relu: return F(select)(x < zero, zero, x);
    case cr_leaky_relu: return F(select)(x > zero, x, slope * x);
    case cr_tanh: return F(tanh)(x);
    case cr_hard_tanh: return F(select)(x < -one, -one, F(select)(x > one, one, x));
    case cr_sigmoid: return F(sigmoid)(x);
    case cr_softplus: return F(softplus)(x);
    default: return x;
  }
}

CR_INLINE VEC F(phi_slope)(int activation, T slope, VEC x) {
  VEC zero = {0}, one = F(splat)(1), flat;
  switch (activation) {
    case cr_relu: flat = F(select)(x > zero, one, zero); break;
    case cr_leaky_relu: flat = F(select)(x > zero, one, F(splat)(slope)); break;
    case cr_tanh: return 4 * F(sigmoid_slope)(x + x);
    case cr_hard_tanh: flat = F(select)((x > -one) & (x < one), one, zero); break;
    case cr_sigmoid: return F(sigmoid_slope)(x);
    case cr_softplus: return F(sigmoid)(x);
    default: flat = one; break;
  }
  return F(select)(x == x, flat, x);
}
