/// Components in a hierarchy, each certified alone, by the block comparison lemma.
///
/// Let component i contract with (M_i, λ_i) and let b_ij bound ‖M_i^{1/2} X_ij(D) M_j^{-1/2}‖₂ over all slopes,
/// X_ij the block of T⁻¹(WD + L) (Euler: of H(WD + L)) from j to i. For any v, w > 0
///
///     flow   λ = min_i ½[2λ_i − (b v)_i / v_i − (bᵀ w)_i / w_i]
///     Euler  ρ² = max_i (ρ_i + (b v)_i / v_i) · max_i (ρ_i + (bᵀ w)_i / w_i)
///
/// in the metric blkdiag((w_i / v_i) M_i). If connections run one way only between components, such v and w
/// exist for every λ < min λ_i, however strong the connections are; the rule itself does not need that.
/// Source: theory §4 (block comparison lemma, hierarchical); arXiv:2106.08928, §2.
///
/// - Complexity: the sum of the components' checks and O(entries).
public enum Hierarchy {
  /// A bound on ‖M_i^{1/2} X_ij(D) M_j^{-1/2}‖₂ over all slopes: component `from` drives component `to`.
  public struct Gain: Sendable, Hashable {
    public let to: Int
    public let from: Int
    public let bound: Double
  }

  /// The gains between components that the rule would use, given a proof for each; for proposers, who need
  /// them to choose v and w. Cost: that of checking the components.
  public static func gains(
    of network: Specification, scope: Scope, components: [[Int32]], proofs: [Proof]
  ) throws(InputError) -> Outcome<[Gain]> {
    guard proofs.count == components.count else {
      throw .length(.components, found: proofs.count, expected: components.count)
    }
    let home: [Int]
    switch homes(components, units: network.units) {
    case .accepted(let found): home = found
    case .declined(let why): return .declined(why)
    }
    switch try certifyAlone(network, scope, components, proofs) {
    case .accepted(let children):
      return .accepted(gains(network, scope, home: home, children: children, components))
    case .declined(let why): return .declined(why)
    }
  }

  static func check(
    _ network: Specification, _ scope: Scope, _ h: Argument.Hierarchy, claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    func decline(_ reason: Obstruction.Reason) -> Outcome<Checked> {
      .declined(Obstruction(.hierarchy, reason))
    }
    let n = network.units
    let parts = h.components.count
    guard h.proofs.count == parts else {
      throw .length(.components, found: h.proofs.count, expected: parts)
    }
    for scaling in [h.columnScaling, h.rowScaling] {
      guard scaling.count == parts else {
        throw .length(.scaling, found: scaling.count, expected: parts)
      }
      if let fault = firstNotPositive(scaling, .scaling) { return decline(fault) }
    }
    let home: [Int]
    switch homes(h.components, units: n) {
    case .accepted(let found): home = found
    case .declined(let why): return .declined(why)
    }
    let children: [Checked]
    switch try certifyAlone(network, scope, h.components, h.proofs) {
    case .accepted(let checked): children = checked
    case .declined(let why): return .declined(why)
    }
    let gains = gains(network, scope, home: home, children: children, h.components)
    let (v, w) = (h.columnScaling, h.rowScaling)
    var rows = [Double](repeating: 0, count: parts)
    var columns = [Double](repeating: 0, count: parts)
    for gain in gains {
      let row = gain.bound.multiplyingUp(v[gain.from]).dividingUp(v[gain.to])
      let column = gain.bound.multiplyingUp(w[gain.to]).dividingUp(w[gain.from])
      rows[gain.to] = rows[gain.to].addingUp(row)
      columns[gain.from] = columns[gain.from].addingUp(column)
    }
    let attained = bound(scope, children.map(\.node.bound), rows, columns)
    guard scope.accepts(claimed, attained: attained) else {
      return decline(.boundNotReached(claimed: claimed, attained: attained))
    }
    return .accepted(
      Checked(
        rule: .hierarchy, bound: claimed, units: n,
        metric: metric(h, children, units: n), children: children.map(\.node)))
  }

  /// The component of each unit.
  private static func homes(_ components: [[Int32]], units n: Int) -> Outcome<[Int]> {
    func decline(_ unit: Int) -> Outcome<[Int]> {
      .declined(Obstruction(.hierarchy, .notAPartition(.components, unit: unit)))
    }
    var home = [Int](repeating: -1, count: n)
    for (part, units) in components.enumerated() {
      guard !units.isEmpty else { return decline(-1) }
      for unit in units {
        guard unit >= 0, unit < n, home[Int(unit)] < 0 else { return decline(Int(unit)) }
        home[Int(unit)] = part
      }
    }
    if let missing = home.firstIndex(of: -1) { return decline(missing) }
    return .accepted(home)
  }

