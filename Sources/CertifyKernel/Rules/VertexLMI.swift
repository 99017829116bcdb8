/// One metric at every vertex of the slopes: all that a constant quadratic metric can do, for few units.
///
///     flow   sym(M T⁻¹J(D)) + λM ⪯ 0 at the 2ⁿ vertices D in {l, g}ⁿ       ⇒  rate λ
///     Euler  AᵀMA ⪯ ρ²M, A = I + HJ(D), at the same vertices               ⇒  factor ρ
///
/// sym(MJ(D)) is affine in each slope and ‖A‖_M convex in D, so the vertices decide for all slopes between
/// (theory F1, §6). The multiplier inequality `slope-lmi` implies this one and is strictly weaker from three units
/// on. Verified Cholesky factorisations show the strict inequality; where one declines and there are at most four
/// units, ⪯ is decided exactly. (Equality at a vertex is fine: the rate is λ > 0 all the same.)
/// Source: theory §0 (definition, F1), §2 (n > 2).
///
/// - Complexity: 2ⁿ products and Cholesky factorisations of size n ≤ 12.
enum VertexLMI {
  static let largest = 12
  static let largestExact = 4

  static func check(
    _ network: Specification, _ scope: Scope, metric m: Matrix, floor: Double, claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    func decline(_ reason: Obstruction.Reason) -> Outcome<Checked> {
      .declined(Obstruction(.vertexLMI, reason))
    }
    let n = network.units
    guard m.rows == n, m.columns == n else {
      throw .shape(.metric, rows: m.rows, columns: m.columns, expected: n)
    }
    guard network.nonlinearCoupling == nil else { return decline(.notCovered(.nonlinearCoupling)) }
    guard n <= largest else { return decline(.notCovered(.tooManyUnits)) }
    if let k = firstNonFiniteIndex(m.values) {
      throw .nonFinite(.metric, row: k / n, column: k % n)
    }
    if let (i, j) = m.firstAsymmetry() {
      return decline(
        .notSymmetric(matrix: "M", row: i, column: j, entry: m[i, j], mirror: m[j, i]))
    }
    guard floor > 0, floor < .infinity else {
      return decline(.notPositive(.metric, index: 0, value: floor))
    }
    let above = EnclosedMatrix(rows: n, columns: n) { i, j in
      i == j ? Interval(m[i, j]) - Interval(floor) : Interval(m[i, j])
    }
    if case .declined(let pivot, let value) = above.positiveDefiniteness(),
      n > largestExact || !exactIsPositiveSemidefinite(exactDifference(m, floor))
    {
      return decline(.notDefinite(matrix: "M − μI", pivot: pivot, value: value))
    }
    let exact = n <= largestExact ? ExactDynamics(network, scope) : nil
    for mask in 0..<(1 << n) {
      let inequality = negatedInequality(network, scope, m, claimed, mask)
      guard case .declined(let pivot, let value) = inequality.positiveDefiniteness() else {
        continue
      }
      if let exact, exactIsPositiveSemidefinite(exactInequality(exact, m, claimed, mask)) {
        continue
      }
      return decline(.notDefinite(matrix: "vertex \(mask)", pivot: pivot, value: value))
    }
    return .accepted(
      Checked(
        rule: .vertexLMI, bound: claimed, units: n,
        metric: .matrix(EnclosedMatrix(m), lower: floor, upper: m.rowSumBound())))
  }

  /// −2 sym(MA) − 2λM, or ρ²M − AᵀMA, at the vertex with the upper slopes at the bits of `mask`.
  private static func negatedInequality(
    _ network: Specification, _ scope: Scope, _ m: Matrix, _ claimed: Double, _ mask: Int
  ) -> EnclosedMatrix {
    let n = network.units
    let isActive = (0..<n).map { mask >> $0 & 1 == 1 }
    let a = VertexJacobian(network: network, scope: scope, isActive: isActive).enclosed()
    let ma = EnclosedMatrix(m).multiplied(by: a)
    let bound = Interval(claimed)
    switch scope {
    case .continuous:
      let twice = Interval(2) * bound
      return EnclosedMatrix(rows: n, columns: n) { i, j in
        -(ma[i, j] + ma[j, i] + twice * Interval(m[i, j]))
      }
    case .asRun:
      let ama = a.transposed().multiplied(by: ma)
      let square = bound * bound
      return EnclosedMatrix(rows: n, columns: n) { i, j in
        square * Interval(m[i, j]) - ama[i, j]
      }
    }
  }

  /// The same times a positive number, exactly.
  private static func exactInequality(
    _ dynamics: ExactDynamics, _ m: Matrix, _ claimed: Double, _ mask: Int
  ) -> [[Dyadic]] {
    let n = dynamics.units
    let a = dynamics.vertex((0..<n).filter { mask >> $0 & 1 == 1 }.map { Int32($0) })
    let rows = m.exactRows
    let ma = exactProduct(rows, a)
    let (bound, α) = (Dyadic(claimed), dynamics.vertexScale)
    switch dynamics.scope {
    case .continuous:
      return (0..<n).map { i in
        (0..<n).map { j in -(ma[i][j] + ma[j][i] + (bound + bound) * α * rows[i][j]) }
      }
    case .asRun:
      let ama = exactProduct(exactTranspose(a), ma)
      return (0..<n).map { i in
        (0..<n).map { j in bound * bound * (α * α) * rows[i][j] - ama[i][j] }
      }
    }
  }

  /// M − μI.
  private static func exactDifference(_ m: Matrix, _ floor: Double) -> [[Dyadic]] {
    var rows = m.exactRows
    for i in rows.indices { rows[i][i] -= Dyadic(floor) }
    return rows
  }
}
