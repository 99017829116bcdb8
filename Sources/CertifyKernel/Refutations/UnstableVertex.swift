/// Slopes at which the network, linear then, does not decay: no metric gives a positive rate.
///
/// Each slope pattern in {l, g}ⁿ is the limit of, and for ReLU equal to, slopes that some state and input
/// realise (inputs range over all of ℝⁿ). If the matrix at a vertex has an eigenvalue with real part ≥ 0 (a
/// map: modulus ≥ 1), two trajectories there do not approach at any uniform exponential rate. Ways to show
/// it without trusting an eigenvalue:
///
/// - `determinant`: p(z) = det(zI − J) has p(0) = det(−J) ≤ 0 and p(z) → ∞, so a real root is ≥ 0. A map:
///   det(I − A) = det(−HJ) has the same sign, so a real eigenvalue is ≥ 1. Exact arithmetic; theory F4.
/// - `flip`: det(I + A) ≤ 0 likewise gives a real eigenvalue ≤ −1.
/// - `inertia`: were J − cI Hurwitz, sym(M(J − cI)) ≺ 0 would force M ≻ 0 (Lyapunov), against xᵀMx ≤ 0. So J
///   has an eigenvalue with real part ≥ c ≥ 0. A map: c²M − AᵀMA ≻ 0 likewise (Stein), modulus ≥ c ≥ 1.
///   Theory §3b.
///
/// - Complexity: O(n³); exact determinants of at most 64 × 64.
enum UnstableVertex {
  static func check(
    _ network: Specification, _ scope: Scope, _ claim: Instability
  ) throws(InputError) -> Obstruction? {
    let refutation = claim.refutation
    let vertex: VertexJacobian
    switch VertexJacobian.make(network, scope, active: claim.active, refutation) {
    case .accepted(let made): vertex = made
    case .declined(let why): return why
    }
    switch claim.reason {
    case .determinant:
      return sign(vertex.signOfDeterminant(), refutation)
    case .flip:
      guard scope == .asRun else { return Obstruction(refutation, .noSuchScope(scope)) }
      guard vertex.hasExactPace else { return Obstruction(refutation, .notCovered(.notEuler)) }
      return sign(vertex.signOfFlip(), refutation)
    case .inertia(let m, let x, let c):
      return try inertia(vertex, m, x, c)
    case .skew(let x):
      return try EulerSkew.check(network, scope, active: claim.active, direction: x)
    }
  }

  private static func sign(_ sign: Int?, _ refutation: Refutation) -> Obstruction? {
    guard let sign else {
      return Obstruction(refutation, .signNotShown(bound: .nan))
    }
    return sign <= 0 ? nil : Obstruction(refutation, .signNotShown(bound: 1))
  }

  private static func inertia(
    _ vertex: VertexJacobian, _ m: Matrix, _ x: [Double], _ c: Double
  ) throws(InputError) -> Obstruction? {
    let n = vertex.network.units
    guard m.rows == n, m.columns == n else {
      throw .shape(.metric, rows: m.rows, columns: m.columns, expected: n)
    }
    guard x.count == n else { throw .length(.witness, found: x.count, expected: n) }
    if let k = firstNonFiniteIndex(m.values) {
      throw .nonFinite(.metric, row: k / n, column: k % n)
    }
    if let k = firstNonFiniteIndex(x) { throw .nonFinite(.witness, row: k, column: 0) }
    if let (i, j) = m.firstAsymmetry() {
      return Obstruction(
        .unstableVertex,
        .notSymmetric(matrix: "M", row: i, column: j, entry: m[i, j], mirror: m[j, i]))
    }
    guard c >= (vertex.scope == .continuous ? 0 : 1), c < .infinity else {
      return Obstruction(.unstableVertex, .signNotShown(bound: c))
    }
    guard x.contains(where: { $0 != 0 }) else {
      return Obstruction(.unstableVertex, .notPositive(.witness, index: 0, value: 0))
    }
    let form = m.quadraticForm(x)
    guard form.upper <= 0 else {
      return Obstruction(.unstableVertex, .signNotShown(bound: form.upper))
    }
    let a = vertex.enclosed()
    let metric = EnclosedMatrix(m)
    let decrease: EnclosedMatrix
    switch vertex.scope {
    case .continuous:
      let ma = metric.multiplied(by: a)
      decrease = EnclosedMatrix(rows: n, columns: n) { i, j in
        Interval(2 * c) * Interval(m[i, j]) - ma[i, j] - ma[j, i]
      }
    case .asRun:
      let ama = a.transposed().multiplied(by: metric.multiplied(by: a))
      let square = Interval(c) * Interval(c)
      decrease = EnclosedMatrix(rows: n, columns: n) { i, j in
        square * Interval(m[i, j]) - ama[i, j]
      }
    }
    guard case .declined(let pivot, let value) = decrease.positiveDefiniteness() else { return nil }
    return Obstruction(
      .unstableVertex,
      .notDefinite(
        matrix: vertex.scope == .continuous ? "−sym(M(J − cI))" : "c²M − AᵀMA", pivot: pivot,
        value: value))
  }
}

