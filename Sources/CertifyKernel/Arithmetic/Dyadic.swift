/// A number significand · 2^exponent with whole significand of any size: closed under +, −, · and exact.
///
/// Every finite double is one. The significand is odd, or zero with exponent 0, so each number has one
/// representation and the synthesised == is equality of numbers.
struct Dyadic: Sendable, Hashable {
  let significand: BigInteger
  let exponent: Int

  /// Cost: O(limbs).
  init(_ significand: BigInteger, exponent: Int = 0) {
    let twos = significand.trailingZeroBitCount
    self.significand = significand >> twos
    self.exponent = significand.isZero ? 0 : exponent + twos
  }

  /// The double, exactly.
  /// - Precondition: the value is finite.
  init(_ value: Double) {
    let (mantissa, exponent) = BigInteger.decompose(value)
    self.init(mantissa, exponent: exponent)
  }

  init(_ value: Int) { self.init(BigInteger(value)) }

  static let zero = Dyadic(0)
  static let one = Dyadic(1)

  var isZero: Bool { significand.isZero }
  /// −1, 0 or 1.
  var signum: Int { significand.signum }

  /// The value divided by 2^unit, which must be whole.
  /// - Precondition: unit ≤ exponent, unless the number is zero.
  func whole(inUnitsOf unit: Int) -> BigInteger {
    isZero ? .zero : significand << (exponent - unit)
  }

  static prefix func - (a: Dyadic) -> Dyadic { Dyadic(-a.significand, exponent: a.exponent) }

  /// Cost: O(limbs + difference of the exponents / 64).
  static func + (a: Dyadic, b: Dyadic) -> Dyadic {
    if a.isZero { return b }
    if b.isZero { return a }
    let unit = Swift.min(a.exponent, b.exponent)
    return Dyadic(a.whole(inUnitsOf: unit) + b.whole(inUnitsOf: unit), exponent: unit)
  }

  static func - (a: Dyadic, b: Dyadic) -> Dyadic { a + (-b) }

  static func * (a: Dyadic, b: Dyadic) -> Dyadic {
    Dyadic(a.significand * b.significand, exponent: a.exponent + b.exponent)
  }

  static func += (a: inout Dyadic, b: Dyadic) { a = a + b }
  static func -= (a: inout Dyadic, b: Dyadic) { a = a - b }

  /// The number times 2^power.
  func scaled(byPowerOfTwo power: Int) -> Dyadic { Dyadic(significand, exponent: exponent + power) }

  /// The tightest interval of doubles around the number; a point where the number is a double.
  var enclosure: Interval {
    let (near, far) = magnitudeBounds
    return signum < 0 ? Interval(-far, -near) : Interval(near, far)
  }

  /// The largest double ≤ |self| and the smallest double ≥ |self|.
  private var magnitudeBounds: (Double, Double) {
    if isZero { return (0, 0) }
    let width = significand.bitWidth
    if exponent + width > 1024 { return (.greatestFiniteMagnitude, .infinity) }
    // Doubles of this size are the multiples of 2^unit with at most 53 bits.
    let unit = Swift.max(exponent + width - 53, -1074)
    let magnitude = significand.magnitude
    if unit <= exponent {
      let value = Dyadic.double(magnitude << (exponent - unit), unit: unit)
      return (value, value)
    }
    // The significand is odd, so bits are lost and the number lies strictly between two multiples.
    let truncated = magnitude >> (unit - exponent)
    return (
      Dyadic.double(truncated, unit: unit), Dyadic.double(truncated + .one, unit: unit)
    )
  }

  /// The double count · 2^unit, for 0 ≤ count ≤ 2⁵³ where count < 2⁵² only if unit = −1074.
  ///
  /// Under that condition the bit pattern is a plain sum: the leading bit of the count carries into the
  /// exponent field, and 2⁵³ · 2⁹⁷¹ becomes the pattern of infinity.
  private static func double(_ count: BigInteger, unit: Int) -> Double {
    Double(bitPattern: UInt64(unit + 1074) << 52 + (count.limbs.first ?? 0))
  }
}

extension Dyadic: Comparable {
  static func < (a: Dyadic, b: Dyadic) -> Bool { (a - b).signum < 0 }
}
