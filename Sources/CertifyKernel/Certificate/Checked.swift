/// What a rule has proved: a bound, and what is known of the metric in which it holds.
struct Checked: Sendable {
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
  /// What the couplings to the other modules take from each child's rate (flow) or add to its factor (map);
  /// empty where there are no children. The bound of the node is what is left of the worst child.
  public let loads: [Double]
}
