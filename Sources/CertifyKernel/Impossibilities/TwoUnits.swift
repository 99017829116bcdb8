/// Two units, slopes in [0, g], no couplings, one time constant: whether a constant metric exists, exactly.
///
/// Put gW = [[a, b], [c, d]], Δ = det(I − gW), M = [[1, m], [m, k]], δ² = k − m². A constant metric exists for
/// either form exactly if a < 1, d < 1, Δ > 0 and some (m, k) with δ² > 0 satisfies
///
///     (kc + am)² < 4(1 − a)δ²    (b + dm)² < 4(1 − d)δ²    (b + dm − kc − am)² < 4Δδ²
///
/// because det(X + Xᵀ) = 4 det X − (x₁₂ − x₂₁)² for X = MJ at the vertices (1, 0), (0, 1) and (1, 1), and J is
/// Hurwitz there. Where δ² > 0 the three inequalities imply a < 1, d < 1 and Δ > 0, since no square is negative.
/// With a = d = 0 the best m is 0, and such k exist exactly if −4 < g²W₁₂W₂₁ < 1. Equality, in any of these, means
/// that there is none. Form inside has a constant metric exactly if form outside does (theory F3); the pair (m, k)
/// is one for form outside. Source: theory §2.
public enum TwoUnits {
  /// Whether a constant metric exists for two units without self-weights; nil for any other network.
  public static func hasConstantMetric(_ network: Specification) -> Bool? {
    guard let (p, q) = gain(network), network.recurrent[0, 0] == 0, network.recurrent[1, 1] == 0
    else { return nil }
    // −4q² < p² W₁₂ W₂₁ < q²
    let product = p * p * (Dyadic(network.recurrent[0, 1]) * Dyadic(network.recurrent[1, 0]))
    return -(Dyadic(4) * q * q) < product && product < q * q
  }

  /// Whether (m, k) satisfies the three inequalities, so that a constant metric exists; nil unless two units.
  ///
  /// - Precondition: m and k are finite.
  public static func hasConstantMetric(
    _ network: Specification, m: Double, k: Double
  ) -> Bool? {
    guard let (p, q) = gain(network) else { return nil }
    precondition(m.isFinite && k.isFinite, "m = \(m), k = \(k)")
    func entry(_ i: Int, _ j: Int) -> Dyadic { p * Dyadic(network.recurrent[i, j]) }
    // a, b, c, d and ℓ₁, ℓ₂ times q; Δ times q².
    let (a, b, c, d) = (entry(0, 0), entry(0, 1), entry(1, 0), entry(1, 1))
    let (m, k) = (Dyadic(m), Dyadic(k))
    let δ2 = k - m * m
    let determinant = (q - a) * (q - d) - b * c
    guard δ2.signum > 0 else { return false }
    let ℓ1 = k * c + a * m
    let ℓ2 = b + d * m
    let four = Dyadic(4) * δ2
    return ℓ1 * ℓ1 < four * q * (q - a) && ℓ2 * ℓ2 < four * q * (q - d)
      && (ℓ2 - ℓ1) * (ℓ2 - ℓ1) < four * determinant
  }

  /// Numerator and denominator of g, if the criterion speaks of this network.
  private static func gain(_ network: Specification) -> (Dyadic, Dyadic)? {
    guard network.units == 2, network.form != .map, network.coupling == nil,
      network.nonlinearCoupling == nil, network.slopes.startsAtZero,
      network.timeConstants.count == 1
    else { return nil }
    return network.slopes.upper.exactParts
  }

  /// Nil if the closed form shows that there is no constant metric.
  ///
  /// An Euler step contracts in M only if the flow does: AᵀMA − M = h(MJ + JᵀM) + h²JᵀMJ ≺ 0 for A = I + hJ.
  static func faultOfNone(_ network: Specification, _ scope: Scope) -> Obstruction.Reason? {
    guard let exists = hasConstantMetric(network) else { return .notCovered(.notTwoPlainUnits) }
    return exists ? .signNotShown(bound: 1) : nil
  }
}
