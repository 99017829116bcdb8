@testable import CertifyKernel
import TestSupport
import Testing

@Suite struct ExponentialTests {
  static func expectEnclosure(_ x: Double, sourceLocation: SourceLocation = #_sourceLocation) {
    let found = Interval.exponentialOfNegative(Interval(x))
    let (low, high) = exponentialBounds(x)
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
      0, 0x1p-1074, 0x1p-1022, 0x1p-60, 1e-9, 0.03, 0.0625, (0.0625).nextUp, 0.1, 0.125, 0.3, 0.5,
      1,
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
