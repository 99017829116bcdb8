internal import BigInt
internal import CertifyKernel

/// One step of the map that runs, as an affine family of matrices over the slopes.
///
///     euler          x⁺ = x + H(−x + Lx + N(x))                   I + H(L − I) + HN
///     semi-implicit  ((I + H) − HL) x⁺ = x + H N(x)               P + PHN,   P = ((I + H) − HL)⁻¹
///     exponential    x⁺ = e^{−B}x + ∫₀¹ e^{−uB}du H N(x)          B = H(I − L)
///     map            h⁺ = φ(Wh + u)                               N
///
/// with H = diag(step/τ_i) and N = WD + KD′ or DW. An implicit step has no such family: `implicitMatrix`. The
/// exponential is irrational; its matrices are right to 2⁻¹⁰⁰ in each entry, and `slack` says how far bounds in
/// a metric are to be trusted.
public struct ExactStep: Sendable {
  /// What is left without N, and what multiplies N.
  public let start: RationalMatrix
  public let gain: RationalMatrix
  /// The matrix at the lower ends of all slopes.
  public let base: RationalMatrix
  /// What it gains when a slope goes to its upper end; none of them 0.
  public let changes: [RationalMatrix]
  /// What the factor of a map may be off by, 0 where everything is rational.
  public let slack: Rational

  /// Nil for schemes that have no such family.
  init?(_ network: ExactNetwork) {
    let n = network.units
    let unit = RationalMatrix.identity(n)
    let H = RationalMatrix(
      diagonal: network.tau.map { (network.step ?? 0) / $0 })
    let L = network.L ?? .zero(n, n)
    let start: RationalMatrix
    let gain: RationalMatrix
    var slack = Rational.zero
    switch network.specification.step?.scheme {
    case nil:
      guard network.specification.form == .map else { return nil }
      (start, gain) = (.zero(n, n), unit)
    case .euler: (start, gain) = (unit + H * (L - unit), H)
    case .semiImplicit:
      guard let P = (unit + H - H * L).inverse else { return nil }
      (start, gain) = (P, P * H)
    case .exponential:
      let series = ExactStep.exponential(of: H * (unit - L))
      (start, gain) = (series.exponential, series.average * H)
      slack = Rational(0x1p-70)
    case .implicit, .split: return nil
    }
    let slopes = network.slopes
    func term(_ column: [Rational], _ row: [Rational]) -> RationalMatrix {
      RationalMatrix(rows: n, columns: n) { column[$0] * row[$1] }
    }
    var base = start
    var changes: [RationalMatrix] = []
    func add(_ weights: RationalMatrix, _ slopes: ExactOracle.Slopes, byColumns: Bool) {
      let whole = gain * weights
      base = base + whole * slopes.lower
      for k in 0..<n {
        let change =
          byColumns
          ? term(whole.column(k), unit.row(k)) : term(gain.column(k), weights.row(k))
        let scaled = change * (slopes.upper - slopes.lower)
        if !scaled.isZero { changes.append(scaled) }
      }
    }
    add(network.W, slopes, byColumns: network.specification.form == .outside)
    if let K = network.K { add(K.weights, K.slopes, byColumns: true) }
    self.start = start
    self.gain = gain
    self.base = base
    self.changes = changes
    self.slack = slack
  }

  /// Whether AᵀMA ⪯ (factor + slack)² M at all vertices, or where there are more than 2¹⁰ at some of them.
  func holds(in metric: RationalMatrix, factor: Rational) -> Bool {
    guard factor >= 0, metric.isPositiveDefinite else { return false }
    let bound = factor + slack
    let (M, _) = metric.integers
    let (p, q) = (bound.numerator * bound.numerator, bound.denominator * bound.denominator)
    return !SlopeBox(base, changes).contains { A, scale in
      // With A = entries/scale:  p scale² M − q entriesᵀ M entries ⪰ 0.
      let image = IntegerElimination.product(M, A)
      let transposed = A.indices.map { j in A.map { $0[j] } }
      let square = IntegerElimination.product(transposed, image)
      let most = p * scale * scale
      return !IntegerElimination.isPositiveSemidefinite(
        M.indices.map { i in M.indices.map { most * M[i][$0] - q * square[i][$0] } })
    }
  }

