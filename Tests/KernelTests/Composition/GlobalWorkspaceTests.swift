import CertifyKernel
import TestSupport
import Testing

@Suite struct GlobalWorkspaceTests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsInMetricBlkdiagOfScaledMetrics(seed: UInt64) throws {
    try expectTruth(
      of: .globalWorkspace, in: [.nonnegative, .sparse, .coupled, .nonlinear, .slopesAboveZero],
      seed: seed, networks: 10)
  }

  /// Scalars through ψ: b = (g/4)(|k + k′| + |k| + |k′|), the rate that of [[λ_0, −b], [−b, λ_1]].
  @Test func rateFormula() throws {
    // b = ¼(0 + 1.5 + 1.5) = ¾ for negative feedback: rate ¼; ½(1 + 1) = 1 for positive: none.
    for (k, rate) in [(-1.5, 0.25), (1.0, nil)] as [(Double, Double?)] {
      let network = try ModuleNetwork(
        [.diagonal([1]), .diagonal([1])], rates: [1, 1],
        K: Matrix([[0, k < 0 ? 1.5 : 1], [k, 0]]))
      let argument = network.argument(.globalWorkspace(hub: 0))
      let found = confirmedRate(network.specification, argument)
      #expect(found?.bound == rate && found?.isTrue != false)
    }
    // Unequal rates: z = (1, 2), b = 1: 3 − 2 = 1 and 1.5 − ½ = 1.
    let network = try ModuleNetwork(
      [.diagonal([1]), .diagonal([1])], rates: [3, 1.5], K: Matrix([[0, 1], [1, 0]]))
    let argument = network.argument(.globalWorkspace(hub: 1), v: [1, 2], w: [1, 2])
    let found = try #require(confirmedRate(network.specification, argument))
    #expect(found.bound == 1 && found.isTrue)
  }

  /// Slopes [l, g] of K: the middle counts as linear, and only half the width costs.
  @Test func slopesAboveZero() throws {
    let slopes = try SlopeInterval(ExactRatio(0.5), .one)
    let network = try ModuleNetwork(
      [.diagonal([1]), .diagonal([1])], rates: [1, 1], K: Matrix([[0, 2], [-2, 0]]),
      slopesOfK: slopes)
    // ¾ · 2 is skew and free; ¼ · 2 each way costs ½.
    let found = try #require(
      confirmedRate(network.specification, network.argument(.globalWorkspace(hub: 0))))
    #expect(found.bound == 0.5 && found.isTrue)
  }

  /// λ_0 = Σ b_i²/λ_i: four leaves with b = ½ reach 0.
  @Test func equalityNeverCertifies() throws {
    for (last, isCertified) in [(0.5, false), ((0.5).nextDown, true)] {
      var K = Matrix(rows: 5, columns: 5)
      for i in 1...4 { (K[0, i], K[i, 0]) = (i < 4 ? 0.5 : last, i < 4 ? 0.5 : last) }
      let network = try ModuleNetwork(
        [ModuleNetwork.Metric](repeating: .diagonal([1]), count: 5),
        rates: [1, 1, 1, 1, 1], K: K)
      let z: [Double] = [2, 1, 1, 1, isCertified ? (1.0).nextDown : 1]
      let argument = network.argument(.globalWorkspace(hub: 0), v: z, w: z)
      let answer = try network.specification.answer(argument, bound: 0x1p-1000)
      if !isCertified { #expect(!answer.isCertified) }
      #expect(network.specification.tightestBound(argument, .continuous) == nil)
    }
  }

  @Test func couplingsWithoutTheHub() throws {
    let network = try Specification.of([[0, 0, 0.1], [0, 0, 0.1], [0.1, 0, 0]])
    func argument(_ hub: Int) -> Argument {
      .assembly(
        .init(
          .globalWorkspace(hub: hub), components: [[0], [1], [2]],
          proofs: [1.0, 1, 1].map { Proof(.triangular(order: [0]), bound: $0) },
          columnScaling: [1, 1, 1], rowScaling: [1, 1, 1]))
    }
    #expect(try network.answer(argument(2), bound: 0.5).isCertified)
    #expect(
      try network.answer(argument(0), bound: 0.5)
        == .undecided(.notASpoke(first: 1, second: 2, hub: 0)))
    for hub in [1, 3, -1, .max, .min] {
      #expect(
        try network.answer(argument(hub), bound: 0.5)
          == .undecided(.notASpoke(first: 0, second: 2, hub: hub)), "\(hub)")
    }
  }
}