  /// Each component checked as a network of its own.
  private static func certifyAlone(
    _ network: Specification, _ scope: Scope, _ components: [[Int32]], _ proofs: [Proof]
  ) throws(InputError) -> Outcome<[Checked]> {
    var children: [Checked] = []
    for (part, units) in components.enumerated() {
      let alone = try network.restricted(to: units.map(Int.init))
      switch try alone.check(proofs[part], scope) {
      case .accepted(let child): children.append(child)
      case .declined(let why): return .declined(why.inside(component: part))
      }
    }
    return .accepted(children)
  }

  private static func bound(
    _ scope: Scope, _ own: [Double], _ rows: [Double], _ columns: [Double]
  ) -> Double {
    switch scope {
    case .continuous:
      var least = Double.infinity
      for i in own.indices {
        let rate = own[i].subtractingDown(rows[i].addingUp(columns[i]).multiplyingUp(0.5))
        guard !rate.isNaN else { return .nan }
        least = Swift.min(least, rate)
      }
      return least
    case .asRun:
      var (row, column) = (0.0, 0.0)
      for i in own.indices {
        let (a, b) = (own[i].addingUp(rows[i]), own[i].addingUp(columns[i]))
        guard a < .infinity, b < .infinity else { return .infinity }
        row = Swift.max(row, a)
        column = Swift.max(column, b)
      }
      return row.multiplyingUp(column).squareRootUp()
    }
  }

  /// blkdiag((w_i / v_i) M_i): diagonal if all parts are.
  private static func metric(
    _ h: Argument.Hierarchy, _ children: [Checked], units n: Int
  ) -> MetricBounds {
    var lower = [Double](repeating: .nan, count: n)
    var upper = lower
    var isDiagonal = true
    for (part, child) in children.enumerated() {
      let (v, w) = (h.columnScaling[part], h.rowScaling[part])
      let scale = Interval(w.dividingDown(v), w.dividingUp(v))
      switch child.metric {
      case .diagonal(let low, let high):
        for (k, unit) in h.components[part].enumerated() {
          lower[Int(unit)] = scale.lower.multiplyingDown(low[k])
          upper[Int(unit)] = scale.upper.multiplyingUp(high[k])
        }
      case .full(let low, let high):
        isDiagonal = false
        for unit in h.components[part] {
          lower[Int(unit)] = scale.lower.multiplyingDown(low)
          upper[Int(unit)] = scale.upper.multiplyingUp(high)
        }
      }
    }
    let bounds = MetricBounds.diagonal(lower: lower, upper: upper)
    if isDiagonal { return bounds }
    let (least, greatest) = bounds.extent
    return .full(lower: least, upper: greatest)
  }
}

extension Hierarchy {
  private struct Pair: Hashable {
    let to: Int
    let from: Int
  }

  /// ‖X‖₂ ≤ √(‖|X|‖₁ ‖|X|‖_∞) of each block, scaled from both sides by the metrics. Cost: O(entries).
  private static func gains(
    _ network: Specification, _ scope: Scope, home: [Int], children: [Checked],
    _ components: [[Int32]]
  ) -> [Gain] {
    let n = network.units
    var left = [Double](repeating: 0, count: n)
    var right = left
    for (part, child) in children.enumerated() {
      let factors = child.metric.factors(units: components[part].count)
      for (k, unit) in components[part].enumerated() {
        left[Int(unit)] = factors.left[k].multiplyingUp(network.pace(scope, unit: Int(unit)).upper)
        right[Int(unit)] = factors.right[k]
      }
    }
    let comparison = ComparisonMatrix(network)
    let entries = comparison.entries.sparse()
    var rowSums: [Pair: [Int32: Double]] = [:]
    var columnSums: [Pair: [Int32: Double]] = [:]
    for i in 0..<n {
      for k in entries.rowPointers[i]..<entries.rowPointers[i + 1] {
        let j = entries.columnIndices[k]
        let from = home[Int(j)]
        if from == home[i] || entries.values[k] == 0 { continue }
        let pair = Pair(to: home[i], from: from)
        let weight = entries.values[k].magnitude.multiplyingUp(comparison.gain)
          .multiplyingUp(left[i]).multiplyingUp(right[Int(j)])
        rowSums[pair, default: [:]][Int32(i), default: 0].addUp(weight)
        columnSums[pair, default: [:]][j, default: 0].addUp(weight)
      }
    }
    return rowSums.map { pair, sums in
      let row = sums.values.largest
      let column = columnSums[pair]?.values.largest ?? .infinity
      return Gain(to: pair.to, from: pair.from, bound: row.multiplyingUp(column).squareRootUp())
    }.sorted { ($0.to, $0.from) < ($1.to, $1.from) }
  }
}

extension Double {
  fileprivate mutating func addUp(_ other: Double) { self = addingUp(other) }
}

extension Sequence<Double> {
  /// The largest of nonnegative numbers, NaN if any is.
  fileprivate var largest: Double {
    var largest = 0.0
    for x in self {
      guard !x.isNaN else { return .nan }
      largest = Swift.max(largest, x)
    }
    return largest
  }
}
