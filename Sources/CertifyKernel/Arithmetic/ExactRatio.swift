/// A real number known exactly: the quotient of two doubles.
///
/// A number in a file means the double it parses to (denominator 1); the text "3/10" means the rational.
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
    self.numerator = numerator
    self.denominator = denominator
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

  public var description: String {
    denominator == 1 ? "\(numerator)" : "\(Self.text(numerator))/\(Self.text(denominator))"
  }

  private static func text(_ x: Double) -> String {
    x == x.rounded() && x.magnitude < 0x1p53 ? "\(Int(x))" : "\(x)"
  }
}
