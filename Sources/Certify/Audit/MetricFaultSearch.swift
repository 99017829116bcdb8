import CertifyKernel

/// Looks for slopes and a direction at which a metric shrinks least; the kernel decides what that shows.
///
/// For fixed slopes the worst direction is an eigenvector of sym(MA) relative to M (a map: of AᵀMA); for a fixed
/// direction the growth is linear in each slope (a map: convex), so that the best vertex can be read off. The two
/// take turns, and the growth never falls.
struct MetricFaultSearch {
  let problem: Problem
  let metric: Matrix
  /// G⁻¹ with M = GGᵀ, column by column; nil if M is not positive definite.
  private let inverseRoot: Matrix?

  init(_ problem: Problem, _ metric: Matrix) {
    self.problem = problem
    self.metric = metric
    inverseRoot = LAPACKBackend.cholesky(metric).map {
      LAPACKBackend.solveLowerTriangular($0, Matrix.identity(metric.rows))
    }
  }

  struct Candidate {
    let active: [Int32]
    let direction: [Double]
    /// xᵀMAx / xᵀMx, or |Ax|²_M / |x|²_M, in floating point.
    let growth: Double
  }

  /// The fault that the kernel accepts, if the search finds one.
  func fault() -> MetricFault? {
    if inverseRoot == nil {
      guard let least = LAPACKBackend.extremeEigen(metric, largest: false) else { return nil }
      return try? problem.network.fault(
        ofMetric: metric, problem.scope, active: [], direction: least.vector)
    }
    guard let worst = worst() else { return nil }
    if let fault = fault(worst.active, worst.direction) { return fault }
    // At the boundary rounding hides the sign; short fractions often show it exactly.
    return fault(worst.active, rounded(worst.direction))
  }

  private func fault(_ active: [Int32], _ x: [Double]) -> MetricFault? {
    try? problem.network.fault(ofMetric: metric, problem.scope, active: active, direction: x)
  }

  private func rounded(_ x: [Double]) -> [Double] {
    let largest = x.reduce(0) { max($0, abs($1)) }
    return x.map { ($0 / largest * 64).rounded() }
  }

  /// The worst that was met; nil if M is not positive definite.
  func worst() -> Candidate? {
    guard inverseRoot != nil else { return nil }
    let n = problem.units
    var starts: [[Int32]] = [(0..<Int32(n)).map { $0 }, []]
    if n <= 8 {
      starts = (0..<(1 << n)).map { mask in
        (0..<Int32(n)).filter { mask >> Int($0) & 1 == 1 }
      }
    }
    // What the two ends miss, patterns without structure often meet.
    var generator = SplitMix(seed: UInt64(n))
    for _ in 0..<(n <= 8 ? 0 : n <= 128 ? 16 : n <= 512 ? 2 : 0) {
      starts.append((0..<Int32(n)).filter { _ in generator.next() >> 63 == 1 })
    }
    var best: Candidate?
    for start in starts {
      guard let candidate = ascend(from: start, rounds: n <= 8 ? 1 : 16) else { continue }
      if candidate.growth > (best?.growth ?? -.infinity) { best = candidate }
    }
    return best
  }

  private func ascend(from start: [Int32], rounds: Int) -> Candidate? {
    var best: Candidate?
    var active = start
    for _ in 0..<rounds {
      guard let candidate = direction(active) else { return best }
      guard candidate.growth > (best?.growth ?? -.infinity) else { return best }
      best = candidate
      let next = vertex(candidate)
      if next == active { return best }
      active = next
    }
    return best
  }

  /// The worst direction at a vertex.
  private func direction(_ active: [Int32]) -> Candidate? {
    guard let root = inverseRoot else { return nil }
    let a = vertexMatrix(problem, active)
    let ma = LAPACKBackend.multiply(metric, a)
    let form =
      problem.scope == .continuous
      ? symmetricPart(ma) : symmetricPart(LAPACKBackend.multiply(a, ma, transposeA: true))
    let scaled = LAPACKBackend.multiply(
      root, LAPACKBackend.multiply(form, root, transposeB: true))
    guard let top = LAPACKBackend.extremeEigen(symmetricPart(scaled), largest: true) else {
      return nil
    }
    let x = LAPACKBackend.multiply(root, top.vector, transpose: true)
    return Candidate(active: active, direction: x, growth: top.value)
  }

  /// The slopes that make the growth along a direction largest, to first order.
  private func vertex(_ candidate: Candidate) -> [Int32] {
    let x = candidate.direction
    let image =
      problem.scope == .continuous
      ? x : LAPACKBackend.multiply(vertexMatrix(problem, candidate.active), x)
    let weight = LAPACKBackend.multiply(metric, image).enumerated()
      .map { $0.element * problem.pace($0.offset) }
    let gains: [Double]
    if problem.network.form == .outside {
      gains = zip(LAPACKBackend.multiply(problem.dense, weight, transpose: true), x).map(*)
    } else {
      gains = zip(LAPACKBackend.multiply(problem.dense, x), weight).map(*)
    }
    return gains.indices.filter { gains[$0] > 0 }.map(Int32.init)
  }
}
