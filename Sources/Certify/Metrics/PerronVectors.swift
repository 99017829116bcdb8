package import CertifyKernel

/// Positive vectors that propose a diagonal metric P = diag(w/v) for a nonnegative matrix N.
package struct PerronVectors: Sendable, Hashable {
  /// Right vector, n, every entry > 0.
  package var right: [Double]
  /// Left vector, n, every entry > 0.
  package var left: [Double]
  /// max_i ½[(Nv)_i/v_i + (Nᵀw)_i/w_i] in plain floating point; the metric's rate is 1 minus this.
  package var ratio: Double
  /// The spectral radius of N as far as the search got; for the resolvent pair, the shift μ.
  package var radius: Double

  /// The metric diag(w/v).
  package var metric: [Double] { zip(left, right).map { $0 / $1 } }

  /// N with N_ij = g|W_ij| and N_ii = g max(W_ii, 0). Cost: O(entries).
  package static func comparison(_ W: SparseMatrix, gain g: Double) -> SparseMatrix? {
    var values = W.values
    values.withUnsafeMutableBufferPointer { v in
      for i in 0..<W.rows {
        for k in W.rowPointers[i]..<W.rowPointers[i + 1] {
          v[k] = Int(W.columnIndices[k]) == i ? g * max(v[k], 0) : g * abs(v[k])
        }
      }
    }
    return try? SparseMatrix(
      rows: W.rows, columns: W.columns, rowPointers: W.rowPointers,
      columnIndices: W.columnIndices, values: values)
  }

  /// The ratio of a given pair, infinite unless all entries are positive and finite.
  package static func ratio(_ N: SparseMatrix, right v: [Double], left w: [Double]) -> Double {
    var iteration = PowerIteration(N)
    return iteration.ratio(right: v, left: w)
  }

  /// Candidate pairs for N, best ratio first: for n ≤ `denseLimit` the Perron vectors and resolvents just
  /// above ρ and halfway to 1, otherwise the power iteration. Empty when N is not nonnegative and finite.
  package static func propose(_ N: SparseMatrix, denseLimit: Int = 600) -> [PerronVectors] {
    guard N.rows == N.columns, N.rows > 0 else { return [] }
    guard N.rows <= denseLimit else { return powerIteration(N).map { [$0] } ?? [] }
    let matrix = N.dense()
    guard matrix.values.allSatisfy({ $0 >= 0 && $0.isFinite }),
      let eigen = LAPACKBackend.generalEigen(matrix)
    else { return [] }
    let radius = max(eigen.real.max() ?? 0, 0)
    var found: [PerronVectors] = []
    if let pair = dense(matrix) { found.append(pair) }
    let room = radius < 1 ? 1 - radius : radius
    for part in [1e-6, 1e-3, 0.03, 0.5] {
      if let pair = resolvent(dense: matrix, shift: radius + part * room) { found.append(pair) }
    }
    if found.isEmpty, let pair = powerIteration(N) { found.append(pair) }
    return found.filter { $0.ratio.isFinite }.sorted { $0.ratio < $1.ratio }
  }

  /// Vectors by power iteration, for large N: their ratio is close to the radius where N is irreducible, and
  /// above it by some 10⁻³ otherwise. Cost: some tens of passes over the entries.
  ///
  /// - Parameter N: n × n, entries ≥ 0.
  /// - Returns: nil when an entry is negative or not finite, or n = 0.
  package static func powerIteration(_ N: SparseMatrix) -> PerronVectors? {
    guard N.rows > 0, N.columns == N.rows, N.values.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      return nil
    }
    var iteration = PowerIteration(N)
    guard let (ratio, growth) = iteration.run(boundary: 1, passes: 200) else { return nil }
    let (right, left) = iteration.vectors()
    return PerronVectors(right: right, left: left, ratio: ratio, radius: growth)
  }

  /// v = (μI − N)⁻¹1 and w = (μI − Nᵀ)⁻¹1 by LU; then (Nv)_i/v_i = μ − 1/v_i < μ everywhere, also where N is
  /// reducible and its Perron vector vanishes. Nil unless both come out positive. Cost: 2n³/3 flops.
  package static func resolvent(dense N: Matrix, shift μ: Double) -> PerronVectors? {
    let n = N.rows
    guard n > 0, N.isSquare, μ > 0 else { return nil }
    var A = Matrix(rows: n, columns: n, values: N.values.map { -$0 })
    for i in 0..<n { A[i, i] += μ }
    let ones = Matrix(rows: n, columns: 1, repeating: 1)
    guard let v = LAPACKBackend.solve(A, ones)?.values,
      let w = LAPACKBackend.solve(A.transposed(), ones)?.values,
      v.allSatisfy({ $0 > 0 }), w.allSatisfy({ $0 > 0 })
    else { return nil }
    let worst = ratio(SparseMatrix(N), right: v, left: w)
    return PerronVectors(right: v, left: w, ratio: worst, radius: μ)
  }

  /// Perron vectors of a dense nonnegative N to working accuracy where N is irreducible: the radius from
  /// dgeev, then inverse iteration just above it. Nil when an entry of a vector is not positive, which is
  /// how reducibility shows. Cost: about 11n³ flops; meant for n up to about 600.
  package static func dense(_ N: Matrix) -> PerronVectors? {
    let n = N.rows
    guard n > 0, N.isSquare, N.values.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    let sparse = SparseMatrix(N)
    guard let eigen = LAPACKBackend.generalEigen(N) else { return nil }
    let radius = eigen.real.max() ?? 0
    guard radius > 0 else { return nil }
    var best: PerronVectors?
    for above in [1e-14, 1e-11, 1e-8] {
      var A = Matrix(rows: n, columns: n, values: N.values.map { -$0 })
      for i in 0..<n { A[i, i] += radius * (1 + above) }
      let transposed = A.transposed()
      var v = Matrix(rows: n, columns: 1, repeating: 1)
      var w = v
      for _ in 0..<3 {
        guard let nextV = LAPACKBackend.solve(A, v), let nextW = LAPACKBackend.solve(transposed, w)
        else { break }
        v = normalised(nextV)
        w = normalised(nextW)
        guard v.values.allSatisfy({ $0 > 0 }), w.values.allSatisfy({ $0 > 0 }) else { break }
        let worst = ratio(sparse, right: v.values, left: w.values)
        if worst < best?.ratio ?? .infinity {
          best = PerronVectors(right: v.values, left: w.values, ratio: worst, radius: radius)
        }
      }
    }
    return best
  }

  /// Scaled by a number of either sign so that the largest entry in modulus is 1.
  private static func normalised(_ x: Matrix) -> Matrix {
    var top = 0.0
    for value in x.values where abs(value) > abs(top) { top = value }
    guard top != 0, top.isFinite else { return x }
    return Matrix(rows: x.rows, columns: 1, values: x.values.map { $0 / top })
  }
}

extension PowerIteration {
  /// The iteration on N itself, n × n with entries ≥ 0.
  fileprivate init(_ N: SparseMatrix) {
    self.init(.sparse(N), gain: 1, own: (0..<N.rows).map { N[$0, $0] }, paces: [1])
  }
}
