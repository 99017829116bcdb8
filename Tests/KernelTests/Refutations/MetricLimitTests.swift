@testable import CertifyKernel
import TestSupport
import Testing

/// What one direction says of a metric, rounded to the side on which it is true.
@Suite struct MetricLimitTests {
  @Test(arguments: [(1.0, 3.0), (-1, 3), (2, 7), (-5, 11), (1, 10), (-1, 10)])
  func limitsAreRoundedUpAndFactorsDown(growth: Double, size: Double) {
    let form = MetricForm(size: Interval(size), growth: Interval(growth))
    let rate = Rational(-growth) / Rational(size)
    #expect(Rational(form.limit(.continuous)) >= rate)
    #expect(Rational(form.limit(.continuous).nextDown) < rate)
    #expect(Rational(form.limit(.asRun)) <= 1 - rate)
    #expect(Rational(form.limit(.asRun).nextUp.nextUp) > 1 - rate)
    let fault = MetricFault(
      kind: .notShrinking, scope: .continuous, active: [], direction: [], size: Interval(size),
      growth: Interval(growth))
    #expect(Rational(fault.relativeGrowth) <= -rate)
    #expect(Rational(fault.relativeGrowth.nextUp) > -rate)
  }

  /// Of wide enclosures the end that claims least counts.
  @Test func endsAreThoseThatClaimLeast() {
    let size = Interval(2, 4)
    #expect(MetricForm(size: size, growth: Interval(-8, -4)).limit(.continuous) == 4)
    #expect(MetricForm(size: size, growth: Interval(4, 8)).limit(.continuous) == -1)
    #expect(MetricForm(size: size, growth: Interval(4, 8)).limit(.asRun) == 2)
    func relative(_ size: Interval) -> Double {
      MetricFault(
        kind: .notShrinking, scope: .continuous, active: [], direction: [], size: size,
        growth: Interval(4, 8)
      ).relativeGrowth
    }
    #expect(relative(size) == 1)
    for none in [Interval(0), Interval(0, 4), Interval(-1, 4), Interval(.nan)] {
      #expect(relative(none) == .infinity)
      #expect(MetricForm(size: none, growth: Interval(-8, -4)).limit(.continuous).isNaN)
      #expect(MetricForm(size: none, growth: Interval(-8, -4)).limit(.asRun).isNaN)
    }
  }

  @Test func metricsOfTheWrongShapeThrow() throws {
    let network = try Specification.of([[0, 2], [0, 0]])
    for (rows, columns) in [(2, 3), (3, 2), (1, 2), (2, 1)] {
      #expect(throws: InputError.shape(.metric, rows: rows, columns: columns, expected: 2)) {
        try network.evaluate(
          metric: Matrix(rows: rows, columns: columns), .continuous, active: [],
          direction: [1, 1])
      }
    }
    #expect(
      try network.evaluate(
        metric: Matrix.identity(2), .asRun, active: [], direction: [1, 1]) == nil)
  }

  /// κ = high/low and its root, each rounded up; nothing is known of a metric that may be singular or infinite.
  @Test(arguments: [(3.0, 1.0), (3, 7), (10, 2), (1, 3), (49, 6)])
  func overshootsAreRoundedUp(high: Double, low: Double) {
    let overshoot = MetricBounds.full(lower: low, upper: high).overshoot
    #expect(
      Rational(overshoot) * Rational(overshoot) * Rational(low) >= Rational(high))
  }

  @Test func metricsWithoutBoundsHaveNoOvershoot() {
    for (low, high) in [(0.0, 1.0), (1, .infinity), (-1, 1), (.nan, 1), (1, .nan)] {
      #expect(MetricBounds.full(lower: low, upper: high).overshoot == .infinity)
      #expect(MetricBounds.diagonal(lower: [low, 1], upper: [high, 1]).extent == (0, .infinity))
      let block = MetricBounds.Block(
        units: [0], scale: Interval(low, high), metric: .full(lower: 1, upper: 1))
      #expect(MetricBounds.blocks([block]).extent == (0, .infinity))
    }
  }

  /// Upper bounds on both sides: the greater end on the left, the root of the lesser one on the right.
  @Test func factorsAreRoundedUp() {
    let bounds = MetricBounds.diagonal(lower: [3, 4, 4], upper: [3, 9, 9])
    let (left, right) = bounds.factors(units: 3)
    #expect(Rational(left[0]) * Rational(left[0]) >= 3)
    #expect(Rational(right[0]) * Rational(right[0]) * 3 >= 1)
    #expect(left[1] == 3 && right[1] == 0.5)
  }
}
