package import CertifyKernel

extension LureSystem {
  /// The exact-arithmetic optimum of the rate for given M and Λ, in plain floating point: the largest λ
  /// (the smallest ρ) with a semidefinite slope inequality.
  ///
  /// After centring the slopes, c = (l+g)/2 and r = (g−l)/2, the Schur complement leaves the pencil (Q, M):
  ///
  ///     continuous  λ = ½λmin(Q, M),  Q = −(FᵀM + MF) − 2r²CᵀΛC − ½MGΛ⁻¹GᵀM,         F ← F + cGC
  ///     discrete    ρ² = λmax(Q, M),  Q = FᵀMF + 2r²CᵀΛC + FᵀMG(2Λ − GᵀMG)⁻¹GᵀMF
  ///
  /// - Returns: nil when M or Λ, or in discrete time 2Λ − GᵀMG, is not positive definite.
  /// - Complexity: O((n + m)³).
  package func rateEstimate(metric M: Matrix, multiplier Λ: [Double]) -> Double? {
    SlopeForm(self).rate(metric: M, multiplier: Λ.map { 2 * $0 })
  }

  /// The largest λ (smallest ρ) at which the slope inequality is definite in floating point with room for
  /// the rounding of whoever checks it: a multiple of the a-priori bounds for its entries, and of the
  /// Cholesky shift, after scaling to unit diagonal by powers of two.
  ///
  /// It may be negative (ρ ≥ 1): then the pair proves nothing. Cost: `rateEstimate` and at most 60
  /// Cholesky factorisations of size n + m, usually under ten.
  ///
  /// - Returns: nil when no such rate was found.
  package func strictness(metric M: Matrix, multiplier Λ: [Double]) -> Double? {
    guard M.isSquare, M.rows == states, Λ.count == channels,
      let optimum = rateEstimate(metric: M, multiplier: Λ), optimum.isFinite,
      LAPACKBackend.cholesky(M) != nil
    else { return nil }
    let magnitude = inequality(metric: M, multiplier: Λ, rate: optimum, magnitudes: true)
    let slack = max(abs(optimum), isDiscrete ? 1e-3 : 1e-6 * scale)
    var distance = 1e-15 * slack
    while distance <= 16 * slack {
      let rate = isDiscrete ? optimum + distance : optimum - distance
      if isSafelyDefinite(inequality(metric: M, multiplier: Λ, rate: rate), magnitude) {
        return rate
      }
      distance *= 3
    }
    return nil
  }

  /// The order of magnitude of the system's own rates.
  private var scale: Double {
    var largest = 0.0
    for i in 0..<states { largest = max(largest, abs(F[i, i])) }
    return largest > 0 ? largest : 1
  }

  /// Whether −X ≻ 0 with a margin above the rounding of its entries and of a verified Cholesky.
  private func isSafelyDefinite(_ X: Matrix, _ magnitude: Matrix) -> Bool {
    let size = X.rows
    var scales = [Double](repeating: 1, count: size)
    for i in 0..<size {
      guard X[i, i] < 0, X[i, i].isFinite else { return false }
      scales[i] = 1 / nearestPowerOfTwo((-X[i, i]).squareRoot())
    }
    let roundoff = 0x1p-53 * Double(2 * states + channels + 8)
    var radius = 0.0
    var A = X
    A.withUnsafeMutableValues { a in
      magnitude.values.withUnsafeBufferPointer { b in
        for i in 0..<size {
          var row = 0.0
          for j in 0..<size {
            let s = scales[i] * scales[j]
            a[i * size + j] *= -s
            row += s * b[i * size + j]
          }
          radius = max(radius, row)
        }
        let shift = 2 * roundoff * radius + 4 * Double(size * (size + 1)) * 0x1p-53
        for i in 0..<size { a[i * size + i] -= shift }
      }
    }
    return LAPACKBackend.cholesky(A) != nil
  }
}

