import CertifyKernel

/// Proposes the multiplier inequality: closed forms that are nearly right for nearly special networks, then a
/// search for a full metric.
enum SlopeLMIProposer {
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    guard problem.units <= 1024, problem.network.nonlinearCoupling == nil else { return }
    proposeClosedForms(problem, to: &acceptance)
  }

  /// The metrics of Theorem 2 for the symmetric part of W.
  static func proposeClosedForms(_ problem: Problem, to acceptance: inout Acceptance) {
    guard problem.units <= 1024, problem.network.nonlinearCoupling == nil else { return }
    let candidates = symmetricPart(problem)
    for (m, multiplier) in candidates { offer(problem, m, multiplier, to: &acceptance) }
  }

  /// Offers M and Λ at the best bound that floating point finds for them.
  static func offer(
    _ problem: Problem, _ m: Matrix, _ multiplier: [Double], to acceptance: inout Acceptance
  ) {
    guard let least = symmetricEigenvalues(m)?.first, least > 0 else { return }
    let inequality = FloatInequality(problem, m, multiplier)
    guard let bound = inequality.bestBound() else {
      acceptance.note(
        Obstruction(rule: Rule.slopeLMI.rawValue, .notDefinite(matrix: "slope LMI", pivot: 0, value: 0)),
        .infinity)
      return
    }
    let argument = Argument.slopeLMI(
      metric: m, multiplier: multiplier, floor: least * (1 - 0x1p-10))
    acceptance.offer(argument, estimate: bound, scale: 1 + abs(bound))
  }

  /// M = 2aI − gS (flow) or (ρ² − (1 − h)²)I − h(1 − h)gS (map) for form inside, the inverse for form outside,
  /// and Λ = I to match; S = (W + Wᵀ)/2.
  private static func symmetricPart(_ problem: Problem) -> [(Matrix, [Double])] {
    guard let pace = problem.uniformPace, problem.isPlain else { return [] }
    let n = problem.units
    let s = problem.scaled.symmetrised()
    guard let values = symmetricEigenvalues(s), let least = values.first, let greatest = values.last
    else { return [] }
    let g = problem.slopes.upper
    let inside = problem.network.form != .outside
    var found: [(Matrix, [Double])] = []
    for reserve in [0x1p-16, 0x1p-8, 0x1p-4] {
      var m = Matrix(rows: n, columns: n)
      let own: Double
      let factor: Double
      // Λ of form inside and of form outside, which is its mate under inversion of the metric.
      let shares: (inside: Double, outside: Double)
      switch problem.scope {
      case .continuous:
        shares = (pace, pace)
        let a = max(greatest, 0) + reserve
        own = 2 * a
        factor = 1
      case .asRun:
        let rest = 1 - pace
        let extremes = max(abs(rest + pace * greatest), abs(rest + pace * least), abs(rest))
        let ρ = extremes + reserve * (1 - min(extremes, 1)) + 1e-12
        shares = (1, pace * pace * ρ * ρ)
        own = (ρ * ρ - rest * rest) / (pace * pace * ρ * ρ)
        factor = pace * rest / (pace * pace * ρ * ρ)
      }
      for i in 0..<n {
        for j in 0..<n { m[i, j] = (i == j ? own : 0) - factor * s[i, j] }
      }
      if inside {
        found.append((m, [Double](repeating: shares.inside, count: n)))
      } else if let inverse = DenseAlgebra.inverse(m)?.symmetrised() {
        // v = D e is g times the v of gW and D/g.
        found.append((inverse, [Double](repeating: shares.outside / (g * g), count: n)))
      }
    }
    return found
  }
}
