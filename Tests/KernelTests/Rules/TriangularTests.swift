import CertifyKernel
import TestSupport
import Testing

@Suite struct TriangularTests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsInTheMetricOfTheRecursion(seed: UInt64) throws {
    try expectTruth(of: .triangular, in: [.triangular], seed: seed, networks: 5)
  }

  /// slack_i = 1 − sup(L_ii + dW_ii) − λτ_i > 0 where units are linked, ≥ 0 where they are not.
  @Test func slackFormula() throws {
    let linked = try Specification.of([[0.5, 0], [8, -4]], tau: [2, 1].map { ExactRatio($0) })
    let order = Argument.triangular(order: [0, 1])
    #expect(linked.tightestBound(order, .continuous) == 0.25.nextDown)
    let free = try Specification.of([[0.5, 0], [0, -4]], tau: [2, 1].map { ExactRatio($0) })
    #expect(free.tightestBound(order, .continuous) == 0.25)
    // As run: the largest of |1 − h| and |1 − h + hW_ii|.
    for (h, factor) in [(0.5, 0.75), (0.25, 0.875)] {
      let network = try Specification.of([[0.5, 0], [8, -1]], step: ExactRatio(h))
      #expect(network.tightestBound(order, .asRun) == factor.nextUp)
      let alone = try Specification.of([[0.5, 0], [0, -1]], step: ExactRatio(h))
      #expect(alone.tightestBound(order, .asRun) == factor)
    }
    let chain6 = try Specification.of([[0, 6], [0, 0]])
    #expect(chain6.tightestBound(.triangular(order: [1, 0]), .continuous) == 1.0.nextDown)
  }

  /// v_i = (Nv)_i / slack_i and w_i = (Nᵀw)_i / slack_i: on a chain with powers of two κ is known exactly.
  @Test func overshootOfAChain() throws {
    let network = try Specification.of([[0, 0, 0], [4, 0, 0], [0, 4, 0]])
    // Rate ½: v = (1, 8, 64), w = (64, 8, 1), metric (64, 1, 1/64), √κ = 64.
    let overshoot = try #require(try network.overshoot(.triangular(order: [0, 1, 2]), bound: 0.5))
    #expect(overshoot >= 64 && overshoot < 64 + 0x1p-40)
    let proof = Proof(.triangular(order: [0, 1, 2]), bound: 0.5)
    let metric = try #require(ExactNetwork(network).metric(of: proof, .continuous))
    #expect(metric == RationalMatrix(diagonal: [64, 1, Rational(1, over: 64)]))
  }

  @Test func equalityNeverCertifies() throws {
    for W in [[[1.0, 0], [0, 0.5]], [[0.5, 0], [3, 1]]] {
      let network = try Specification.of(W, step: ExactRatio(0.5))
      for scope in network.scopes {
        #expect(network.tightestBound(.triangular(order: [0, 1]), scope) == nil)
      }
      #expect(
        !network.accepts(.triangular(order: [0, 1]), bound: .leastNonzeroMagnitude, .continuous))
    }
    // As run W_ii = 1 − 2/h gives the factor 1 exactly.
    let flip = try Specification.of([[-3]], step: ExactRatio(0.5))
    #expect(!flip.accepts(.triangular(order: [0]), bound: 1.0.nextDown, .asRun))
  }

  @Test func ordersThatAreNone() throws {
    let network = try Specification.of([[0, 0], [3, 0]])
    #expect(
      try network.answer(.triangular(order: [1, 0]), bound: 0.5)
        == .undecided(.againstOrder(from: 0, to: 1)))
    for (order, unit) in [([0, 0], 0), ([0, 2], 2), ([-1, 0], -1)] as [([Int32], Int)] {
      #expect(
        try network.answer(.triangular(order: order), bound: 0.5)
          == .undecided(.notAPartition(.order, unit: unit)))
    }
    for order in [[], [0], [0, 1, 0]] as [[Int32]] {
      #expect(throws: InputError.length(.order, found: order.count, expected: 2)) {
        try network.answer(.triangular(order: order), bound: 0.5)
      }
    }
    // L and K count as connections too.
    let coupled = try Specification.of([[0, 0], [3, 0]], L: [[0, 0x1p-1074], [0, 0]])
    #expect(!coupled.accepts(.triangular(order: [0, 1]), bound: 0.5, .continuous))
    let nonlinear = try Specification(
      form: .outside, recurrent: .dense(Matrix([[0, 0], [3, 0]])),
      nonlinearCoupling: .init(weights: .dense(Matrix([[0, 1], [0, 0]])), slopes: .unit))
    #expect(!nonlinear.accepts(.triangular(order: [0, 1]), bound: 0.5, .continuous))
  }

  @Test(arguments: UInt64(0)..<16)
  func anyPermutationIsTheSameNetwork(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let network = try Ensemble.triangular.network(units: 5, &generator)
    var shuffled = Array(0..<5)
    shuffled.shuffle(using: &generator)
    let moved = try network.permuted(shuffled)
    for scope in network.scopes {
      let argument = Rule.triangular.randomArgument(for: network, scope, &generator)
      guard case .triangular(let order) = argument else { continue }
      // Unit k of the moved network was unit shuffled[k].
      let place = order.map { unit in Int32(shuffled.firstIndex(of: Int(unit)) ?? -1) }
      #expect(
        network.tightestBound(argument, scope)
          == moved.tightestBound(.triangular(order: place), scope))
    }
  }
}
