/// The disk test: k = ‖P^{1/2}(I + gW)P^{-1/2}‖₂ < 2 for a diagonal P, the same in both forms.
///
///     flow   λ = (1 − k²/4)/τ
///     Euler  ρ² = (1 − h)² + h k_h²/(2 − h),  k_h = ‖P^{1/2}((1 − h)I + gW)P^{-1/2}‖₂ < 2 − h,  0 < h < 2
///
/// It asks for less than ‖W‖ < 1 at the same cost, and decides all the published networks with a spectral
/// constraint, whose norms are 1 up to rounding. It is the slope LMI with Λ = P = M:
/// 4(1 − λ)P ⪰ (PW + P)P⁻¹(PW + P)ᵀ. Source: theory §3b.
///
/// - Complexity: one product and one Cholesky factorisation, about 7n³/3.
enum Disk {
  static func check(
    _ network: Specification, _ scope: Scope, metric p: [Double], claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    func decline(_ reason: Obstruction.Reason) -> Outcome<Checked> {
      .declined(Obstruction(.disk, reason))
    }
    let n = network.units
    guard p.count == n else { throw .length(.metric, found: p.count, expected: n) }
    if let fault = firstNotPositive(p, .metric) { return decline(fault) }
    guard network.coupling == nil else { return decline(.notCovered(.linearCoupling)) }
    guard network.nonlinearCoupling == nil else { return decline(.notCovered(.nonlinearCoupling)) }
    let w = network.recurrent.dense()
    func shifted(by shift: Interval) -> EnclosedMatrix {
      EnclosedMatrix(rows: n, columns: n) { i, j in
        let entry = Interval(w[i, j]) * network.gain
        return i == j ? entry + shift : entry
      }
    }
    switch scope {
    case .continuous:
      let pace = network.paces(scope).map(\.lower).min() ?? .nan
      guard let k = norm(rate: claimed, pace: pace) else {
        return decline(.boundNotReached(claimed: claimed, attained: pace))
      }
      if let fault = shifted(by: Interval(1)).normFault(in: p, below: Interval(k)) {
        return decline(fault)
      }
      return .accepted(
        Checked(
          rule: .disk, bound: claimed, units: n,
          metric: .diagonal(p, timesTimeConstantsOf: network)))
    case .asRun:
      guard let h = network.uniformPace(scope) else {
        return decline(.notCovered(.timeConstantsDiffer))
      }
      guard h.upper < 2 else { return decline(.notCovered(.stepTooLarge)) }
      let rest = Interval(1) - h
      guard let k = norm(factor: claimed, step: h), claimed < 1 else {
        return decline(.boundNotReached(claimed: claimed, attained: rest.magnitude))
      }
      if let fault = shifted(by: rest).normFault(in: p, below: Interval(k)) {
        return decline(fault)
      }
      return .accepted(
        Checked(rule: .disk, bound: claimed, units: n, metric: .diagonal(lower: p, upper: p)))
    }
  }

  /// k with k² ≤ 4(1 − λ/pace), rounded down; nil unless that is positive.
  static func norm(rate λ: Double, pace: Double) -> Double? {
    let slack = (1.0).subtractingDown(λ.dividingUp(pace))
    guard slack > 0 else { return nil }
    return slack.squareRootDown() * 2
  }

  /// k with k² ≤ (ρ² − (1 − h)²)(2 − h)/h for every h in the interval, rounded down; nil unless that
  /// is positive.
  static func norm(factor ρ: Double, step h: Interval) -> Double? {
    let rest = Interval(1) - h
    let k2 = ((Interval(ρ) * Interval(ρ) - rest * rest) * (Interval(2) - h)) / h
    guard k2.lower > 0 else { return nil }
    return k2.lower.squareRootDown()
  }
}
