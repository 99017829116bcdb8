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
      // k² = 4(1 − λ/pace), rounded down.
      let slack = (1.0).subtractingDown(claimed.dividingUp(pace))
      guard slack > 0 else { return decline(.boundNotReached(claimed: claimed, attained: pace)) }
      let k = Interval(slack.squareRootDown() * 2)
      if let fault = shifted(by: Interval(1)).normFault(in: p, below: k) { return decline(fault) }
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
      // k² = (ρ² − (1 − h)²)(2 − h)/h, rounded down.
      let k2 = ((Interval(claimed) * Interval(claimed) - rest * rest) * (Interval(2) - h)) / h
      guard k2.lower > 0, claimed < 1 else {
        return decline(.boundNotReached(claimed: claimed, attained: rest.magnitude))
      }
      let k = Interval(k2.lower.squareRootDown())
      if let fault = shifted(by: rest).normFault(in: p, below: k) { return decline(fault) }
      return .accepted(
        Checked(rule: .disk, bound: claimed, units: n, metric: .diagonal(lower: p, upper: p)))
    }
  }
}
