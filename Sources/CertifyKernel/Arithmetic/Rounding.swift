// Directed rounding without touching the rounding mode.
//
// The processor rounds to nearest. An error-free transform tells on which side of the exact value the
// rounded one fell; one step of nextUp or nextDown then gives a bound on the wanted side that is exact
// where the operation is. Goals, in this order:
//   1. the result is on the wanted side of the exact value, for every input, subnormal and huge included;
//   2. NaN stays NaN, and overflow goes to the infinity that is still a bound (fail closed);
//   3. the bound is the nearest one in ordinary ranges.
// Sources: Knuth, TAOCP 2, 4.2.2 (two-sum); Dekker 1971 and the fused multiply-add (two-product).
// Generic so that tests can walk a small format; the rules use Double only.

extension BinaryFloatingPoint {
  /// The sum and its exact error: a + b = sum + error, unless an intermediate overflows (then NaN).
  @inlinable
  static func twoSum(_ a: Self, _ b: Self) -> (sum: Self, error: Self) {
    let sum = a + b
    let bPart = sum - a
    let aPart = sum - bPart
    return (sum, (a - aPart) + (b - bPart))
  }

  /// The product and its exact error: a · b = product + error, when the product is not below
  /// `exactProductThreshold` and does not overflow.
  @inlinable
  static func twoProduct(_ a: Self, _ b: Self) -> (product: Self, error: Self) {
    let product = a * b
    return (product, (-product).addingProduct(a, b))
  }

  /// Products of at least this size have an error that is a representable number.
  @inlinable
  static var exactProductThreshold: Self {
    leastNormalMagnitude * (1 / ulpOfOne) * (2 / ulpOfOne)
  }

  /// The smallest number not below self + other that one rounding step reaches.
  @inlinable
  func addingUp(_ other: Self) -> Self {
    let (sum, error) = Self.twoSum(self, other)
    guard sum.isFinite else { return sum.isNaN ? sum : .infinity }
    return error <= 0 ? sum : sum.nextUp
  }

  /// The largest number not above self + other that one rounding step reaches.
  @inlinable
  func addingDown(_ other: Self) -> Self { -((-self).addingUp(-other)) }

  @inlinable
  func subtractingUp(_ other: Self) -> Self { addingUp(-other) }

  @inlinable
  func subtractingDown(_ other: Self) -> Self { addingDown(-other) }

  @inlinable
  func multiplyingUp(_ other: Self) -> Self {
    let (product, error) = Self.twoProduct(self, other)
    guard product.isFinite else { return product.isNaN ? product : .infinity }
    if product.magnitude >= Self.exactProductThreshold {
      return error <= 0 ? product : product.nextUp
    }
    return self == 0 || other == 0 ? product : product.nextUp
  }

  @inlinable
  func multiplyingDown(_ other: Self) -> Self { -((-self).multiplyingUp(other)) }

  /// An upper bound on self / other. A zero divisor gives NaN: nothing is known then.
  @inlinable
  func dividingUp(_ other: Self) -> Self {
    let quotient = self / other
    guard other != 0, quotient.isFinite, other.isFinite else {
      return other == 0 || !other.isFinite || quotient.isNaN ? .nan : .infinity
    }
    if self == 0 { return quotient }
    // self = quotient · other + remainder, so the exact quotient is not above this one exactly when
    // remainder/other ≤ 0. The sign survives rounding as long as the remainder cannot vanish.
    let remainder = addingProduct(-quotient, other)
    let isAbove = other > 0 ? remainder <= 0 : remainder >= 0
    return isAbove && magnitude >= Self.exactProductThreshold ? quotient : quotient.nextUp
  }

  @inlinable
  func dividingDown(_ other: Self) -> Self { -((-self).dividingUp(other)) }

  /// An upper bound on the square root; NaN for negative numbers.
  @inlinable
  func squareRootUp() -> Self {
    let root = squareRoot()
    guard root.isFinite else { return root }
    let remainder = addingProduct(-root, root)
    let isAbove = magnitude >= Self.exactProductThreshold && remainder <= 0 || self == 0
    return isAbove ? root : root.nextUp
  }

  @inlinable
  func squareRootDown() -> Self {
    let root = squareRoot()
    guard root.isFinite else { return root.isNaN ? root : .greatestFiniteMagnitude }
    let remainder = addingProduct(-root, root)
    let isBelow = magnitude >= Self.exactProductThreshold && remainder >= 0 || self == 0
    return isBelow ? root : root.nextDown
  }
}
