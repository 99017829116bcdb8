/// Theorem 3: W = −P₁QP₂ with Q ≻ 0, recognised by one positive vector.
///
/// Such a factorisation exists iff, for some s > 0, Q = −diag(s) W is symmetric and positive definite. Then
/// every slope bound g, even none, gives rate 1/τ:
///
///     form outside   M = diag(s) Q⁻¹ diag(s):   MWD = −diag(s) D ⪯ 0
///     form inside    M = Q:                     MDW = −Q D diag(s)⁻¹ Q ⪯ 0
///
/// so that sym(MJ) ⪯ −M. Symmetry is checked exactly: s_i W_ij = s_j W_ji as real numbers.
/// Source: arXiv:2106.08928, Theorem 3 (whose printed metric is for form outside only); theory §1.
///
/// Under Euler steps the rule claims nothing: the largest eigenvalue of Q decides, and `slope-lmi` checks it.
///
/// - Complexity: O(n²) for the symmetry, n³/3 for Q ⪰ μI.
enum ProductForm {
  static func check(
    _ network: Specification, _ scope: Scope, rowScaling s: [Double], floor: Double,
    claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    func decline(_ reason: Obstruction.Reason) -> Outcome<Checked> {
      .declined(Obstruction(.productForm, reason))
    }
    let n = network.units
    guard s.count == n else { throw .length(.scaling, found: s.count, expected: n) }
    if let fault = firstNotPositive(s, .scaling) { return decline(fault) }
    guard network.coupling == nil else { return decline(.notCovered(.linearCoupling)) }
    guard network.nonlinearCoupling == nil else { return decline(.notCovered(.nonlinearCoupling)) }
    guard scope == .continuous else { return decline(.notCovered(.notEuler)) }
    guard let pace = network.uniformPace(scope) else {
      return decline(.notCovered(.timeConstantsDiffer))
    }
    guard claimed <= pace.lower else {
      return decline(.boundNotReached(claimed: claimed, attained: pace.lower))
    }
    guard floor > 0, floor < .infinity else {
      return decline(.notPositive(.metric, index: 0, value: floor))
    }
    let w = network.recurrent.dense()
    for i in 0..<n {
      for j in 0..<i
      where BigInteger.compareProducts(s[i], w[i, j], s[j], w[j, i]) != 0 {
        return decline(
          .notSymmetric(
            matrix: "diag(s) W", row: i, column: j, entry: s[i] * w[i, j], mirror: s[j] * w[j, i]))
      }
    }
    let shifted = EnclosedMatrix(rows: n, columns: n) { i, j in
      let entry = -(Interval(s[i]) * Interval(w[i, j]))
      return i == j ? entry - Interval(floor) : entry
    }
    if case .declined(let pivot, let value) = shifted.positiveDefiniteness() {
      return decline(.notDefinite(matrix: "−diag(s) W − μI", pivot: pivot, value: value))
    }
    let q = EnclosedMatrix(rows: n, columns: n) { Interval(s[$0]) * Interval(w[$0, $1]) }
    let size = q.rowSumNorm
    let metric: MetricBounds
    if network.form == .outside {
      // M = diag(s) Q⁻¹ diag(s), so M⁻¹ = −W diag(1/s).
      let inverse = EnclosedMatrix(rows: n, columns: n) { -(Interval(w[$0, $1]) / Interval(s[$1])) }
      let (least, greatest) = (s.min() ?? .nan, s.max() ?? .nan)
      metric = .inverse(
        inverse, lower: least.multiplyingDown(least).dividingDown(size),
        upper: greatest.multiplyingUp(greatest).dividingUp(floor))
    } else {
      let m = EnclosedMatrix(rows: n, columns: n) { -(Interval(s[$0]) * Interval(w[$0, $1])) }
      metric = .matrix(m, lower: floor, upper: size)
    }
    return .accepted(Checked(rule: .productForm, bound: claimed, units: n, metric: metric))
  }
}

extension EnclosedMatrix {
  /// An upper bound on ‖A‖_∞ over the enclosure.
  var rowSumNorm: Double {
    guard let radius else { return middle.rowSumBound() }
    return middle.rowSumBound().addingUp(radius.rowSumBound())
  }
}
