internal import BigInt

/// What is true of a small network, decided in rational numbers over all vertices of the slopes.
///
///     outside:  τ x' = −x + W φ(x) + L x + K ψ(x) + u        inside:  τ h' = −h + φ(W h + u) + L h
///     map:      h⁺ = φ(W h + u)
///
/// with slopes of φ in [l, g]. Every Jacobian is F(d) = F₀ + Σ_k d_k a_k b_kᵀ, one rank-one term for each
/// slope; d ranges over a box whose 2^terms vertices decide (theory: sym(MF) is affine in d, and the norm
/// of a matrix is convex). Shares no code with the kernel. For up to about 12 slopes.
public struct ExactOracle: Sendable {
  public enum Form: Sendable, Hashable { case outside, inside, map }

  public struct Slopes: Sendable, Hashable {
    public let lower: Rational
    public let upper: Rational

    public init(_ lower: Rational, _ upper: Rational) {
      self.lower = lower
      self.upper = upper
    }
  }

  /// One slope: it multiplies column · rowᵀ and lies in the interval.
  struct Term: Sendable {
    let column: [Rational]
    let row: [Rational]
    let slopes: Slopes
  }

  public let form: Form
  public let W: RationalMatrix
  public let slopes: Slopes
  public let dimension: Int
  let constant: RationalMatrix
  let terms: [Term]

  /// - Parameters:
  ///   - L: linear coupling, none for maps.
  ///   - tau: time constants; all 1 if absent.
  ///   - K: coupling through a nonlinearity with the given slopes; form outside only.
  public init(
    form: Form, W: RationalMatrix, slopes: Slopes, L: RationalMatrix? = nil,
    tau: [Rational]? = nil, K: (weights: RationalMatrix, slopes: Slopes)? = nil
  ) {
    let n = W.rows
    precondition(W.isSquare, "weights must be square")
    precondition(form != .map || (L == nil && tau == nil), "a map has neither L nor tau")
    precondition(form == .outside || K == nil, "K needs form outside")
    let rate = RationalMatrix(
      diagonal: tau.map { $0.map { 1 / $0 } } ?? [Rational](repeating: 1, count: n))
    let unit = RationalMatrix.identity(n)
    self.form = form
    self.W = W
    self.slopes = slopes
    dimension = n
    constant = form == .map ? .zero(n, n) : rate * ((L ?? .zero(n, n)) - unit)
    func outside(_ weights: RationalMatrix, _ slopes: Slopes) -> [Term] {
      let scaled = rate * weights
      return (0..<n).map { Term(column: scaled.column($0), row: unit.row($0), slopes: slopes) }
    }
    terms =
      form == .outside
      ? outside(W, slopes) + (K.map { outside($0.weights, $0.slopes) } ?? [])
      : (0..<n).map { Term(column: rate.column($0), row: W.row($0), slopes: slopes) }
  }

  /// All 2^terms vertices of the box of slopes.
  public var vertices: [[Rational]] {
    (0..<(1 << terms.count)).map { mask in
      terms.enumerated().map { k, term in
        mask >> k & 1 == 1 ? term.slopes.upper : term.slopes.lower
      }
    }
  }

  /// The Jacobian at given slopes: of the flow T⁻¹(−I + L + WD + KD'), or of the map DW.
  public func jacobian(_ d: [Rational]) -> RationalMatrix {
    precondition(d.count == terms.count, "\(d.count) slopes for \(terms.count) terms")
    return RationalMatrix(rows: dimension, columns: dimension) { i, j in
      var sum = constant[i, j]
      for (k, term) in terms.enumerated() where term.row[j].signum != 0 {
        sum += d[k] * term.column[i] * term.row[j]
      }
      return sum
    }
  }

  /// The Jacobian of one step: I + hF(d) for forward Euler, F(d) itself for a map (any step).
  public func stepMatrix(_ d: [Rational], step h: Rational) -> RationalMatrix {
    form == .map ? jacobian(d) : RationalMatrix.identity(dimension) + jacobian(d) * h
  }

  /// Whether M is symmetric positive definite and sym(MF(d)) + rate · M ⪯ 0 at every vertex.
  ///
  /// With τ given, F contains T⁻¹ and the rate is per unit of time.
  /// Cost: 2^n eliminations in whole numbers.
  public func certifies(_ M: RationalMatrix, rate: Rational) -> Bool {
    flowHolds(M, rate, IntegerElimination.isPositiveSemidefinite)
  }

  /// Whether M is symmetric positive definite and sym(MF(d)) ≺ 0 at every vertex: some rate above 0.
  public func certifiesSomeRate(_ M: RationalMatrix) -> Bool {
    flowHolds(M, 0, IntegerElimination.leadingMinorsArePositive)
  }

  private func flowHolds(
    _ M: RationalMatrix, _ rate: Rational, _ holds: ([[BigInt]]) -> Bool
  ) -> Bool {
    precondition(form != .map, "a map has no flow")
    guard M.rows == dimension, M.isPositiveDefinite else { return false }
    // −2(sym(MF) + rate M) = base − Σ (d_k − l_k) R_k with R_k = (M a_k) b_kᵀ + b_k (M a_k)ᵀ.
    let lowest = M * jacobian(terms.map(\.slopes.lower))
    let base = (lowest + lowest.transposed + M * (2 * rate)) * -1
    let changes = slopeChanges.map { change in
      let product = M * change
      return (product + product.transposed) * -1
    }
    return firstVertex(base, changes) { matrix, _ in !holds(matrix) } == nil
  }

