/// The interval [l, g] that every slope of an activation lies in, 0 ≤ l ≤ g.
///
/// Differentiability is not needed: for two inputs, (φ(x) − φ(y)) / (x − y) lies in [l, g], which is all
/// that the theorems use (divided differences; theory §0).
public struct SlopeInterval: Sendable, Hashable {
  public let lower: ExactRatio
  public let upper: ExactRatio

  /// - Throws: `InputError.slopes` unless 0 ≤ lower ≤ upper, both finite.
  public init(_ lower: ExactRatio, _ upper: ExactRatio) throws(InputError) {
    guard ExactRatio.zero.isAtMost(lower), lower.isAtMost(upper) else {
      throw .slopes(lower: lower, upper: upper)
    }
    self.lower = lower
    self.upper = upper
  }

  private init(unchecked lower: ExactRatio, _ upper: ExactRatio) {
    self.lower = lower
    self.upper = upper
  }

  /// [0, 1]: ReLU, tanh, hard tanh, softplus.
  public static let unit = SlopeInterval(unchecked: .zero, .one)

  /// Whether a unit may be switched off entirely.
  public var startsAtZero: Bool { lower.numerator == 0 }
}