  /// e^{−B} and ∫₀¹ e^{−uB}du, each entry right to 2⁻¹⁰⁰, for B of moderate size.
  public static func exponential(
    of B: RationalMatrix
  ) -> (exponential: RationalMatrix, average: RationalMatrix) {
    let n = B.rows
    let rounded = { (m: RationalMatrix) in
      RationalMatrix(rows: n, columns: n) { m[$0, $1].rounded(bits: 200) }
    }
    // Squarings first: ‖B‖ < 1/2, so that 40 terms leave less than 2⁻¹⁵⁰.
    var halvings = 0
    var small = rounded(B)
    while (0..<n).contains(where: { i in
      small.row(i).reduce(Rational.zero) { $0 + $1.magnitude } >= Rational(1, over: 2)
    }) {
      small = small * Rational(1, over: 2)
      halvings += 1
    }
    let unit = RationalMatrix.identity(n)
    // E = Σ (−B)ᵏ/k!, A = Σ (−B)ᵏ/(k+1)!.
    var (E, A, power) = (unit, unit, unit)
    for k in 1...40 {
      power = rounded(power * small * Rational(-1, over: k))
      E = E + power
      A = A + power * Rational(1, over: k + 1)
    }
    (E, A) = (rounded(E), rounded(A))
    for _ in 0..<halvings {
      // ∫₀¹ e^{−2uB}du = ½(I + e^{−B}) ∫₀¹ e^{−uB}du.
      A = rounded((unit + E) * A * Rational(1, over: 2))
      E = rounded(E * E)
    }
    return (E, A)
  }
}

/// The matrices base + Σ s_k change_k over s in {0, 1}ᵏ, times a positive scale that makes them whole.
struct SlopeBox {
  private let base: [[BigInt]]
  private let changes: [[[BigInt]]]
  private let scale: BigInt

  init(_ base: RationalMatrix, _ changes: [RationalMatrix]) {
    let moving = changes.filter { !$0.isZero }
    let scale = RationalMatrix.commonDenominator(base.values + moving.flatMap(\.values))
    func whole(_ matrix: RationalMatrix) -> [[BigInt]] {
      (0..<matrix.rows).map { i in matrix.row(i).map { $0.whole(inUnitsOf: scale) } }
    }
    self.base = whole(base)
    self.changes = moving.map(whole)
    self.scale = scale
  }

  /// Whether some matrix is as asked, in Gray code; beyond ten slopes the first 2¹⁰ of a fixed random walk.
  func contains(where isWanted: ([[BigInt]], _ scale: BigInt) -> Bool) -> Bool {
    var current = base
    if isWanted(current, scale) { return true }
    if changes.isEmpty { return false }
    var isUpper = [Bool](repeating: false, count: changes.count)
    var walk = SplitMix64(seed: 1)
    for vertex in 1..<(1 << min(changes.count, 10)) {
      let k =
        changes.count <= 10
        ? vertex.trailingZeroBitCount : walk.integer(in: 0...(changes.count - 1))
      isUpper[k].toggle()
      for i in current.indices {
        for j in current.indices {
          current[i][j] += isUpper[k] ? changes[k][i][j] : -changes[k][i][j]
        }
      }
      if isWanted(current, scale) { return true }
    }
    return false
  }
}

extension Rational {
  /// The nearest multiple of 2^−bits towards 0.
  public func rounded(bits: Int) -> Rational {
    if denominator == 1 { return self }
    let scaled = numerator << bits
    return Rational(scaled / denominator, over: BigInt(1) << bits)
  }
}
