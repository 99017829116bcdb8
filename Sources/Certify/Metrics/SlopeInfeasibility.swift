internal import CertifyKernel

/// Looks for the dual that shows that the slope inequality has no solution at a bound.
///
/// The least eigenvalue t of −Q(M, Λ) is maximised over 0 ⪯ M ⪯ I, 0 ≤ Λ ≤ I along the central path; if only
/// M = 0, Λ = 0 reach t = 0, the inverse (−Q − tI)⁻¹ is a dual with room to spare (see `VertexMetric`).
enum SlopeInfeasibility {
  /// A factor of Z, 2n × 2n in the order of states and channels; nil if none is found.
  ///
  /// - Parameter start: a pair to measure in, such as the best that a search came to.
  /// - Complexity: about 40 Newton steps of 16n⁵ flops.
  static func factor(
    _ system: LureSystem, bound: Double, start: (metric: Matrix, multiplier: [Double])?
  ) -> Matrix? {
    let n = system.states
    let m = system.channels
    guard n > 0, n <= 16 else { return nil }
    // Coordinates x = Xz and v = Su in which the starting pair is the identity.
    var X = Matrix.identity(n)
    var S = [Double](repeating: 1, count: m)
    if let start, let L = LAPACKBackend.cholesky(symmetricPart(start.metric)) {
      X = LAPACKBackend.solveLowerTriangular(L, .identity(n), transpose: true)
      S = start.multiplier.map { $0 > 0 ? 1 / $0.squareRoot() : 1 }
    }
    guard let F = LAPACKBackend.solve(X, LAPACKBackend.multiply(system.F, X)),
      let G = LAPACKBackend.solve(
        X, scaling(system.G, rows: [Double](repeating: 1, count: n), columns: S))
    else { return nil }
    let C = scaling(
      LAPACKBackend.multiply(system.C, X), rows: S.map { 1 / $0 },
      columns: [Double](repeating: 1, count: n))
    let scaled = LureSystem(
      F: F, G: G, C: C, lower: system.lower, upper: system.upper, isDiscrete: system.isDiscrete)
    let pairs = (0..<n).flatMap { i in (i..<n).map { (i, $0) } }
    let unknowns = pairs.count + m
    func metric(_ x: [Double]) -> Matrix {
      var M = Matrix(rows: n, columns: n)
      for ((i, j), value) in zip(pairs, x) {
        M[i, j] = value
        M[j, i] = value
      }
      return M
    }
    func multiplier(_ x: [Double]) -> [Double] { Array(x.suffix(m)) }
    func negated(_ A: Matrix, plus unit: Double) -> Matrix {
      var result = Matrix(rows: A.rows, columns: A.columns, values: A.values.map { -$0 })
      for i in 0..<A.rows { result[i, i] += unit }
      return result
    }
    let blocks = [
      CentralPath.Block(unknowns: unknowns, isPressed: false) { metric($0) },
      CentralPath.Block(unknowns: unknowns, isPressed: false) { negated(metric($0), plus: 1) },
      CentralPath.Block(unknowns: unknowns, isPressed: false) {
        Matrix(diagonal: multiplier($0))
      },
      CentralPath.Block(unknowns: unknowns, isPressed: false) {
        Matrix(diagonal: multiplier($0).map { 1 - $0 })
      },
      CentralPath.Block(unknowns: unknowns, isPressed: true) {
        negated(
          scaled.inequality(metric: metric($0), multiplier: multiplier($0), rate: bound), plus: 0)
      },
    ]
    let start = pairs.map { $0 == $1 ? 0.5 : 0 } + [Double](repeating: 0.5, count: m)
    var path = CentralPath(blocks: blocks, start: start)
    var found: Matrix?
    _ = path.follow(rounds: 26) { path in
      if path.t > 0 { return false }
      // M⁻¹ ≻ (I − M)⁻¹ and the same of Λ.
      let M = metric(path.x)
      guard let top = LAPACKBackend.symmetricEigenvalues(M)?.last, top < 0.45,
        multiplier(path.x).allSatisfy({ $0 < 0.45 }),
        let Z = path.inverses()?.last,
        let L = LAPACKBackend.cholesky(symmetricPart(Z))
      else { return true }
      var T = Matrix(rows: n + m, columns: n + m)
      for i in 0..<n { for j in 0..<n { T[i, j] = X[i, j] } }
      for i in 0..<m { T[n + i, n + i] = S[i] }
      found = LAPACKBackend.multiply(T, L)
      return false
    }
    return found
  }
}
