import CertifyKernel
import TestSupport
import Testing

@Suite struct HierarchyTests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsInMetricBlkdiagOfScaledMetrics(seed: UInt64) throws {
    try expectTruth(
      of: .hierarchy,
      in: [.sparse, .symmetric, .coupled, .triangular, .unitTimes, .rationalStep, .skew],
      seed: seed, networks: 7)
  }

  static func units(_ rates: [Double], v: [Double], w: [Double]) -> Argument {
    .assembly(
      .init(
        .hierarchy, components: rates.indices.map { [Int32($0)] },
        proofs: rates.map { Proof(.triangular(order: [0]), bound: $0) }, columnScaling: v,
        rowScaling: w))
  }

  /// λ = min_i ½[2λ_i − (b v)_i / v_i − (bᵀ w)_i / w_i], V = |e₁|² + ε|e₂|².
  @Test func rateFormula() throws {
    // b = 6 from unit 0 to unit 1; v = (1, 12), w = (12, 1): both loads ½, the rate 1 − ¼.
    let network = try Specification.of([[0, 0], [6, 0]])
    let scaled = Self.units([1, 1], v: [1, 12], w: [12, 1])
    let rate = try #require(network.tightestBound(scaled, .continuous))
    #expect(rate <= 0.75 && rate > 0.75 - 0x1p-48)
    // [hier_equal_identity_fail]: no rescaling, no certificate; equality εb² = 4λ₁λ₂ neither.
    #expect(network.tightestBound(Self.units([1, 1], v: [1, 1], w: [1, 1]), .continuous) == nil)
    #expect(network.tightestBound(Self.units([1, 1], v: [1, 3], w: [3, 1]), .continuous) == nil)
    // Component rates below what they attain count as claimed.
    let modest = try #require(
      network.tightestBound(Self.units([0.5, 0.5], v: [1, 12], w: [12, 1]), .continuous))
    #expect(modest <= 0.25 && modest > 0.25 - 0x1p-48)
    // With τ = (1, ½) the gain to unit 1 and its rate double: min(1, 2) less half of the loads 12/12.
    let times = try Specification.of([[0, 0], [6, 0]], tau: [1, 0.5].map { ExactRatio($0) })
    let faster = try #require(
      times.tightestBound(Self.units([1, 2], v: [1, 12], w: [12, 1]), .continuous))
    #expect(faster <= 0.5 && faster > 0.5 - 0x1p-48)
  }

  /// ρ² = max_i (ρ_i + (b v)_i / v_i) · max_i (ρ_i + (bᵀ w)_i / w_i).
  @Test func factorFormula() throws {
    let network = try Specification.of([[0, 0], [6, 0]], step: ExactRatio(0.5))
    // h b = 3; v = (1, 12), w = (12, 1): loads ¼.
    let argument = Self.units([0.5, 0.5], v: [1, 12], w: [12, 1])
    let factor = try #require(network.tightestBound(argument, .asRun))
    #expect(factor >= 0.75 && factor < 0.75 + 0x1p-48)
    #expect(network.tightestBound(Self.units([0.5, 0.5], v: [1, 6], w: [6, 1]), .asRun) == nil)
  }

  @Test func componentsAreCheckedAlone() throws {
    let network = try Specification.of([[0.5, 0], [1, 1]])
    let claim = Self.units([0.5, 0.5], v: [1, 4], w: [4, 1])
    let certificate = Certificate(scope: .continuous, claim: .contracts(Proof(claim, bound: 0.1)))
    guard case .undecided(let why) = try network.certify(using: certificate) else {
      Issue.record("a component that does not contract was accepted")
      return
    }
    #expect(why.path == [1] && why.rule == "triangular")
    for bound in [0, -1, .nan, .infinity, 1] as [Double] {
      let forged = Self.units([bound, bound], v: [1, 64], w: [64, 1])
      #expect(!network.accepts(forged, bound: 0.01, .continuous))
    }
  }

  @Test func setsThatAreNoPartition() throws {
    let network = try Specification.of([[0.5, 0, 0], [0, 0.5, 0], [0, 0, 0.5]])
    func argument(_ components: [[Int32]]) -> Argument {
      .assembly(
        .init(
          .hierarchy, components: components,
          proofs: components.map {
            Proof(.triangular(order: (0..<Int32($0.count)).map { $0 }), bound: 0.5)
          },
          columnScaling: components.map { _ in 1 }, rowScaling: components.map { _ in 1 }))
    }
    #expect(network.accepts(argument([[0, 2], [1]]), bound: 0.5, .continuous))
    #expect(network.accepts(argument([[2], [1], [0]]), bound: 0.5, .continuous))
    for (parts, unit) in [
      ([[0], [1]], 2), ([[0, 1], [1, 2]], 1), ([[0, 0], [1, 2]], 0), ([[0, 3], [1, 2]], 3),
      ([[0, -1], [1, 2]], -1), ([[0, 1, 2], []], -1), ([], 0),
    ] as [([[Int32]], Int)] {
      #expect(
        try network.answer(argument(parts), bound: 0.5)
          == .undecided(.notAPartition(.components, unit: unit)), "\(parts)")
    }
  }

  @Test func malformedHierarchies() throws {
    let network = try Specification.of([[0.5, 0], [0, 0.5]])
    let proof = Proof(.triangular(order: [0]), bound: 0.5)
    func argument(_ proofs: Int, v: [Double], w: [Double]) -> Argument {
      .assembly(
        .init(
          .hierarchy, components: [[0], [1]], proofs: [Proof](repeating: proof, count: proofs),
          columnScaling: v, rowScaling: w))
    }
    #expect(throws: InputError.length(.components, found: 1, expected: 2)) {
      try network.answer(argument(1, v: [1, 1], w: [1, 1]), bound: 0.5)
    }
    #expect(throws: InputError.length(.scaling, found: 1, expected: 2)) {
      try network.answer(argument(2, v: [1], w: [1, 1]), bound: 0.5)
    }
    #expect(throws: InputError.length(.scaling, found: 3, expected: 2)) {
      try network.answer(argument(2, v: [1, 1], w: [1, 1, 1]), bound: 0.5)
    }
    for bad in [0, -1, .nan, .infinity] as [Double] {
      #expect(!network.accepts(argument(2, v: [1, bad], w: [1, 1]), bound: 0.5, .continuous))
      #expect(!network.accepts(argument(2, v: [1, 1], w: [bad, 1]), bound: 0.5, .continuous))
    }
  }

  /// A hierarchy inside a hierarchy, judged in the metric of both.
  @Test func nested() throws {
    let network = try Specification.of(
      [[0.25, 0.5, 0, 0], [0.5, 0.25, 0, 0], [4, 0, -1, 0], [0, 8, 2, 0.5]],
      tau: [1, 1, 2, 1].map { ExactRatio($0) },
      step: ExactRatio(3, over: 10))
    for scope in network.scopes {
      let isFlow = scope == .continuous
      let inner = Argument.assembly(
        .init(
          .hierarchy, components: [[0], [1]],
          proofs: (isFlow ? [0.5, 0.5] : [0.8501, 0.8501]).map {
            Proof(.triangular(order: [0]), bound: $0)
          },
          columnScaling: [1, 16], rowScaling: [16, 1]))
      let outer = Argument.assembly(
        .init(
          .hierarchy, components: [[0, 1], [2, 3]],
          proofs: [
            Proof(.symmetric, bound: isFlow ? 0.125 : 0.9625),
            Proof(inner, bound: isFlow ? 0.375 : 0.9),
          ], columnScaling: [1, 4096], rowScaling: [4096, 1]))
      let bound = try #require(network.tightestBound(outer, scope))
      let certificate = Certificate(scope: scope, claim: .contracts(Proof(outer, bound: bound)))
      #expect(ExactNetwork(network).judge(certificate) == .confirmed)
      try expectOvershoot(network, certificate)
    }
  }
}
