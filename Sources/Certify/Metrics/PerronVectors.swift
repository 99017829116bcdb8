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
    var iteration = PairedIteration(N, right: v, left: w)
    return iteration.apply().worst
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

  /// Power iteration on N + ε(mean)11ᵀ, both sides in one pass over the rows.
  ///
  /// The rank-one term keeps every entry positive when N is reducible and moves the limit of the ratio by
  /// about ε·ρ. It stops when the growth has settled and the ratio is within `tolerance` of it, relative to the margin left
  /// below 1, or gains no more than that in three passes; a shift is added when periodicity keeps it
  /// from settling. Cost: `limit` passes at most, typically 15 to 40; a pass is one gather and one
  /// scatter, both on the same cache line.
  ///
  /// - Parameter N: n × n, entries ≥ 0.
  /// - Returns: nil when an entry is negative or not finite, or n = 0.
  package static func powerIteration(
    _ N: SparseMatrix, mixing: Double = 5e-4, tolerance: Double = 0.01, limit: Int = 80
  ) -> PerronVectors? {
    let n = N.rows
    guard n > 0, N.columns == n, N.values.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
    let ones = [Double](repeating: 1, count: n)
    var iteration = PairedIteration(N, right: ones, left: ones)
    var best = PerronVectors(right: ones, left: ones, ratio: .infinity, radius: 0)
    var quiet = 0
    var shift = 0.0
    var reference = Double.infinity
    var previousGrowth = Double.infinity
    var largestGrowth = 0.0
    for pass in 0..<max(limit, 1) {
      let (worst, growth) = iteration.apply()
      guard worst.isFinite, growth.isFinite else { break }
      if worst < best.ratio {
        best.ratio = worst
        best.radius = growth
        iteration.savePair()
      }
      let unit = tolerance * max(abs(1 - best.ratio), tolerance * best.ratio)
      let change = abs(growth - previousGrowth)
      let settled = change <= unit
      let swings = pass >= 5 && shift == 0 && change > 0.2 * growth
      previousGrowth = growth
      if settled, best.ratio - growth <= unit { break }
      quiet = worst < reference - unit ? 0 : quiet + 1
      reference = min(reference, worst)
      largestGrowth = max(largestGrowth, growth)
      if swings || quiet >= (shift > 0 ? 8 : 3) {
        if shift > 0 || (settled && worst < 1.01 * best.ratio) { break }
        shift = 0.5 * largestGrowth
        reference = .infinity
        quiet = 0
      }
      iteration.advance(mixing: mixing * max(growth, 1e-300), shift: shift)
    }
    guard best.ratio.isFinite else { return nil }
    (best.right, best.left) = iteration.savedPair
    return best
  }

  /// v = (μI − N)⁻¹1 and w = (μI − Nᵀ)⁻¹1 by v ← (1 + Nv)/μ; then (Nv)_i/v_i = μ − 1/v_i < μ everywhere,
  /// also where N is reducible and its Perron vector vanishes. Converges when ρ(N) < μ.
  ///
  /// - Returns: nil when it does not settle within `limit` passes. Cost: O(entries) a pass.
  package static func resolvent(_ N: SparseMatrix, shift μ: Double, limit: Int = 400)
    -> PerronVectors?
  {
    let n = N.rows
    guard n > 0, N.columns == n, μ > 0, N.values.allSatisfy({ $0 >= 0 && $0.isFinite }) else {
      return nil
    }
    if n <= 600 { return resolvent(dense: N.dense(), shift: μ) }
    let start = [Double](repeating: 1 / μ, count: n)
    var iteration = PairedIteration(N, right: start, left: start)
    for _ in 0..<max(limit, 1) {
      let result = iteration.apply()
      // Any positive pair whose ratio is below μ already serves; the fixed point is not needed.
      if result.worst <= μ {
        iteration.savePair()
        let (v, w) = iteration.savedPair
        return PerronVectors(right: v, left: w, ratio: result.worst, radius: μ)
      }
      guard result.worst.isFinite else { return nil }
      iteration.relax(shift: μ)
    }
    return nil
  }

  /// The resolvent pair by LU. Nil unless both vectors come out positive. Cost: 2n³/3 flops.
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
