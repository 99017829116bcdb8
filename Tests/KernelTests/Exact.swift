@testable import CertifyKernel
import TestSupport

// Bridges from the kernel's exact numbers to the tests' own.

extension Rational {
  init(_ value: BigInteger) { self.init(magnitude: value.limbs, isNegative: value.isNegative) }

  init(_ value: Dyadic) {
    self.init(
      magnitude: value.significand.limbs, isNegative: value.significand.isNegative,
      exponent: value.exponent)
  }
}

extension Interval {
  /// Whether the number lies in the interval, exactly; an infinite end holds everything on its side.
  func contains(_ x: Rational) -> Bool {
    (lower == -.infinity || lower.isFinite && Rational(lower) <= x)
      && (upper == .infinity || upper.isFinite && x <= Rational(upper))
  }
}

extension BigInteger {
  /// A number of up to `limbs` limbs, in which limbs of zeros and of ones are frequent.
  static func random(limbs: Int, _ generator: inout SplitMix64) -> BigInteger {
    let magnitude = (0..<generator.integer(in: 0...limbs)).map { _ -> UInt64 in
      switch generator.integer(in: 0...5) {
      case 0: 0
      case 1: .max
      case 2: 1 << UInt64(generator.integer(in: 0...63))
      default: generator.next()
      }
    }
    return BigInteger(magnitude: magnitude, isNegative: generator.integer(in: 0...1) == 1)
  }
}

/// What went wrong in a long walk: how often, and the first time.
struct Faults {
  private(set) var count = 0
  private(set) var first: String?

  mutating func append(_ fault: @autoclosure () -> String) {
    if count == 0 { first = fault() }
    count += 1
  }
}
