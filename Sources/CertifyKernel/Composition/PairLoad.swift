/// How much the couplings of two modules may cost, in the modules' own metrics.
///
///     residual   r ≥ ‖M_a^{-1/2} ½(θ_a M_a A_ab + θ_b A_baᵀ M_b) M_b^{-1/2}‖₂,   A the linear part
///     toFirst    k_ab ≥ sup_D ‖M_a^{1/2} X_ab(D) M_b^{-1/2}‖₂,                     X what the slopes add
///     toSecond   k_ba likewise
///
/// A linear part that is skew in blkdiag(θ_a M_a) has r = 0: negative feedback is free. With slopes in [0, g]
/// the halves add up to (g/4)(‖L̃_ab + L̃_baᵀ‖ + ‖L̃_ab‖ + ‖L̃_ba‖), the sharper bound of the global workspace
/// (theory §4), which is never above the plain one.
public struct PairLoad: Sendable, Hashable {
  public let first: Int
  public let second: Int
  public internal(set) var residual = 0.0
  public internal(set) var toFirst = 0.0
  public internal(set) var toSecond = 0.0

  init(first: Int, second: Int) {
    self.first = first
    self.second = second
  }
}

/// What is needed of the modules to bound the couplings between them.
struct ModuleSet: Sendable {
  let form: Specification.Form
  /// The units of each module, and where each unit stands in its module.
  let units: [[Int32]]
  let place: [Int]
  let metrics: [MetricBounds]
  /// Bounds on ‖M^{1/2}‖ from the left and ‖M^{-1/2}‖ from the right, unit by unit of the network.
  let left: [Double]
  let right: [Double]
  /// The diagonal of M where it is diagonal.
  private let entries: [Interval]

  init(form: Specification.Form, units: [[Int32]], metrics: [MetricBounds], total n: Int) {
    var place = [Int](repeating: 0, count: n)
    var left = [Double](repeating: .nan, count: n)
    var right = left
    var entries = [Interval](repeating: Interval(.nan), count: n)
    for (module, members) in units.enumerated() {
      let own = metrics[module].diagonalBounds(units: members.count)
      for (k, unit) in members.enumerated() {
        place[Int(unit)] = k
        entries[Int(unit)] = own[k]
        left[Int(unit)] = own[k].upper.squareRootUp()
        right[Int(unit)] = (1.0).dividingUp(own[k].lower.squareRootDown())
      }
    }
    self.form = form
    self.units = units
    self.place = place
    self.metrics = metrics
    self.left = left
    self.right = right
    self.entries = entries
  }

  private func factors(_ module: Int) -> (left: [Double], right: [Double]) {
    (units[module].map { left[Int($0)] }, units[module].map { right[Int($0)] })
  }

  /// An upper bound on ‖M_to^{1/2} X M_from^{-1/2}‖₂ from the magnitudes of X. Cost: O(entries).
  func gain(_ pair: CouplingPair, toFirst: Bool, _ magnitude: (CouplingPair.Entry) -> Double)
    -> Double
  {
    var scaled = ScaledEntries()
    for entry in pair.entries {
      let size = magnitude(entry)
      if size == 0 { continue }
      let (row, column) = (place[Int(entry.row)], place[Int(entry.column)])
      scaled.entries.append(toFirst ? (row, column, size) : (column, row, size))
    }
    let (to, from) = toFirst ? (pair.first, pair.second) : (pair.second, pair.first)
    return scaled.bound(
      rows: units[to].count, columns: units[from].count, left: factors(to).left,
      right: factors(from).right)
  }

  /// What the slopes add, by sums of magnitudes, without what is linear.
  func slopeLoad(_ pair: CouplingPair) -> PairLoad {
    var load = PairLoad(first: pair.first, second: pair.second)
    load.toFirst = gain(pair, toFirst: true, \.slopesToFirst.magnitude)
    load.toSecond = gain(pair, toFirst: false, \.slopesToSecond.magnitude)
    return load
  }

  /// Adds the linear part both ways, for pairs where only bounds on a metric are known.
  ///
  /// Norms that are claimed speak of slopes alone, so this comes after them.
  func chargeLinearPart(of pair: CouplingPair, to load: inout PairLoad) {
    load.toFirst = load.toFirst.addingUp(gain(pair, toFirst: true, \.toFirst.magnitude))
    load.toSecond = load.toSecond.addingUp(gain(pair, toFirst: false, \.toSecond.magnitude))
  }

  /// r by sums of magnitudes; nil if only bounds are known of a metric.
  func residualBound(
    _ pair: CouplingPair, scales θ: (first: Interval, second: Interval)
  ) -> Double? {
    if metrics[pair.first].isDiagonal, metrics[pair.second].isDiagonal {
      return diagonalResidual(pair, θ)
    }
    return residual(pair, scales: θ)?.bound()
  }

  private func diagonalResidual(
    _ pair: CouplingPair, _ θ: (first: Interval, second: Interval)
  ) -> Double {
    var scaled = ScaledEntries()
    let half = Interval(0.5)
    // ½θM of each unit.
    let first = units[pair.first].map { half * θ.first * entries[Int($0)] }
    let second = units[pair.second].map { half * θ.second * entries[Int($0)] }
    for entry in pair.entries {
      let (i, j) = (Int(entry.row), Int(entry.column))
      let sum = first[place[i]] * entry.toFirst + second[place[j]] * entry.toSecond
      let size = sum.magnitude
      if size == 0 { continue }
      scaled.entries.append((place[i], place[j], size))
    }
    return scaled.bound(
      rows: units[pair.first].count, columns: units[pair.second].count,
      left: factors(pair.first).right, right: factors(pair.second).right)
  }

