@testable import CertifyKernel
import TestSupport
import Testing

/// Claims at the edge of what an impossibility can say.
@Suite struct ImpossibilityBoundaryTests {
  @Test func limitsAreRatesFromZeroAndFactorsUpToOne() {
    for bound in [0, 1, .leastNonzeroMagnitude] as [Double] {
      #expect(Scope.continuous.isLimit(bound))
    }
    for bound in [-.leastNonzeroMagnitude, .infinity, .nan] as [Double] {
      #expect(!Scope.continuous.isLimit(bound))
    }
    for bound in [1, (1.0).nextDown, .leastNonzeroMagnitude] { #expect(Scope.asRun.isLimit(bound)) }
    for bound in [0, -1, (1.0).nextUp, .infinity, .nan] { #expect(!Scope.asRun.isLimit(bound)) }
  }

  /// A limit of 0 or 1 leaves no contraction; one beyond does.
  @Test func onlyEqualityExcludesContraction() throws {
    func term(_ active: [Int32], _ values: [Double]) -> MetricDual.Term {
      .init(active: active, .factor(Matrix(rows: values.count, columns: 1, values: values)))
    }
    let flow = try Specification.of([[0]], L: [[1]])
    let none = MetricDual(terms: [term([], [1])], bound: 0)
    #expect(try flow.prove(.constantMetric(none), .continuous).value?.excludesContraction == true)
    let half = try Specification.of([[0]], L: [[0.5]])
    let some = MetricDual(terms: [term([], [1])], bound: 0.5)
    #expect(try half.prove(.constantMetric(some), .continuous).value?.excludesContraction == false)
    let map = try Specification.of([[1]], .map)
    let edge = MetricDual(terms: [term([0], [1])], bound: 1)
    #expect(try map.prove(.constantMetric(edge), .asRun).value?.excludesContraction == true)
    let small = try Specification.of([[0.5]], .map)
    let inside = MetricDual(terms: [term([0], [1])], bound: 0.5)
    #expect(try small.prove(.constantMetric(inside), .asRun).value?.excludesContraction == false)
  }

  /// What is impossible of a flow's metrics says nothing of a step that is not Euler's.
  @Test func stepsOfOtherSchemesAreNotCovered() throws {
    let weights = Weights.dense(Matrix([[0, -3], [3, 0]]))
    for scheme in [Specification.Step.Scheme.semiImplicit, .exponential, .implicit, .euler] {
      let network = try Specification(
        form: .outside, recurrent: weights, step: .init(scheme: scheme, size: .one))
      let outcome = try network.prove(.constantMetricOfTwoUnits, .asRun)
      guard scheme != .euler else {
        #expect(outcome.value != nil)
        continue
      }
      guard case .declined(let why) = outcome else {
        Issue.record("\(scheme) is accepted")
        continue
      }
      #expect(why.reason == .notCovered(.scheme))
    }
  }

  @Test func perronAsksForAFlowWithoutNonlinearCoupling() throws {
    func answer(_ network: Specification, _ scope: Scope) throws -> Obstruction.Reason? {
      switch try network.prove(.absoluteValue(direction: [1]), scope) {
      case .accepted: nil
      case .declined(let why): why.reason
      }
    }
    #expect(try answer(.of([[1]]), .continuous) == nil)
    #expect(try answer(.of([[1]], .map), .asRun) == .notCovered(.map))
    #expect(try answer(.of([[2]], .map), .continuous) == .noSuchScope(.continuous))
    let two = try Specification.of([[1, 0], [0, 0]])
    if case .declined(let why) = try two.prove(.absoluteValue(direction: [1, -1]), .continuous) {
      #expect(why.reason == .notPositive(.dual, index: 1, value: -1))
    } else {
      Issue.record("a direction with a negative entry is accepted")
    }
    // An entry of W and one of L at the same place make one entry of N: 0.6, and not twice that.
    #expect(try answer(.of([[0.3]], L: [[0.3]]), .continuous) != nil)
    #expect(try answer(.of([[0.5]], L: [[0.5]]), .continuous) == nil)
    let one = Weights.dense(Matrix([[1]]))
    let nonlinear = try Specification(
      form: .outside, recurrent: one, nonlinearCoupling: .init(weights: one, slopes: .unit))
    #expect(try answer(nonlinear, .continuous) == .notCovered(.nonlinearCoupling))
    // The same for two units: only networks without nonlinear coupling, from slope 0, of one time constant.
    let weights = Weights.dense(Matrix([[0, -2], [2, 0]]))
    let coupled = try Specification(
      form: .outside, recurrent: weights,
      nonlinearCoupling: .init(weights: weights, slopes: .unit))
    #expect(TwoUnits.hasConstantMetric(coupled) == nil)
    let steep = try SlopeInterval(ExactRatio(0.5), .one)
    #expect(TwoUnits.hasConstantMetric(try .of([[0, -2], [2, 0]], slopes: steep)) == nil)
    #expect(
      TwoUnits.hasConstantMetric(try .of([[0, -2], [2, 0]], tau: [.one, ExactRatio(2)])) == nil)
    #expect(TwoUnits.hasConstantMetric(try .of([[0, -2], [2, 1]])) == nil)
  }
}