/// E4: an Euler step that is too long for a skew coupling, at slopes 0.
///
/// With L exactly skew, (1 − h)I + hL is normal, so its spectral radius is its norm, and one x with
/// |(1 − h)x + hLx|² = (1 − h)²|x|² + h²|Lx|² ≥ |x|², that is h|Lx|² ≥ (2 − h)|x|², shows it is ≥ 1.
/// Source: theory E4 (necessary and exact at D = 0).
///
/// - Complexity: O(entries of L).
enum EulerSkew {
  static func check(
    _ network: Specification, _ scope: Scope, active: [Int32], direction x: [Double]
  ) throws(InputError) -> Obstruction? {
    let n = network.units
    guard x.count == n else { throw .length(.witness, found: x.count, expected: n) }
    if let k = firstNonFiniteIndex(x) { throw .nonFinite(.witness, row: k, column: 0) }
    guard network.step?.scheme ?? .euler == .euler else {
      return Obstruction(.eulerSkew, .notCovered(.notEuler))
    }
    guard scope == .asRun, let h = network.uniformPace(scope) else {
      return Obstruction(.eulerSkew, .notCovered(.timeConstantsDiffer))
    }
    guard network.slopes.startsAtZero, active.isEmpty else {
      return Obstruction(.eulerSkew, .notCovered(.slopesAboveZero))
    }
    guard let coupling = network.coupling, coupling.isSkew else {
      return Obstruction(.eulerSkew, .notCovered(.couplingNotSkew))
    }
    var image = Interval(0)
    var size = Interval(0)
    for (i, entry) in coupling.enclosedProduct(x).enumerated() {
      image = image + entry.squared
      size = size + Interval(x[i]).squared
    }
    guard size.lower > 0 else {
      return Obstruction(.eulerSkew, .notPositive(.witness, index: 0, value: 0))
    }
    let gap = (Interval(2) - h) * size - h * image
    return gap.upper <= 0 ? nil : Obstruction(.eulerSkew, .signNotShown(bound: gap.upper))
  }
}

extension Weights {
  /// Whether the matrix is exactly the negative of its transpose. Cost: O(entries), and a search for each where
  /// storage is not dense.
  fileprivate var isSkew: Bool {
    guard case .dense(let m) = self else {
      let m = sparse()
      for i in 0..<m.rows {
        for k in m.rowPointers[i]..<m.rowPointers[i + 1] {
          guard m.values[k] == -m[Int(m.columnIndices[k]), i] else { return false }
        }
      }
      return true
    }
    let (n, tile) = (m.rows, 32)
    return m.values.withUnsafeBufferPointer { values in
      // In tiles, so that neither row nor column is far away.
      for top in stride(from: 0, to: n, by: tile) {
        for left in stride(from: 0, through: top, by: tile) {
          for i in top..<min(top + tile, n) {
            for j in left..<min(left + tile, n) {
              guard values[i * n + j] == -values[j * n + i] else { return false }
            }
          }
        }
      }
      return true
    }
  }

  /// The product with a vector, entry by entry.
  func enclosedProduct(_ x: [Double]) -> [Interval] {
    func sum(_ values: some Sequence<(weight: Double, x: Double)>) -> Interval {
      var (lower, upper) = (0.0, 0.0)
      for (weight, x) in values {
        lower = lower.addingDown(weight.multiplyingDown(x))
        upper = upper.addingUp(weight.multiplyingUp(x))
      }
      return Interval(lower, upper)
    }
    if case .dense(let m) = self {
      return (0..<m.rows).map { i in
        sum((0..<m.columns).lazy.map { (weight: m[i, $0], x: x[$0]) })
      }
    }
    let m = sparse()
    return (0..<m.rows).map { i in
      sum(
        (m.rowPointers[i]..<m.rowPointers[i + 1]).lazy.map {
          (weight: m.values[$0], x: x[Int(m.columnIndices[$0])])
        })
    }
  }
}

extension Interval {
  /// The square, which is never negative.
  fileprivate var squared: Interval {
    let square = self * self
    return square.lower >= 0 ? square : Interval(0, square.upper)
  }
}

extension Matrix {
  /// xᵀAx, enclosed. Cost: n² interval products.
  fileprivate func quadraticForm(_ x: [Double]) -> Interval {
    var total = Interval(0)
    for i in 0..<rows {
      var sum = Interval(0)
      for j in 0..<columns { sum = sum + Interval(self[i, j]) * Interval(x[j]) }
      total = total + sum * Interval(x[i])
    }
    return total
  }
}
