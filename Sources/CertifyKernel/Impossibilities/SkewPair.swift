/// The network of Theorem 7: two units, W = c[[0, −1], [1, 0]], slopes in [0, 1], form outside.
///
/// In polar coordinates θ′ = c(d₁cos²θ + d₂sin²θ) ≥ 0, and d ln r/dθ is fractional-linear in each slope, so the
/// worst slopes are a vertex at every angle: (1, 0) while tan θ < c, then (1, 1), and so on a quarter turn
/// later. A quarter turn then multiplies r by exp f(c),
///
///     f(c) = ½ ln(1 + c²) − 1 − arctan(1/c)/c,      f′(c) = 1/c + arctan(1/c)/c² > 0
///
/// So e′ = (−I + W D(t))e decays for every D(t) if f(c) < 0, and the slopes above make it grow if f(c) > 0.
/// Homogeneity gives the worst-case rate 1 − c/c*, with f(c*) = 0. Source: theory §2, which corrects what
/// arXiv:2106.08928, Theorem 7, leaves open.
public enum SkewPair {
  /// f(c), enclosed. Cost: about 250 interval operations.
  ///
  /// - Precondition: c > 0; outside [2⁻⁵⁰⁰, 2⁵⁰⁰] the ends are NaN or infinite.
  public static func quarterTurnExponent(_ c: Double) -> Interval {
    let size = Interval(c)
    let angle = (Interval(1) / size).arctangent()
    let growth = (Interval(1) + size * size).naturalLogarithm() * Interval(0.5)
    return growth - Interval(1) - angle / size
  }

  public enum Fate: Sendable, Hashable {
    /// f(c) < 0: solutions with the same input converge, whatever the slopes do.
    case contracts
    /// f(c) > 0: switching slopes make them diverge.
    case diverges
    /// The enclosure of f(c) contains 0.
    case undecided
  }

  /// The side of c* on which c lies, proved by the sign of f; f increases, so it is taken at a number of moderate
  /// size on the same side.
  ///
  /// - Precondition: c ≥ 0 and finite.
  public static func fate(_ c: Double) -> Fate {
    precondition(c >= 0 && c.isFinite, "c = \(c)")
    // f(c) ≤ f(1) for c ≤ 1 and f(c) ≥ f(16) for c ≥ 16.
    let f = quarterTurnExponent(Swift.min(Swift.max(c, 1), 16))
    if f.upper < 0 { return .contracts }
    if f.lower > 0 { return .diverges }
    return .undecided
  }

  /// Doubles with f(lower) < 0 < f(upper) proved: an interval that holds c* = 2.88344738895….
  public static let threshold: Interval = {
    var (low, high) = (2.0, 4.0)
    // Bisection from both sides, as long as the sign is proved.
    for end in [Fate.contracts, .diverges] {
      var (inner, outer) = end == .contracts ? (low, high) : (high, low)
      while true {
        let middle = inner + (outer - inner) / 2
        guard middle != inner, middle != outer else { break }
        if fate(middle) == end { inner = middle } else { outer = middle }
      }
      if end == .contracts { low = inner } else { high = inner }
    }
    return Interval(low, high)
  }()

  /// The worst-case rate 1 − c/c* of the flow for c < c*, enclosed.
  public static func worstCaseRate(_ c: Double) -> Interval {
    Interval(1) - Interval(c) / threshold
  }
}
