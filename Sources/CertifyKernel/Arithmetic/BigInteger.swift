/// A whole number of any size, exactly.
///
/// Sign and magnitude; the magnitude is a list of 64-bit limbs, least significant first, without leading
/// zero limbs, so each number has one representation (zero: no limbs, not negative). Nothing here rounds,
/// and nothing can overflow but memory. Sizes of a few hundred limbs are what the kernel meets, so
/// multiplication is the schoolbook one.
/// Source: Knuth, TAOCP 2, 4.3.1 (algorithms A, S, M).
struct BigInteger: Sendable, Hashable {
  private(set) var isNegative: Bool
  private(set) var limbs: [UInt64]

  private init(isNegative: Bool, limbs: [UInt64]) {
    var limbs = limbs
    while limbs.last == 0 { limbs.removeLast() }
    self.isNegative = isNegative && !limbs.isEmpty
    self.limbs = limbs
  }

  init(_ value: Int) { self.init(isNegative: value < 0, limbs: [UInt64(value.magnitude)]) }

  /// The number with this magnitude, least significant limb first.
  init(magnitude: [UInt64], isNegative: Bool = false) {
    self.init(isNegative: isNegative, limbs: magnitude)
  }

  static let zero = BigInteger(0)
  static let one = BigInteger(1)

  var isZero: Bool { limbs.isEmpty }
  /// −1, 0 or 1.
  var signum: Int { isNegative ? -1 : (isZero ? 0 : 1) }
  var magnitude: BigInteger { BigInteger(isNegative: false, limbs: limbs) }

  /// The number of bits of the magnitude; 0 for zero.
  var bitWidth: Int {
    guard let top = limbs.last else { return 0 }
    return 64 * limbs.count - top.leadingZeroBitCount
  }

  /// How often 2 divides the number; 0 for zero.
  var trailingZeroBitCount: Int {
    guard let k = limbs.firstIndex(where: { $0 != 0 }) else { return 0 }
    return 64 * k + limbs[k].trailingZeroBitCount
  }

  /// The mantissa and exponent of a double: value = mantissa · 2^exponent, |mantissa| < 2⁵³.
  ///
  /// - Precondition: the value is finite.
  static func decompose(_ value: Double) -> (mantissa: BigInteger, exponent: Int) {
    let (magnitude, exponent) = value.exactParts
    return (BigInteger(isNegative: value < 0, limbs: [magnitude]), exponent)
  }

  static prefix func - (a: BigInteger) -> BigInteger {
    BigInteger(isNegative: !a.isNegative, limbs: a.limbs)
  }

  /// Cost: O(limbs).
  static func + (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isNegative == b.isNegative {
      return BigInteger(isNegative: a.isNegative, limbs: sum(a.limbs, b.limbs))
    }
    let order = compareMagnitudes(a.limbs, b.limbs)
    if order == 0 { return .zero }
    return order > 0
      ? BigInteger(isNegative: a.isNegative, limbs: difference(a.limbs, b.limbs))
      : BigInteger(isNegative: b.isNegative, limbs: difference(b.limbs, a.limbs))
  }

  static func - (a: BigInteger, b: BigInteger) -> BigInteger { a + (-b) }

  /// Cost: O(limbs of a · limbs of b).
  static func * (a: BigInteger, b: BigInteger) -> BigInteger {
    if a.isZero || b.isZero { return .zero }
    var result = [UInt64](repeating: 0, count: a.limbs.count + b.limbs.count)
    for (i, x) in a.limbs.enumerated() where x != 0 {
      var carry: UInt64 = 0
      for j in b.limbs.indices {
        // At most (2⁶⁴ − 1)² + 2(2⁶⁴ − 1) = 2¹²⁸ − 1, so nothing is lost.
        let t = wideProduct(x, b.limbs[j]) &+ UInt128(result[i + j]) &+ UInt128(carry)
        result[i + j] = UInt64(truncatingIfNeeded: t)
        carry = UInt64(truncatingIfNeeded: t >> 64)
      }
      result[i + b.limbs.count] = carry
    }
    return BigInteger(isNegative: a.isNegative != b.isNegative, limbs: result)
  }

