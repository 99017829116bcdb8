@testable import CertifyKernel
import TestSupport
import Testing

/// What a rule does not speak of is declined by name, however harmless the numbers are.
@Suite struct NotCoveredTests {
  static let one = Matrix([[1]])

  static func nonlinear(
    _ step: Specification.Step = .init(size: ExactRatio(0.5))
  ) throws -> Specification {
    try Specification(
      form: .outside, recurrent: .dense(Matrix([[-1]])),
      nonlinearCoupling: .init(weights: .dense(Matrix([[0]])), slopes: .unit), step: step)
  }

  @Test func rulesWithoutNonlinearCouplings() throws {
    let arguments: [Argument] = [
      .symmetric, .productForm(rowScaling: [1], floor: 0.5), .disk(metric: [1]),
      .singularValue(metric: [1], norm: 2, dropsInhibitoryDiagonal: false),
      .slopeLMI(metric: Self.one, multiplier: [1], floor: 0.5),
      .vertexLMI(metric: Self.one, floor: 0.5),
    ]
    for argument in arguments {
      #expect(
        try Self.nonlinear().answer(argument, bound: 0.25)
          == .undecided(.notCovered(.nonlinearCoupling)))
    }
    let split = Argument.splitStep(.init(metric: [1], components: [[0]], norms: [2]))
    let step = Specification.Step(scheme: .split, size: .one, leak: [0.5])
    #expect(
      try Self.nonlinear(step).answer(split, bound: 0.99, .asRun)
        == .undecided(.notCovered(.nonlinearCoupling)))
  }

  @Test func rulesWithoutLinearCouplings() throws {
    let coupled = try Specification.of([[-1]], L: [[0]], step: ExactRatio(0.5))
    for argument in [
      Argument.symmetric, .productForm(rowScaling: [1], floor: 0.5), .disk(metric: [1]),
    ] {
      #expect(
        try coupled.answer(argument, bound: 0.25) == .undecided(.notCovered(.linearCoupling)))
    }
    let norm = Argument.singularValue(metric: [1], norm: 1.5, dropsInhibitoryDiagonal: false)
    #expect(
      try coupled.answer(norm, bound: 0.99, .asRun) == .undecided(.notCovered(.linearCoupling)))
  }

  @Test func impossibilitiesWithoutNonlinearCouplings() throws {
    let pair = Matrix([[1, 0], [0, 1]])
    let claims: [Impossibility] = [
      .constantMetric(.init(terms: [.init(active: [0], .matrix(Self.one))], bound: 0)),
      .multiplier(.init(.matrix(pair), bound: 0.5)), .absoluteValue(direction: [1]),
    ]
    for claim in claims {
      guard case .declined(let why) = try Self.nonlinear().prove(claim, .continuous) else {
        Issue.record("\(claim) was proved")
        continue
      }
      #expect(why.reason == .notCovered(.nonlinearCoupling))
    }
    let plain = try Specification.of([[-1]])
    for bound in [-1, .infinity] as [Double] {
      guard
        case .declined(let why) = try plain.prove(
          .multiplier(.init(.matrix(pair), bound: bound)), .continuous)
      else {
        Issue.record("a rate of \(bound) was proved")
        continue
      }
      #expect(why.reason == .notContracting(bound: bound))
    }
    for (rows, columns) in [(2, 3), (2, 1), (1, 2)] {
      #expect(throws: InputError.shape(.dual, rows: rows, columns: columns, expected: 2)) {
        try plain.prove(
          .multiplier(.init(.matrix(Matrix(rows: rows, columns: columns)), bound: 0)),
          .continuous)
      }
    }
  }

  @Test func exactDynamicsExistForFlowsAndEulerSteps() throws {
    #expect(try ExactDynamics(Self.nonlinear(), .continuous) == nil)
    let map = try Specification.of([[0.5]], .map)
    #expect(ExactDynamics(map, .asRun) != nil && ExactDynamics(map, .continuous) == nil)
    let flow = try Specification.of([[0.5]])
    #expect(ExactDynamics(flow, .continuous) != nil && ExactDynamics(flow, .asRun) == nil)
    let implicit = try Specification(
      form: .outside, recurrent: .dense(Self.one),
      step: .init(scheme: .implicit, size: .one))
    #expect(ExactDynamics(implicit, .asRun) == nil)
  }

  /// Equality in the second inequality alone, and in the third alone: no metric.
  @Test func twoUnitsAtEquality() throws {
    func answer(_ b: Double, _ c: Double) throws -> Bool? {
      TwoUnits.hasConstantMetric(try .of([[0, b], [c, 0]]), m: 0, k: 1)
    }
    #expect(try answer(2, -1) == false && answer((2.0).nextDown, -1) == true)
    #expect(try answer(-1, 2) == false && answer(-1, (2.0).nextDown) == true)
    #expect(try answer(1.5, 0.5) == false && answer((1.5).nextDown, 0.5) == true)
  }

  /// k = 0: the rate 1/τ holds, but equality certifies nothing.
  @Test func theDiskOfRadiusZero() throws {
    let network = try Specification.of([[-1]])
    #expect(!network.accepts(.disk(metric: [1]), bound: 1, .continuous))
    #expect(network.accepts(.disk(metric: [1]), bound: (1.0).nextDown, .continuous))
  }

  /// A norm of the zero matrix may be 0; it is not negative, not infinite and a number.
  @Test func normsOfSplitStepsAreNumbers() throws {
    for slope in [0.0, 1] {
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix([[0]])),
        slopes: SlopeInterval(.zero, ExactRatio(slope)),
        step: .init(scheme: .split, size: .one, leak: [0.5]))
      func accepts(_ norm: Double) -> Bool {
        network.accepts(
          .splitStep(.init(metric: [1], components: [[0]], norms: [norm])), bound: 0.75, .asRun)
      }
      #expect(accepts(0))
      for bad in [-0.25, -.infinity, .infinity, .nan] as [Double] { #expect(!accepts(bad)) }
    }
  }

  /// As `loadsThatUnderflowAreNotForgotten`, where each unit has its own time constant.
  @Test(arguments: [1.0, 1e10, 0x1p600])
  func loadsThatUnderflowUnitByUnit(spread: Double) throws {
    let network = try Specification.of(
      [[0, .leastNonzeroMagnitude], [0, 0]], tau: [.one, ExactRatio(0.5)])
    let argument = Argument.absoluteValue(columnScaling: [spread, 1], rowScaling: [1, spread])
    #expect(try !network.answer(argument, bound: 1).isCertified)
    #expect(try network.answer(argument, bound: (1.0).nextDown).isCertified)
  }

  @Test func boundsWithoutACertificateAskForPositiveScalings() throws {
    let network = try Specification.of([[0.5]], step: ExactRatio(0.5))
    for scope in Scope.allCases {
      for bad in [0, -1, .nan, .infinity] as [Double] {
        for (v, w) in [(bad, 1), (1, bad)] {
          let outcome = try AbsoluteValue.bound(
            of: network, scope: scope, columnScaling: [v], rowScaling: [w])
          #expect(outcome.value == nil)
        }
      }
    }
  }

  /// A step of more time constants than a double can count: infinities and NaN, which certify nothing.
  @Test(arguments: [0.0, 0.5, -0.5])
  func pacesThatOverflow(weight: Double) throws {
    let long = try Specification.of(
      [[weight]], tau: [ExactRatio(0x1p-1000)], step: ExactRatio(0x1p1000))
    let units = try Specification.of(
      [[weight, 0], [0, weight]], tau: [ExactRatio(0x1p-1000), ExactRatio(0x1p-999)],
      step: ExactRatio(0x1p1000))
    for network in [long, units] {
      let n = network.units
      let ones = [Double](repeating: 1, count: n)
      let arguments: [Argument] = [
        .absoluteValue(columnScaling: ones, rowScaling: ones), .symmetric, .disk(metric: ones),
        .singularValue(metric: ones, norm: 1, dropsInhibitoryDiagonal: false),
        .triangular(order: (0..<Int32(n)).map { $0 }),
        .slopeLMI(metric: .identity(n), multiplier: ones, floor: 0.5),
        .vertexLMI(metric: .identity(n), floor: 0.5),
      ]
      for argument in arguments {
        for bound in [0, 0.5, (1.0).nextDown] {
          #expect(!network.accepts(argument, bound: bound, .asRun), "\(argument)")
        }
      }
    }
  }

  @Test func infinityTimesZeroIsNotANumber() {
    let product = Interval(1, .infinity) * Interval(0)
    #expect(product.lower.isNaN && product.upper.isNaN)
  }
}
