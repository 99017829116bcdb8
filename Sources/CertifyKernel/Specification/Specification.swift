/// The network that the theorems speak of: numbers only, all exact, nothing that can change.
///
///     outside   τ x' = −x + W φ(x) + L x + K ψ(x) + u(t)     J = −I + W D + L + K D′
///     inside    τ h' = −h + φ(W h + u(t)) + L h              J = −I + D W + L
///     map       h⁺ = φ(W h + u)                              the map's slope is D W
///
/// with D = diag(d), d in [l, g]ⁿ for the slopes of φ, and D′ likewise for ψ. A claim about a network is a
/// claim about every such D, so inputs and biases do not appear. Source: theory §0 (Kozachkov, Ennis,
/// Slotine, arXiv:2106.08928, eqs. 1 and 2).
///
/// `Specification` holds value types only and has no setter: what was checked is what is used.
public struct Specification: Sendable, Hashable {
  public enum Form: String, Sendable, Hashable, CaseIterable { case outside, inside, map }

  /// How a network is advanced in time; unit i advances by `size` / τ_i, in a split step by its leak.
  public struct Step: Sendable, Hashable {
    public enum Scheme: String, Sendable, Hashable, CaseIterable {
      case euler, exponential, implicit, split
      case semiImplicit = "semi-implicit"
    }
    public let scheme: Scheme
    public let size: ExactRatio
    /// The leaks a of a split step, one a unit, in (0, 1]; empty for all other schemes.
    public let leak: [Double]

    public init(scheme: Scheme = .euler, size: ExactRatio, leak: [Double] = []) {
      self.scheme = scheme
      self.size = size
      self.leak = leak
    }
  }

  /// A coupling K ψ(x) with its own slopes.
  public struct NonlinearCoupling: Sendable, Hashable {
    public let weights: Weights
    public let slopes: SlopeInterval

    public init(weights: Weights, slopes: SlopeInterval) {
      self.weights = weights
      self.slopes = slopes
    }
  }

  public let form: Form
  /// W, n × n; W[i, j] is from unit j to unit i.
  public let recurrent: Weights
  /// L, n × n, linear.
  public let coupling: Weights?
  /// K and the slopes of ψ; form outside only.
  public let nonlinearCoupling: NonlinearCoupling?
  public let slopes: SlopeInterval
  /// One time constant for all units, or n of them, in the unit of time that steps and rates use.
  public let timeConstants: [ExactRatio]
  /// Sizes of the modules, in order; they add up to n.
  public let modules: [Int]
  public let step: Step?

  /// - Throws: the first thing that is malformed: an empty or non-square matrix, an entry that is not
  ///   finite, a time constant or step that is not positive, slopes out of order, sizes that do not add up.
  /// - Complexity: one pass over the entries.
  public init(
    form: Form, recurrent: Weights, coupling: Weights? = nil,
    nonlinearCoupling: NonlinearCoupling? = nil, slopes: SlopeInterval = .unit,
    timeConstants: [ExactRatio] = [.one], modules: [Int]? = nil, step: Step? = nil
  ) throws(InputError) {
    let n = recurrent.rows
    guard n > 0 || recurrent.columns > 0 else { throw .empty }
    let parts: [(InputError.Part, Weights?)] = [
      (.recurrent, recurrent), (.coupling, coupling),
      (.nonlinearCoupling, nonlinearCoupling?.weights),
    ]
    for case (let part, let weights?) in parts {
      guard weights.rows == n, weights.columns == n else {
        throw .shape(part, rows: weights.rows, columns: weights.columns, expected: n)
      }
      if let (row, column) = weights.firstNonFinite() {
        throw .nonFinite(part, row: row, column: column)
      }
    }
    guard timeConstants.count == 1 || timeConstants.count == n else {
      throw .length(.timeConstant, found: timeConstants.count, expected: n)
    }
    for (index, τ) in timeConstants.enumerated() {
      guard τ.numerator > 0, τ.isFinite else {
        throw .notPositive(.timeConstant, index: index, value: τ)
      }
    }
    if let size = step?.size {
      guard size.numerator > 0, size.isFinite else {
        throw .notPositive(.step, index: 0, value: size)
      }
    }
    if let leak = step?.leak, !leak.isEmpty {
      guard step?.scheme == .split, form == .outside, timeConstants.allSatisfy({ $0 == .one })
      else { throw .splitForm }
      guard leak.count == n else { throw .length(.leak, found: leak.count, expected: n) }
      for (index, a) in leak.enumerated() {
        guard a > 0, a <= 1 else { throw .leak(index: index, value: a) }
      }
    }
    if nonlinearCoupling != nil, form != .outside { throw .nonlinearCouplingForm }
    if form == .map {
      if coupling != nil { throw .mapWith(.coupling) }
      if step != nil { throw .mapWith(.step) }
      if timeConstants != [.one] { throw .mapWith(.timeConstant) }
    }
    let modules = modules ?? [n]
    var sum = 0
    for size in modules {
      guard size > 0, size <= n - sum else { throw .modules(sum: sum &+ size, units: n) }
      sum += size
    }
    guard sum == n else { throw .modules(sum: sum, units: n) }
    self.form = form
    self.recurrent = recurrent
    self.coupling = coupling
    self.nonlinearCoupling = nonlinearCoupling
    self.slopes = slopes
    let uniform = timeConstants.allSatisfy { $0 == timeConstants[0] }
    self.timeConstants = uniform ? [timeConstants[0]] : timeConstants
    self.modules = modules
    self.step = step
  }

