import CertifyKernel
import TestSupport
import Testing

@Suite struct TwoUnitsTests {
  /// −4 < g²W₁₂W₂₁ < 1, strictly, in exact arithmetic.
  @Test func closedForm() throws {
    func answer(_ b: Double, _ c: Double, g: ExactRatio = .one) throws -> Bool? {
      TwoUnits.hasConstantMetric(
        try .of([[0, b], [c, 0]], slopes: try SlopeInterval(.zero, g)))
    }
    #expect(try answer(-2, 2) == false && answer((-2.0).nextUp, 2) == true)
    #expect(try answer(1, 1) == false && answer((1.0).nextDown, 1) == true)
    #expect(try answer(-4, 1) == false && answer(0, 1e300) == true && answer(4, 0.25) == false)
    #expect(try answer(-6, 6, g: ExactRatio(1, over: 3)) == false)
    #expect(try answer(-6, (6.0).nextDown, g: ExactRatio(1, over: 3)) == true)
    #expect(try TwoUnits.hasConstantMetric(.of([[1, 0], [0, 0]])) == nil)
    #expect(try TwoUnits.hasConstantMetric(.of([[0]])) == nil)
    #expect(try TwoUnits.hasConstantMetric(.of([[0, 1], [1, 0]], L: [[0, 0], [0, 0]])) == nil)
    #expect(try TwoUnits.hasConstantMetric(.of([[0, 1], [1, 0]], .map)) == nil)
    for (b, proves) in [(2.0, true), (1.5, false)] {
      let claim = Impossibility.constantMetricOfTwoUnits
      let proved = try Specification.of([[0, -b], [b, 0]]).prove(claim, .continuous).value
      #expect((proved != nil) == proves)
    }
  }

  /// An indefinite (m, k) that satisfies the three inequalities of a network with unstable vertices.
  @Test func indefinitePairsAreNoMetric() throws {
    let network = try Specification.of([[2, 4], [4, 2]])
    #expect(TwoUnits.hasConstantMetric(network, m: -2, k: 1) == false)
    #expect(TwoUnits.hasConstantMetric(try .of([[0.5, 0], [0, 0.5]]), m: 0, k: 1) == true)
  }

  /// (m, k) is a metric exactly if the oracle says so at all vertices.
  @Test(arguments: UInt64(0)..<20)
  func criterionIsTheVertexCondition(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var found = (0, 0)
    for _ in 0..<40 {
      let W = (0..<4).map { _ in Double(generator.integer(in: -8...5)) / 4 }
      let network = try Specification.of([[W[0], W[1]], [W[2], W[3]]])
      let m = Double(generator.integer(in: -6...6)) / 4
      let k = Double(generator.integer(in: 0...16)) / 4
      let M = RationalMatrix([[1, Rational(m)], [Rational(m), Rational(k)]])
      let expected = ExactNetwork(network).oracle.certifiesSomeRate(M)
      #expect(TwoUnits.hasConstantMetric(network, m: m, k: k) == expected, "\(W) \(m) \(k)")
      if expected { found.0 += 1 } else { found.1 += 1 }
    }
    #expect(found.0 > 2 && found.1 > 2)
  }
}

@Suite struct PerronTests {
  static func accepts(_ network: Specification, _ u: [Double]) throws -> Bool {
    let claim = Impossibility.absoluteValue(direction: u)
    let isProved = try network.prove(claim, .continuous).value != nil
    if isProved { #expect(ExactNetwork(network).holds(claim, .continuous) == true) }
    return isProved
  }

  @Test func exactly() throws {
    // ρ(N) = 1: the boundary is found; signs do not matter; inhibition of oneself counts 0.
    #expect(try Self.accepts(.of([[0, -1], [1, 0]]), [1, 1]))
    #expect(try !Self.accepts(.of([[0, -1], [(1.0).nextDown, 0]]), [1, 1]))
    #expect(try Self.accepts(.of([[0, 4], [0.25, 0]]), [4, 1]))
    #expect(try !Self.accepts(.of([[-1, 0], [0, -9]]), [1, 1]))
    #expect(try Self.accepts(.of([[1, 0], [0, 0]]), [1, 0]))
    #expect(try !Self.accepts(.of([[1, 0], [0, 0]]), [1, 1]))
    #expect(
      try Self.accepts(
        .of([[0, -3], [3, 0]], slopes: .init(.zero, ExactRatio(1, over: 3))), [1, 1]))
    #expect(try Self.accepts(.of([[0.25]], L: [[0.75]]), [1]))
    #expect(try !Self.accepts(.of([[0.25]], L: [[-0.75]]), [1]))
    let two = try Specification.of([[0, 2], [2, 0]])
    for u in [[0.0, 0], [-1, 1], [-1, -1]] { #expect(try !Self.accepts(two, u)) }
    #expect(throws: InputError.nonFinite(.dual, row: 1, column: 0)) {
      try Self.accepts(two, [1, .nan])
    }
    #expect(throws: InputError.length(.dual, found: 1, expected: 2)) { try Self.accepts(two, [1]) }
  }

  /// Where it is accepted, no random scaling is accepted by the rule.
  @Test(arguments: UInt64(0)..<8)
  func excludesTheRule(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var accepted = 0
    for k in 0..<40 {
      let ensemble: Ensemble = [.integers, .coupled, .slopesAboveZero, .unitTimes][k % 4]
      let network = try ensemble.network(units: 1 + k % 3, &generator)
      guard network.form != .map else { continue }
      let u = (0..<network.units).map { _ in Double(generator.integer(in: 0...3)) }
      guard try Self.accepts(network, u) else { continue }
      accepted += 1
      let argument = Rule.absoluteValue.randomArgument(for: network, .continuous, &generator)
      #expect(network.tightestBound(argument, .continuous) == nil)
    }
    #expect(accepted > 0)
  }
}

@Suite struct NoMultiplierTests {
  /// A dual of the vertices gives one of the inequality: Z = Σ [I; D_k] Z_k [I, D_k].
  @Test func dualOfTheSkewPair() throws {
    let F = Matrix([[1, 1], [1, -1], [1, 0], [0, -1]])
    func accepts(_ c: Double, _ block: SemidefiniteBlock, bound: Double = 0) throws -> Bool {
      let network = try Specification.of([[0, -c], [c, 0]])
      let claim = Impossibility.multiplier(SlopeDual(block, bound: bound))
      let isProved = try network.prove(claim, .continuous).value != nil
      if isProved { #expect(ExactNetwork(network).holds(claim, .continuous) == true) }
      return isProved
    }
    #expect(try accepts(2, .factor(F)) && accepts(3, .factor(F)))
    #expect(try !accepts((2.0).nextDown, .factor(F)))
    #expect(try accepts(1, .factor(F), bound: 0.5) && !accepts(1, .factor(F), bound: 0.49))
    // The slopes' part broken by one ulp, a zero, the wrong signs, an indefinite Z.
    let broken = Matrix([[1, 1], [1, -1], [(1.0).nextUp, 0], [0, -1]])
    let flipped = Matrix([[1, 1], [1, -1], [1, 0], [0, 1]])
    #expect(try !accepts(3, .factor(broken)) && !accepts(3, .factor(flipped)))
    #expect(try !accepts(3, .factor(Matrix(rows: 4, columns: 1))))
    #expect(try !accepts(3, .matrix(Matrix(diagonal: [1, 1, -1, 1]))))
    #expect(throws: InputError.shape(.dual, rows: 2, columns: 2, expected: 4)) {
      try accepts(3, .factor(.identity(2)))
    }
  }
}
