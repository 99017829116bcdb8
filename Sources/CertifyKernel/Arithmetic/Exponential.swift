extension Interval {
  /// e^{−x} for a nonnegative interval; NaN ends otherwise.
  ///
  /// x = 2ᵏy with y ≤ 1/16; Σ_{n<10} (−y)ⁿ/n! by Horner's rule, whose remainder is below y¹⁰/10!, then k
  /// squarings. The result is about 2ᵏ rounding errors wide.
  static func exponentialOfNegative(_ x: Interval) -> Interval {
    guard x.lower >= 0, x.upper < .infinity else { return Interval(.nan) }
    return Interval(point(x.upper).lower, point(x.lower).upper)
  }

  private static func point(_ x: Double) -> Interval {
    // e^{−746} is below the least subnormal.
    if x > 746 { return Interval(0, .leastNonzeroMagnitude) }
    var halvings = 0
    var y = x
    while y > 0x1p-4 {
      y /= 2
      halvings += 1
    }
    let z = -Interval(y)
    var sum = Interval(1)
    for n in stride(from: 9, through: 1, by: -1) {
      sum = Interval(1) + z * sum / Interval(Double(n))
    }
    // The series alternates and its terms decrease: 0 ≤ remainder ≤ y¹⁰/10! ≤ y · 2⁻³⁶/10! < y · 2⁻⁵⁷.
    var power = sum + Interval(0, 0x1p-57) * Interval(y)
    for _ in 0..<halvings { power = power * power }
    return Interval(Swift.max(0, power.lower), power.upper)
  }
}
