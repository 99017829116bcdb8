// Logarithm and arctangent of an interval, enclosed: series in interval arithmetic, each with a bound on what
// was left out. The library's own functions promise nothing about their last bits, so none is called.

extension Interval {
  /// ln x for every x of the interval; NaN ends unless the interval is positive and finite.
  ///
  /// x = m · 2ᵏ with m near 1, and ln x = k ln 2 + 2 artanh((m − 1)/(m + 1)). Both ends are worked out and
  /// ln increases, so the union of the two holds all between.
  /// - Complexity: about 50 interval operations an end.
  func naturalLogarithm() -> Interval {
    guard lower > 0, upper < .infinity else { return Interval(.nan) }
    let low = Interval.logarithm(of: lower)
    return lower == upper ? low : Interval(low.lower, Interval.logarithm(of: upper).upper)
  }

  /// arctan x for every x of the interval; NaN ends if an end is not finite or x² overflows.
  ///
  /// Twice arctan x = 2 arctan(x/(1 + √(1 + x²))), after which |x| ≤ √2 − 1, then the alternating series.
  /// - Complexity: about 60 interval operations an end.
  func arctangent() -> Interval {
    guard lower.isFinite, upper.isFinite else { return Interval(.nan) }
    let low = Interval.arctangent(of: lower)
    return lower == upper ? low : Interval(low.lower, Interval.arctangent(of: upper).upper)
  }

  private static func logarithm(of x: Double) -> Interval {
    // x.significand lies in [1, 2); above 5/4 half of it is nearer to 1. Both are exact.
    let isHigh = x.significand > 1.25
    let m = isHigh ? x.significand / 2 : x.significand
    let k = Double(x.exponent + (isHigh ? 1 : 0))
    let z = (Interval(m) - Interval(1)) / (Interval(m) + Interval(1))
    let part = Interval(2) * z.artanhSeries()
    return k == 0 ? part : Interval(k) * lnTwo + part
  }

  /// ln 2 = 2 artanh(1/3).
  private static let lnTwo = Interval(2) * (Interval(1) / Interval(3)).artanhSeries()

  /// Σ z^(2j+1)/(2j+1) for |z| ≤ 1/3, twenty terms; the rest is at most |z|⁴¹/(41(1 − z²)) ≤ |z|⁴¹.
  private func artanhSeries() -> Interval {
    oddSeries(terms: 20) { Interval(1) / Interval(Double(2 * $0 + 1)) }
  }

  private static func arctangent(of x: Double) -> Interval {
    var y = Interval(x)
    for _ in 0..<2 {
      let root = (Interval(1) + y * y).squareRoot()
      y = y / (Interval(1) + root)
    }
    // |y| ≤ 0.42, and the series alternates with falling terms: the rest is at most the first one left out.
    let series = y.oddSeries(terms: 28) {
      let term = Interval(1) / Interval(Double(2 * $0 + 1))
      return $0 % 2 == 0 ? term : -term
    }
    return Interval(4) * series
  }

  /// Σ a_j z^(2j+1), j < terms, ± |z|^(2·terms+1), for coefficients in [−1, 1].
  private func oddSeries(terms: Int, _ coefficient: (Int) -> Interval) -> Interval {
    let square = self * self
    var power = self
    var sum = Interval(0)
    for j in 0..<terms {
      sum = sum + coefficient(j) * power
      power = power * square
    }
    let rest = power.magnitude
    return sum + Interval(-rest, rest)
  }
}