  /// The number of units n.
  public var units: Int { recurrent.rows }

  /// τ of unit i.
  public func timeConstant(_ i: Int) -> ExactRatio {
    timeConstants.count == 1 ? timeConstants[0] : timeConstants[i]
  }

  /// The same network with another step, or with none.
  public func with(step: Step?) throws(InputError) -> Specification {
    try Specification(
      form: form, recurrent: recurrent, coupling: coupling, nonlinearCoupling: nonlinearCoupling,
      slopes: slopes, timeConstants: timeConstants, modules: modules, step: step)
  }

  /// The network of the given units alone, inputs from all others taken as given. A coupling that is 0 among
  /// them is left out, so that rules for networks without couplings speak of it.
  ///
  /// - Throws: `InputError` if `unitIndices` is empty.
  public func restricted(to unitIndices: [Int]) throws(InputError) -> Specification {
    func part(_ weights: Weights) -> Weights { weights.principal(unitIndices) }
    func nonzero(_ weights: Weights) -> Weights? {
      let part = part(weights)
      return part.isZero ? nil : part
    }
    return try Specification(
      form: form, recurrent: part(recurrent), coupling: coupling.flatMap(nonzero),
      nonlinearCoupling: nonlinearCoupling.flatMap { coupling in
        nonzero(coupling.weights).map { NonlinearCoupling(weights: $0, slopes: coupling.slopes) }
      },
      slopes: slopes,
      timeConstants: timeConstants.count == 1 ? timeConstants : unitIndices.map(timeConstant),
      step: step.map { step in
        Step(
          scheme: step.scheme, size: step.size,
          leak: step.leak.isEmpty ? [] : unitIndices.map { step.leak[$0] })
      })
  }
}

extension Specification {
  /// The same network with block storage unfolded into sparse rows, where parts are taken out quickly.
  func unfoldingBlocks() throws(InputError) -> Specification {
    func unfolded(_ weights: Weights) -> Weights {
      if case .blocks(let blocks) = weights { .sparse(blocks.sparse()) } else { weights }
    }
    return try Specification(
      form: form, recurrent: unfolded(recurrent), coupling: coupling.map(unfolded),
      nonlinearCoupling: nonlinearCoupling.map {
        NonlinearCoupling(weights: unfolded($0.weights), slopes: $0.slopes)
      }, slopes: slopes, timeConstants: timeConstants, modules: modules, step: step)
  }
}

/// Which of the two networks a claim is about: the flow in continuous time, or the map that runs.
public enum Scope: String, Sendable, Hashable, CaseIterable {
  case continuous
  case asRun = "as-run"
}
