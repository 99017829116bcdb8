/// What a rule has proved: a bound, and what is known of the metric in which it holds.
struct Checked {
  let node: ProofNode
  let metric: MetricBounds
}

/// One line of a checked proof tree.
public struct ProofNode: Sendable, Hashable {
  public let rule: Rule
  /// The rate (flow) or factor (map) that the kernel accepted.
  public let bound: Double
  /// An upper bound on √κ(M); infinity when the metric is too ill-conditioned for doubles.
  public let overshoot: Double
  /// The number of units it speaks of.
  public let units: Int
  public let children: [ProofNode]
}

/// Bounds on a metric M, all that an enclosing rule may use of it.
enum MetricBounds {
  /// M is diagonal with entries in [lower_i, upper_i].
  case diagonal(lower: [Double], upper: [Double])
  /// lower · I ⪯ M ⪯ upper · I.
  case full(lower: Double, upper: Double)

  /// An upper bound on √κ(M), at least 1.
  var overshoot: Double {
    let (low, high) = extent
    guard low > 0, high < .infinity else { return .infinity }
    return high.dividingUp(low).squareRootUp()
  }

  var extent: (lower: Double, upper: Double) {
    switch self {
    case .full(let lower, let upper): return (lower, upper)
    case .diagonal(let lower, let upper):
      var least = Double.infinity
      var greatest = 0.0
      for (a, b) in zip(lower, upper) {
        guard a > 0, b < .infinity else { return (0, .infinity) }
        least = Swift.min(least, a)
        greatest = Swift.max(greatest, b)
      }
      return (least, greatest)
    }
  }

  /// Upper bounds, unit by unit, on ‖M^{1/2}‖ acting from the left and ‖M^{-1/2}‖ from the right.
  func factors(units: Int) -> (left: [Double], right: [Double]) {
    switch self {
    case .full(let lower, let upper):
      return (
        [Double](repeating: upper.squareRootUp(), count: units),
        [Double](repeating: (1.0).dividingUp(lower.squareRootDown()), count: units)
      )
    case .diagonal(let lower, let upper):
      return (
        upper.map { $0.squareRootUp() },
        lower.map { (1.0).dividingUp($0.squareRootDown()) }
      )
    }
  }

  /// diag(τ_i p_i) for exact p; the metric of a rule that certified P with J undivided by τ.
  static func diagonal(_ p: [Double], timesTimeConstantsOf network: Specification) -> MetricBounds {
    if network.timeConstants.count == 1 { return .diagonal(lower: p, upper: p) }
    var lower = p
    var upper = p
    for i in p.indices {
      let entry = Interval(p[i]) * network.timeConstant(i).enclosure
      lower[i] = entry.lower
      upper[i] = entry.upper
    }
    return .diagonal(lower: lower, upper: upper)
  }
}
