/// A closed interval of real numbers with double ends; every operation encloses the exact result.
///
/// An end that is NaN makes every test on the interval fail.
public struct Interval: Sendable, Hashable {
  public let lower: Double
  public let upper: Double

  public init(_ lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The interval of one number.
  public init(_ point: Double) { self.init(point, point) }

  static func + (a: Interval, b: Interval) -> Interval {
    Interval(a.lower.addingDown(b.lower), a.upper.addingUp(b.upper))
  }

  static func - (a: Interval, b: Interval) -> Interval {
    Interval(a.lower.subtractingDown(b.upper), a.upper.subtractingUp(b.lower))
  }

  static prefix func - (a: Interval) -> Interval { Interval(-a.upper, -a.lower) }

  static func * (a: Interval, b: Interval) -> Interval {
    if a.lower == a.upper, b.lower == b.upper { return product(a.lower, b.lower) }
    // Signs that are known save six products of eight; NaN and infinities go the long way.
    if a.lower >= 0, a.lower <= a.upper, a.upper < .infinity, b.lower <= b.upper,
      b.lower > -.infinity, b.upper < .infinity
    {
      return Interval(
        (b.lower >= 0 ? a.lower : a.upper).multiplyingDown(b.lower),
        (b.upper >= 0 ? a.upper : a.lower).multiplyingUp(b.upper))
    }
    let lower = least(
      least(a.lower.multiplyingDown(b.lower), a.lower.multiplyingDown(b.upper)),
      least(a.upper.multiplyingDown(b.lower), a.upper.multiplyingDown(b.upper)))
    let upper = greatest(
      greatest(a.lower.multiplyingUp(b.lower), a.lower.multiplyingUp(b.upper)),
      greatest(a.upper.multiplyingUp(b.lower), a.upper.multiplyingUp(b.upper)))
    return Interval(lower, upper)
  }

  /// The product of two points, with one rounding step on the side of the error only.
  private static func product(_ x: Double, _ y: Double) -> Interval {
    let (product, error) = Double.twoProduct(x, y)
    guard product.magnitude >= Double.exactProductThreshold, product.isFinite else {
      if x == 1 { return Interval(y) }
      if y == 1 { return Interval(x) }
      return Interval(x.multiplyingDown(y), x.multiplyingUp(y))
    }
    return Interval(error < 0 ? product.nextDown : product, error > 0 ? product.nextUp : product)
  }

  /// The quotient; NaN ends unless the divisor is positive.
  static func / (a: Interval, b: Interval) -> Interval {
    guard b.lower > 0 else { return Interval(.nan) }
    let lower = a.lower.dividingDown(a.lower >= 0 ? b.upper : b.lower)
    let upper = a.upper.dividingUp(a.upper >= 0 ? b.lower : b.upper)
    return Interval(lower, upper)
  }

  /// The quotient of two positive numbers by one division: the remainder tells on which side it fell.
  static func quotient(_ x: Double, _ y: Double) -> Interval {
    let q = x / y
    guard x >= Double.exactProductThreshold, q >= Double.leastNormalMagnitude, q < .infinity,
      y < .infinity
    else { return Interval(x.dividingDown(y), x.dividingUp(y)) }
    let remainder = x.addingProduct(-q, y)
    return Interval(remainder < 0 ? q.nextDown : q, remainder > 0 ? q.nextUp : q)
  }

  /// The square root; NaN ends unless the interval is nonnegative.
  func squareRoot() -> Interval {
    guard lower >= 0 else { return Interval(.nan) }
    return Interval(lower.squareRootDown(), upper.squareRootUp())
  }

  /// The largest absolute value.
  var magnitude: Double {
    lower.isNaN || upper.isNaN ? .nan : Swift.max(lower.magnitude, upper.magnitude)
  }

  /// The smallest interval around both.
  func union(_ other: Interval) -> Interval {
    Interval(
      Interval.least(lower, other.lower), Interval.greatest(upper, other.upper))
  }

  /// A point inside, and the distance to the farther end rounded up.
  var centre: (middle: Double, radius: Double) {
    if lower == upper { return (lower, 0) }
    let middle = lower + (upper - lower) / 2
    return (middle, Swift.max(middle.subtractingUp(lower), upper.subtractingUp(middle)))
  }

  /// The lesser of two numbers, NaN if either is.
  private static func least(_ x: Double, _ y: Double) -> Double {
    x.isNaN || y.isNaN ? .nan : (x < y ? x : y)
  }

  /// The greater of two numbers, NaN if either is.
  private static func greatest(_ x: Double, _ y: Double) -> Double {
    x.isNaN || y.isNaN ? .nan : (x > y ? x : y)
  }
}
