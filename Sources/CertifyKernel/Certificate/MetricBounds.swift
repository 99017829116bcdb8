/// What is known of a metric M that a rule certified: all that an enclosing rule may use of it.
indirect enum MetricBounds: Sendable {
  /// M is diagonal with entries in [lower_i, upper_i].
  case diagonal(lower: [Double], upper: [Double])
  /// lower · I ⪯ M ⪯ upper · I, and no more.
  case full(lower: Double, upper: Double)
  /// M lies in the enclosure, and lower · I ⪯ M ⪯ upper · I.
  case matrix(EnclosedMatrix, lower: Double, upper: Double)
  /// M⁻¹ lies in the enclosure, and lower · I ⪯ M ⪯ upper · I.
  case inverse(EnclosedMatrix, lower: Double, upper: Double)
  /// M = blkdiag of scaled metrics over disjoint sets that cover the units.
  case blocks([Block])

  struct Block: Sendable {
    /// The units, as indices of the network the metric is for.
    let units: [Int32]
    /// The block of M is a number in `scale` times `metric`.
    let scale: Interval
    let metric: MetricBounds
  }

  /// An upper bound on √κ(M), at least 1.
  var overshoot: Double {
    let (low, high) = extent
    guard low > 0, high < .infinity else { return .infinity }
    return high.dividingUp(low).squareRootUp()
  }

  /// Numbers with lower · I ⪯ M ⪯ upper · I.
  var extent: (lower: Double, upper: Double) {
    switch self {
    case .full(let lower, let upper), .matrix(_, let lower, let upper),
      .inverse(_, let lower, let upper):
      return (lower, upper)
    case .diagonal(let lower, let upper):
      var least = Double.infinity
      var greatest = 0.0
      for (a, b) in zip(lower, upper) {
        guard a > 0, b < .infinity else { return (0, .infinity) }
        least = Swift.min(least, a)
        greatest = Swift.max(greatest, b)
      }
      return (least, greatest)
    case .blocks(let blocks):
      var least = Double.infinity
      var greatest = 0.0
      for block in blocks {
        let (low, high) = block.metric.extent
        let (a, b) = (
          block.scale.lower.multiplyingDown(low), block.scale.upper.multiplyingUp(high)
        )
        guard a > 0, b < .infinity else { return (0, .infinity) }
        least = Swift.min(least, a)
        greatest = Swift.max(greatest, b)
      }
      return (least, greatest)
    }
  }

  /// Upper bounds, unit by unit, on ‖M^{1/2}‖ acting from the left and ‖M^{-1/2}‖ from the right.
  func factors(units: Int) -> (left: [Double], right: [Double]) {
    var left = [Double](repeating: .nan, count: units)
    var right = left
    for (unit, entry) in diagonalBounds(units: units).enumerated() {
      left[unit] = entry.upper.squareRootUp()
      right[unit] = (1.0).dividingUp(entry.lower.squareRootDown())
    }
    return (left, right)
  }

  /// Numbers a_i ≤ b_i with diag(a) ⪯ M ⪯ diag(b), the entries themselves where M is diagonal.
  func diagonalBounds(units: Int) -> [Interval] {
    switch self {
    case .full(let lower, let upper), .matrix(_, let lower, let upper),
      .inverse(_, let lower, let upper):
      return [Interval](repeating: Interval(lower, upper), count: units)
    case .diagonal(let lower, let upper): return zip(lower, upper).map { Interval($0, $1) }
    case .blocks(let blocks):
      var result = [Interval](repeating: Interval(.nan), count: units)
      for block in blocks {
        let own = block.metric.diagonalBounds(units: block.units.count)
        for (k, unit) in block.units.enumerated() { result[Int(unit)] = block.scale * own[k] }
      }
      return result
    }
  }

  var isDiagonal: Bool {
    switch self {
    case .diagonal: true
    case .full, .matrix, .inverse: false
    case .blocks(let blocks): blocks.allSatisfy(\.metric.isDiagonal)
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

  /// blkdiag(scale_k M_k): diagonal if all parts are, otherwise the blocks, nested ones unfolded.
  static func blocks(
    _ parts: [(units: [Int32], scale: Interval, metric: MetricBounds)], units n: Int
  ) -> MetricBounds {
    if parts.allSatisfy(\.metric.isDiagonal) {
      var lower = [Double](repeating: .nan, count: n)
      var upper = lower
      for part in parts {
        let own = part.metric.diagonalBounds(units: part.units.count)
        for (k, unit) in part.units.enumerated() {
          let entry = part.scale * own[k]
          lower[Int(unit)] = entry.lower
          upper[Int(unit)] = entry.upper
        }
      }
      return .diagonal(lower: lower, upper: upper)
    }
    var blocks: [Block] = []
    for part in parts {
      if case .blocks(let inner) = part.metric {
        for block in inner {
          blocks.append(
            Block(
              units: block.units.map { part.units[Int($0)] }, scale: part.scale * block.scale,
              metric: block.metric))
        }
      } else {
        blocks.append(Block(units: part.units, scale: part.scale, metric: part.metric))
      }
    }
    return .blocks(blocks)
  }
}
