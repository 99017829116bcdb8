internal import BigInt
public import CertifyKernel

extension Rational {
  /// The quotient that a specification names, exactly.
  /// - Precondition: it is finite.
  public init(_ ratio: ExactRatio) {
    self = Rational(ratio.numerator) / Rational(ratio.denominator)
  }
}

extension ExactOracle.Slopes {
  public init(_ slopes: SlopeInterval) {
    self.init(Rational(slopes.lower), Rational(slopes.upper))
  }
}

/// A specification in rational numbers: what the tests' own arithmetic reads of it.
public struct ExactNetwork: Sendable {
  public let specification: Specification
  public let W: RationalMatrix
  public let L: RationalMatrix?
  public let K: (weights: RationalMatrix, slopes: ExactOracle.Slopes)?
  public let slopes: ExactOracle.Slopes
  /// τ_i, one a unit.
  public let tau: [Rational]
  /// The size of a step; 1 for a map; nil if nothing runs.
  public let step: Rational?
  public let oracle: ExactOracle

  public init(_ specification: Specification) {
    let n = specification.units
    self.specification = specification
    W = RationalMatrix(specification.recurrent.dense())
    L = specification.coupling.map { RationalMatrix($0.dense()) }
    K = specification.nonlinearCoupling.map {
      (RationalMatrix($0.weights.dense()), ExactOracle.Slopes($0.slopes))
    }
    slopes = ExactOracle.Slopes(specification.slopes)
    tau = (0..<n).map { Rational(specification.timeConstant($0)) }
    let isMap = specification.form == .map
    step = isMap ? 1 : specification.step.map { Rational($0.size) }
    let form: ExactOracle.Form =
      switch specification.form {
      case .outside: .outside
      case .inside: .inside
      case .map: .map
      }
    oracle = ExactOracle(
      form: form, W: W, slopes: slopes, L: L, tau: isMap ? nil : tau, K: K)
  }

  public var units: Int { W.rows }

  /// How many slopes change anything: the oracle looks at two to this power of vertices.
  public var slopeCount: Int { oracle.slopeChanges.count { !$0.isZero } }

  /// 1/τ_i for the flow; for the map that runs h = step/τ_i, or what the scheme makes of it where there is no
  /// linear coupling: h/(1 + h), 1 − e^{−h} (to 2⁻¹⁰⁰).
  public func pace(_ scope: Scope, _ i: Int) -> Rational {
    guard scope == .asRun else { return 1 / tau[i] }
    let h = (step ?? 0) / tau[i]
    switch specification.step?.scheme {
    case .semiImplicit: return h / (1 + h)
    case .exponential:
      return 1 - ExactStep.exponential(of: RationalMatrix(diagonal: [h])).exponential[0, 0]
    default: return h
    }
  }

  /// Whether sym(MJ) ⪯ −bound · M (flow) or AᵀMA ⪯ bound² M (map) at every vertex of the slopes.
  public func contracts(in metric: RationalMatrix, _ scope: Scope, bound: Rational) -> Bool {
    switch scope {
    case .continuous: return oracle.certifies(metric, rate: bound)
    case .asRun:
      if isEuler, slopeCount <= 12 {
        return oracle.certifiesDiscrete(metric, factor: bound, step: step ?? 1)
      }
      if let affine = ExactStep(self) { return affine.holds(in: metric, factor: bound) }
      return implicitHolds(metric, bound)
    }
  }

  private var isEuler: Bool { specification.step?.scheme ?? .euler == .euler }