  /// The number times 2^count.
  static func << (a: BigInteger, count: Int) -> BigInteger {
    precondition(count >= 0, "shift by \(count)")
    if a.isZero || count == 0 { return a }
    let (whole, part) = (count / 64, count % 64)
    var result = [UInt64](repeating: 0, count: whole)
    result.reserveCapacity(whole + a.limbs.count + 1)
    var carry: UInt64 = 0
    for x in a.limbs {
      result.append(x << part | carry)
      carry = part == 0 ? 0 : x >> (64 - part)
    }
    result.append(carry)
    return BigInteger(isNegative: a.isNegative, limbs: result)
  }

  /// The magnitude divided by 2^count with the remainder dropped, the sign kept: rounds toward zero.
  static func >> (a: BigInteger, count: Int) -> BigInteger {
    precondition(count >= 0, "shift by \(count)")
    let (whole, part) = (count / 64, count % 64)
    guard whole < a.limbs.count else { return .zero }
    if count == 0 { return a }
    var result: [UInt64] = []
    result.reserveCapacity(a.limbs.count - whole)
    for k in whole..<a.limbs.count {
      let next = k + 1 < a.limbs.count ? a.limbs[k + 1] : 0
      result.append(part == 0 ? a.limbs[k] : a.limbs[k] >> part | next << (64 - part))
    }
    return BigInteger(isNegative: a.isNegative, limbs: result)
  }

  private static func sum(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    let (long, short) = a.count >= b.count ? (a, b) : (b, a)
    var result = long
    var carry: UInt64 = 0
    for k in long.indices {
      if k >= short.count && carry == 0 { break }
      let (s, o) = long[k].addingReportingOverflow(k < short.count ? short[k] : 0)
      let (t, p) = s.addingReportingOverflow(carry)
      result[k] = t
      carry = o || p ? 1 : 0
    }
    if carry != 0 { result.append(carry) }
    return result
  }

  /// a − b for a ≥ b.
  private static func difference(_ a: [UInt64], _ b: [UInt64]) -> [UInt64] {
    var result = a
    var borrow: UInt64 = 0
    for k in a.indices {
      if k >= b.count && borrow == 0 { break }
      let (s, o) = a[k].subtractingReportingOverflow(k < b.count ? b[k] : 0)
      let (t, p) = s.subtractingReportingOverflow(borrow)
      result[k] = t
      borrow = o || p ? 1 : 0
    }
    precondition(borrow == 0, "a magnitude was subtracted from a smaller one")
    return result
  }

  fileprivate static func compareMagnitudes(_ a: [UInt64], _ b: [UInt64]) -> Int {
    if a.count != b.count { return a.count < b.count ? -1 : 1 }
    for k in a.indices.reversed() where a[k] != b[k] { return a[k] < b[k] ? -1 : 1 }
    return 0
  }

  fileprivate static func wideProduct(_ a: UInt64, _ b: UInt64) -> UInt128 {
    UInt128(a) &* UInt128(b)
  }
}

extension BigInteger: Comparable {
  static func < (a: BigInteger, b: BigInteger) -> Bool {
    if a.isNegative != b.isNegative { return a.isNegative }
    let order = compareMagnitudes(a.limbs, b.limbs)
    return a.isNegative ? order > 0 : order < 0
  }
}

