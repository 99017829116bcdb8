/// Theorem 5 in its sharper form 5⁺: one diagonal metric for both forms.
///
/// With P = diag(p), c = (l + g)/2, r = (g − l)/2, s ≥ ‖P^{1/2}WP^{-1/2}‖₂ and D = c + (D − c):
///
///     flow   λ = (1 − μ − r s)/τ,  where μP ⪰ sym(P(cW + L))
///     Euler  ρ = |1 − h| + h g s   (l = 0 is not needed; L = 0 is),  h = step/τ
///
/// Slopes from 0 and no coupling give 1 − (g/2)(s + μ(W)), never less than Theorem 5's 1 − gs. In the flow,
/// negative W_ii may be dropped first, because P is diagonal: −PTD ⪯ −lPT for T = diag(max(−W_ii, 0)).
/// The metric is diag(τ_i p_i), and the rate that of the slowest unit.
/// Source: arXiv:2106.08928, Theorem 5; theory §1 (5⁺) and E2.
///
/// - Complexity: one symmetric product and two Cholesky factorisations, about 5n³/3.
enum SingularValue {
  static func check(
    _ network: Specification, _ scope: Scope, metric p: [Double], norm s: Double,
    dropsInhibitoryDiagonal: Bool, claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    func decline(_ reason: Obstruction.Reason) -> Outcome<Checked> {
      .declined(Obstruction(.singularValue, reason))
    }
    let n = network.units
    guard p.count == n else { throw .length(.metric, found: p.count, expected: n) }
    if let fault = firstNotPositive(p, .metric) { return decline(fault) }
    guard network.nonlinearCoupling == nil else { return decline(.notCovered(.nonlinearCoupling)) }
    guard s >= 0, s < .infinity else { return decline(.notPositive(.metric, index: n, value: s)) }
    let drops = dropsInhibitoryDiagonal && scope == .continuous
    let w = network.recurrent.dense()
    var kept = w
    if drops { for i in 0..<n where kept[i, i] < 0 { kept[i, i] = 0 } }
    if let fault = EnclosedMatrix(kept).normFault(in: p, below: Interval(s)) {
      return decline(fault)
    }
    switch scope {
    case .continuous:
      let (l, g) = (network.slopes.lower.enclosure, network.slopes.upper.enclosure)
      let half = Interval(0.5)
      let (centre, spread) = ((l + g) * half, (g - l) * half)
      // The slowest unit sets the rate: λ / pace ≤ 1 − μ − r s for every unit.
      let pace = network.paces(scope).map(\.lower).min() ?? .nan
      let μ = measure(rate: claimed, pace: pace, spread: spread.upper, norm: s)
      let coupling = network.coupling?.dense()
      func entry(_ i: Int, _ j: Int) -> Interval {
        var x = Interval(kept[i, j]) * centre
        if let coupling { x = x + Interval(coupling[i, j]) }
        if drops, i == j, w[i, i] < 0 { x = x + Interval(w[i, i]) * l }
        return x * Interval(p[i])
      }
      let slack = EnclosedMatrix(rows: n, columns: n) { i, j in
        let skew = (entry(i, j) + entry(j, i)) * half
        return i == j ? Interval(μ) * Interval(p[i]) - skew : -skew
      }
      if case .declined(let pivot, let value) = slack.positiveDefiniteness() {
        return decline(.notDefinite(matrix: "μP − sym(P(cW + L))", pivot: pivot, value: value))
      }
    case .asRun:
      guard network.coupling == nil else { return decline(.notCovered(.linearCoupling)) }
      guard let h = network.uniformPace(scope) else {
        return decline(.notCovered(.timeConstantsDiffer))
      }
      let attained = (Interval((Interval(1) - h).magnitude) + h * network.gain * Interval(s)).upper
      guard claimed >= attained else {
        return decline(.boundNotReached(claimed: claimed, attained: attained))
      }
    }
    let metric: MetricBounds =
      scope == .continuous
      ? .diagonal(p, timesTimeConstantsOf: network) : .diagonal(lower: p, upper: p)
    return .accepted(Checked(rule: .singularValue, bound: claimed, units: n, metric: metric))
  }

  /// μ = 1 − λ/pace − r s, rounded down.
  static func measure(rate λ: Double, pace: Double, spread r: Double, norm s: Double) -> Double {
    let load = λ.dividingUp(pace).addingUp(r.multiplyingUp(s))
    return (1.0).subtractingDown(load)
  }
}

extension EnclosedMatrix {
  /// Nil if ‖P^{1/2} X P^{-1/2}‖₂ < k for every X in the enclosure and k in the interval, shown by
  /// k²P − XᵀPX ≻ 0; otherwise the pivot that failed. The zero matrix has norm 0 ≤ k.
  func normFault(in p: [Double], below k: Interval) -> Obstruction.Reason? {
    normFault(in: p.map { Interval($0) }, below: k)
  }

  /// The same for every p in the intervals.
  func normFault(
    in p: [Interval], below k: Interval, on workers: Workers = .one
  ) -> Obstruction.Reason? {
    if radius == nil, middle.values.allSatisfy({ $0 == 0 }), k.lower >= 0 { return nil }
    guard k.lower > 0 else { return .notPositive(.metric, index: rows, value: k.lower) }
    let weighted = scalingRows(by: p)
    let square = transposed().multiplied(by: weighted, upperTriangle: true, on: workers)
    let kSquared = (k * k).lower
    let slack = EnclosedMatrix(rows: rows, columns: columns) { i, j in
      i > j
        ? Interval(0)
        : i == j ? Interval(kSquared) * p[i] - square[i, j] : -square[i, j]
    }
    guard case .declined(let pivot, let value) = slack.positiveDefiniteness() else { return nil }
    return .notDefinite(matrix: "k²P − XᵀPX", pivot: pivot, value: value)
  }
}
