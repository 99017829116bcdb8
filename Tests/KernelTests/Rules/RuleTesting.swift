import CertifyKernel
import TestSupport
import Testing

// What every rule must pass: the kernel's best bound for numbers out of thin air is true, exactly.

/// Networks of an ensemble, each with random numbers for a rule at the tightest bound that the kernel accepts,
/// judged at every vertex in the metric that the rule states.
///
/// - Returns: how many were accepted in each scope.
@discardableResult
func expectTruth(
  of rule: Rule, in ensembles: [Ensemble], seed: UInt64, networks: Int = 6, largest: Int = 4,
  sourceLocation: SourceLocation = #_sourceLocation
) throws -> [Scope: Int] {
  var generator = SplitMix64(seed: seed)
  var accepted: [Scope: Int] = [:]
  for k in 0..<networks {
    let ensemble = ensembles[k % ensembles.count]
    let n = generator.integer(in: 1...(ensemble == .nonlinear ? min(2, largest) : largest))
    let network = try ensemble.network(units: n, &generator)
    for scope in network.scopes {
      let argument = rule.randomArgument(for: network, scope, &generator)
      guard let bound = network.tightestBound(argument, scope) else { continue }
      accepted[scope, default: 0] += 1
      let certificate = Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound)))
      let exact = ExactNetwork(network)
      let context: Comment = "\(ensemble), \(scope), \(network), \(certificate)"
      #expect(
        exact.judge(certificate, slopeLimit: 8) == .confirmed, context,
        sourceLocation: sourceLocation)
      #expect(
        exact.satisfiesInequality(of: Proof(argument, bound: bound), scope) != false, context,
        sourceLocation: sourceLocation)
      try expectOvershoot(network, certificate, sourceLocation: sourceLocation)
    }
  }
  return accepted
}

/// The overshoot that the kernel reports is at least √κ of the metric: squares compared in rational numbers.
func expectOvershoot(
  _ network: Specification, _ certificate: Certificate,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  guard case .contracts(let proof) = certificate.claim,
    case .certified(let certified) = try network.certify(using: certificate),
    let metric = ExactNetwork(network).metric(of: proof, certificate.scope)
  else { return }
  // The kernel's own v and w of a triangular network are rounded, so its metric is another one.
  if case .triangular = proof.argument { return }
  let overshoot = certified.guarantee.overshoot
  #expect(overshoot >= 1, sourceLocation: sourceLocation)
  guard overshoot.isFinite else { return }
  #expect(
    !metric.conditionNumberExceeds(Rational(overshoot) * Rational(overshoot)),
    "overshoot \(overshoot), \(network), \(certificate)", sourceLocation: sourceLocation)
}

/// The verdict for a proof, in words that a test can compare.
enum Answer: Equatable {
  case certified(rate: Double, factor: Double?)
  case undecided(Obstruction.Reason)
  case refuted

  var isCertified: Bool { if case .certified = self { true } else { false } }
}

extension Specification {
  func answer(
    _ argument: Argument, bound: Double, _ scope: Scope = .continuous
  ) throws(InputError) -> Answer {
    try answer(Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound))))
  }

  func answer(_ certificate: Certificate) throws(InputError) -> Answer {
    switch try certify(using: certificate) {
    case .certified(let certified):
      .certified(rate: certified.guarantee.rate, factor: certified.guarantee.factor)
    case .undecided(let why): .undecided(why.reason)
    case .refuted: .refuted
    }
  }

  /// The overshoot of an accepted proof.
  func overshoot(
    _ argument: Argument, bound: Double, _ scope: Scope = .continuous
  ) throws -> Double? {
    let certificate = Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound)))
    guard case .certified(let certified) = try certify(using: certificate) else { return nil }
    return certified.guarantee.overshoot
  }

  /// A small network with unit slopes.
  static func of(
    _ rows: [[Double]], _ form: Form = .outside, L: [[Double]]? = nil,
    slopes: SlopeInterval = .unit, tau: [ExactRatio] = [.one], step: ExactRatio? = nil
  ) throws(InputError) -> Specification {
    try Specification(
      form: form, recurrent: .dense(Matrix(rows)), coupling: L.map { .dense(Matrix($0)) },
      slopes: slopes, timeConstants: tau, step: step.map { Step(size: $0) })
  }

  /// The network with its units in another order.
  func permuted(_ order: [Int]) throws(InputError) -> Specification {
    try Specification(
      form: form, recurrent: .dense(recurrent.dense().principalSubmatrix(order)),
      coupling: coupling.map { .dense($0.dense().principalSubmatrix(order)) },
      nonlinearCoupling: nonlinearCoupling.map {
        .init(
          weights: .dense($0.weights.dense().principalSubmatrix(order)), slopes: $0.slopes)
      }, slopes: slopes,
      timeConstants: timeConstants.count == 1 ? timeConstants : order.map(timeConstant),
      step: step)
  }
}

extension Matrix {
  init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows.first?.count ?? 0, values: rows.flatMap { $0 })
  }
}

extension Scope {
  /// The next bound that claims more.
  func bolder(_ bound: Double) -> Double { self == .continuous ? bound.nextUp : bound.nextDown }
}
