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
