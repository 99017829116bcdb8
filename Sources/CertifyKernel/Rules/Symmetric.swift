/// Theorem 2: W = Wᵀ exactly. Then the certified bound is the best there is.
///
///     flow   λ = (1 − a)/τ    if aI − gW ≻ 0, 0 < a < 1
///            metric, form inside: 2aI − gW;  form outside: its inverse
///     Euler  ρ, |1 − h| < ρ < 1,  if (ρ − (1 − h))I − hgW ≻ 0 and (ρ + (1 − h))I + hgW ≻ 0,  h = step/τ
///            metric, form inside: ((ρ² − (1 − h)²)I − h(1 − h)gW)/ρ;  form outside: its inverse
///
/// Proof of the step: with Λ = I the LMI of the step (theory E5) reads, per eigenvalue z of gW and with
/// m the metric over h²ρ², −h²ρ²m² + 2m[(ρ² − (1 − h)²) − h(1 − h)z] − z² ≥ 0; its maximum over m is
/// attained at the metric above and is nonnegative iff (ρ + 1 − h)(ρ − (1 − h) − hz) ≥ 0 for z > 0 and
/// (ρ − (1 − h))(ρ + 1 − h + hz) ≥ 0 for z < 0. Those two bounds are the spectral radii at D = 0 and D = gI,
/// so no metric gives more. Source: arXiv:2106.08928, Theorem 2 (φ′ > 0 is not needed); theory §1, §3b.
///
/// - Complexity: n³/3 (flow), 2n³/3 (map).
enum Symmetric {
  static func check(
    _ network: Specification, _ scope: Scope, claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    guard network.coupling == nil else {
      return .declined(Obstruction(.symmetric, .notCovered(.linearCoupling)))
    }
    guard network.nonlinearCoupling == nil else {
      return .declined(Obstruction(.symmetric, .notCovered(.nonlinearCoupling)))
    }
    guard let pace = network.uniformPace(scope) else {
      return .declined(Obstruction(.symmetric, .notCovered(.timeConstantsDiffer)))
    }
    let w = network.recurrent.dense()
    if let (i, j) = w.firstAsymmetry() {
      return .declined(
        Obstruction(
          .symmetric,
          .notSymmetric(matrix: "W", row: i, column: j, entry: w[i, j], mirror: w[j, i])))
    }
    // Slopes in [l, g] lie in [0, g]; the theorem is used on the latter.
    let gain = Interval(0, network.slopes.upper.enclosure.upper)
    let metric: MetricBounds
    switch scope {
    case .continuous:
      // λ = (1 − a)·pace, so a = 1 − λ/pace, rounded down: a smaller a is harder to verify.
      let a = (1.0).subtractingDown(claimed.dividingUp(pace.lower))
      guard a > 0, a < 1 else {
        return .declined(Obstruction(.symmetric, .boundNotReached(claimed: claimed, attained: 1)))
      }
      if let fault = definite(shift: Interval(a), w, times: -network.gain, name: "aI − gW") {
        return .declined(fault)
      }
      let size = w.rowSumBound().multiplyingUp(gain.upper)
      // 2aI − gW; what is between a and a few ulps above it is covered by the definiteness that was shown.
      let inside = EnclosedMatrix(rows: w.rows, columns: w.columns) { i, j in
        let entry = -(Interval(w[i, j]) * network.gain)
        return i == j ? Interval(2) * Interval(a) + entry : entry
      }
      let bounds = (lower: a, upper: (2 * a).addingUp(size))
      metric =
        network.form == .outside
        ? .inverse(
          inside, lower: (1.0).dividingDown(bounds.upper), upper: (1.0).dividingUp(bounds.lower))
        : .matrix(inside, lower: bounds.lower, upper: bounds.upper)
    case .asRun:
      let rest = Interval(1) - pace
      let ρ = Interval(claimed)
      guard claimed > rest.magnitude, claimed < 1 else {
        return .declined(
          Obstruction(.symmetric, .boundNotReached(claimed: claimed, attained: rest.magnitude)))
      }
      let step = pace * network.gain
      if let fault = definite(shift: ρ - rest, w, times: -step, name: "(ρ − (1 − h))I − hgW") {
        return .declined(fault)
      }
      if let fault = definite(shift: ρ + rest, w, times: step, name: "(ρ + (1 − h))I + hgW") {
        return .declined(fault)
      }
      // For h ≤ 1 the metric lies between ρ − (1 − h) and ρ + (1 − h); for h > 1 with |1 − h|.
      let inside = (
        lower: claimed.subtractingDown(rest.magnitude), upper: claimed.addingUp(rest.magnitude)
      )
      metric =
        network.form == .outside ? inverse(inside) : .full(lower: inside.lower, upper: inside.upper)
    }
    return .accepted(
      Checked(rule: .symmetric, bound: claimed, units: network.units, metric: metric))
  }

  /// Nil if shift · I + factor · W ≻ 0 for every number in both intervals.
  private static func definite(
    shift: Interval, _ w: Matrix, times factor: Interval, name: String
  ) -> Obstruction? {
    let matrix = EnclosedMatrix(rows: w.rows, columns: w.columns) { i, j in
      let entry = Interval(w[i, j]) * factor
      return i == j ? shift + entry : entry
    }
    guard case .declined(let pivot, let value) = matrix.positiveDefiniteness() else { return nil }
    return Obstruction(.symmetric, .notDefinite(matrix: name, pivot: pivot, value: value))
  }

  private static func inverse(_ bounds: (lower: Double, upper: Double)) -> MetricBounds {
    .full(lower: (1.0).dividingDown(bounds.upper), upper: (1.0).dividingUp(bounds.lower))
  }
}

extension Specification {
  /// g.
  var gain: Interval { slopes.upper.enclosure }
}

extension Matrix {
  /// An upper bound on the largest absolute row sum, ‖·‖_∞.
  func rowSumBound() -> Double {
    var largest = 0.0
    for i in 0..<rows {
      var sum = 0.0
      for j in 0..<columns { sum = sum.addingUp(self[i, j].magnitude) }
      guard sum < .infinity else { return .infinity }
      largest = Swift.max(largest, sum)
    }
    return largest
  }
}