  /// M ⪯ ρ² (I − HJ)ᵀM(I − HJ) at the vertices of the slopes and at points between them: e⁺ = (I − HJ)⁻¹e
  /// with the divided differences J at the new states.
  private func implicitHolds(_ metric: RationalMatrix, _ bound: Rational) -> Bool {
    guard specification.step?.scheme == .implicit, metric.isPositiveDefinite else { return false }
    let (M, _) = metric.integers
    let (p, q) = (bound.numerator * bound.numerator, bound.denominator * bound.denominator)
    let lowest = implicitMatrix(oracle.terms.map(\.slopes.lower))
    let changes = oracle.slopeChanges.map { $0 * -(step ?? 0) }
    let fails = SlopeBox(lowest, changes).contains { A, scale in
      // With A = entries/scale:  p entriesᵀ M entries − q scale² M ⪰ 0.
      let image = IntegerElimination.product(M, A)
      let transposed = A.indices.map { j in A.map { $0[j] } }
      let square = IntegerElimination.product(transposed, image)
      let least = q * scale * scale
      return !IntegerElimination.isPositiveSemidefinite(
        M.indices.map { i in M.indices.map { p * square[i][$0] - least * M[i][$0] } })
    }
    if fails { return false }
    var generator = SplitMix64(seed: 1)
    return (0..<16).allSatisfy { _ in
      let d = oracle.terms.map { term in
        let share = Rational(generator.integer(in: 0...4), over: 4)
        return term.slopes.lower + (term.slopes.upper - term.slopes.lower) * share
      }
      let A = implicitMatrix(d)
      return (A.transposed * metric * A * (bound * bound) - metric).isPositiveSemidefinite
    }
  }

  /// I − step · J(d).
  func implicitMatrix(_ d: [Rational]) -> RationalMatrix {
    RationalMatrix.identity(units) - oracle.jacobian(d) * (step ?? 0)
  }

  /// The matrix of one step at given slopes; for an exponential step enlarged by 1 + 2⁻⁸⁰, so that what is
  /// stable is stable. Nil for schemes that have none.
  func stepMatrix(_ d: [Rational]) -> RationalMatrix? {
    if isEuler { return oracle.stepMatrix(d, step: step ?? 1) }
    if specification.step?.scheme == .implicit { return implicitMatrix(d).inverse }
    guard let affine = ExactStep(self) else { return nil }
    let D = RationalMatrix(diagonal: Array(d[..<units]))
    var load = specification.form == .outside ? W * D : D * W
    if let K { load = load + K.weights * RationalMatrix(diagonal: Array(d[units...])) }
    let matrix = affine.start + affine.gain * load
    return affine.slack.signum == 0 ? matrix : matrix * (1 + Rational(0x1p-80))
  }

  /// Whether some vertex of the slopes does not decay.
  public func hasUnstableVertex(_ scope: Scope) -> Bool {
    switch scope {
    case .continuous: oracle.unstableVertex() != nil
    case .asRun:
      isEuler
        ? oracle.unstableVertex(step: step ?? 1) != nil
        : oracle.vertices.contains { !(stepMatrix($0).map(ExactOracle.isSchurStable) ?? true) }
    }
  }

  /// Whether the matrix of the scope decays at the slopes of a pattern: upper ends at the active units, lower
  /// ends elsewhere, those of K at 0.
  public func isStable(_ scope: Scope, active: [Int]) -> Bool {
    var d = [Rational](repeating: slopes.lower, count: units)
    for i in active { d[i] = slopes.upper }
    if K != nil { d += [Rational](repeating: 0, count: units) }
    return switch scope {
    case .continuous: ExactOracle.isHurwitz(oracle.jacobian(d))
    case .asRun: stepMatrix(d).map(ExactOracle.isSchurStable) ?? true
    }
  }

  /// The largest absolute value of L_ij + d W_ij + d′ K_ij over all slopes, and on the diagonal the ends of
  /// the interval itself.
  public func range(_ i: Int, _ j: Int) -> (lower: Rational, upper: Rational) {
    var (lower, upper) = (L?[i, j] ?? 0, L?[i, j] ?? 0)
    var parts = [(W[i, j], slopes)]
    if let K { parts.append((K.weights[i, j], K.slopes)) }
    for (entry, slopes) in parts {
      let ends = [entry * slopes.lower, entry * slopes.upper]
      lower += min(ends[0], ends[1])
      upper += max(ends[0], ends[1])
    }
    return (lower, upper)
  }

  /// N_ij: the largest |L_ij + d W_ij + d′ K_ij|.
  public func weight(_ i: Int, _ j: Int) -> Rational {
    let (lower, upper) = range(i, j)
    return max(lower.magnitude, upper.magnitude)
  }

  /// The network of some units alone.
  public func restricted(to units: [Int]) -> ExactNetwork? {
    (try? specification.restricted(to: units)).map { ExactNetwork($0) }
  }
}
