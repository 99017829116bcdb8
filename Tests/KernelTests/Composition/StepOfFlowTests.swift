import CertifyKernel
import TestSupport
import Testing

@Suite struct StepOfFlowTests {
  typealias Scheme = Specification.Step.Scheme
  static let schemes: [Scheme] = [.euler, .semiImplicit, .exponential, .implicit]

  @Test(arguments: UInt64(0)..<24)
  func factorHoldsInTheMetricOfTheFlow(seed: UInt64) throws {
    try expectTruth(
      of: .step, in: [.dense, .symmetric, .coupled, .nonlinear, .skew, .product], seed: seed,
      networks: 6)
    // The schemes that are not Euler's.
    var generator = SplitMix64(seed: seed)
    for scheme in Self.schemes {
      for ensemble in [Ensemble.dense, .coupled, .symmetric, .unitTimes, .slopesAboveZero] {
        let n = generator.integer(in: 1...3)
        let base = try ensemble.network(units: n, &generator)
        guard base.form != .map, let size = base.step?.size else { continue }
        let network = try base.with(step: .init(scheme: scheme, size: size))
        for rule in [Rule.step, .absoluteValue, .symmetric, .slopeLMI] {
          let argument = rule.randomArgument(for: network, .asRun, &generator)
          guard let found = confirmedRate(network, argument, .asRun) else { continue }
          #expect(found.isTrue, "\(scheme) \(rule) \(found.bound) \(network) \(argument)")
        }
      }
    }
  }

  static func step(
    _ network: Specification, _ flow: Proof, norms: [NormClaim] = [], couplingNorm: Double? = nil,
    components: [[Int32]]? = nil, x: [Double]? = nil, y: [Double]? = nil
  ) -> Argument {
    let parts = components ?? [(0..<Int32(network.units)).map { $0 }]
    let ones = parts.map { _ in 1.0 }
    return .step(
      .init(
        flow: flow, components: parts, columnScaling: y ?? ones, rowScaling: x ?? ones,
        norms: norms, couplingNorm: couplingNorm))
  }

