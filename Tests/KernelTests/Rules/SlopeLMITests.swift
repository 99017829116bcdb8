import CertifyKernel
import TestSupport
import Testing

@Suite struct SlopeLMITests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsInMetricM(seed: UInt64) throws {
    try expectTruth(
      of: .slopeLMI,
      in: [
        .product, .dense, .skew, .coupled, .slopesAboveZero, .unitTimes, .rationalStep, .integers,
      ],
      seed: seed, networks: 8)
  }

  static func argument(_ m: [[Double]], _ multiplier: [Double], floor: Double = 0x1p-10) -> Argument
  {
    .slopeLMI(metric: Matrix(m), multiplier: multiplier, floor: floor)
  }

  /// −[[FᵀM + MF + 2λM − 2lg CᵀΛC, MG + (l+g)CᵀΛ], [·, −2Λ]] ≻ 0 for one unit:
  /// 2Λ(2(1 − λ)m + 2lgΛ) > (mw + (l + g)Λ)², w negative so that the middle term can vanish.
  @Test func rateFormulaOfOneUnit() throws {
    // m = 1, w = −½, l = 0, g = 1, Λ = ½: the cross term is 0, so λ < 1.
    let network = try Specification.of([[-0.5]], tau: [ExactRatio(0.5)])
    let rate = try #require(network.tightestBound(Self.argument([[1]], [1]), .continuous))
    #expect(rate < 2 && rate > 2 - 0x1p-48)
    // form inside: m + gwΛ = 0 for Λ = 2.
    let inside = try Specification.of([[-0.5]], .inside)
    let other = try #require(inside.tightestBound(Self.argument([[1]], [2]), .continuous))
    #expect(other < 1 && other > 1 - 0x1p-48)
    // l = ½, g = 1, w = 1 − ¼: cross = ¾ + 3/2 Λ at Λ = 1: 2(2(1 − λ) + 1) > 81/16 has no λ > 0; w = −1:
    // cross = ½, 2(2(1 − λ) + 1) > ¼, λ < 1 + 7/16.
    let firm = try Specification.of([[-1]], slopes: .init(ExactRatio(0.5), .one))
    let bold = try #require(firm.tightestBound(Self.argument([[1]], [1]), .continuous))
    #expect(bold < 1.4375 && bold > 1.4375 - 0x1p-48)
  }

  /// −[[FᵀMF − ρ²M − 2lg CᵀΛC, FᵀMG + (l+g)CᵀΛ], [·, GᵀMG − 2Λ]] ≻ 0 for one unit.
  @Test func factorFormulaOfOneUnit() throws {
    // h = ½, w = −1: F = ½, G = −½, m = 1: cross −¼ + Λ = 0 for Λ = ¼; 2Λ − ¼ > 0; so ρ > ½.
    let network = try Specification.of([[-1]], step: ExactRatio(0.5))
    let factor = try #require(network.tightestBound(Self.argument([[1]], [0.25]), .asRun))
    #expect(factor > 0.5 && factor < 0.5 + 0x1p-48)
    let map = try Specification.of([[0.5]], .map)
    // F = 0, G = 1, C = ½: cross Λ/2, (ρ²)(2Λ − 1) > Λ²/4; Λ = 1: ρ > ½.
    let least = try #require(map.tightestBound(Self.argument([[1]], [1]), .asRun))
    #expect(least > 0.5 && least < 0.5 + 0x1p-48)
  }

  @Test func equalityNeverCertifies() throws {
    let one = try Specification.of([[1]], step: ExactRatio(0.5))
    let skew = try Specification.of([[0, -2], [2, 0]])
    for Λ in [0.25, 0.5, 1, 2] {
      for scope in one.scopes {
        #expect(one.tightestBound(Self.argument([[1]], [Λ]), scope) == nil)
      }
      #expect(skew.tightestBound(Self.argument([[1, 0], [0, 1]], [Λ, Λ]), .continuous) == nil)
    }
    // The floor at the least eigenvalue.
    let zero = try Specification.of([[-0.5]])
    #expect(!zero.accepts(Self.argument([[1]], [1], floor: 1), bound: 0.5, .continuous))
    #expect(zero.accepts(Self.argument([[1]], [2], floor: 1 - 0x1p-40), bound: 0.5, .continuous))
  }

  /// W with a metric that is right for form outside only: its inverse serves form inside of Wᵀ.
  @Test func metricsOfTheWrongForm() throws {
    // [n2_thm3]: W = −QS, M = Q⁻¹ scaled, Λ makes the cross term vanish.
    let W = [[-6.0, -0.5], [-6, -1]]
    let outside = try Specification.of(W)
    let inside = try outside.with(form: .inside)
    // Q = −diag(1, 1/12) W symmetric: [[6, ½], [½, 1/12]]; times 12 of the second row stays exact with s = (12, 1).
    let product = Argument.productForm(rowScaling: [12, 1], floor: 0.25)
    #expect(outside.accepts(product, bound: 1, .continuous))
    let metric = try #require(
      ExactNetwork(outside).metric(of: Proof(product, bound: 1), .continuous))
    var m = Matrix(rows: 2, columns: 2)
    for k in 0..<4 { m[k / 2, k % 2] = metric[k / 2, k % 2].approximation }
    m[1, 0] = m[0, 1]
    let argument = Argument.slopeLMI(metric: m, multiplier: [12, 1], floor: 0x1p-6)
    #expect(outside.accepts(argument, bound: 0.99, .continuous))
    #expect(!inside.accepts(argument, bound: 0x1p-20, .continuous))
    #expect(!ExactNetwork(inside).oracle.certifiesSomeRate(RationalMatrix(m)))
  }

  /// Indefinite, not symmetric by one ulp, wrong shape, NaN: never a certificate.
  @Test func badMetricsAreRefused() throws {
    let network = try Specification.of([[-1, 0.25], [0.25, -1]], step: ExactRatio(0.5))
    let good = [[1.0, 0.125], [0.125, 1]]
    #expect(network.accepts(Self.argument(good, [1, 1]), bound: 0.1, .continuous))
    let bent = [[1, 0.125], [(0.125).nextUp, 1]]
    #expect(
      try network.answer(Self.argument(bent, [1, 1]), bound: 0.1)
        == .undecided(
          .notSymmetric(matrix: "M", row: 1, column: 0, entry: 0.125.nextUp, mirror: 0.125)))
    for bad in [
      [[1.0, 2], [2, 1]], [[1, 1], [1, 1]], [[-1, 0], [0, -1]], [[0, 0], [0, 0]],
    ] {
      guard
        case .undecided(.notDefinite(matrix: "M − μI", _, _)) = try network.answer(
          Self.argument(bad, [1, 1]), bound: 0.1)
      else {
        Issue.record("\(bad) was not refused")
        continue
      }
    }
    for floor in [0, -1, .nan, .infinity, 0.9] as [Double] {
      #expect(!network.accepts(Self.argument(good, [1, 1], floor: floor), bound: 0.1, .continuous))
    }
    for x in [0, -1, .nan, .infinity] as [Double] {
      #expect(!network.accepts(Self.argument(good, [1, x]), bound: 0.1, .continuous))
    }
    #expect(throws: InputError.shape(.metric, rows: 1, columns: 1, expected: 2)) {
      try network.answer(Self.argument([[1]], [1, 1]), bound: 0.1)
    }
    #expect(throws: InputError.length(.multiplier, found: 3, expected: 2)) {
      try network.answer(Self.argument(good, [1, 1, 1]), bound: 0.1)
    }
    for x in [Double.nan, .infinity] {
      #expect(throws: InputError.nonFinite(.metric, row: 0, column: 1)) {
        try network.answer(Self.argument([[1, x], [x, 1]], [1, 1]), bound: 0.1)
      }
    }
  }
}
