// The gate. Storage is private and the only initializer that fills it is fileprivate, so nothing outside this
// file, in this module or under @testable import, can make a `Certified` that the kernel has not checked.
// Tests/MustNotCompile holds nine attempts. The gate stops mistakes, not malice (`unsafeBitCast` exists).

/// Something that runs and can say exactly which network it is.
public protocol Certifiable: Sendable {
  var specification: Specification { get }
}

extension Specification: Certifiable {
  public var specification: Specification { self }
}

/// A network together with what the kernel has proved about it. Only `certify(using:)` makes one.
public struct Certified<Network: Certifiable>: Sendable {
  private let storage: Storage

  private struct Storage: Sendable {
    let specification: Specification
    let guarantee: Guarantee
    let certificate: Certificate
    /// Kept for networks of up to `keptMetric` units; worked out again for larger ones, which it would burden.
    let metric: MetricBounds?
  }

  private static var keptMetric: Int { 1 << 16 }

  /// The numbers that were checked; run these, not a network that might have changed since.
  public var specification: Specification { storage.specification }
  /// What holds of them.
  public var guarantee: Guarantee { storage.guarantee }
  /// The certificate that was accepted.
  public var certificate: Certificate { storage.certificate }
  /// What is known of the metric in which it holds. Cost: for large networks that of the check.
  var metric: MetricBounds {
    if let metric = storage.metric { return metric }
    guard case .contracts(let proof) = certificate.claim,
      case .accepted(let checked)? = try? specification.check(proof, guarantee.scope)
    else { return .full(lower: 0, upper: .infinity) }
    return checked.metric
  }

  /// What was checked, if it is this proof for the flow of this network, whatever its step.
  func checkedFlow(_ flow: Proof, of network: Specification) -> Checked? {
    guard guarantee.scope == .continuous, case .contracts(flow) = certificate.claim,
      let metric = storage.metric, let own = try? specification.with(step: nil),
      let other = try? network.with(step: nil), own == other
    else { return nil }
    return Checked(node: guarantee.proof, metric: metric)
  }

  fileprivate init(
    _ specification: Specification, _ guarantee: Guarantee, _ certificate: Certificate,
    _ metric: MetricBounds
  ) {
    storage = Storage(
      specification: specification, guarantee: guarantee, certificate: certificate,
      metric: specification.units <= Self.keptMetric ? metric : nil)
  }
}

/// What the kernel proved: |x(t) − y(t)|_M ≤ e^{−rate · t} |x(0) − y(0)|_M for the flow, or
/// |x_k − y_k|_M ≤ factorᵏ |x_0 − y_0|_M for the map that runs, for any two solutions with the same input.
public struct Guarantee: Sendable, Hashable {
  public let scope: Scope
  /// A lower bound on the contraction rate in 1/(unit of time), rounded down. For the map (1 − factor)/step.
  public let rate: Double
  /// For the map: an upper bound on the factor a step, below 1. Nil for the flow.
  public let factor: Double?
  /// The rules, with the bound of each.
  public let proof: ProofNode

  /// √κ(M): how much |x − y|₂ may exceed its first value before it decays. Rounded up, possibly infinite.
  public var overshoot: Double { proof.overshoot }
  public var rule: Rule { proof.rule }
}

/// Slopes that admit no positive rate in any metric, accepted by the kernel.
public struct Witness: Sendable, Hashable {
  public let scope: Scope
  public let instability: Instability
  public var refutation: Refutation { instability.refutation }
}

/// What the kernel says of a network and a certificate.
public enum Verdict<Network: Certifiable>: Sendable {
  case certified(Certified<Network>)
  case refuted(Witness)
  /// The certificate does not show what it says. Nothing follows for the network.
  case undecided(Obstruction)
}

extension Certifiable {
  /// Checks a certificate against this network; the only way to a `Certified`.
  ///
  /// - Parameter workers: threads for the parts of a large check; the outcome does not depend on them.
  /// - Throws: `InputError` when the certificate is malformed: a vector of the wrong length, a metric of the
  ///   wrong shape, an entry that is not finite.
  /// - Complexity: that of the rule; see its file.
  public func certify(
    using certificate: Certificate, on workers: Workers = .one
  ) throws(InputError) -> Verdict<Self> {
    let network = specification
    let scope = certificate.scope
    switch certificate.claim {
    case .contracts(let proof):
      switch try network.check(proof, scope, on: workers) {
      case .declined(let why): return .undecided(why)
      case .accepted(let checked):
        guard scope.contracts(checked.node.bound) else {
          return .undecided(
            Obstruction(proof.rule, .notContracting(bound: checked.node.bound)))
        }
        return .certified(
          Certified(
            network, network.guarantee(scope, checked.node), certificate, checked.metric))
      }
    case .unstable(let claim):
      guard network.has(scope) else {
        return .undecided(Obstruction(claim.refutation, .noSuchScope(scope)))
      }
      if scope == .asRun, !network.runsAsEuler {
        return .undecided(Obstruction(claim.refutation, .notCovered(.scheme)))
      }
      if let why = try UnstableVertex.check(network, scope, claim) { return .undecided(why) }
      return .refuted(Witness(scope: scope, instability: claim))
    }
  }
}

extension Specification {
  /// Checks a step at the best factor that it attains, given what the kernel has accepted for the flow.
  ///
  /// - Parameter flow: saves checking the flow again, if it is the one that the argument names.
  /// - Complexity: that of the rule `step`, without the flow's check where that is known.
  public func certify(
    _ step: Argument.Step, given flow: Certified<Specification>, on workers: Workers = .one
  ) throws(InputError) -> Verdict<Specification> {
    guard has(.asRun) else { return .undecided(Obstruction(.step, .noSuchScope(.asRun))) }
    let rule = StepOfFlow(network: self, argument: step, workers: workers, known: flow)
    switch try rule.check(.asRun, claimed: nil) {
    case .declined(let why): return .undecided(why)
    case .accepted(let checked):
      let factor = checked.node.bound
      guard Scope.asRun.contracts(factor) else {
        return .undecided(Obstruction(.step, .boundNotReached(claimed: 1, attained: factor)))
      }
      let certificate = Certificate(
        scope: .asRun, claim: .contracts(Proof(.step(step), bound: factor)))
      return .certified(
        Certified(self, guarantee(.asRun, checked.node), certificate, checked.metric))
    }
  }

  fileprivate func guarantee(_ scope: Scope, _ node: ProofNode) -> Guarantee {
    switch scope {
    case .continuous: return Guarantee(scope: scope, rate: node.bound, factor: nil, proof: node)
    case .asRun:
      let size = form == .map ? Interval(1) : (step?.size.enclosure ?? Interval(.nan))
      let rate = (1.0).subtractingDown(node.bound).dividingDown(size.upper)
      return Guarantee(scope: scope, rate: rate, factor: node.bound, proof: node)
    }
  }
}
