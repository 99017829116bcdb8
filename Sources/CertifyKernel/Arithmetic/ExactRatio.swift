/// A real number known exactly: the quotient of two doubles.
///
/// A number in a file means the double it parses to (denominator 1); the text "3/10" means the rational.
/// Quotients are kept in lowest terms, with denominator 1 where the quotient is a double; so == is equality
/// of numbers, except among quotients too large or too small to be brought to that form.
public struct ExactRatio: Sendable, Hashable, CustomStringConvertible {
  public let numerator: Double
  /// Positive and finite.
  public let denominator: Double

  public init(_ value: Double) {
    numerator = value
    denominator = 1
  }

  /// - Precondition: the denominator is positive and finite.
  public init(_ numerator: Double, over denominator: Double) {
    precondition(denominator > 0 && denominator.isFinite, "denominator \(denominator)")
    (self.numerator, self.denominator) =
      numerator.isFinite
      ? Self.lowestTerms(numerator, denominator) : (numerator, denominator)
  }

  public static let zero = ExactRatio(0)
  public static let one = ExactRatio(1)

  public var isFinite: Bool { numerator.isFinite }

  /// The nearest double; for display and for proposers, never for a decision.
  public var approximation: Double { numerator / denominator }

  /// The tightest interval of doubles that one rounding step each way reaches; a point for a double.
  public var enclosure: Interval {
    denominator == 1
      ? Interval(numerator)
      : Interval(numerator.dividingDown(denominator), numerator.dividingUp(denominator))
  }

  /// Whether self ≤ other, exactly; false if either is not finite.
  public func isAtMost(_ other: ExactRatio) -> Bool {
    guard isFinite, other.isFinite else { return false }
    return BigInteger.compareProducts(
      numerator, other.denominator, other.numerator, denominator) <= 0
  }

  /// Whether self < other, exactly; false if either is not finite.
  public func isLess(than other: ExactRatio) -> Bool {
    guard isFinite, other.isFinite else { return false }
    return BigInteger.compareProducts(
      numerator, other.denominator, other.numerator, denominator) < 0
  }

  /// The numerator and denominator as exact numbers.
  /// - Precondition: the ratio is finite.
  var exactParts: (numerator: Dyadic, denominator: Dyadic) {
    (Dyadic(numerator), Dyadic(denominator))
  }

  /// The same quotient without common factors: over 1 if it is a double, else the smallest whole numbers
  /// below 2⁵³ if there are such, else as given.
  private static func lowestTerms(_ n: Double, _ d: Double) -> (Double, Double) {
    if n == 0 || d == 1 { return (n, 1) }
    // n/d = ± p/q · 2^shift with odd p and q.
    let (a, e) = n.exactParts
    let (b, f) = d.exactParts
    var p = a >> UInt64(a.trailingZeroBitCount)
    var q = b >> UInt64(b.trailingZeroBitCount)
    let shift = e + a.trailingZeroBitCount - f - b.trailingZeroBitCount
    let divisor = greatestCommonDivisor(p, q)
    (p, q) = (p / divisor, q / divisor)
    if q == 1 {
      let quotient = n / d
      let exact = quotient.isFinite && BigInteger.compareProducts(quotient, d, n, 1) == 0
      return exact ? (quotient, 1) : (n, d)
    }
    let upper = shift > 0 ? shift : 0
    let lower = shift < 0 ? -shift : 0
    guard upper < p.leadingZeroBitCount - 10, lower < q.leadingZeroBitCount - 10 else {
      return (n, d)
    }
    let numerator = Double(p << UInt64(upper))
    return (n < 0 ? -numerator : numerator, Double(q << UInt64(lower)))
  }

  /// Euclid's algorithm. Cost: at most 80 divisions for numbers below 2⁵³.
  static func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }

  public var description: String {
    denominator == 1 ? Self.text(numerator) : "\(Self.text(numerator))/\(Self.text(denominator))"
  }

  private static func text(_ x: Double) -> String {
    x == x.rounded() && x.magnitude < 0x1p53 ? "\(Int(x))" : "\(x)"
  }
}
