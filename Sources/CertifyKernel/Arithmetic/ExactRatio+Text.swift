// Exact numbers as text, both ways, without rounding.
//
//     number  = part [ "/" part ]          "3/10"   "-7"   "0x1.8p-2/0x1.4p+3"
//     part    = [ "-" ] digits             whole, at most 2^53
//             | [ "-" ] digits "." digits  2.5 is 25/10; only without a "/"
//             | [ "-" ] "0x" hex [ "." hex ] "p" [ sign ] digits
//
// A denominator is positive. Anything else, and anything these doubles cannot hold exactly, is refused:
// a text has one meaning or none.

extension ExactRatio {
  /// The number that the text denotes exactly; nil for any other text.
  ///
  /// Refused: white space, "+", exponents in decimal numbers, "nan", "inf", capital letters, a zero or
  /// negative denominator, whole numbers beyond 2⁵³, hexadecimal numbers that are not a double or write
  /// more than 64 bits after leading zeros, and decimal fractions whose digits or power of ten exceed 2⁵³
  /// after the zeros at the end are dropped.
  public init?(exactly text: String) {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    guard parts.count <= 2 else { return nil }
    if parts.count == 2 {
      guard let n = Self.part(parts[0]), let d = Self.part(parts[1]), d > 0 else { return nil }
      self.init(n, over: d)
    } else if let value = Self.part(parts[0]) {
      self.init(value)
    } else if let (digits, power) = Self.decimalFraction(parts[0]) {
      self.init(digits, over: power)
    } else {
      return nil
    }
  }

  /// The text that `init(exactly:)` reads back as this very number.
  ///
  /// A double is written in hexadecimal, a quotient of whole numbers below 2⁵³ as such, and any other
  /// quotient as two hexadecimal numbers. What is not finite is written as Swift does and not read back.
  public var exactText: String {
    if denominator == 1 { return numerator.hexadecimalText }
    return Self.isWhole(numerator) && Self.isWhole(denominator)
      ? "\(Int(numerator))/\(Int(denominator))"
      : "\(numerator.hexadecimalText)/\(denominator.hexadecimalText)"
  }

  private static func isWhole(_ x: Double) -> Bool {
    x == x.rounded() && x.magnitude < 0x1p53
  }

  /// A whole or a hexadecimal number.
  private static func part(_ text: Substring.UTF8View) -> Double? {
    let (negative, rest) = withoutSign(text)
    guard let value = hexadecimal(rest) ?? whole(rest) else { return nil }
    return negative ? -value : value
  }

  private static func withoutSign(
    _ text: Substring.UTF8View
  ) -> (negative: Bool, rest: Substring.UTF8View) {
    text.first == UInt8(ascii: "-") ? (true, text.dropFirst()) : (false, text)
  }

  /// The value of one or more decimal digits, if at most 2⁵³.
  private static func whole(_ text: Substring.UTF8View) -> Double? {
    guard !text.isEmpty else { return nil }
    var value: UInt64 = 0
    for character in text {
      guard let digit = decimalDigit(character) else { return nil }
      value = value * 10 + digit
      guard value <= 1 << 53 else { return nil }
    }
    return Double(value)
  }

  /// digits "." digits as a whole number over a power of ten, both at most 2⁵³.
  private static func decimalFraction(_ text: Substring.UTF8View) -> (Double, Double)? {
    let (negative, rest) = withoutSign(text)
    guard let point = rest.firstIndex(of: UInt8(ascii: ".")) else { return nil }
    let before = rest[..<point]
    var after = rest[rest.index(after: point)...]
    guard !before.isEmpty, !after.isEmpty else { return nil }
    while after.last == UInt8(ascii: "0") { after.removeLast() }
    var value: UInt64 = 0
    var power: UInt64 = 1
    for (characters, factor) in [(before, 1 as UInt64), (after, 10)] {
      for character in characters {
        guard let digit = decimalDigit(character) else { return nil }
        value = value * 10 + digit
        power *= factor
        guard value <= 1 << 53, power <= 1 << 53 else { return nil }
      }
    }
    return (negative ? -Double(value) : Double(value), Double(power))
  }

  /// "0x" hex [ "." hex ] "p" [ sign ] digits, if that is exactly a finite double.
  private static func hexadecimal(_ text: Substring.UTF8View) -> Double? {
    guard text.starts(with: "0x".utf8),
      let mark = text.firstIndex(of: UInt8(ascii: "p")),
      var exponent = exponent(text[text.index(after: mark)...])
    else { return nil }
    let digits = text[..<mark].dropFirst(2)
    var mantissa: UInt64 = 0
    var afterPoint: Bool?
    var count = 0
    for character in digits {
      if character == UInt8(ascii: ".") {
        guard afterPoint == nil, count > 0 else { return nil }
        (afterPoint, count) = (true, 0)
        continue
      }
      guard let digit = hexadecimalDigit(character), mantissa < 1 << 60 else { return nil }
      mantissa = mantissa << 4 | digit
      count += 1
      if afterPoint == true { exponent -= 4 }
    }
    guard count > 0 else { return nil }
    return Double(exactly: mantissa, exponent: exponent)
  }

  /// The exponent of two, at most four digits long.
  private static func exponent(_ text: Substring.UTF8View) -> Int? {
    let signed = text.first == UInt8(ascii: "+") || text.first == UInt8(ascii: "-")
    let digits = signed ? text.dropFirst() : text
    guard (1...4).contains(digits.count), let value = whole(digits) else { return nil }
    return text.first == UInt8(ascii: "-") ? -Int(value) : Int(value)
  }

  private static func decimalDigit(_ character: UInt8) -> UInt64? {
    character >= UInt8(ascii: "0") && character <= UInt8(ascii: "9")
      ? UInt64(character - UInt8(ascii: "0")) : nil
  }

  private static func hexadecimalDigit(_ character: UInt8) -> UInt64? {
    character >= UInt8(ascii: "a") && character <= UInt8(ascii: "f")
      ? UInt64(character - UInt8(ascii: "a")) + 10 : decimalDigit(character)
  }
}

extension Double {
  /// mantissa · 2^exponent if that is exactly a finite double.
  fileprivate init?(exactly mantissa: UInt64, exponent: Int) {
    let ends = Dyadic(BigInteger(magnitude: [mantissa]), exponent: exponent).enclosure
    guard ends.lower == ends.upper, ends.upper.isFinite else { return nil }
    self = ends.lower
  }

  /// Sign, "0x1.", up to 13 hexadecimal digits without zeros at the end, "p", signed exponent of two:
  /// the number exactly, one text each, subnormal numbers written like the others ("0x1p-1074").
  var hexadecimalText: String {
    guard isFinite else { return "\(self)" }
    let sign = self.sign == .minus ? "-" : ""
    if self == 0 { return sign + "0x0p+0" }
    let (magnitude, exponent) = exactParts
    let top = 63 - magnitude.leadingZeroBitCount
    // The bits after the leading one, moved up to 52 places, 13 digits.
    let fraction = (magnitude ^ 1 << UInt64(top)) << UInt64(52 - top)
    var digits = String(fraction, radix: 16)
    digits = String(repeating: "0", count: 13 - digits.utf8.count) + digits
    while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    let power = exponent + top
    return sign + "0x1" + (digits.isEmpty ? "" : ".") + digits + "p" + (power < 0 ? "" : "+")
      + String(power)
  }
}
