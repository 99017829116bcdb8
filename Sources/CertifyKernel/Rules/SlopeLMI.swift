/// The multiplier inequality (incremental sector, S-procedure), which contains Theorems 1 to 5.
///
/// With e′ = Fe + Gv, v = DCe (`LureSystem`), M ≻ 0 and Λ = diag(Λ_i) > 0, since
/// 2Σ Λ_i (v_i − l y_i)(g y_i − v_i) ≥ 0 for y = Ce:
///
///     flow   −[[FᵀM + MF + 2λM − 2lg CᵀΛC,  MG + (l+g)CᵀΛ], [·, −2Λ]] ≻ 0   ⇒  rate λ
///     Euler  −[[FᵀMF − ρ²M − 2lg CᵀΛC,  FᵀMG + (l+g)CᵀΛ], [·, GᵀMG − 2Λ]] ≻ 0   ⇒  factor ρ
///
/// It takes any coupling L, any time constants and slopes [l, g] in both forms. The metric is M.
/// Source: theory §3 and E5. The strict inequality is asked for where theory has ⪯.
///
/// - Complexity: a Cholesky factorisation of size 2n, 8n³/3, and up to four products of size n.
enum SlopeLMI {
  static func check(
    _ network: Specification, _ scope: Scope, metric m: Matrix, multiplier: [Double],
    floor: Double, claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    func decline(_ reason: Obstruction.Reason) -> Outcome<Checked> {
      .declined(Obstruction(.slopeLMI, reason))
    }
    let n = network.units
    guard m.rows == n, m.columns == n else {
      throw .shape(.metric, rows: m.rows, columns: m.columns, expected: n)
    }
    guard multiplier.count == n else {
      throw .length(.multiplier, found: multiplier.count, expected: n)
    }
    guard network.nonlinearCoupling == nil else { return decline(.notCovered(.nonlinearCoupling)) }
    if let fault = firstNotPositive(multiplier, .multiplier) { return decline(fault) }
    if let k = firstNonFiniteIndex(m.values) {
      throw .nonFinite(.metric, row: k / n, column: k % n)
    }
    if let (i, j) = m.firstAsymmetry() {
      return decline(
        .notSymmetric(matrix: "M", row: i, column: j, entry: m[i, j], mirror: m[j, i]))
    }
    guard floor > 0 else { return decline(.notPositive(.metric, index: 0, value: floor)) }
    let above = EnclosedMatrix(rows: n, columns: n) { i, j in
      i == j ? Interval(m[i, j]) - Interval(floor) : Interval(m[i, j])
    }
    if case .declined(let pivot, let value) = above.positiveDefiniteness() {
      return decline(.notDefinite(matrix: "M − μI", pivot: pivot, value: value))
    }
    let inequality = LureSystem(network, scope)
      .negatedInequality(EnclosedMatrix(m), multiplier.map { Interval($0) }, scope, claimed)
    if case .declined(let pivot, let value) = inequality.positiveDefiniteness() {
      return decline(.notDefinite(matrix: "slope LMI", pivot: pivot, value: value))
    }
    return .accepted(
      Checked(
        rule: .slopeLMI, bound: claimed, units: n,
        metric: .matrix(EnclosedMatrix(m), lower: floor, upper: m.rowSumBound())))
  }
}

extension LureSystem {
  /// The 2n × 2n matrix of the inequality with its sign changed; its upper triangle is meant.
  fileprivate func negatedInequality(
    _ m: EnclosedMatrix, _ Λ: [Interval], _ scope: Scope, _ bound: Double
  ) -> EnclosedMatrix {
    let n = units
    let sum = slopes.lower + slopes.upper
    let product = slopes.lower * slopes.upper
    let two = Interval(2)
    let sector = c.transposedTimes(diagonal: Λ)
    let lowerSlopes: EnclosedMatrix? =
      product == Interval(0)
      ? nil
      : c.multiplied(onLeftBy: sector).scalingRows(
        by: [Interval](repeating: two * product, count: n))
    let topLeft: EnclosedMatrix
    let cross: EnclosedMatrix
    let bottom: EnclosedMatrix?
    let λ = Interval(bound)
    switch scope {
    case .continuous:
      let mf = f.multiplied(onLeftBy: m)
      topLeft = EnclosedMatrix(rows: n, columns: n) { i, j in
        -(mf[i, j] + mf[j, i] + two * λ * m[i, j])
      }
      cross = g.multiplied(onLeftBy: m)
      bottom = nil
    case .asRun:
      let fm = f.transposedTimes(m)
      let fmf = f.multiplied(onLeftBy: fm)
      let square = λ * λ
      topLeft = EnclosedMatrix(rows: n, columns: n) { i, j in square * m[i, j] - fmf[i, j] }
      cross = g.multiplied(onLeftBy: fm)
      bottom = g.transposedTimes(g.multiplied(onLeftBy: m))
    }
    return EnclosedMatrix(rows: 2 * n, columns: 2 * n) { i, j in
      if i > j { return Interval(0) }
      switch (i < n, j < n) {
      case (true, true):
        guard let lowerSlopes else { return topLeft[i, j] }
        return topLeft[i, j] + lowerSlopes[i, j]
      case (true, false):
        return -(cross[i, j - n] + sum * sector[i, j - n])
      default:
        let own = i == j ? two * Λ[i - n] : Interval(0)
        guard let bottom else { return own }
        return own - bottom[i - n, j - n]
      }
    }
  }
}