  /// ½(θ_a M_a A_ab + θ_b A_baᵀ M_b) after the congruence that avoids inverses, and the matrices it is
  /// measured in; nil if only bounds are known of a metric, or if the blocks are too large to write out.
  func residual(
    _ pair: CouplingPair, scales θ: (first: Interval, second: Interval)
  ) -> Residual? {
    let (m, n) = (units[pair.first].count, units[pair.second].count)
    guard m * n <= 1 << 24, m <= 1 << 13, n <= 1 << 13,
      let a = ModuleMetric(metrics[pair.first], units: m),
      let b = ModuleMetric(metrics[pair.second], units: n)
    else { return nil }
    let x = dense(pair, rows: m, columns: n, \.toFirst)
    let y = dense(pair, rows: m, columns: n, \.toSecond)
    // θ_a A_a X B_b + θ_b B_a Yᵀ A_b, the right factors by transposition.
    let forward = b.multiplied(a.multiplied(x).byA.transposed()).byB.transposed()
    let backward = b.multiplied(a.multiplied(y).byB.transposed()).byA.transposed()
    let half = Interval(0.5)
    let sum = EnclosedMatrix(rows: m, columns: n) { i, j in
      half * (θ.first * forward[i, j] + θ.second * backward[i, j])
    }
    return Residual(matrix: sum, first: a, second: b)
  }

  struct Residual {
    let matrix: EnclosedMatrix
    let first: ModuleMetric
    let second: ModuleMetric

    /// By sums of magnitudes.
    func bound() -> Double {
      var scaled = ScaledEntries()
      for i in 0..<matrix.rows {
        for j in 0..<matrix.columns {
          let size = matrix[i, j].magnitude
          if size != 0 { scaled.entries.append((i, j, size)) }
        }
      }
      func inverseRoots(_ floor: [Double]) -> [Double] {
        floor.map { (1.0).dividingUp($0.squareRootDown()) }
      }
      return scaled.bound(
        rows: matrix.rows, columns: matrix.columns, left: inverseRoots(first.floor),
        right: inverseRoots(second.floor))
    }

    func isBelow(_ σ: Double) -> Bool {
      matrix.isBelow(σ, rows: first.matrix, columns: second.matrix)
    }
  }

  /// Whether ‖M_to^{1/2} X(D) M_from^{-1/2}‖₂ < σ for all slopes, by a factorisation.
  ///
  /// A slope commutes with a diagonal metric; a full metric next to it counts with its bounds only.
  func gainIsBelow(_ σ: Double, _ pair: CouplingPair, toFirst: Bool) -> Bool {
    // The norms of the parts of W and of K add up; their sum says nothing.
    guard !(pair.slopesOfW && pair.slopesOfK) else { return false }
    let (to, from) = toFirst ? (pair.first, pair.second) : (pair.second, pair.first)
    let (m, n) = (units[to].count, units[from].count)
    guard m * n <= 1 << 24 else { return false }
    let x =
      toFirst
      ? dense(pair, rows: m, columns: n, \.slopesToFirst)
      : dense(pair, rows: n, columns: m, \.slopesToSecond).transposed()
    let slopesOnColumns = form == .outside
    let own = units[from].map { entries[Int($0)] }
    func bounds(_ values: [Interval]) -> EnclosedMatrix { EnclosedMatrix(diagonal: values) }
    let v: EnclosedMatrix
    if slopesOnColumns || metrics[from].isDiagonal {
      v = bounds(own.map { metrics[from].isDiagonal ? $0 : Interval($0.lower) })
    } else {
      guard let metric = ModuleMetric(metrics[from], units: n), !metric.isInverse.contains(true)
      else { return false }
      v = metric.matrix
    }
    if !slopesOnColumns || metrics[to].isDiagonal {
      let isDiagonal = metrics[to].isDiagonal
      let u = units[to].map { unit -> Interval in
        let entry = entries[Int(unit)]
        return Interval(1) / (isDiagonal ? entry : Interval(entry.upper))
      }
      return x.isBelow(σ, rows: bounds(u), columns: v)
    }
    guard let metric = ModuleMetric(metrics[to], units: m) else { return false }
    return metric.multiplied(x).byA.isBelow(σ, rows: metric.matrix, columns: v)
  }

  private func dense(
    _ pair: CouplingPair, rows m: Int, columns n: Int, _ part: (CouplingPair.Entry) -> Interval
  ) -> EnclosedMatrix {
    var middle = Matrix(rows: m, columns: n)
    var radius = Matrix(rows: m, columns: n)
    for entry in pair.entries {
      let (mid, r) = part(entry).centre
      middle[place[Int(entry.row)], place[Int(entry.column)]] = mid
      radius[place[Int(entry.row)], place[Int(entry.column)]] = r
    }
    return EnclosedMatrix(middle, radius: radius)
  }
}
