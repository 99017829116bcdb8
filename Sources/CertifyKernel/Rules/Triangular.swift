/// Theorem 4, after any permutation: connections run from earlier to later units of an order.
///
/// With slack_i = 1 − sup(L_ii + dW_ii) − λτ_i > 0 at every unit that is linked and ≥ 0 at isolated ones, the
/// vectors v_i = (N v)_i / slack_i in that order and w_i = (Nᵀ w)_i / slack_i in the reverse one satisfy the
/// hypothesis of the absolute-value rule with rate λ; they exist however strong the connections are. The
/// certificate is the order alone. Under Euler steps the same with slack_i = ρ − sup|1 − h_i + h_i(…)_ii|.
///
/// The overshoot √κ(diag(τ w / v)) is the price of long chains of strong connections; where it is too large
/// for doubles it is reported as infinite, and the rate stands all the same.
/// Source: arXiv:2106.08928, Theorem 4; theory §1 (contained in Theorem 1).
///
/// - Complexity: O(entries).
public enum Triangular {
  static func check(
    _ network: Specification, _ scope: Scope, order: [Int32], claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    switch try scalings(network, scope, order: order, claimed: claimed) {
    case .declined(let why): return .declined(why)
    case .accepted(let found):
      return .accepted(
        Checked(
          rule: .triangular, bound: claimed, units: network.units,
          metric: AbsoluteValue.metric(network, scope, found.v, found.w)))
    }
  }

  /// v, w and the slack of each unit, with (N v)_i ≤ slack_i v_i and (Nᵀ w)_i ≤ slack_i w_i; with HN for N under
  /// Euler steps.
  static func scalings(
    _ network: Specification, _ scope: Scope, order: [Int32], claimed: Double
  ) throws(InputError) -> Outcome<(v: [Double], w: [Double], slack: [Double])> {
    let n = network.units
    guard order.count == n else { throw .length(.order, found: order.count, expected: n) }
    var place = [Int](repeating: -1, count: n)
    for (position, unit) in order.enumerated() {
      guard unit >= 0, unit < n, place[Int(unit)] < 0 else {
        return .declined(Obstruction(.triangular, .notAPartition(.order, unit: Int(unit))))
      }
      place[Int(unit)] = position
    }
    let comparison = ComparisonMatrix(network)
    let paces = network.paces(scope)
    // Slack of each unit, rounded down, after which its incoming weight is measured in units of it.
    let slack = (0..<n).map { i -> Double in
      switch scope {
      case .continuous:
        let τλ = claimed.dividingUp(paces[i].lower)
        return (1.0).subtractingDown(comparison.diagonal(i).upper).subtractingDown(τλ)
      case .asRun:
        let own = (Interval(1) - paces[i] + paces[i] * comparison.diagonal(i)).magnitude
        return claimed.subtractingDown(own)
      }
    }
    let rowWeights = scope == .asRun ? paces.map(\.upper) : nil
    let sparse = comparison.entries.sparse()
    var v = [Double](repeating: 0, count: n)
    var w = [Double](repeating: 0, count: n)
    var isLinked = [Bool](repeating: false, count: n)
    for unit in order {
      let i = Int(unit)
      var sum = 0.0
      for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] {
        let j = Int(sparse.columnIndices[k])
        let weight = sparse.values[k].magnitude
        if j == i || weight == 0 { continue }
        guard place[j] < place[i] else {
          return .declined(Obstruction(.triangular, .againstOrder(from: j, to: i)))
        }
        isLinked[i] = true
        isLinked[j] = true
        sum = sum.addingUp(weight.multiplyingUp(comparison.gain).multiplyingUp(v[j]))
      }
      if let rowWeights { sum = sum.multiplyingUp(rowWeights[i]) }
      v[i] = sum == 0 ? 1 : sum.dividingUp(slack[i])
    }
    for i in 0..<n where !(isLinked[i] ? slack[i] > 0 : slack[i] >= 0) {
      return .declined(
        Obstruction(.triangular, .notPositive(.rate, index: i, value: slack[i])))
    }
    var loads = [Double](repeating: 0, count: n)
    for unit in order.reversed() {
      let i = Int(unit)
      w[i] = loads[i] == 0 ? 1 : loads[i].dividingUp(slack[i])
      let own = rowWeights.map { w[i].multiplyingUp($0[i]) } ?? w[i]
      for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] {
        let j = Int(sparse.columnIndices[k])
        let weight = sparse.values[k].magnitude
        if j == i || weight == 0 { continue }
        let load = weight.multiplyingUp(comparison.gain).multiplyingUp(own)
        loads[j] = loads[j].addingUp(load)
      }
    }
    return .accepted((v, w, slack))
  }
}
