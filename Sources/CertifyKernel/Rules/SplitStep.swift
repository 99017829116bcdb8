/// A step that turns by the linear coupling and leaks unit by unit, with weights measured between the leaks.
///
///     y⁺ = Q[(I − A)y + A^{1/2} W A^{1/2} φ(y) + u],   Q = (I − hL/2)⁻¹(I + hL/2),   A = diag(a), 0 < a ≤ 1
///
/// With W = blkdiag over components k, s_k ≥ ‖P^{1/2} W P^{-1/2}‖₂ of each, slopes in [l, g], 0 ≤ l, and
/// r ≥ |eᵀPLe| / eᵀPe (0 for L skew in P), hr < 2, the map contracts in P with
///
///     ρ = √(1 + 2hr/(1 − hr/2)²) · max_i √(1 − a_i(1 − g² s²)),   s that of the component of i.
///
/// No bound on h or on ‖L‖ is needed when L is skew in P. Proof: write f = P^{1/2}WP^{-1/2} A^{1/2}D e for the
/// normalised difference e. Convexity gives ((1 − a)e_i + √a f_i)² = ((1 − a)e_i + a(f_i/√a))² ≤ (1 − a)e_i² + f_i²
/// for a in (0, 1], and Σ f_i² ≤ s² Σ a_i d_i² e_i² ≤ g²s² Σ a_i e_i² over each component. For Q let
/// z = (I − hL/2)⁻¹x: |Qx|² − |x|² = 2h zᵀPLz ≤ 2hr|z|² and |x| ≥ (1 − hr/2)|z|. Source: notes on certified
/// training of this project (split with learned leaks).
///
/// - Complexity: a factorisation of the size of each component, and O(nnz L).
struct SplitStep {
  let network: Specification
  let argument: Argument.SplitStep

  func check(_ scope: Scope, claimed: Double) throws(InputError) -> Outcome<Checked> {
    let n = network.units
    guard scope == .asRun, let step = network.step, step.scheme == .split, !step.leak.isEmpty else {
      return decline(.notCovered(.noLeak))
    }
    guard network.nonlinearCoupling == nil else { return decline(.notCovered(.nonlinearCoupling)) }
    let p = argument.metric
    guard p.count == n else { throw .length(.metric, found: p.count, expected: n) }
    if let fault = firstNotPositive(p, .metric) { return decline(fault) }
    let parts = argument.components
    guard argument.norms.count == parts.count else {
      throw .length(.components, found: argument.norms.count, expected: parts.count)
    }
    let home: [Int]
    switch moduleOfEachUnit(parts, units: n, .splitStep) {
    case .accepted(let found): home = found
    case .declined(let why): return .declined(why)
    }
    let weights = network.recurrent.sparse()
    for i in 0..<n {
      for k in weights.rowPointers[i]..<weights.rowPointers[i + 1] where weights.values[k] != 0 {
        let j = Int(weights.columnIndices[k])
        guard home[i] == home[j] else {
          return decline(.nonlinearBetween(first: home[j], second: home[i]))
        }
      }
    }
    for (k, units) in parts.enumerated() {
      let members = units.map(Int.init)
      let block = EnclosedMatrix(Weights.sparse(weights).principal(members).dense())
      let own = members.map { Interval(p[$0]) }
      if let fault = block.normFault(in: own, below: Interval(argument.norms[k])) {
        return .declined(Obstruction(.splitStep, fault).inside(component: k))
      }
    }
    let attained = turn(step, p).multiplyingUp(leakFactor(step, home))
    guard claimed >= attained else {
      return decline(.boundNotReached(claimed: claimed, attained: attained))
    }
    return .accepted(
      Checked(
        rule: .splitStep, bound: claimed, units: n, metric: .diagonal(lower: p, upper: p)))
  }

  /// max_i √(1 − a_i(1 − g²s²)), rounded up.
  private func leakFactor(_ step: Specification.Step, _ home: [Int]) -> Double {
    let g = Interval(network.slopes.enclosure.magnitude)
    let one = Interval(1)
    let slacks = argument.norms.map { s in
      let gain = g * Interval(s)
      return one - gain * gain
    }
    var largest = 0.0
    for (i, a) in step.leak.enumerated() {
      let square = (one - Interval(a) * slacks[home[i]]).upper
      guard square < .infinity else { return .infinity }
      largest = Swift.max(largest, square)
    }
    return largest.squareRootUp()
  }

  /// ‖Q‖ in the metric, rounded up; 1 where L is skew in it.
  private func turn(_ step: Specification.Step, _ p: [Double]) -> Double {
    guard let coupling = network.coupling else { return 1 }
    let r = residual(coupling.sparse(), p)
    if r == 0 { return 1 }
    let h = step.size.enclosure
    let loss = Interval(1) - h * Interval(r) * Interval(0.5)
    guard loss.lower > 0 else { return .infinity }
    return (Interval(1) + Interval(2) * h * Interval(r) / (loss * loss)).upper.squareRootUp()
  }

  /// ‖P^{-1/2} sym(PL) P^{-1/2}‖₂ by sums of magnitudes, rounded up. Cost: O(nnz) and a look at each mirror image.
  private func residual(_ l: SparseMatrix, _ p: [Double]) -> Double {
    var sums = [Double](repeating: 0, count: p.count)
    let half = Interval(0.5)
    let roots = p.map { Interval($0).squareRoot() }
    for i in p.indices {
      for k in l.rowPointers[i]..<l.rowPointers[i + 1] {
        let j = Int(l.columnIndices[k])
        let mirror = l[j, i]
        // The mirror image meets this entry itself, unless it is not stored.
        let sum = Interval(p[i]) * Interval(l.values[k]) + Interval(p[j]) * Interval(mirror)
        let entry = (half * sum / (roots[i] * roots[j])).magnitude
        if entry == 0 { continue }
        sums[i] = sums[i].addingUp(entry)
        if mirror == 0, i != j { sums[j] = sums[j].addingUp(entry) }
      }
    }
    return sums.reduce(0) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
  }

  private func decline<T>(_ reason: Obstruction.Reason) -> Outcome<T> {
    .declined(Obstruction(.splitStep, reason))
  }
}

extension Argument {
  /// What the rule `split-step` needs of a proposer.
  public struct SplitStep: Sendable, Hashable {
    /// p > 0, n.
    public let metric: [Double]
    /// Sets of units with no weight between them.
    public let components: [[Int32]]
    /// s_k > ‖P^{1/2} W P^{-1/2}‖₂ of each set.
    public let norms: [Double]

    public init(metric: [Double], components: [[Int32]], norms: [Double]) {
      self.metric = metric
      self.components = components
      self.norms = norms
    }
  }
}
