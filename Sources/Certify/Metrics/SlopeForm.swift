internal import CertifyKernel

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
