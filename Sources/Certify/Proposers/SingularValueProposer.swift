import CertifyKernel

/// Proposes Theorem 5⁺: the identity metric, then a balanced one, each with and without the inhibitory
/// diagonal.
enum SingularValueProposer {
  /// `metrics` replaces the identity and the balanced metric, where a good one is known.
  static func propose(
    _ problem: Problem, in metrics: [[Double]]? = nil, to acceptance: inout Acceptance
  ) {
    guard problem.isSmall, problem.network.nonlinearCoupling == nil else { return }
    let w = problem.dense
    let identity = [Double](repeating: 1, count: problem.units)
    switch problem.scope {
    case .continuous:
      let inhibited = (0..<problem.units).contains { w[$0, $0] < 0 }
      for drops in inhibited ? [true, false] : [false] {
        var kept = w
        if drops { for i in 0..<problem.units where kept[i, i] < 0 { kept[i, i] = 0 } }
        for p in metrics ?? [identity] + balanced(problem, kept) {
          offer(problem, w, kept, p, drops, to: &acceptance)
        }
      }
    case .asRun:
      guard problem.isPlain, let h = problem.uniformPace else { return }
      for p in metrics ?? [identity] + balanced(problem, w) {
        guard let s = spectralNorm(inMetric(p, w)) else { continue }
        offerStep(problem, p, s, h, to: &acceptance)
      }
    }
  }

  /// Metrics in which the matrix is small: its own where that is cheap, and the disk's.
  private static func balanced(_ problem: Problem, _ x: Matrix) -> [[Double]] {
    let own =
      problem.units <= 64 || problem.balanced == nil
      ? DiagonalScaling.minimise(x, objective: .normAndAbscissa)?.metric : nil
    return [own, problem.balanced].compactMap { $0 }
  }

  private static func offer(
    _ problem: Problem, _ w: Matrix, _ kept: Matrix, _ p: [Double], _ drops: Bool,
    to acceptance: inout Acceptance
  ) {
    let n = problem.units
    let (l, g) = problem.slopes
    let root = p.map { $0.squareRoot() }
    let x = inMetric(p, kept)
    guard let s = spectralNorm(x) else { return }
    var skewless = Matrix(rows: n, columns: n)
    let centre = (l + g) / 2
    for i in 0..<n {
      for j in 0..<n {
        var entry = x[i, j] * centre
        if let coupling = problem.denseCoupling { entry += coupling[i, j] * root[i] / root[j] }
        if drops, i == j, w[i, i] < 0 { entry += w[i, i] * l }
        skewless[i, j] += entry / 2
        skewless[j, i] += entry / 2
      }
    }
    guard let μ = LAPACKBackend.extremeEigen(skewless, largest: true)?.value else { return }
    let pace = problem.paces.min() ?? 1
    // The norm must leave room for the shift of the factorisation, about n² rounding errors at most.
    for slack in [1e-15, 1e-16 * Double(n + 8), 1e-13 * Double(n + 8)] {
      let norm = s * (1 + slack * Double(n + 8))
      let rate = (1 - μ - (g - l) / 2 * norm) * pace
      let argument = Argument.singularValue(
        metric: p, norm: norm, dropsInhibitoryDiagonal: drops)
      if acceptance.offer(argument, estimate: rate, scale: pace * (1 + s + abs(μ))) { return }
    }
  }

  private static func offerStep(
    _ problem: Problem, _ p: [Double], _ s: Double, _ h: Double, to acceptance: inout Acceptance
  ) {
    // The norm itself must leave room for rounding; back it off together with the factor.
    for slack in [1e-15, 1e-13, 1e-11] {
      let norm = s * (1 + slack * Double(problem.units + 8))
      let factor = abs(1 - h) + h * problem.slopes.upper * norm
      let argument = Argument.singularValue(metric: p, norm: norm, dropsInhibitoryDiagonal: false)
      if acceptance.offer(argument, estimate: factor, scale: 1 + h * norm) { return }
    }
  }
}
