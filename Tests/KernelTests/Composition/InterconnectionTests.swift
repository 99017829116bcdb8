import CertifyKernel
import TestSupport
import Testing

@Suite struct InterconnectionTests {
  @Test(arguments: UInt64(0)..<32)
  func boundHoldsInMetricBlkdiagOfScaledMetrics(seed: UInt64) throws {
    try expectTruth(
      of: .interconnection,
      in: [
        .dense, .symmetric, .coupled, .nonlinear, .slopesAboveZero, .unitTimes, .rationalStep,
        .skew,
      ],
      seed: seed, networks: 8)
  }

  static func scalars(_ rates: [Double], v: [Double], w: [Double]) -> Argument {
    .assembly(
      .init(
        .interconnection, components: rates.indices.map { [Int32($0)] },
        proofs: rates.map { Proof(.triangular(order: [0]), bound: $0) }, columnScaling: v,
        rowScaling: w))
  }

  /// λ = min_i [λ_i − Σ_j (r_ij v_j / w_i + ½ k_ij v_j / v_i + ½ k_ji w_j / w_i)].
  @Test func rateFormula() throws {
    // W_01 = ½, W_10 = ¼: r = ½|¼ + ⅛| = 3/16, k_01 = ¼, k_10 = ⅛.
    let network = try Specification.of([[0, 0.5], [0.25, 0]])
    let plain = try #require(
      confirmedRate(network, Self.scalars([1, 1], v: [1, 1], w: [1, 1])))
    #expect(plain.bound == 1 - 0.375 && plain.isTrue)
    // v = (2, 1), w = (1, 2): θ = (½, 2), r = ½|½ · ¼ + 2 · ⅛| = 3/16.
    //   0: r v_1/w_0 = 3/16, ½ k_01 v_1/v_0 = 1/16, ½ k_10 w_1/w_0 = 1/8
    //   1: r v_0/w_1 = 3/16, ½ k_10 v_0/v_1 = 1/8, ½ k_01 w_0/w_1 = 1/16
    let scaled = try #require(
      confirmedRate(network, Self.scalars([1, 1], v: [2, 1], w: [1, 2])))
    #expect(scaled.bound == 1 - 0.375 && scaled.isTrue)
    // v = (1, 4), w = (1, 1): θ = (1, ¼), r = ½(¼ + 1/32) = 9/64.
    //   0: 4 · 9/64 + ½ · ¼ · 4 + ½ · ⅛ = 9/16 + 1/2 + 1/16 > 1;   1 is not looked at.
    let lame = Self.scalars([2, 1], v: [1, 4], w: [1, 1])
    #expect(network.tightestBound(lame, .continuous) == nil, "a rate of 2 was never there")
    //   τ_0 = ½ doubles all that runs into unit 0: r = ½(½ + 1/32) = 17/64, k_01 = ½.
    //   0: 2 − (17/16 + ½ · ½ · 4 + ½ · ⅛) < 0;  v = (1, 1), w = (1, 1): r = 5/16, loads 5/16 + 1/4 + 1/16.
    let times = try Specification.of([[0, 0.5], [0.25, 0]], tau: [ExactRatio(0.5), .one])
    let paced = try #require(
      confirmedRate(times, Self.scalars([2, 1], v: [1, 1], w: [1, 1])))
    #expect(paced.bound == 1 - 0.625 && paced.isTrue)
  }

  /// ρ² = max_i (ρ_i + (b v)_i / v_i) · max_i (ρ_i + (bᵀ w)_i / w_i).
  @Test func factorFormula() throws {
    // h = ½: b_01 = ¼, b_10 = ⅛, ρ_i = ½. v = (2, 1), w = (1, 1): rows ½ + ⅛, ½ + ¼; columns ½ + ⅛, ½ + ¼.
    let network = try Specification.of([[0, 0.5], [0.25, 0]], step: ExactRatio(0.5))
    let found = try #require(
      confirmedRate(network, Self.scalars([0.5, 0.5], v: [2, 1], w: [1, 1]), .asRun))
    #expect(found.bound == 0.75 && found.isTrue)
    // w = (1, 2): columns ½ + ¼, ½ + ⅛; rows ½ + ⅛, ½ + ¼.
    let other = try #require(
      confirmedRate(network, Self.scalars([0.5, 0.5], v: [1, 1], w: [1, 4]), .asRun))
    #expect(other.bound >= 1 - 0x1p-50 || other.isTrue)
    let even = try #require(
      confirmedRate(network, Self.scalars([0.5, 0.5], v: [1, 1], w: [1, 1]), .asRun))
    #expect(even.bound == 0.75 && even.isTrue)
    // Best: v = (√2, 1) and w = (1, √2), both ½ + √2/8.
    let best = try #require(
      confirmedRate(
        network,
        Self.scalars([0.5, 0.5], v: [2.squareRoot(), 1], w: [1, 2.squareRoot()]), .asRun))
    #expect((best.bound - (0.5 + 2.0.squareRoot() / 8)).magnitude < 1e-15 && best.isTrue)
  }

  /// b₁₂ = b₂₁ = 1 with rates 1: not a nonsingular M-matrix.
  @Test func equalityNeverCertifies() throws {
    for (last, isCertified) in [(2.0, false), (2.0.nextDown, true)] {
      let network = try Specification.of([[0, last / 2], [1, 0]], step: ExactRatio(0.5))
      for (v, w) in [([1.0, 1], [1.0, 1]), ([1, 2], [1, 2]), ([2, 1], [1, 2])] {
        let argument = Self.scalars([1, 1], v: v, w: w)
        let answer = try network.answer(argument, bound: 0x1p-60)
        if !(isCertified && v == w && v[0] == v[1]) { #expect(!answer.isCertified) }
      }
      if !isCertified {
        let map = Self.scalars([0.5, 0.5], v: [1, 1], w: [1, 1])
        #expect(try !network.answer(map, bound: (1.0).nextDown, .asRun).isCertified)
      }
    }
  }

  /// W and K in one pair: their magnitudes add up; a claim for the pair of both is not believed.
  @Test func recurrentAndNonlinearTogether() throws {
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix([[0, 0.5], [0, 0]])),
      nonlinearCoupling: .init(weights: .dense(Matrix([[0, -0.5], [0, 0]])), slopes: .unit))
    // Middles cancel, so r = 0 and k_01 = ¼ + ¼, half of it on either side: rate ¾.
    let argument = Self.scalars([1, 1], v: [1, 1], w: [1, 1])
    let found = try #require(confirmedRate(network, argument))
    #expect(found.bound == 0.75 && found.isTrue)
    let claiming = Argument.assembly(
      .init(
        .interconnection, components: [[0], [1]],
        proofs: [1.0, 1].map { Proof(.triangular(order: [0]), bound: $0) },
        columnScaling: [1, 1], rowScaling: [1, 1],
        norms: [NormClaim(first: 0, second: 1, kind: .toFirst, bound: 0.25)]))
    #expect(
      try network.answer(claiming, bound: 0.75)
        == .undecided(.normNotShown(first: 0, second: 1, bound: 0.25)))
  }
}
