internal import CertifyKernel

// The vertices, the inequality of each, and what a centre says: the parts of the search.

extension VertexMetric {
  /// All vertices of few units; else none, all, and all but one or only one unit with the upper slope.
  func firstVertices() -> [Int] {
    if n <= 4 { return Array(0..<(1 << n)) }
    let all = (1 << n) - 1
    return [0, all] + (0..<n).map { 1 << $0 } + (0..<n).map { all ^ (1 << $0) }
  }

  func matrix(_ x: [Double]) -> Matrix {
    var M = Matrix(rows: n, columns: n)
    for ((i, j), value) in zip(pairs, x) {
      M[i, j] = value
      M[j, i] = value
    }
    return M
  }

  func residual(_ M: Matrix, _ vertex: Int, _ bound: Double) -> Matrix {
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

  func block(_ vertex: Int, _ bound: Double) -> CentralPath.Block {
    CentralPath.Block(unknowns: pairs.count, isPressed: true) {
      residual(matrix($0), vertex, bound)
    }
  }

  /// M ⪰ 0 and I − M ⪰ 0.
  func bounds() -> [CentralPath.Block] {
    [1.0, -1].map { sign in
      CentralPath.Block(unknowns: pairs.count, isPressed: false) { x in
        var M = Matrix(rows: n, columns: n, values: matrix(x).values.map { sign * $0 })
        if sign < 0 { for i in 0..<n { M[i, i] += 1 } }
        return M
      }
    }
  }

  /// The vertices where M is no metric, worst first.
  func violations(_ M: Matrix, _ bound: Double) -> [Int] {
    var found: [(Int, Double)] = []
    for vertex in matrices.indices {
      let G = residual(M, vertex, bound)
      if LAPACKBackend.cholesky(G) != nil { continue }
      found.append((vertex, LAPACKBackend.symmetricEigenvalues(G)?.first ?? -.infinity))
    }
    return found.sorted { $0.1 < $1.1 }.map(\.0)
  }

  /// M in the coordinates of the network: X⁻ᵀMX⁻¹.
  func outward(_ M: Matrix) -> Matrix {
    guard let half = LAPACKBackend.solve(X.transposed(), M),
      let both = LAPACKBackend.solve(X.transposed(), half.transposed())
    else { return M }
    var largest = 0.0
    for i in 0..<n { largest = max(largest, abs(both[i, i])) }
    let scale = 1 / nearestPowerOfTwo(largest)
    return symmetricPart(Matrix(rows: n, columns: n, values: both.values.map { $0 * scale }))
  }

  /// The dual at a centre, if S ≻ 0 there with some room.
  func dual(
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
