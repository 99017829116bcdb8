@testable import CertifyKernel
import TestSupport
import Testing

/// An interval operation holds the exact result for every choice of points in its operands.
@Suite struct IntervalTests {
  /// An interval with some points of it, ends included.
  static func sample(_ generator: inout SplitMix64) -> (interval: Interval, points: [Double]) {
    let kind = generator.integer(in: 0...3)
    func number() -> Double {
      switch kind {
      case 0: generator.shortDouble()
      case 1: generator.symmetric()
      case 2: generator.anyFiniteDouble()
      default:
        [0, -0.0, 1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 3][
          generator.integer(in: 0...5)]
      }
    }
    let (a, b) = (number(), number())
    let (low, high) = (min(a, b), generator.integer(in: 0...3) == 0 ? min(a, b) : max(a, b))
    let middle = low / 2 + high / 2
    return (Interval(low, high), [low, high] + (low <= middle && middle <= high ? [middle] : []))
  }

  @Test(arguments: UInt64(0)..<16)
  func operationsContainExactResults(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<150 {
      let (a, inA) = Self.sample(&generator)
      let (b, inB) = Self.sample(&generator)
      let (sum, difference, product, quotient) = (a + b, a - b, a * b, a / b)
      let union = a.union(b)
      for x in inA {
        #expect((-a).contains(-Rational(x)), "-\(a)")
        #expect(a.magnitude >= x.magnitude && union.contains(Rational(x)), "\(a), \(b)")
        for y in inB {
          let (p, q) = (Rational(x), Rational(y))
          #expect(sum.contains(p + q), "\(a) + \(b) at \(x), \(y)")
          #expect(difference.contains(p - q), "\(a) - \(b) at \(x), \(y)")
          #expect(product.contains(p * q), "\(a) * \(b) at \(x), \(y)")
          if b.lower > 0 { #expect(quotient.contains(p / q), "\(a) / \(b) at \(x), \(y)") }
        }
        if a.lower >= 0 {
          let root = a.squareRoot()
          let lowerHolds =
            root.lower <= 0 || Rational(root.lower) * Rational(root.lower) <= Rational(x)
          #expect(lowerHolds && Rational(root.upper) * Rational(root.upper) >= Rational(x), "√\(a)")
        }
      }
    }
  }

  @Test(arguments: UInt64(0)..<8)
  func centreAndRadiusCoverTheInterval(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<300 {
      let a = Self.sample(&generator).interval
      let (middle, radius) = a.centre
      guard radius.isFinite, middle.isFinite else { continue }
      #expect(Rational(middle) - Rational(radius) <= Rational(a.lower), "\(a)")
      #expect(Rational(middle) + Rational(radius) >= Rational(a.upper), "\(a)")
    }
  }

  @Test func divisorThatReachesZeroGivesNothing() {
    for b in [Interval(0, 1), Interval(-1, 1), Interval(-2, -1), Interval(.nan, 1), Interval(0)] {
      let quotient = Interval(1) / b
      #expect(quotient.lower.isNaN && quotient.upper.isNaN, "1 / \(b)")
    }
    #expect(Interval(-1, 4).squareRoot().lower.isNaN)
    #expect(Interval(.nan, 4).squareRoot().lower.isNaN)
  }

  /// An end that is NaN reaches every result, so that any comparison with it fails.
  @Test func notANumberSpreads() {
    let one = Interval(1, 2)
    for bad in [Interval(.nan, 1), Interval(1, .nan), Interval(.nan)] {
      for result in [bad + one, one - bad, bad * one, one * bad, bad.union(one), bad / one] {
        #expect(result.lower.isNaN || result.upper.isNaN, "\(bad): \(result)")
      }
      #expect(bad.magnitude.isNaN)
    }
    let infinite = Interval(0) * Interval(0, .infinity)
    #expect(infinite.lower.isNaN && infinite.upper.isNaN)
  }
}