  /// Whether M is symmetric positive definite and AᵀMA ⪯ factor² M at every vertex, A one step:
  /// I + hF(d) for forward Euler, DW for a map (the step is then not used).
  public func certifiesDiscrete(
    _ M: RationalMatrix, factor: Rational, step h: Rational = 1
  ) -> Bool {
    guard factor >= 0, M.rows == dimension, M.isPositiveDefinite else { return false }
    let (metric, _) = M.integers
    let (p, q) = (factor.numerator * factor.numerator, factor.denominator * factor.denominator)
    return firstStepVertex(step: h) { entries, scale in
      // With A = entries/scale:  p scale² M − q entriesᵀ M entries ⪰ 0.
      let image = IntegerElimination.product(metric, entries)
      let transposed = entries.indices.map { j in entries.map { $0[j] } }
      let square = IntegerElimination.product(transposed, image)
      let bound = p * scale * scale
      return !IntegerElimination.isPositiveSemidefinite(
        metric.indices.map { i in
          metric.indices.map { bound * metric[i][$0] - q * square[i][$0] }
        })
    } == nil
  }

  /// What the Jacobian of the flow, or of the map, gains when slope k goes from its lower to its upper end.
  var slopeChanges: [RationalMatrix] {
    terms.map { term in
      let range = term.slopes.upper - term.slopes.lower
      return RationalMatrix(rows: dimension, columns: dimension) {
        range * term.column[$0] * term.row[$1]
      }
    }
  }

  /// The first vertex at which one step, times a positive scale that makes it whole, is as asked.
  func firstStepVertex(
    step h: Rational, where isWanted: ([[BigInt]], _ scale: BigInt) -> Bool
  ) -> [Rational]? {
    let lowest = stepMatrix(terms.map(\.slopes.lower), step: h)
    let changes = slopeChanges.map { form == .map ? $0 : $0 * h }
    return firstVertex(lowest, changes, where: isWanted)
  }

  /// The slopes at the first vertex where base + Σ_{k upper} change_k, times a positive scale that makes
  /// all of them whole, is as asked; nil if there is none. Scaled once; in Gray code each vertex differs
  /// from the one before in one slope.
  func firstVertex(
    _ base: RationalMatrix, _ changes: [RationalMatrix],
    where isWanted: ([[BigInt]], _ scale: BigInt) -> Bool
  ) -> [Rational]? {
    let scale = RationalMatrix.commonDenominator(base.values + changes.flatMap(\.values))
    func whole(_ matrix: RationalMatrix) -> [[BigInt]] {
      (0..<matrix.rows).map { i in matrix.row(i).map { $0.whole(inUnitsOf: scale) } }
    }
    var current = whole(base)
    // A slope that changes nothing need not be changed.
    let moving = changes.indices.filter { !changes[$0].isZero }
    let integerChanges = changes.map(whole)
    var isUpper = [Bool](repeating: false, count: terms.count)
    for vertex in 0..<(1 << moving.count) {
      if vertex > 0 {
        let k = moving[vertex.trailingZeroBitCount]
        isUpper[k].toggle()
        for i in current.indices {
          for (j, change) in integerChanges[k][i].enumerated() where !change.isZero {
            current[i][j] += isUpper[k] ? change : -change
          }
        }
      }
      if isWanted(current, scale) {
        return terms.enumerated().map { k, term in
          isUpper[k] ? term.slopes.upper : term.slopes.lower
        }
      }
    }
    return nil
  }

  /// Whether (M, Λ) satisfies the multiplier inequality at the rate: M ≻ 0, Λ ≥ 0 and, for slopes in
  /// [0, g], T = 1, without K,
  ///
  ///     outside:  [−2(1−rate)M + ML + LᵀM,  MW + gΛ; ·, −2Λ] ⪯ 0
  ///     inside:   [−2(1−rate)M + ML + LᵀM,  M + gWᵀΛ; ·, −2Λ] ⪯ 0
  public func satisfiesMultiplierInequality(
    _ M: RationalMatrix, multipliers: [Rational], rate: Rational
  ) -> Bool {
    precondition(form != .map && slopes.lower == 0 && terms.count == dimension, "slopes [0, g]")
    guard M.isPositiveDefinite, multipliers.allSatisfy({ $0 >= 0 }) else { return false }
    let n = dimension
    let Λ = RationalMatrix(diagonal: multipliers)
    let linear = M * constant
    let corner = linear + linear.transposed + M * (2 * rate)
    let side = form == .outside ? M * W + Λ * slopes.upper : M + W.transposed * Λ * slopes.upper
    return RationalMatrix(rows: 2 * n, columns: 2 * n) { i, j in
      switch (i < n, j < n) {
      case (true, true): corner[i, j]
      case (true, false): side[i, j - n]
      case (false, true): side[j, i - n]
      case (false, false): Λ[i - n, j - n] * -2
      }
    }.isNegativeSemidefinite
  }
}