/// The slope inequality in centred form, F ← F + ½(l+g)GC, r = ½(g−l), with `multiplier` = 2Λ:
///
///     continuous  S = [[−(FᵀM + MF) − 2λM − r²CᵀΛ'C,  −MG], [·, Λ']] ≻ 0
///     discrete    S = [[ρ²M − FᵀMF − r²CᵀΛ'C,  −FᵀMG], [·, Λ' − GᵀMG]] ≻ 0
///
/// It is congruent to the inequality of `LureSystem` by a unit triangular matrix.
struct SlopeForm {
  let F: Matrix, G: Matrix, C: Matrix
  let radius: Double
  let isDiscrete: Bool

  init(F: Matrix, G: Matrix, C: Matrix, radius: Double, isDiscrete: Bool) {
    self.F = F
    self.G = G
    self.C = C
    self.radius = radius
    self.isDiscrete = isDiscrete
  }

  init(_ system: LureSystem) {
    let centre = 0.5 * system.lower + 0.5 * system.upper
    self.init(
      F: system.matrix(at: [Double](repeating: centre, count: system.channels)), G: system.G,
      C: system.C, radius: 0.5 * system.upper - 0.5 * system.lower,
      isDiscrete: system.isDiscrete)
  }

  var states: Int { F.rows }
  var channels: Int { G.columns }

  /// The system in coordinates x = Sz and channels v = S'u, for diagonal S and S'.
  func scaled(states s: [Double], channels c: [Double]) -> SlopeForm {
    SlopeForm(
      F: scaling(F, rows: s.map { 1 / $0 }, columns: s),
      G: scaling(G, rows: s.map { 1 / $0 }, columns: c),
      C: scaling(C, rows: c.map { 1 / $0 }, columns: s), radius: radius, isDiscrete: isDiscrete)
  }

  /// r² Cᵀ Λ' C.
  func multiplierTerm(_ Λ: [Double]) -> Matrix {
    let root = Λ.map { radius * max($0, 0).squareRoot() }
    let half = scaling(C, rows: root, columns: [Double](repeating: 1, count: states))
    return LAPACKBackend.multiply(half, half, transposeA: true)
  }

  /// λ or ρ of the pencil (Q, M); see `LureSystem.rateEstimate`.
  func rate(metric M: Matrix, multiplier Λ: [Double]) -> Double? {
    guard Λ.allSatisfy({ $0 > 0 && $0.isFinite }), M.values.allSatisfy(\.isFinite),
      let R = LAPACKBackend.cholesky(M)
    else { return nil }
    let MF = LAPACKBackend.multiply(M, F)
    let MG = LAPACKBackend.multiply(M, G)
    var Q = multiplierTerm(Λ)
    if isDiscrete {
      Q = sum(Q, LAPACKBackend.multiply(F, MF, transposeA: true))
      let GMG = LAPACKBackend.multiply(G, MG, transposeA: true)
      var corner = Matrix(rows: channels, columns: channels, values: GMG.values.map { -$0 })
      for i in 0..<channels { corner[i, i] += Λ[i] }
      let side = LAPACKBackend.multiply(MG, F, transposeA: true)
      guard let solved = LAPACKBackend.solvePositiveDefinite(corner, side) else { return nil }
      Q = sum(Q, LAPACKBackend.multiply(side, solved, transposeA: true))
    } else {
      let half = scaling(
        MG, rows: [Double](repeating: 1, count: states), columns: Λ.map { 1 / $0.squareRoot() })
      Q = sum(Q, LAPACKBackend.multiply(half, half, transposeB: true))
      Q = sum(Q, MF)
      Q = sum(Q, MF.transposed())
    }
    // R⁻¹ Q R⁻ᵀ
    let half = LAPACKBackend.solveLowerTriangular(R, symmetricPart(Q)).transposed()
    let pencil = symmetricPart(LAPACKBackend.solveLowerTriangular(R, half))
    guard pencil.values.allSatisfy(\.isFinite),
      let top = LAPACKBackend.symmetricEigenvalues(pencil)?.last
    else { return nil }
    return isDiscrete ? max(top, 0).squareRoot() : -0.5 * top
  }
}

/// diag(rows) A diag(columns).
func scaling(_ A: Matrix, rows: [Double], columns: [Double]) -> Matrix {
  var result = A
  result.withUnsafeMutableValues { a in
    for i in 0..<A.rows {
      for j in 0..<A.columns { a[i * A.columns + j] *= rows[i] * columns[j] }
    }
  }
  return result
}
