import CertifyKernel
import TestSupport
import Testing

@Suite struct DiskTests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsInMetricDiagTauP(seed: UInt64) throws {
    try expectTruth(
      of: .disk,
      in: [.dense, .skew, .product, .slopesAboveZero, .unitTimes, .rationalStep, .nearlySymmetric],
      seed: seed, networks: 7)
  }

  /// λ = (1 − k²/4)/τ with k = ‖I + gW‖: for W = −½I, k = ½.
  @Test(arguments: [Specification.Form.outside, .inside])
  func rateFormula(form: Specification.Form) throws {
    for (w, gain, τ) in [(-0.5, 1.0, 1.0), (-0.25, 2, 1), (-0.5, 1, 4)] {
      let network = try Specification.of(
        [[w, 0], [0, w]], form, slopes: .init(.zero, ExactRatio(gain)), tau: [ExactRatio(τ)])
      let rate = try #require(network.tightestBound(.disk(metric: [1, 3]), .continuous))
      #expect(rate < 0.9375 / τ && rate > 0.9375 / τ - 0x1p-48)
    }
    let times = try Specification.of(
      [[-0.5, 0], [0, -0.5]], form, tau: [1, 8].map { ExactRatio($0) })
    let slowest = try #require(times.tightestBound(.disk(metric: [1, 3]), .continuous))
    #expect(slowest < 0.9375 / 8 && slowest > 0.9375 / 8 - 0x1p-48)
  }

  /// ρ² = (1 − h)² + h k_h²/(2 − h): h = ½, W = ½I: k = 1, ρ² = ¼ + ⅓.
  @Test func factorFormula() throws {
    let network = try Specification.of([[0.5]], step: ExactRatio(0.5))
    let factor = try #require(network.tightestBound(.disk(metric: [1]), .asRun))
    let square = Rational(factor) * Rational(factor)
    #expect(square > Rational(7, over: 12) && square < Rational(7, over: 12) + Rational(0x1p-46))
    // h = 3/10 exactly: W = −7/10 is not a double, so k_h is not 0.
    let exact = try Specification.of([[-0.7]], step: ExactRatio(3, over: 10))
    let bound = try #require(exact.tightestBound(.disk(metric: [1]), .asRun))
    #expect(Rational(bound) >= Rational(7, over: 10))
  }

  @Test func equalityNeverCertifies() throws {
    let one = try Specification.of([[1]], step: ExactRatio(0.5))
    let cycle = try Specification.of(
      [[0, 1, 0], [0, 0, 1], [1, 0, 0]], step: ExactRatio(3, over: 10))
    for scope in [Scope.continuous, .asRun] {
      #expect(one.tightestBound(.disk(metric: [1]), scope) == nil)
      #expect(cycle.tightestBound(.disk(metric: [1, 1, 1]), scope) == nil)
    }
    // Norm 1 elsewhere than at 1 does contract in the flow.
    #expect(
      try Specification.of([[0, -1], [1, 0]]).tightestBound(.disk(metric: [1, 1]), .continuous)
        != nil)
    for step in [2, 2.0.nextUp, 3] {
      let long = try Specification.of([[0]], step: ExactRatio(step))
      #expect(!long.accepts(.disk(metric: [1]), bound: 1.0.nextDown, .asRun))
    }
    let edge = try Specification.of([[0]], step: ExactRatio(2.0.nextDown))
    #expect(edge.tightestBound(.disk(metric: [1]), .asRun).map { $0 > 1 - 0x1p-30 } != false)
  }

  @Test func whatTheRuleDoesNotCover() throws {
    let coupled = try Specification.of([[0.1]], L: [[0]])
    #expect(
      try coupled.answer(.disk(metric: [1]), bound: 0.1)
        == .undecided(.notCovered(.linearCoupling)))
    let times = try Specification.of(
      [[0.1, 0], [0, 0.1]], tau: [1, 2].map { ExactRatio($0) }, step: ExactRatio(0.5))
    #expect(
      try times.answer(.disk(metric: [1, 1]), bound: 0.9, .asRun)
        == .undecided(.notCovered(.timeConstantsDiffer)))
    for bad in [0, -1, .nan, .infinity] as [Double] {
      #expect(!times.accepts(.disk(metric: [1, bad]), bound: 0.1, .continuous))
    }
  }
}
