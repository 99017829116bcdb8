internal import CertifyKernel

/// Looks for one metric at all vertices of the slopes, or for the dual that shows there is none.
///
/// For a bound λ (flow; a map: ρ) it maximises the least eigenvalue t of
///
///     G_k(M) = −(A_kᵀM + MA_k) − 2λM        (a map: ρ²M − A_kᵀMA_k)
///
/// over 0 ⪯ M ⪯ I along the central path. If t > 0 is met, M is a metric. If the optimum is M = 0 and nothing
/// else, the path gives Z_k = (G_k − tI)⁻¹ and S = M⁻¹ − (I − M)⁻¹, which is ≻ 0 as soon as M ≺ I/2: a dual with
/// room to spare. In between, on the boundary, neither comes. Vertices join the problem as they are violated, so
/// that few of the 2ⁿ enter.
struct VertexMetric {
  enum Outcome {
    /// M, symmetric, with G_k(M) ≻ 0 at all vertices in floating point.
    case metric(Matrix)
    /// Factors F_k of Z_k = F_kF_kᵀ, and the slopes' pattern of each.
    case dual([(active: [Int32], factor: Matrix)])
    case neither
  }

  let system: LureSystem
  /// Columns are the coordinates in which the search runs: x = Xz.
  let X: Matrix
  let matrices: [Matrix]
  let pairs: [(Int, Int)]
  var n: Int { system.states }

  /// - Parameters:
  ///   - system: up to 12 channels, finite.
  ///   - start: a metric to measure in; the identity if it is not positive definite.
  init?(_ system: LureSystem, start: Matrix?) {
    let n = system.states
    guard n > 0, n <= 12, system.channels == n else { return nil }
    self.system = system
    // With M = LLᵀ and X = L⁻ᵀ, XᵀMX = I.
    if let start, let L = LAPACKBackend.cholesky(symmetricPart(start)) {
      X = LAPACKBackend.solveLowerTriangular(L, .identity(n), transpose: true)
    } else {
      X = .identity(n)
    }
    var matrices: [Matrix] = []
    for mask in 0..<(1 << n) {
      let d = (0..<n).map { mask >> $0 & 1 == 1 ? system.upper : system.lower }
      let image = LAPACKBackend.multiply(system.matrix(at: d), X)
      guard let A = LAPACKBackend.solve(X, image) else { return nil }
      matrices.append(A)
    }
    self.matrices = matrices
    pairs = (0..<n).flatMap { i in (i..<n).map { (i, $0) } }
  }

  /// Searches at one bound.
  ///
  /// - Complexity: about 30 Newton steps of n⁴ flops times the vertices that matter.
  func decide(bound: Double) -> Outcome {
    var working = firstVertices()
    var x = pairs.map { $0 == $1 ? 0.5 : 0 }
    var path = CentralPath(blocks: bounds() + working.map { block($0, bound) }, start: x)
    for _ in 0..<(n <= 4 ? 1 : 24) {
      var outcome: Outcome?
      var violated: [Int] = []
      _ = path.follow(rounds: 26) { path in
        if path.t > 0 {
          let M = matrix(path.x)
          violated = violations(M, bound)
          if violated.isEmpty { outcome = .metric(outward(M)) }
          return false
        }
        if let dual = dual(path, working, bound) {
          outcome = .dual(dual)
          return false
        }
        return true
      }
      if let outcome { return outcome }
      let new = violated.filter { !working.contains($0) }.prefix(n + 2)
      if new.isEmpty { return .neither }
      working += new
      x = path.x
      path = CentralPath(blocks: bounds() + working.map { block($0, bound) }, start: x)
    }
    return .neither
  }

  /// The metric with the best rate (factor) found, and that bound in floating point: bisection between what a
  /// metric reaches and what a dual or the vertices themselves exclude.
  ///
  /// - Parameter tolerance: of the bound, relative to the gap at the start.
  func best(from first: Matrix, rounds: Int) -> (metric: Matrix, bound: Double)? {
    guard var reached = bound(of: first) else { return nil }
    var metric = first
    var limit =
      matrices.compactMap { A -> Double? in
        guard let values = LAPACKBackend.generalEigen(A) else { return nil }
        let excess = zip(values.real, values.imaginary).map { re, im in
          system.isDiscrete ? (re * re + im * im).squareRoot() : re
        }
        return excess.max()
      }.max() ?? 0
    if !system.isDiscrete { limit = -limit }
    for _ in 0..<rounds {
      guard abs(limit - reached) > 1e-4 * abs(reached) else { break }
      let trial = 0.5 * (limit + reached)
      guard case .metric(let M) = decide(bound: trial), let new = bound(of: M),
        system.isBetter(new, than: reached)
      else {
        limit = trial
        continue
      }
      (metric, reached) = (M, new)
    }
    return (metric, reached)
  }

  /// λ or ρ of a metric over all vertices; nil if M is not positive definite.
  func bound(of metric: Matrix) -> Double? {
    // In the coordinates of the search, where the matrices are kept.
    let M = symmetricPart(
      LAPACKBackend.multiply(X, LAPACKBackend.multiply(metric, X), transposeA: true))
    guard let L = LAPACKBackend.cholesky(M) else { return nil }
    var worst = -Double.infinity
    for A in matrices {
      // LᵀAL⁻ᵀ, the matrix where the metric is the identity.
      let half = LAPACKBackend.solveLowerTriangular(
        L, LAPACKBackend.multiply(A, L, transposeA: true))
      if system.isDiscrete {
        guard let top = LAPACKBackend.topSingular(half) else { return nil }
        worst = max(worst, top.norm)
      } else {
        guard let top = LAPACKBackend.symmetricEigenvalues(symmetricPart(half))?.last else {
          return nil
        }
        worst = max(worst, top)
      }
    }
    return system.isDiscrete ? worst : -worst
  }
}