  static func expectFactor(
    _ network: Specification, _ argument: Argument, _ expected: Rational,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let found = try #require(
      confirmedRate(network, argument, .asRun), sourceLocation: sourceLocation)
    #expect(found.isTrue, sourceLocation: sourceLocation)
    let squared = Rational(found.bound) * Rational(found.bound)
    #expect(
      squared >= expected * expected
        && squared <= expected * expected * (1 + Rational(0x1p-46)),
      "\(found.bound) for \(expected.approximation)", sourceLocation: sourceLocation)
  }

  /// One unit W = w, h = step: euler |1 − h| + hω, semi-implicit (1 + hω)/(1 + h), implicit 1/(1 + step·λ).
  @Test(arguments: [Specification.Form.outside, .inside])
  func factorsOfOneUnit(form: Specification.Form) throws {
    let flow = Proof(.triangular(order: [0]), bound: 0.5)
    for (scheme, h, expected) in [
      (.euler, ExactRatio(0.5), Rational(3, over: 4)),
      (.euler, ExactRatio(1.25), Rational(7, over: 8)),
      (.semiImplicit, ExactRatio(1), Rational(3, over: 4)),
      (.semiImplicit, ExactRatio(16), Rational(9, over: 17)),
      (.implicit, ExactRatio(1), Rational(2, over: 3)),
      (.implicit, ExactRatio(1, over: 10), Rational(20, over: 21)),
    ] as [(Scheme, ExactRatio, Rational)] {
      let network = try Specification.of([[0.5]], form).with(
        step: .init(scheme: scheme, size: h))
      try Self.expectFactor(network, Self.step(network, flow), expected)
    }
    // e^{−h} + (1 − e^{−h})ω at h = 1, compared with e⁻¹ between 0.36787944117 and …8.
    let exponential = try Specification.of([[0.5]], form).with(
      step: .init(scheme: .exponential, size: .one))
    let found = try #require(
      confirmedRate(exponential, Self.step(exponential, flow), .asRun))
    #expect(found.isTrue && found.bound > 0.683939720585 && found.bound < 0.683939720586)
  }

  /// An implicit step needs no norms; components that are none are refused all the same.
  @Test func componentsOfAnImplicitStepMeanSomething() throws {
    let network = try Specification.of([[0.5, 0], [0, 0.25]]).with(
      step: .init(scheme: .implicit, size: .one))
    let flow = Proof(.triangular(order: [0, 1]), bound: 0.5)
    let good = Self.step(network, flow, components: [[1], [0]])
    #expect(confirmedRate(network, good, .asRun) != nil)
    for parts in [[[0]], [[0], [0]], [[0, 1], [1]], [[0, 2]], [[Int32]()]] as [[[Int32]]] {
      #expect(
        confirmedRate(network, Self.step(network, flow, components: parts), .asRun) == nil,
        "\(parts)")
    }
    for (x, y) in [([0.0, 1], [1.0, 1]), ([1, 1], [1, -1]), ([1, .nan], [1, 1])] {
      let argument = Self.step(network, flow, components: [[0], [1]], x: x, y: y)
      #expect(confirmedRate(network, argument, .asRun) == nil, "\(x) \(y)")
    }
  }

  /// A flow that was accepted serves the network and the proof that it was accepted for, and no other.
  @Test func aKnownFlowIsThatOfThisNetwork() throws {
    func flow(_ w: Double, bound: Double) throws -> Certified<Specification> {
      let proof = Proof(.triangular(order: [0]), bound: bound)
      let certificate = Certificate(scope: .continuous, claim: .contracts(proof))
      guard case .certified(let found) = try Specification.of([[w]]).certify(using: certificate)
      else { throw Missing() }
      return found
    }
    struct Missing: Error {}
    let known = try flow(0.5, bound: 0.5)
    let size = Specification.Step(scheme: .implicit, size: .one)
    func verdict(_ w: Double, _ bound: Double) throws -> Verdict<Specification> {
      guard
        case .step(let argument) = Self.step(
          try Specification.of([[w]]), Proof(.triangular(order: [0]), bound: bound))
      else { throw Missing() }
      return try Specification.of([[w]]).with(step: size).certify(argument, given: known)
    }
    // 1/(1 + ½), and what the kernel makes of the certificate that comes with it.
    guard case .certified(let own) = try verdict(0.5, 0.5) else { throw Missing() }
    let factor = try #require(own.guarantee.factor)
    #expect(factor >= 2.0 / 3 && factor <= 2.0 / 3 + 1e-15 && own.guarantee.rule == .step)
    guard case .certified(let again) = try own.specification.certify(using: own.certificate)
    else { throw Missing() }
    #expect(again.guarantee == own.guarantee)
    // The same words about a network that diverges, or a rate that the flow does not have.
    for (w, bound) in [(2.0, 0.5), (0.5, 0.75)] {
      guard case .undecided(let why) = try verdict(w, bound) else {
        Issue.record("W = \(w) at rate \(bound) was certified by a flow that it does not have")
        continue
      }
      #expect(why.path == [0], "\(why)")
    }
    // A flow that attains no step leaves it undecided, with what is attained.
    let wide = Specification.Step(size: ExactRatio(4))
    guard
      case .step(let argument) = Self.step(
        known.specification, Proof(.triangular(order: [0]), bound: 0.5)),
      case .undecided(let why) = try known.specification.with(step: wide)
        .certify(argument, given: known), case .boundNotReached(1, let attained) = why.reason
    else {
      Issue.record("h = 4 was certified")
      return
    }
    #expect(attained >= 1)
  }

  /// E1 where the flow contracts faster than −I + WD is small: W = −3, ρ² = 1 − 2hλ + (h + 3h)².
  @Test func factorByTheRate() throws {
    let network = try Specification.of([[-3]], step: ExactRatio(1, over: 16))
    let argument = Self.step(network, Proof(.triangular(order: [0]), bound: 1))
    let found = try #require(confirmedRate(network, argument, .asRun))
    // 1 − 1/8 + 1/16 = 15/16.
    #expect(found.isTrue && Rational(found.bound) * Rational(found.bound) >= Rational(15, over: 16))
    #expect(found.bound < 0.968245836552)
    // A claimed rate below what the flow attains counts as claimed: 1 − 1/16 + 1/16 is no contraction.
    let modest = Self.step(network, Proof(.triangular(order: [0]), bound: 0.5))
    #expect(network.tightestBound(modest, .asRun) == nil)
    // τ = 2, step 1/8: the same h, and λ = ½ a unit of time.
    let slow = try Specification.of([[-3]], tau: [ExactRatio(2)], step: ExactRatio(0.125))
    let paced = try #require(
      confirmedRate(slow, Self.step(slow, Proof(.triangular(order: [0]), bound: 0.5)), .asRun))
    #expect(paced.bound == found.bound && paced.isTrue)
  }

  private static func feedback(_ L: Matrix, w: [Double] = [1, 1]) -> Proof {
    Proof(
      .assembly(
        .init(
          .feedback, components: [[0], [1]],
          proofs: [1.0, 1].map { Proof(.triangular(order: [0]), bound: $0) },
          columnScaling: [1, 1], rowScaling: w)), bound: 1)
  }

  /// Skew L of norm ℓ: √((1 − h)² + h²ℓ²), 1/(1 + h), e^{−h}, 1/(1 + h); in another metric, M = (4, 1), the same.
  @Test func skewCouplings() throws {
    for (L, w) in [
      (Matrix([[0, 3], [-3, 0]]), [1.0, 1]), (Matrix([[0, 1.5], [-6, 0]]), [4, 1]),
    ] {
      let flow = Self.feedback(L, w: w)
      func network(_ scheme: Scheme) throws -> Specification {
        try Specification(
          form: .outside, recurrent: .dense(Matrix(rows: 2, columns: 2)), coupling: .dense(L),
          step: .init(scheme: scheme, size: ExactRatio(1, over: 32)))
      }
      let parts: [[Int32]] = [[0], [1]]
      for components in [parts, [[0, 1]], [[1, 0]]] {
        let euler = try network(.euler)
        let found = try #require(
          confirmedRate(euler, Self.step(euler, flow, components: components), .asRun))
        // (31/32)² + (3/32)² = 970/1024.
        let square = Rational(found.bound) * Rational(found.bound)
        #expect(found.isTrue && square >= Rational(970, over: 1024))
        #expect(found.bound < 0.973275720, "\(found.bound)")
        for scheme in [Scheme.semiImplicit, .implicit] {
          let other = try network(scheme)
          try Self.expectFactor(
            other, Self.step(other, flow, components: components), Rational(32, over: 33))
        }
        let exponential = try network(.exponential)
        let decay = try #require(
          confirmedRate(exponential, Self.step(exponential, flow, components: components), .asRun))
        // e^{−1/32} = 0.96923323…
        #expect(decay.isTrue && decay.bound > 0.969233234 && decay.bound < 0.969233235)
      }
    }
  }

  /// The residual of a coupling that is nearly skew, r = ½|δ|.
  @Test func residualFormula() throws {
    let L = Matrix([[0, 2], [-1.5, 0]])
    let flow = Proof(
      .assembly(
        .init(
          .feedback, components: [[0], [1]],
          proofs: [1.0, 1].map { Proof(.triangular(order: [0]), bound: $0) },
          columnScaling: [1, 1], rowScaling: [1, 1])), bound: 0.75)
    func network(_ scheme: Scheme, _ h: ExactRatio = ExactRatio(0.25)) throws -> Specification {
      try Specification(
        form: .outside, recurrent: .dense(Matrix(rows: 2, columns: 2)), coupling: .dense(L),
        step: .init(scheme: scheme, size: h))
    }
    for components in [[[0], [1]], [[0, 1]]] as [[[Int32]]] {
      // r = ¼: 1/(1 + ¼ − 1/16) = 16/19; implicit 1/(1 + 3/16) = 16/19.
      for scheme in [Scheme.semiImplicit, .implicit] {
        let run = try network(scheme)
        try Self.expectFactor(
          run, Self.step(run, flow, components: components), Rational(16, over: 19))
      }
      let exponential = try network(.exponential)
      let decay = try #require(
        confirmedRate(exponential, Self.step(exponential, flow, components: components), .asRun))
      // e^{−3/16} = 0.82902911…
      #expect(decay.isTrue && decay.bound > 0.82902911 && decay.bound < 0.82902912)
      // (7/8)² + 2 · ⅞ · ⅛ · ¼ + 4/64 = 49/64 + 3.5/64 + 4/64; E1 is 1 − 2 · 3/32 + (1 + ½ + 4)/64.
      let euler = try network(.euler, ExactRatio(0.125))
      let found = try #require(
        confirmedRate(euler, Self.step(euler, flow, components: components), .asRun))
      #expect(found.isTrue)
      #expect(found.bound * found.bound > 56.5 / 64 - 1e-12, "\(found.bound)")
      #expect(found.bound * found.bound < 56.5 / 64 + 1e-12, "\(found.bound)")
    }
  }

  /// ℓ for the whole of L at once, and blocks by claims and by sums of magnitudes.
  @Test func couplingNormOfTheWhole() throws {
    // |L|₂ = 5 = √(3² + 4²); sums of magnitudes say √(4 · 7).
    let L = Matrix([[0, 3, 4], [-3, 0, 0], [-4, 0, 0]])
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix(rows: 3, columns: 3)), coupling: .dense(L),
      step: .init(size: ExactRatio(1, over: 32)))
    let flow = Proof(
      .assembly(
        .init(
          .feedback, components: [[0], [1], [2]],
          proofs: [1.0, 1, 1].map { Proof(.triangular(order: [0]), bound: $0) },
          columnScaling: [1, 1, 1], rowScaling: [1, 1, 1])), bound: 1)
    let plain = try #require(
      confirmedRate(network, Self.step(network, flow), .asRun))
    let claimed = try #require(
      confirmedRate(network, Self.step(network, flow, couplingNorm: 5 * (1 + 1e-12)), .asRun))
    #expect(plain.isTrue && claimed.isTrue && claimed.bound < plain.bound)
    // (31² + 25)/32².
    #expect((claimed.bound * claimed.bound - 986.0 / 1024).magnitude < 1e-12)
    for ℓ in [5 * (1 - 1e-12), 5, 0, -1, .nan] as [Double] {
      let forged = Self.step(network, flow, couplingNorm: ℓ)
      #expect(network.tightestBound(forged, .asRun) == nil, "\(ℓ)")
    }
    let vast = Self.step(network, flow, couplingNorm: .infinity)
    #expect(network.tightestBound(vast, .asRun) == plain.bound, "what is known is kept")
  }

  @Test func equalityNeverCertifies() throws {
    // h = 2(1 − ω)/(1 − ω²) is 4/3 for ω = ½: 1/3 + 2/3 = 1. At h = 4/3 exactly, and above, nothing.
    for (h, isCertified) in [(ExactRatio(4, over: 3), false), (ExactRatio(1.3125), true)] {
      let network = try Specification.of([[0.5]], step: h)
      let argument = Self.step(network, Proof(.triangular(order: [0]), bound: 0.5))
      #expect((network.tightestBound(argument, .asRun) != nil) == isCertified)
    }
    // ω + r = 1: no step of any length.
    for scheme in [Scheme.semiImplicit, .exponential, .euler] {
      let network = try Specification.of([[-1]]).with(
        step: .init(scheme: scheme, size: ExactRatio(2)))
      let argument = Self.step(network, Proof(.triangular(order: [0]), bound: 1))
      #expect(try !network.answer(argument, bound: (1.0).nextDown, .asRun).isCertified)
    }
  }

  @Test func whatTheRuleDoesNotCover() throws {
    let flow = Proof(.triangular(order: [0]), bound: 0.5)
    let map = try Specification.of([[0.5]], .map)
    #expect(
      try map.answer(Self.step(map, flow), bound: 0.9, .asRun)
        == .undecided(.notCovered(.noStep)))
    let euler = try Specification.of([[0.5]], step: ExactRatio(0.5))
    #expect(
      try euler.answer(Self.step(euler, flow), bound: 0.1) == .undecided(.notCovered(.notAFlow)))
    let twice = Proof(Self.step(euler, flow), bound: 0.9)
    #expect(
      try euler.answer(Self.step(euler, twice), bound: 0.9, .asRun)
        == .undecided(.notCovered(.notAFlow)))
    // A flow whose modules are steps is no flow.
    let nested = Proof(
      .assembly(
        .init(
          .interconnection, components: [[0]], proofs: [twice], columnScaling: [1],
          rowScaling: [1])), bound: 0.5)
    #expect(try !euler.answer(Self.step(euler, nested), bound: 0.9, .asRun).isCertified)
    let split = try euler.with(step: .init(scheme: .split, size: ExactRatio(0.5)))
    #expect(
      try split.answer(Self.step(split, flow), bound: 0.9, .asRun)
        == .undecided(.notCovered(.scheme)))
    for scheme in Self.schemes {
      let times = try Specification.of(
        [[0.5, 0], [0, 0.5]], tau: [ExactRatio(1), ExactRatio(2)]
      ).with(step: .init(scheme: scheme, size: ExactRatio(0.5)))
      let two = Proof(.triangular(order: [0, 1]), bound: 0.25)
      let found = confirmedRate(times, Self.step(times, two), .asRun)
      #expect((found != nil) == (scheme == .implicit))
      #expect(found?.isTrue != false)
    }
  }

  /// A full metric over several components cannot be told apart into theirs.
  @Test func fullMetricsOverSeveralComponents() throws {
    let network = try Specification.of(
      [[0.125, 0.25], [0.25, 0.125]], step: ExactRatio(0.5))
    let flow = Proof(.symmetric, bound: 0.5)
    #expect(
      try network.answer(Self.step(network, flow, components: [[0], [1]]), bound: 0.99, .asRun)
        == .undecided(.notCovered(.splitMetric)))
    #expect(
      try network.answer(Self.step(network, flow, components: [[1, 0]]), bound: 0.99, .asRun)
        == .undecided(.notCovered(.splitMetric)))
    let whole = try #require(confirmedRate(network, Self.step(network, flow), .asRun))
    #expect(whole.isTrue)
    for (parts, unit) in [
      ([[0]], 1), ([[0, 1], [1]], 1), ([[0, 2]], 2), ([[0, 1], []], -1), ([[-1, 0]], -1),
    ] as [([[Int32]], Int)] {
      #expect(
        try network.answer(Self.step(network, flow, components: parts), bound: 0.99, .asRun)
          == .undecided(.notAPartition(.components, unit: unit)))
    }
    #expect(throws: InputError.length(.scaling, found: 2, expected: 1)) {
      try network.answer(Self.step(network, flow, x: [1, 1]), bound: 0.99, .asRun)
    }
    for bad in [0, -1, .nan, .infinity] as [Double] {
      #expect(
        try !network.answer(Self.step(network, flow, x: [bad]), bound: 0.99, .asRun).isCertified)
      #expect(
        try !network.answer(Self.step(network, flow, y: [bad]), bound: 0.99, .asRun).isCertified)
    }
  }
}
