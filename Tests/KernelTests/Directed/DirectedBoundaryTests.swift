import TestSupport
import Testing

@testable import CertifyKernel

/// Conditions of rules at their edge: what is refused there, and in which words.
@Suite struct DirectedBoundaryTests {
  @Test func whatMeansContraction() throws {
    for bound in [0, -1, -.infinity, .infinity, .nan] as [Double] {
      #expect(!Scope.continuous.contracts(bound))
    }
    for bound in [1, 2, -0x1p-1074, -1, .infinity, .nan] as [Double] {
      #expect(!Scope.asRun.contracts(bound))
    }
    #expect(Scope.asRun.contracts(0) && Scope.continuous.contracts(.greatestFiniteMagnitude))
    let network = try Specification.of([[0]], step: .one)
    let own = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
    for (scope, bound) in [(Scope.continuous, -1.0), (.continuous, 0), (.asRun, 1), (.asRun, 2)] {
      guard case .declined(let why) = try network.check(Proof(own, bound: bound), scope) else {
        Issue.record("\(bound) was accepted")
        continue
      }
      #expect(why.reason == .notContracting(bound: bound))
    }
  }

  @Test func disksAtTheirEdge() throws {
    let disk = Argument.disk(metric: [1])
    // Steps of 2 and more, the last one enclosed by numbers on both sides of 2.
    for (step, τ) in [
      (ExactRatio(2), ExactRatio.one), (ExactRatio(3), .one),
      (ExactRatio(2, over: 3), ExactRatio(1, over: 3)), (ExactRatio(0.2), ExactRatio(1, over: 10)),
    ] {
      let network = try Specification.of([[0]], tau: [τ], step: step)
      #expect(
        try network.answer(disk, bound: 1 - 0x1p-30, .asRun)
          == .undecided(.notCovered(.stepTooLarge)), "\(step), \(τ)")
    }
    // (1 − h) + gW = 0: all that is left is |1 − h| itself, which is not below it.
    let half = try Specification.of([[-0.5]], step: ExactRatio(0.5))
    for claimed in [0.5, 0.25, 0] {
      #expect(
        try half.answer(disk, bound: claimed, .asRun)
          == .undecided(.boundNotReached(claimed: claimed, attained: 0.5)))
    }
    #expect(try half.answer(disk, bound: (0.5).nextUp, .asRun).isCertified)
    let third = try Specification.of([[-0.5]], step: ExactRatio(1, over: 3))
    for claimed in [2.0 / 3, (2.0 / 3).nextUp, (2.0 / 3).nextDown] {
      guard Rational(claimed) <= Rational(2, over: 3) || claimed == 2.0 / 3 else { continue }
      guard
        case .undecided(.boundNotReached) = try third.answer(disk, bound: claimed, .asRun)
      else {
        Issue.record("\(claimed)")
        continue
      }
    }
  }

  @Test func numbersThatMustBePositive() throws {
    let network = try Specification.of([[0.25]], step: ExactRatio(0.5))
    let split = try Specification(
      form: .outside, recurrent: .dense(Matrix([[0.25]])),
      step: .init(scheme: .split, size: .one, leak: [0.5]))
    for bad in [0, -1, .nan, .infinity, -.infinity] as [Double] {
      func expect(
        _ answer: Answer, _ part: InputError.Part, sourceLocation: SourceLocation = #_sourceLocation
      ) {
        guard case .undecided(.notPositive(part, 0, _)) = answer else {
          Issue.record("\(answer) for \(bad)", sourceLocation: sourceLocation)
          return
        }
      }
      expect(try network.answer(.disk(metric: [bad]), bound: 0.5), .metric)
      expect(
        try network.answer(
          .singularValue(metric: [bad], norm: 0.5, dropsInhibitoryDiagonal: false), bound: 0.25),
        .metric)
      expect(
        try network.answer(
          .slopeLMI(metric: Matrix([[1]]), multiplier: [bad], floor: 0.5), bound: 0.25), .multiplier
      )
      expect(
        try split.answer(
          .splitStep(.init(metric: [bad], components: [[0]], norms: [0.5])), bound: 0.9, .asRun),
        .metric)
      #expect(try SlowSlopes.fault(network, metric: [bad], rate: 1) != nil)
      let product = try Specification.of([[-1]])
      if bad != -.infinity {
        expect(try product.answer(.productForm(rowScaling: [1], floor: bad), bound: 0.5), .metric)
        expect(
          try network.answer(.vertexLMI(metric: Matrix([[1]]), floor: bad), bound: 0.25), .metric)
      }
    }
    for s in [-1, -.infinity, .nan, .infinity] as [Double] {
      let argument = Argument.singularValue(metric: [1], norm: s, dropsInhibitoryDiagonal: false)
      guard case .undecided(.notPositive(.metric, 1, _)) = try network.answer(argument, bound: 0.25)
      else {
        Issue.record("norm \(s)")
        continue
      }
    }
  }

  @Test func metricsOfAnotherShape() throws {
    let network = try Specification.of([[0, 0.25], [0.25, 0]])
    for (rows, columns) in [(2, 3), (2, 1), (3, 2), (1, 2)] {
      let m = Matrix(rows: rows, columns: columns, repeating: 1)
      for argument in [
        Argument.vertexLMI(metric: m, floor: 0.5),
        .slopeLMI(metric: m, multiplier: [1, 1], floor: 0.5),
      ] {
        #expect(throws: InputError.shape(.metric, rows: rows, columns: columns, expected: 2)) {
          try network.answer(argument, bound: 0.25)
        }
      }
    }
  }

  /// ρ = |1 − h| is not above itself; a pace that is attained is rounded down where it is named.
  @Test func attainedBoundsAsTheyAreNamed() throws {
    let network = try Specification.of([[0]], step: ExactRatio(0.5))
    #expect(
      try network.answer(.symmetric, bound: 0.5, .asRun)
        == .undecided(.boundNotReached(claimed: 0.5, attained: 0.5)))
    for τ in [ExactRatio(3), ExactRatio(7), ExactRatio(1, over: 3), ExactRatio(11)] {
      let slow = try Specification.of([[-1]], tau: [τ])
      let argument = Argument.productForm(rowScaling: [1], floor: 0.5)
      guard
        case .undecided(.boundNotReached(_, let attained)) = try slow.answer(argument, bound: 8)
      else {
        Issue.record("\(τ)")
        continue
      }
      #expect(Rational(attained) * Rational(τ) <= 1, "\(τ)")
    }
  }

  /// Only inhibitory entries are dropped.
  @Test func excitatoryEntriesStay() throws {
    let slopes = try SlopeInterval(ExactRatio(0.125), .one)
    for w in [0.5, 0.25] {
      let network = try Specification.of([[w]], slopes: slopes)
      let bounds = [true, false].map { drops in
        network.tightestBound(
          .singularValue(
            metric: [1], norm: 2 * w, dropsInhibitoryDiagonal: drops), .continuous)
      }
      #expect(bounds[0] == bounds[1] && bounds[0] != nil)
    }
  }

  /// 1 − hr/2 = 0, exactly and up to rounding: nothing bounds the turn.
  @Test func turnsWithoutABound() throws {
    for (l, h) in [
      (-2.0, ExactRatio.one), (3, ExactRatio(2, over: 3)), (0.1, ExactRatio(20)), (4, .one),
    ] {
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix([[0]])), coupling: .dense(Matrix([[l]])),
        step: .init(scheme: .split, size: h, leak: [0.5]))
      let argument = Argument.splitStep(.init(metric: [1], components: [[0]], norms: [0]))
      #expect(try network.attained(argument, .asRun) == .infinity, "\(l), \(h)")
    }
  }

  private static func step(
    _ w: Double, _ l: Double?, _ scheme: Specification.Step.Scheme, rate: Double
  ) throws -> Double? {
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix([[w]])),
      coupling: l.map { .dense(Matrix([[$0]])) }, step: .init(scheme: scheme, size: .one))
    let flow = Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: rate)
    return try network.attained(
      .step(.init(flow: flow, components: [[0]], columnScaling: [1], rowScaling: [1])), .asRun)
  }

  /// An exponential step says nothing where ω ≥ κ or κ ≤ 0.
  @Test func exponentialStepsWithoutABound() throws {
    for (w, l) in [(-1.0, 0.0), (-2, 0), (-1.5, 0.25), (0, -1), (0, -2), (-0.5, -2)] {
      #expect(try Self.step(w, l, .exponential, rate: 0.25) == .infinity, "\(w), \(l)")
    }
    #expect(try Self.step(-0.5, 0, .exponential, rate: 0.25).map { $0 < 1 } == true)
  }

  /// A step is not taken from a step.
  @Test func stepsOfStepsAreRefusedAtOnce() throws {
    let network = try Specification.of([[0.25]], step: ExactRatio(0.5))
    let flow = Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: 0.5)
    func step(of proof: Proof) -> Argument {
      .step(.init(flow: proof, components: [[0]], columnScaling: [1], rowScaling: [1]))
    }
    let proof = Proof(step(of: Proof(step(of: flow), bound: 0.9)), bound: 0.9)
    guard case .declined(let why) = try network.check(proof, .asRun) else {
      Issue.record("accepted")
      return
    }
    #expect(why.reason == .notCovered(.notAFlow) && why.path.isEmpty)
  }

  /// Norms that say just what is known already are not shown again.
  @Test func claimsOfWhatIsKnown() throws {
    let network = try Specification.of(
      [[0, 0.25], [0, 0]], L: [[0, 0.5], [0.25, 0]], step: ExactRatio(0.25))
    let flow = Proof(.absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1]), bound: 0.25)
    func step(_ norms: [NormClaim], _ coupling: Double?) -> Argument {
      .step(
        .init(
          flow: flow, components: [[0], [1]], columnScaling: [1, 1], rowScaling: [1, 1],
          norms: norms, couplingNorm: coupling))
    }
    // ω = ¼, ℓ = √(½ · ½).
    for (claims, ℓ) in [
      ([NormClaim(first: 0, second: 1, kind: .toFirst, bound: 0.25)], nil), ([], 0.5),
    ] as [([NormClaim], Double?)] {
      #expect(try network.answer(step(claims, ℓ), bound: 1 - 0x1p-20, .asRun).isCertified)
    }
    #expect(!(try network.answer(step([], 0.25), bound: 1 - 0x1p-20, .asRun).isCertified))
    // r = ½ |½ + ¼ + ⅛|, gains ⅛ and 0.
    for (kind, known) in [(NormClaim.Kind.residual, 0.4375), (.toFirst, 0.125)] {
      let assembly = Argument.assembly(
        .init(
          .interconnection, components: [[0], [1]],
          proofs: [1.0, 1].map { Proof(.triangular(order: [0]), bound: $0) },
          columnScaling: [1, 1], rowScaling: [1, 1],
          norms: [NormClaim(first: 0, second: 1, kind: kind, bound: known)]))
      #expect(try network.answer(assembly, bound: 0.25).isCertified, "\(kind)")
    }
  }

  /// A norm of the whole coupling is shown in diagonal metrics only.
  @Test func couplingNormsNeedADiagonalMetric() throws {
    let network = try Specification.of(
      [[0, 0.125], [0.125, 0]], L: [[0, 0.5], [-0.5, 0]], step: ExactRatio(0.25))
    let flow = Proof(
      .slopeLMI(metric: Matrix([[1, 0.125], [0.125, 1]]), multiplier: [0.5, 0.5], floor: 0.5),
      bound: 0.25)
    guard
      case .certified(let certified) = try network.certify(
        using: Certificate(scope: .continuous, claim: .contracts(flow)))
    else {
      Issue.record("the flow is not certified")
      return
    }
    let plain = Argument.Step(
      flow: flow, components: [[0, 1]], columnScaling: [1], rowScaling: [1])
    let sizes = try #require(try certified.stepSizes(of: plain).value)
    for share in [0.999, 0.5, 0.1] {
      let ℓ = sizes.coupling * share
      let argument = Argument.step(
        .init(
          flow: flow, components: [[0, 1]], columnScaling: [1], rowScaling: [1], couplingNorm: ℓ))
      #expect(
        try network.answer(argument, bound: 1 - 0x1p-20, .asRun)
          == .undecided(.normNotShown(first: 0, second: 0, bound: ℓ)))
    }
  }

  /// What the kernel has checked for a map is no flow; and without a step nothing runs.
  @Test func onlyAFlowIsTakenAsAFlow() throws {
    let network = try Specification.of([[0.5]], step: ExactRatio(0.5))
    let own = Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: 0.9)
    guard
      case .certified(let map) = try network.certify(
        using: Certificate(scope: .asRun, claim: .contracts(own)))
    else {
      Issue.record("the map is not certified")
      return
    }
    let step = Argument.Step(flow: own, components: [[0]], columnScaling: [1], rowScaling: [1])
    guard case .undecided = try network.certify(step, given: map) else {
      Issue.record("a rate of 0.9 was never there")
      return
    }
    guard case .undecided(let why) = try network.with(step: nil).certify(step, given: map) else {
      Issue.record("nothing runs")
      return
    }
    #expect(why.reason == .noSuchScope(.asRun))
  }

  /// Lengths of scalings are looked at before loads are.
  @Test func loadsOfMalformedAssemblies() throws {
    let network = try Specification.of([[0, 0.25], [0.25, 0]])
    for (v, w) in [([1.0], [1.0, 1]), ([1, 1], [1]), ([1, 1, 1], [1, 1]), ([1, 1], [])] {
      let assembly = Argument.Assembly(
        .interconnection, components: [[0], [1]],
        proofs: [1.0, 1].map { Proof(.triangular(order: [0]), bound: $0) }, columnScaling: v,
        rowScaling: w)
      #expect(throws: InputError.self) { try network.pairLoads(of: assembly, .continuous) }
    }
  }

  /// Where all that is known of a metric is how large it is, the linear part is added, rounded up.
  @Test(arguments: UInt64(0)..<4)
  func linearPartsAreAdded(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<100 {
      let (w, x) = (generator.awkwardWeight(), generator.awkwardWeight())
      let (l, k) = (generator.awkwardWeight(0x1p-20), generator.awkwardWeight(0x1p-20))
      let network = try Specification.of([[0, w], [x, 0]], L: [[0, l], [k, 0]])
      let pairs = try #require(
        CouplingPair.all(
          of: network, paces: [Interval(1), Interval(1)], home: [0, 1], .splitBetweenModules,
          on: .one))
      guard let pair = pairs.first else { continue }
      let one = MetricBounds.full(lower: 1, upper: 1)
      let set = ModuleSet(form: .outside, units: [[0], [1]], metrics: [one, one], total: 2)
      var load = set.slopeLoad(pair)
      set.chargeLinearPart(of: pair, to: &load)
      func sum(_ w: Double, _ l: Double) -> Rational {
        let half = Rational(w) * Rational(1, over: 2)
        return half.magnitude + (Rational(l) + half).magnitude
      }
      faults.expect(load.toFirst, above: sum(w, l), "\(w), \(l)")
      faults.expect(load.toSecond, above: sum(x, k), "\(x), \(k)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Where W and K meet, what their slopes add has the sum of the magnitudes, rounded up.
  @Test(arguments: UInt64(0)..<4)
  func slopesOfBothAddUp(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<100 {
      let (w, k) = (generator.awkward(), -generator.awkward() * generator.power(-30...0))
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix([[0, w], [0, 0]])),
        nonlinearCoupling: .init(weights: .dense(Matrix([[0, k], [0, 0]])), slopes: .unit))
      let pairs = try #require(
        CouplingPair.all(
          of: network, paces: [Interval(1), Interval(1)], home: [0, 1], .wholeEverywhere, on: .one))
      let size = pairs[0].entries[0].slopesToFirst.magnitude
      faults.expect(size, above: Rational(w) + Rational(k).magnitude, "\(w), \(k)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Form inside: of the module that drives, M itself must be known, and not only its inverse.
  @Test func inversesDoNotStandForMetrics() throws {
    let network = try Specification.of([[0, 1], [0, 0]], .inside)
    let pairs = try #require(
      CouplingPair.all(
        of: network, paces: [Interval(1), Interval(1)], home: [0, 1], .splitBetweenModules, on: .one
      ))
    let one = MetricBounds.diagonal(lower: [1], upper: [1])
    // M = 1/100 in the driving module: the gain is 10 · ½.
    let small = EnclosedMatrix(Matrix([[100]]))
    for (metric, isKnown) in [
      (MetricBounds.inverse(small, lower: 0.01, upper: 0.011), false),
      (.matrix(small, lower: 100, upper: 100), true),
    ] {
      let set = ModuleSet(form: .inside, units: [[0], [1]], metrics: [one, metric], total: 2)
      #expect(set.gainIsBelow(2, pairs[0], toFirst: true) == isKnown)
    }
  }

  /// Numbers for which a function says nothing stop the program.
  @Test func whatHasNoMeaningStops() async {
    await #expect(processExitsWith: .failure) { _ = SkewPair.fate(-1) }
    await #expect(processExitsWith: .failure) { _ = SkewPair.fate(.infinity) }
    await #expect(processExitsWith: .failure) { _ = ExactRatio(1, over: 0) }
    await #expect(processExitsWith: .failure) { _ = ExactRatio(1, over: -1) }
    await #expect(processExitsWith: .failure) { _ = ExactRatio(1, over: .infinity) }
  }

  /// c is on a side of c* where the sign of f(c) is proved, and nowhere near c* does an end of f(c) vanish.
  @Test func signsAroundTheThreshold() {
    var c = SkewPair.threshold.lower
    for _ in 0..<512 { c = c.nextDown }
    for _ in 0..<1024 {
      let f = SkewPair.quarterTurnExponent(c)
      #expect(f.upper != 0 && f.lower != 0, "\(c)")
      let fate = f.upper < 0 ? SkewPair.Fate.contracts : f.lower > 0 ? .diverges : .undecided
      #expect(SkewPair.fate(c) == fate, "\(c)")
      c = c.nextUp
    }
  }
}
