public import BigInt

/// A rational number in lowest terms with positive denominator, on the integers of attaswift/BigInt.
///
/// The tests' own exact arithmetic: it shares no code with the kernel's.
public struct Rational: Sendable, Hashable {
  public let numerator: BigInt
  public let denominator: BigInt

  /// - Precondition: the denominator is not zero.
  public init(_ numerator: BigInt, over denominator: BigInt) {
    precondition(!denominator.isZero, "rational with denominator 0")
    // Common twos go by shifts: with doubles there is usually nothing else, and the rest is slow.
    let twos =
      numerator.isZero
      ? denominator.trailingZeroBitCount
      : min(numerator.trailingZeroBitCount, denominator.trailingZeroBitCount)
    let (n, d) = (numerator >> twos, denominator >> twos)
    let odd = d >> d.trailingZeroBitCount
    let divisor = odd.magnitude == 1 ? 1 : n.greatestCommonDivisor(with: odd)
    let sign: BigInt = d.signum() < 0 ? -1 : 1
    self.numerator = n.isZero ? 0 : sign * n / divisor
    self.denominator = n.isZero ? 1 : sign * d / divisor
  }

  public init(_ value: Int) {
    numerator = BigInt(value)
    denominator = 1
  }

  public init(_ numerator: Int, over denominator: Int) {
    self.init(BigInt(numerator), over: BigInt(denominator))
  }

  /// The double, exactly.
  /// - Precondition: the value is finite.
  public init(_ value: Double) {
    precondition(value.isFinite, "\(value) is not rational")
    // The significand is in [1, 2), so times 2⁵² it is whole; also for subnormal numbers.
    let mantissa = value == 0 ? 0 : BigInt(Int(value.significand * 0x1p52))
    let signed = value < 0 ? -mantissa : mantissa
    self.init(signed, timesTwoToThe: value == 0 ? 0 : Int(value.exponent) - 52)
  }

  private init(_ significand: BigInt, timesTwoToThe exponent: Int) {
    self.init(
      exponent > 0 ? significand << exponent : significand,
      over: exponent < 0 ? BigInt(1) << -exponent : 1)
  }

  /// ± Σ limbs[k] 2^(64k) · 2^exponent: a bridge from numbers that are given by their words.
  public init(magnitude limbs: [UInt64], isNegative: Bool, exponent: Int = 0) {
    var value = BigInt(0)
    for limb in limbs.reversed() { value = value << 64 + BigInt(limb) }
    self.init(isNegative ? -value : value, timesTwoToThe: exponent)
  }

  /// "a" or "a/b" with whole numbers of any length.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let n = BigInt(String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      self.init(n, over: 1)
      return
    }
    guard let d = BigInt(String(parts[1])), !d.isZero else { return nil }
    self.init(n, over: d)
  }

  public static let zero = Rational(0)
  public static let one = Rational(1)

  /// −1, 0 or 1.
  public var signum: Int { Int(numerator.signum()) }
  public var magnitude: Rational { signum < 0 ? -self : self }
  public var isWhole: Bool { denominator == 1 }

  public static prefix func - (a: Rational) -> Rational {
    Rational(-a.numerator, over: a.denominator)
  }

  public static func + (a: Rational, b: Rational) -> Rational {
    Rational(
      a.numerator * b.denominator + b.numerator * a.denominator,
      over: a.denominator * b.denominator)
  }

  public static func - (a: Rational, b: Rational) -> Rational { a + (-b) }

  public static func * (a: Rational, b: Rational) -> Rational {
    Rational(a.numerator * b.numerator, over: a.denominator * b.denominator)
  }

  /// - Precondition: the divisor is not zero.
  public static func / (a: Rational, b: Rational) -> Rational {
    Rational(a.numerator * b.denominator, over: a.denominator * b.numerator)
  }

  public static func += (a: inout Rational, b: Rational) { a = a + b }
  public static func -= (a: inout Rational, b: Rational) { a = a - b }
  public static func *= (a: inout Rational, b: Rational) { a = a * b }

  /// Numbers below and above the square root, about 2⁻¹⁹⁰ of it apart; the root itself twice for 0.
  /// - Precondition: the number is not negative.
  public var squareRootBounds: (low: Rational, high: Rational) {
    precondition(signum >= 0, "root of a negative number")
    if signum == 0 { return (0, 0) }
    // √(n/d) = √(n d 4ᵏ) / (d 2ᵏ).
    let bits = 200 + denominator.magnitude.bitWidth
    let root = (numerator * denominator << (2 * bits)).magnitude.squareRoot()
    let low = Rational(BigInt(root), over: denominator << bits)
    return (low, low * (1 + Rational(0x1p-190)))
  }

  /// A double near the number, for messages only.
  public var approximation: Double {
    // Both parts are brought to about 64 bits first, so that neither overflows.
    let shift = numerator.magnitude.bitWidth - denominator.magnitude.bitWidth - 64
    let scaled =
      shift > 0 ? numerator / (denominator << shift) : (numerator << -shift) / denominator
    return Double(
      sign: .plus, exponent: shift, significand: Double(Int64(clamping: scaled >> 2)) * 4)
  }
}

extension Rational: Comparable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  public static func < (a: Rational, b: Rational) -> Bool {
    a.numerator * b.denominator < b.numerator * a.denominator
  }

  public init(integerLiteral value: Int) { self.init(value) }

  public var description: String {
    denominator == 1 ? "\(numerator)" : "\(numerator)/\(denominator)"
  }
}
