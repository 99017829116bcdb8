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

  private let system: LureSystem
  /// Columns are the coordinates in which the search runs: x = Xz.
  private let X: Matrix
  private let matrices: [Matrix]
  private let pairs: [(Int, Int)]
  private var n: Int { system.states }

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
    var limit = matrices.compactMap { A -> Double? in
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

  // MARK: Pieces

  /// All vertices of few units; else none, all, and all but one or only one unit with the upper slope.
  private func firstVertices() -> [Int] {
    if n <= 4 { return Array(0..<(1 << n)) }
    let all = (1 << n) - 1
    return [0, all] + (0..<n).map { 1 << $0 } + (0..<n).map { all ^ (1 << $0) }
  }

  private func matrix(_ x: [Double]) -> Matrix {
    var M = Matrix(rows: n, columns: n)
    for ((i, j), value) in zip(pairs, x) {
      M[i, j] = value
      M[j, i] = value
    }
    return M
  }

  private func residual(_ M: Matrix, _ vertex: Int, _ bound: Double) -> Matrix {
    let A = matrices[vertex]
    let MA = LAPACKBackend.multiply(M, A)
    let product = system.isDiscrete ? LAPACKBackend.multiply(A, MA, transposeA: true) : MA
    var result = product
    let weight = system.isDiscrete ? bound * bound : -2 * bound
    let isFlow = !system.isDiscrete
    for i in 0..<n {
      for j in 0..<n {
        let own = isFlow ? product[i, j] + product[j, i] : product[i, j]
        result[i, j] = weight * M[i, j] - own
      }
    }
    return symmetricPart(result)
  }

  private func block(_ vertex: Int, _ bound: Double) -> CentralPath.Block {
    CentralPath.Block(unknowns: pairs.count, isPressed: true) {
      residual(matrix($0), vertex, bound)
    }
  }

  /// M ⪰ 0 and I − M ⪰ 0.
  private func bounds() -> [CentralPath.Block] {
    [1.0, -1].map { sign in
      CentralPath.Block(unknowns: pairs.count, isPressed: false) { x in
        var M = Matrix(rows: n, columns: n, values: matrix(x).values.map { sign * $0 })
        if sign < 0 { for i in 0..<n { M[i, i] += 1 } }
        return M
      }
    }
  }

  /// The vertices where M is no metric, worst first.
  private func violations(_ M: Matrix, _ bound: Double) -> [Int] {
    var found: [(Int, Double)] = []
    for vertex in matrices.indices {
      let G = residual(M, vertex, bound)
      if LAPACKBackend.cholesky(G) != nil { continue }
      found.append((vertex, LAPACKBackend.symmetricEigenvalues(G)?.first ?? -.infinity))
    }
    return found.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// M in the coordinates of the network: X⁻ᵀMX⁻¹.
  private func outward(_ M: Matrix) -> Matrix {
    guard let half = LAPACKBackend.solve(X.transposed(), M),
      let both = LAPACKBackend.solve(X.transposed(), half.transposed())
    else { return M }
    var largest = 0.0
    for i in 0..<n { largest = max(largest, abs(both[i, i])) }
    let scale = 1 / nearestPowerOfTwo(largest)
    return symmetricPart(Matrix(rows: n, columns: n, values: both.values.map { $0 * scale }))
  }

  /// The dual at a centre, if S ≻ 0 there with some room.
  private func dual(
    _ path: CentralPath, _ working: [Int], _ bound: Double
  ) -> [(active: [Int32], factor: Matrix)]? {
    guard let inverses = path.inverses()?.suffix(working.count) else { return nil }
    var S = Matrix(rows: n, columns: n)
    var weight = 0.0
    for (vertex, Z) in zip(working, inverses) {
      let A = matrices[vertex]
      let AZ = LAPACKBackend.multiply(A, Z)
      let image = system.isDiscrete ? LAPACKBackend.multiply(AZ, A, transposeB: true) : AZ
      for i in 0..<n {
        for j in 0..<n {
          S[i, j] +=
            system.isDiscrete
            ? image[i, j] - bound * bound * Z[i, j]
            : image[i, j] + image[j, i] + 2 * bound * Z[i, j]
        }
        weight += abs(AZ[i, i]) + Z[i, i]
      }
    }
    guard let least = LAPACKBackend.symmetricEigenvalues(symmetricPart(S))?.first,
      least > 1e-11 * weight
    else { return nil }
    var terms: [(active: [Int32], factor: Matrix)] = []
    for (vertex, Z) in zip(working, inverses) {
      guard let L = LAPACKBackend.cholesky(symmetricPart(Z)) else { return nil }
      let active = (0..<n).filter { vertex >> $0 & 1 == 1 }.map { Int32($0) }
      terms.append((active, LAPACKBackend.multiply(X, L)))
    }
    return terms
  }
}
