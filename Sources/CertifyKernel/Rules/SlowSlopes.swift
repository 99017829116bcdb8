/// The part of Theorem 6 that is a property of the weights: one diagonal metric for gW − I with rate c.
///
///     (gW − I)P + P(gWᵀ − I) ⪯ −cP,   P = diag(p) ≻ 0
///
/// It does not make the network contract: W = c[[0, −1], [1, 0]] satisfies it with P = I and c = 2 and diverges
/// under fast slopes (`SkewPair`). Theorem 6 adds a hypothesis on the slopes along trajectories, which no
/// kernel can check. Source: arXiv:2106.08928, Theorem 6, as corrected in theory §1.
///
/// - Complexity: n³/3; exact elimination of size n ≤ 32 where that declines, so that equality is accepted.
public enum SlowSlopes {
  /// Nil if the inequality holds; otherwise the reason.
  ///
  /// - Throws: `InputError` for a vector of the wrong length or an entry that is not finite.
  public static func fault(
    _ network: Specification, metric p: [Double], rate c: Double
  ) throws(InputError) -> Obstruction.Reason? {
    let n = network.units
    guard p.count == n else { throw .length(.metric, found: p.count, expected: n) }
    if let fault = firstNotPositive(p, .metric) { return fault }
    guard network.form != .map else { return .notCovered(.map) }
    guard network.coupling == nil else { return .notCovered(.linearCoupling) }
    guard network.nonlinearCoupling == nil else { return .notCovered(.nonlinearCoupling) }
    guard network.timeConstants.count == 1 else { return .notCovered(.timeConstantsDiffer) }
    guard c > 0, c <= 2 else { return .notContracting(bound: c) }
    let w = network.recurrent.dense()
    let g = network.slopes.upper
    let gain = g.enclosure
    let slack = EnclosedMatrix(rows: n, columns: n) { i, j in
      let skew = gain * (Interval(w[i, j]) * Interval(p[j]) + Interval(w[j, i]) * Interval(p[i]))
      return i == j ? (Interval(2) - Interval(c)) * Interval(p[i]) - skew : -skew
    }
    guard case .declined(let pivot, let value) = slack.positiveDefiniteness() else { return nil }
    let name = "−(gW − I)P − P(gWᵀ − I) − cP"
    guard n <= MetricDual.largestExact else {
      return .notDefinite(matrix: name, pivot: pivot, value: value)
    }
    let (numerator, denominator) = g.exactParts
    let rows = (0..<n).map { i in
      (0..<n).map { j -> Dyadic in
        let skew =
          numerator * (Dyadic(w[i, j]) * Dyadic(p[j]) + Dyadic(w[j, i]) * Dyadic(p[i]))
        return i == j
          ? denominator * (Dyadic(2) - Dyadic(c)) * Dyadic(p[i]) - skew : -skew
      }
    }
    return exactIsPositiveSemidefinite(rows)
      ? nil : .notDefinite(matrix: name, pivot: pivot, value: value)
  }
}
