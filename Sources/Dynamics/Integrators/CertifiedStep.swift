public import Certify
public import CertifyKernel

/// A way to advance a network by one step; integrators are told apart by it when they are compiled.
public protocol StepScheme: Sendable {
  /// The scheme of a specification; nil for a map, which is a step itself.
  static var scheme: Specification.Step.Scheme? { get }
}

public enum EulerStep: StepScheme {
  public static var scheme: Specification.Step.Scheme? { .euler }
}
public enum SemiImplicitStep: StepScheme {
  public static var scheme: Specification.Step.Scheme? { .semiImplicit }
}
public enum ExponentialStep: StepScheme {
  public static var scheme: Specification.Step.Scheme? { .exponential }
}
public enum ImplicitStep: StepScheme {
  public static var scheme: Specification.Step.Scheme? { .implicit }
}
public enum SplitStep: StepScheme {
  public static var scheme: Specification.Step.Scheme? { .split }
}
public enum MapStep: StepScheme {
  public static var scheme: Specification.Step.Scheme? { nil }
}

/// A network that the kernel has certified for this very scheme and step; integrators take nothing else.
public struct CertifiedStep<Scheme: StepScheme>: Sendable {
  private let storage: Storage

  private struct Storage: Sendable {
    let network: RateNetwork
    let guarantee: Guarantee
    let factor: Double
    let certificate: Certificate
  }

  public var network: RateNetwork { storage.network }
  public var guarantee: Guarantee { storage.guarantee }
  /// An upper bound on what the distance of two states is multiplied by in a step, in the certificate's metric.
  public var factor: Double { storage.factor }
  public var certificate: Certificate { storage.certificate }

  /// - Throws: `.notThisNetwork` if the certificate speaks of other numbers, `.notForScheme` if it speaks of the
  ///   flow or of another scheme.
  public init(
    _ network: RateNetwork, _ certified: Certified<Specification>
  ) throws(NetworkError) {
    let own = network.specification
    guard certified.specification == own else { throw .notThisNetwork }
    let expected = Scheme.scheme.map { "as \($0.rawValue) steps" } ?? "as a map"
    let found =
      certified.guarantee.scope == .continuous
      ? "as a flow" : own.step.map { "as \($0.scheme.rawValue) steps" } ?? "as a map"
    guard let factor = certified.guarantee.factor, own.step?.scheme == Scheme.scheme,
      (Scheme.scheme == nil) == (own.form == .map)
    else { throw .notForScheme(expected: expected, found: found) }
    storage = Storage(
      network: network, guarantee: certified.guarantee, factor: factor,
      certificate: certified.certificate)
  }
}

extension CertifiedStep {
  /// Searches for a certificate of the network as it runs.
  ///
  /// - Throws: `.notCertified` with what was found; `.notForScheme`.
  public init(
    certifying network: RateNetwork,
    with checker: Checker = Checker(findsMaximumStep: false, findsLargestScale: false)
  ) throws(NetworkError) {
    guard network.specification.exists(in: .asRun) else {
      throw .notForScheme(
        expected: Scheme.scheme.map { "as \($0.rawValue) steps" } ?? "as a map",
        found: "as a flow only")
    }
    let finding = checker.check(network.specification, .asRun)
    guard case .certified(let certified) = finding.result else { throw .notCertified(finding) }
    try self.init(network, certified)
  }

  /// Steps after which the distance of two states is at most `share` of what it was, whatever the input: the
  /// smallest k with √κ · ρᵏ ≤ share, in the Euclidean norm. Nil where √κ is not finite.
  public func forgettingSteps(to share: Double) -> Int? {
    let overshoot = max(1, guarantee.overshoot)
    guard overshoot.isFinite, share > 0, factor < 1 else { return nil }
    if factor == 0 { return 1 }
    let steps = (natural(overshoot) - natural(share)) / -natural(factor)
    return steps < 1e15 ? max(0, Int(steps.rounded(.up))) : nil
  }
}