extension BigInteger {
  /// The quotient when the divisor divides the number exactly; nil otherwise, and for divisor 0.
  ///
  /// Works from the low limbs up: with an odd divisor b, limb k of the quotient is limb k of what is
  /// left times b⁻¹ modulo 2⁶⁴. What is left at the end must be zero, and that is checked, so a wrong
  /// quotient cannot leave this function. Source: Jebelean, J. Symbolic Computation 15 (1993) 169–180.
  /// Cost: O(limbs of the quotient · limbs of the divisor).
  func dividedExactly(by divisor: BigInteger) -> BigInteger? {
    if divisor.isZero { return nil }
    if isZero { return .zero }
    let twos = divisor.trailingZeroBitCount
    guard trailingZeroBitCount >= twos else { return nil }
    var rest = (self >> twos).limbs
    let b = (divisor >> twos).limbs
    guard rest.count >= b.count else { return nil }
    let inverse = BigInteger.inverseModuloWord(of: b[0])
    var quotient = [UInt64](repeating: 0, count: rest.count - b.count + 1)
    for k in quotient.indices {
      let q = rest[k] &* inverse
      quotient[k] = q
      if q == 0 { continue }
      var carry: UInt64 = 0
      for j in b.indices {
        let t = BigInteger.wideProduct(q, b[j]) &+ UInt128(carry)
        let (s, borrow) = rest[k + j].subtractingReportingOverflow(UInt64(truncatingIfNeeded: t))
        rest[k + j] = s
        carry = UInt64(truncatingIfNeeded: t >> 64) &+ (borrow ? 1 : 0)
      }
      var j = k + b.count
      while carry != 0 {
        guard j < rest.count else { return nil }
        let (s, borrow) = rest[j].subtractingReportingOverflow(carry)
        rest[j] = s
        carry = borrow ? 1 : 0
        j += 1
      }
    }
    guard rest.allSatisfy({ $0 == 0 }) else { return nil }
    return BigInteger(isNegative: isNegative != divisor.isNegative, limbs: quotient)
  }

  /// The inverse of an odd word modulo 2⁶⁴ by Newton's iteration: right to 3 bits, then 6, 12, 24, 48, 96.
  private static func inverseModuloWord(of word: UInt64) -> UInt64 {
    var x = word
    for _ in 0..<5 { x = x &* (2 &- word &* x) }
    return x
  }

  /// The sign of a·b − c·d, exactly, for finite doubles, subnormal ones included: −1, 0 or 1.
  ///
  /// A product of two mantissas has at most 106 bits, so 128 bits decide without allocation.
  /// - Precondition: the four numbers are finite.
  static func compareProducts(_ a: Double, _ b: Double, _ c: Double, _ d: Double) -> Int {
    let (p, e) = productParts(a, b)
    let (q, f) = productParts(c, d)
    let leftSign = p == 0 ? 0 : ((a < 0) != (b < 0) ? -1 : 1)
    let rightSign = q == 0 ? 0 : ((c < 0) != (d < 0) ? -1 : 1)
    if leftSign != rightSign || leftSign == 0 { return (leftSign - rightSign).signum() }
    if e != f { return e < f ? -leftSign : leftSign }
    return p == q ? 0 : (p < q ? -leftSign : leftSign)
  }

  /// |x·y| = p · 2^e with the top bit of p set, unless the product is zero (p = 0).
  private static func productParts(_ x: Double, _ y: Double) -> (p: UInt128, e: Int) {
    let (m, k) = x.exactParts
    let (n, l) = y.exactParts
    let product = wideProduct(m, n)
    let shift = product.leadingZeroBitCount
    return product == 0 ? (0, 0) : (product << UInt128(shift), k + l - shift)
  }
}

extension Double {
  /// |self| = magnitude · 2^exponent, exactly; magnitude < 2⁵³ and exponent ≥ −1074.
  ///
  /// - Precondition: self is finite.
  var exactParts: (magnitude: UInt64, exponent: Int) {
    precondition(isFinite, "\(self) is not a number")
    return exponentBitPattern == 0
      ? (significandBitPattern, -1074)
      : (significandBitPattern | 1 << 52, Int(exponentBitPattern) - 1075)
  }
}
