@testable import CertifyKernel
import TestSupport
import Testing

@Suite struct ExponentialTests {
  /// Rational numbers below and above e^{−x}, about 2^−(200 + 2x) apart, by the alternating series and squarings.
  static func bounds(_ x: Double) -> (low: Rational, high: Rational) {
    if x < 0x1p-60 {
      let x = Rational(x)
      return (1 - x, 1 - x + x * x * Rational(1, over: 2))
    }
    let bits = 256 + Int(3 * x)
    let unit = (0..<bits).reduce(Rational(1)) { half, _ in half * Rational(1, over: 2) }
    func below(_ x: Rational) -> Rational { x.rounded(bits: bits) }
    func above(_ x: Rational) -> Rational { below(x) + unit }
    var (y, halvings) = (Rational(x), 0)
    while y > Rational(1, over: 2) {
      y = y * Rational(1, over: 2)
      halvings += 1
    }
    // Odd partial sums lie below, even ones above; each is kept between two multiples of the unit.
    var (low, high) = (Rational.zero, Rational(1))
    var (sum, term) = ((low: Rational(1), high: Rational(1)), (low: Rational(1), high: Rational(1)))
    for k in 1...200 where term.high > unit * 4 {
      term.low = below(term.low * below(y) * Rational(1, over: k))
      term.high = above(term.high * above(y) * Rational(1, over: k))
      if k % 2 == 1 {
        sum = (sum.low - term.high, sum.high - term.low)
        low = sum.low
      } else {
        sum = (sum.low + term.low, sum.high + term.high)
        high = sum.high
      }
    }
    for _ in 0..<halvings { (low, high) = (below(low * low), above(high * high)) }
    return (low, high)
  }

  static func expectEnclosure(_ x: Double, sourceLocation: SourceLocation = #_sourceLocation) {
    let found = Interval.exponentialOfNegative(Interval(x))
    let (low, high) = bounds(x)
    // e^{−x} itself is a hair from both.
    #expect(
      Rational(found.lower) <= low && high <= Rational(found.upper), "x = \(x)",
      sourceLocation: sourceLocation)
    // About 2ᵏ roundings wide, k the number of squarings.
    let width = (found.upper - found.lower) / found.upper
    #expect(
      x > 600 || width <= (64 + 128 * max(x, 1)) * 0x1p-52, "x = \(x), width \(width)",
      sourceLocation: sourceLocation)
  }

  @Test(
    arguments: [
      0, 0x1p-1074, 0x1p-1022, 0x1p-60, 1e-9, 0.03, 0.0625, (0.0625).nextUp, 0.1, 0.125, 0.3, 0.5, 1,
      (1.0).nextUp, 2, 10, 100, 700, 744, 745, 745.5, 746, (746.0).nextUp, 800,
    ])
  func enclosesThePowerOfE(x: Double) { Self.expectEnclosure(x) }

  @Test(arguments: UInt64(0)..<64)
  func enclosesRandomPowers(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<4 {
      let size = [0.0625, 1, 8, 40][generator.integer(in: 0...3)]
      Self.expectEnclosure(size * generator.unit())
    }
  }

  @Test func intervalsAreTurnedRound() {
    let wide = Interval.exponentialOfNegative(Interval(0.25, 3))
    let (left, right) = (
      Interval.exponentialOfNegative(Interval(3)), Interval.exponentialOfNegative(Interval(0.25))
    )
    #expect(wide.lower == left.lower && wide.upper == right.upper)
    #expect(Interval.exponentialOfNegative(Interval(0)).upper >= 1)
    #expect(Interval.exponentialOfNegative(Interval(0)).lower <= 1)
    for far in [800.0, 1e300] {
      let end = Interval.exponentialOfNegative(Interval(far))
      #expect(end.lower == 0 && end.upper > 0)
    }
  }

  @Test func whatIsNoPowerIsNaN() {
    for x in [
      Interval(-0x1p-1074, 1), Interval(.nan, 1), Interval(1, .nan), Interval(.nan),
      Interval(1, .infinity), Interval(-.infinity, 1),
    ] {
      let result = Interval.exponentialOfNegative(x)
      #expect(result.lower.isNaN && result.upper.isNaN, "\(x)")
    }
  }
}
