import CertifyKernel

/// Proposes the multiplier inequality: closed forms that are right or nearly right for special networks, then
/// a search for a full metric by the method of centres.
enum SlopeLMIProposer {
  /// The closed forms and the search.
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    // A network that is certified already deserves a look, one that is not deserves work.
    let isThorough = problem.units <= 32 && acceptance.best == nil
    propose(problem, effort: isThorough ? .thorough : .quick, to: &acceptance)
  }

  /// The closed forms alone.
  static func proposeClosedForms(_ problem: Problem, to acceptance: inout Acceptance) {
    propose(problem, effort: .starts, to: &acceptance)
  }

  /// A given metric, with the multiplier that suits it best.
  static func propose(_ problem: Problem, in m: Matrix, to acceptance: inout Acceptance) {
    let step = problem.lureStep ?? 1
    let start = (metric: m, multiplier: (0..<problem.units).map { m[$0, $0] * step })
    let scale = problem.scope == .continuous ? problem.uniformPace ?? 1 : 1
    for candidate in proposeSlopeLMI(problem.lureSystem, effort: .starts, starts: [start]) {
      offer(problem, candidate, timeScale: scale, to: &acceptance)
    }
  }

  private static func propose(
    _ problem: Problem, effort: SlopeEffort, to acceptance: inout Acceptance
  ) {
    // Of modules and couplings, what the modules do not show is not worth hours of the whole.
    let limit = problem.isAssembly ? 160 : 1024
    guard problem.units <= limit, problem.network.nonlinearCoupling == nil else { return }
    let times = problem.network.timeConstants
    let step = problem.lureStep
    var starts = SlopeStarts(
      form: problem.network.form == .outside ? .outside : .inside, weights: problem.dense,
      gain: problem.slopes.upper,
      timeConstants: times.count == 1 ? nil : times.map(\.approximation), step: step
    ).candidates()
    if let p = problem.balanced {
      starts.append((Matrix(diagonal: p), p.map { $0 * (step ?? 1) }))
    }
    let scale = problem.scope == .continuous ? problem.uniformPace ?? 1 : 1
    for candidate in proposeSlopeLMI(problem.lureSystem, effort: effort, starts: starts) {
      offer(problem, candidate, timeScale: scale, to: &acceptance)
    }
  }

  /// Offers a pair found in units of the time constant: λ and Λ count per unit of time, M does not.
  private static func offer(
    _ problem: Problem, _ candidate: SlopeCandidate, timeScale: Double,
    to acceptance: inout Acceptance
  ) {
    guard
      let least = LAPACKBackend.extremeEigen(candidate.metric, largest: false)?.value, least > 0
    else { return }
    let argument = Argument.slopeLMI(
      metric: candidate.metric, multiplier: candidate.multiplier.map { $0 * timeScale },
      floor: least * (1 - 0x1p-10))
    let bound = candidate.rate * timeScale
    acceptance.offer(argument, estimate: bound, scale: 1 + abs(bound))
  }
}
