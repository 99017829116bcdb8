// What cannot be, checked: no metric of some kind gives a bound. None of this refutes a network; it says which
// proofs need not be looked for, and stands beside `undecided`. The gate is that of `Certified`: storage is
// private, and the one initializer that fills it is fileprivate.

/// Somebody's claim that no metric of a kind exists; data, believed by nobody until the kernel has checked it.
public enum Impossibility: Sendable, Hashable {
  /// No constant quadratic metric gives a better bound than `dual.bound`.
  case constantMetric(MetricDual)
  /// Two units without self-weights: −4 < g²W₁₂W₂₁ < 1 fails, so no constant quadratic metric exists.
  case constantMetricOfTwoUnits
  /// The multiplier inequality of the rule `slope-lmi` holds for no M and Λ at `dual.bound`.
  case multiplier(SlopeDual)
  /// u ≥ 0, u ≠ 0, with Nu ≥ u: Theorem 1 (`absolute-value`) gives no rate.
  case absoluteValue(direction: [Double])

  public var kind: Kind {
    switch self {
    case .constantMetric, .constantMetricOfTwoUnits: .noConstantMetric
    case .multiplier: .slopeLMIInfeasible
    case .absoluteValue: .perron
    }
  }

  /// The names under which impossibilities are reported.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case noConstantMetric = "no-constant-metric"
    case slopeLMIInfeasible = "slope-lmi-infeasible"
    case perron
  }
}

/// An impossibility that the kernel has checked. Only `Specification.prove` makes one.
public struct ProvedImpossibility: Sendable, Hashable {
  private let storage: Storage

  private struct Storage: Sendable, Hashable {
    let specification: Specification
    let scope: Scope
    let claim: Impossibility
  }

  public var specification: Specification { storage.specification }
  public var scope: Scope { storage.scope }
  public var claim: Impossibility { storage.claim }
  public var kind: Impossibility.Kind { claim.kind }

  /// The rate (flow) or factor (map) that cannot be improved upon.
  public var bound: Double {
    switch claim {
    case .constantMetric(let dual): dual.bound
    case .multiplier(let dual): dual.bound
    case .constantMetricOfTwoUnits, .absoluteValue: scope == .continuous ? 0 : 1
    }
  }

  /// Whether no bound that means contraction is left: a rate above 0, a factor below 1.
  public var excludesContraction: Bool { scope == .continuous ? bound <= 0 : bound >= 1 }

  fileprivate init(_ specification: Specification, _ scope: Scope, _ claim: Impossibility) {
    storage = Storage(specification: specification, scope: scope, claim: claim)
  }
}

extension Specification {
  /// Checks a claim; nothing follows for the network where it is declined.
  ///
  /// - Throws: `InputError` when the claim is malformed.
  /// - Complexity: that of the claim; see its file.
  public func prove(
    _ claim: Impossibility, _ scope: Scope
  ) throws(InputError) -> Outcome<ProvedImpossibility> {
    let kind = claim.kind.rawValue
    guard has(scope) else { return .declined(Obstruction(rule: kind, .noSuchScope(scope))) }
    if scope == .asRun, form != .map, step?.scheme != .euler {
      return .declined(Obstruction(rule: kind, .notCovered(.scheme)))
    }
    let fault: Obstruction.Reason?
    switch claim {
    case .constantMetric(let dual): fault = try dual.fault(self, scope)
    case .constantMetricOfTwoUnits: fault = TwoUnits.faultOfNone(self, scope)
    case .multiplier(let dual): fault = try dual.fault(self, scope)
    case .absoluteValue(let u): fault = try Perron.fault(self, scope, direction: u)
    }
    if let fault { return .declined(Obstruction(rule: kind, fault)) }
    return .accepted(ProvedImpossibility(self, scope, claim))
  }
}

extension Scope {
  /// Whether a bound can be what no metric improves upon: a rate ≥ 0, a factor in (0, 1].
  func isLimit(_ bound: Double) -> Bool {
    switch self {
    case .continuous: bound >= 0 && bound < .infinity
    case .asRun: bound > 0 && bound <= 1
    }
  }
}
