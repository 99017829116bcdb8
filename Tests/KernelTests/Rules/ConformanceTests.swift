import CertifyKernel
import TestSupport
import Testing

/// What all rules share.
@Suite struct RuleConformanceTests {
  /// The random tests of each rule accept something in each scope that the rule has; else they show nothing.
  @Test(arguments: Rule.allCases)
  func acceptsSomething(rule: Rule) throws {
    var accepted: [Scope: Int] = [:]
    var generator = SplitMix64(seed: 5)
    for ensemble in [Ensemble.symmetric, .product, .triangular, .skew, .nonnegative, .coupled] {
      for k in 0..<12 {
        var network = try ensemble.network(units: 1 + k % 3, &generator)
        if rule == .splitStep { network = try Self.leaking(network, &generator) }
        for scope in network.scopes {
          let argument = rule.randomArgument(for: network, scope, &generator)
          if network.tightestBound(argument, scope) != nil { accepted[scope, default: 0] += 1 }
        }
      }
    }
    #expect(accepted[.continuous, default: 0] > 3 || rule == .step || rule == .splitStep)
    #expect(accepted[.asRun, default: 0] > 3 || rule == .productForm)
  }

  /// The same weights in a split step, with leaks.
  private static func leaking(
    _ network: Specification, _ generator: inout SplitMix64
  ) throws -> Specification {
    let leak = (0..<network.units).map { _ in 0.1 + 0.9 * generator.unit() }
    return try Specification(
      form: .outside, recurrent: network.recurrent, slopes: network.slopes,
      step: .init(scheme: .split, size: .one, leak: leak))
  }

  /// A weaker bound is accepted wherever a stronger one is, and bounds that are no contraction never.
  @Test(arguments: Rule.allCases, UInt64(0)..<4)
  func boundsAreMonotone(rule: Rule, seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for ensemble in Ensemble.allCases {
      let network = try ensemble.network(units: 2, &generator)
      for scope in network.scopes {
        let argument = rule.randomArgument(for: network, scope, &generator)
        for bound in [0, -0.5, -0.0, .nan, .infinity, -.infinity, 1, 2] as [Double] {
          if scope == .continuous ? bound >= 1 && bound < .infinity : bound == 0 { continue }
          #expect(!network.accepts(argument, bound: bound, scope), "\(bound), \(network)")
        }
        guard let bound = network.tightestBound(argument, scope) else { continue }
        #expect(!network.accepts(argument, bound: scope.bolder(bound), scope))
        for share in [0x1p-40, 0.25, 0.75] {
          let weaker = scope == .continuous ? bound * (1 - share) : bound + (1 - bound) * share
          #expect(network.accepts(argument, bound: weaker, scope), "\(weaker) of \(bound)")
        }
        // The rate a map's factor stands for, rounded down: rate · step ≤ 1 − factor.
        let certificate = Certificate(
          scope: scope, claim: .contracts(Proof(argument, bound: bound)))
        guard case .certified(let found) = try network.certify(using: certificate) else { continue }
        let step = try #require(ExactNetwork(network).step)
        #expect(found.guarantee.proof.bound == bound && found.certificate == certificate)
        #expect(found.specification == network)
        if scope == .asRun {
          #expect(found.guarantee.factor == bound)
          #expect(Rational(found.guarantee.rate) * step <= 1 - Rational(bound))
        } else {
          #expect(found.guarantee.rate == bound && found.guarantee.factor == nil)
        }
      }
    }
  }

  /// A network that the oracle certifies in some metric is never refuted, at any vertex in any way.
  @Test(arguments: UInt64(0)..<16)
  func certifiedNetworksAreNeverRefuted(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for ensemble in Ensemble.allCases {
      let network = try ensemble.network(units: 2, &generator)
      for scope in network.scopes {
        let isCertified = Rule.allCases.contains { rule in
          network.tightestBound(rule.randomArgument(for: network, scope, &generator), scope) != nil
        }
        guard isCertified else { continue }
        for active in [[], [0], [1], [0, 1]] as [[Int32]] {
          for reason in [Instability.Reason.determinant, .flip, .skew(direction: [1, 1])] {
            let claim = Claim.unstable(Instability(active: active, reason: reason))
            #expect(try network.answer(Certificate(scope: scope, claim: claim)) != .refuted)
          }
        }
      }
    }
  }
}
