public import Certify
public import CertifyKernel

/// An integrator whose scheme is known when the program runs; made from a certificate like any other.
public struct AnyIntegrator: Sendable {
  public let network: RateNetwork
  public let guarantee: Guarantee
  public let certificate: Certificate
  /// The factor of a step, and steps after which a share of the distance is left.
  public let factor: Double
  private let forgetting: @Sendable (Double) -> Int?
  private let walking:
    @Sendable (
      [Double], Int, Int, [Double]?, Int, Int, (Int, Int, Int, [Double]) -> Void
    ) throws(NetworkError) -> Void
  private let reading: @Sendable ([Double], Int) -> [Double]?

  private init<Scheme: StepScheme>(_ integrator: Integrator<Scheme>) {
    network = integrator.certified.network
    guarantee = integrator.certified.guarantee
    certificate = integrator.certified.certificate
    factor = integrator.certified.factor
    forgetting = { integrator.certified.forgettingSteps(to: $0) }
    reading = { integrator.logits($0, batch: $1) }
    walking = {
      (input, steps, batch, start, firstVisited, threads, visit) throws(NetworkError) in
      try integrator.walk(
        input: input, steps: steps, batch: batch, from: start, firstVisited: firstVisited,
        threads: threads, visit: visit)
    }
  }

  /// - Throws: `.notForScheme` where the certificate is that of a flow; as `Integrator`.
  public init(
    _ network: RateNetwork, _ certified: Certified<Specification>, isDouble: Bool = false
  ) throws(NetworkError) {
    func made<Scheme: StepScheme>(_: Scheme.Type) throws(NetworkError) -> AnyIntegrator {
      AnyIntegrator(
        try Integrator(
          CertifiedStep<Scheme>(network, certified), precision: isDouble ? .float64 : .float32))
    }
    switch network.specification.step?.scheme {
    case nil: self = try made(MapStep.self)
    case .euler: self = try made(EulerStep.self)
    case .semiImplicit: self = try made(SemiImplicitStep.self)
    case .exponential: self = try made(ExponentialStep.self)
    case .implicit: self = try made(ImplicitStep.self)
    case .split: self = try made(SplitStep.self)
    }
  }

  /// Searches for a certificate of the network as it runs. - Throws: `.notCertified`.
  public init(
    certifying network: RateNetwork,
    with checker: Checker = Checker(findsMaximumStep: false, findsLargestScale: false),
    isDouble: Bool = false
  ) throws(NetworkError) {
    guard network.specification.exists(in: .asRun) else {
      throw .notForScheme(expected: "step by step", found: "as a flow only")
    }
    let finding = checker.check(network.specification, .asRun)
    guard case .certified(let certified) = finding.result else { throw .notCertified(finding) }
    try self.init(network, certified, isDouble: isDouble)
  }

  public func forgettingSteps(to share: Double) -> Int? { forgetting(share) }

  /// As `Integrator.walk`.
  public func walk(
    input: [Double], steps: Int, batch: Int, from start: [Double]? = nil, firstVisited: Int = 0,
    threads: Int = 1, visit: (_ step: Int, _ first: Int, _ share: Int, _ states: [Double]) -> Void
  ) throws(NetworkError) { try walking(input, steps, batch, start, firstVisited, threads, visit) }

  public func logits(_ states: [Double], batch: Int) -> [Double]? { reading(states, batch) }
}
