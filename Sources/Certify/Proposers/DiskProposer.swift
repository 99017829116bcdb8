import CertifyKernel

/// Proposes the disk test: first in the identity metric, then in a balanced diagonal one.
enum DiskProposer {
  /// `metrics` replaces the identity and the balanced metric, where a good one is known.
  static func propose(
    _ problem: Problem, in metrics: [[Double]]? = nil, to acceptance: inout Acceptance
  ) {
    guard problem.isSmall, problem.isPlain else { return }
    guard problem.scope == .continuous || problem.uniformPace != nil else { return }
    let h = problem.uniformPace ?? problem.paces.min() ?? 1
    let shift = problem.scope == .continuous ? 1 : 1 - h
    var x = problem.scaled
    for i in 0..<problem.units { x[i, i] += shift }
    if let metrics {
      for p in metrics {
        if let k = spectralNorm(inMetric(p, x)) { offer(k, p, problem, h, to: &acceptance) }
      }
      return
    }
    let identity = [Double](repeating: 1, count: problem.units)
    if let k = spectralNorm(x) { offer(k, identity, problem, h, to: &acceptance) }
    if let balanced = DiagonalScaling.minimise(x) {
      problem.balanced = balanced.metric
      offer(balanced.norm, balanced.metric, problem, h, to: &acceptance)
    }
  }

  private static func offer(
    _ k: Double, _ p: [Double], _ problem: Problem, _ h: Double, to acceptance: inout Acceptance
  ) {
    switch problem.scope {
    case .continuous:
      acceptance.offer(.disk(metric: p), estimate: (1 - k * k / 4) * h, scale: h * (1 + k * k))
    case .asRun:
      guard h < 2 else { return }
      let square = (1 - h) * (1 - h) + h * k * k / (2 - h)
      acceptance.offer(.disk(metric: p), estimate: square.squareRoot(), scale: 1 + square)
    }
  }
}

/// P^{1/2} X P^{-1/2} for P = diag(p).
func inMetric(_ p: [Double], _ x: Matrix) -> Matrix {
  let root = p.map { $0.squareRoot() }
  var result = x
  for i in 0..<x.rows { for j in 0..<x.columns { result[i, j] *= root[i] / root[j] } }
  return result
}

/// ‖X‖₂ in floating point.
func spectralNorm(_ x: Matrix) -> Double? {
  if x.rows > 256, let top = LargestSingular(x) { return top.norm }
  let gram = LAPACKBackend.multiply(x, x, transposeA: true)
  return LAPACKBackend.extremeEigen(gram, largest: true).map { max($0.value, 0).squareRoot() }
}
