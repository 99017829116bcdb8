/// Theorem 1, with its rate: N = g|W| off the diagonal and g max(W_ii, 0) on it.
///
///     flow   λ = min_i (1 − N_ii − ½[(N v)_i / v_i + (Nᵀ w)_i / w_i]) / τ_i
///     Euler  ρ² = max_i (B v)_i / v_i · max_i (Bᵀ w)_i / w_i,   B ≥ |I − H + H(WD + L)|,  H = diag(step/τ_i)
///
/// for any v, w > 0, in the metric diag(τ_i w_i / v_i) (flow) or diag(w_i / v_i) (map); the same for both
/// forms. No eigenvalue is needed. Proof: eᵀPWDe ≤ Σ p_i N_ij |e_i e_j| and
/// 2|e_i e_j| ≤ e_i² v_j/v_i + e_j² v_i/v_j; the map by Schur's test. With linear or nonlinear couplings N is
/// the comparison matrix of the whole affine family. Source: Kozachkov, Ennis, Slotine, arXiv:2106.08928,
/// Theorem 1; theory §1 and E2.
///
/// - Complexity: O(entries).
public enum AbsoluteValue {
  /// The bound that v and w give: a rate rounded down, or a factor rounded up.
  ///
  /// - Throws: `InputError.length` unless both have one entry a unit.
  public static func bound(
    of network: Specification, scope: Scope, columnScaling v: [Double], rowScaling w: [Double]
  ) throws(InputError) -> Outcome<Double> {
    if let fault = try positivity(v, w, units: network.units) { return .declined(fault) }
    return .accepted(
      bound(of: network, ComparisonMatrix(network, readsDiagonal: false), scope, v, w))
  }

  static func check(
    _ network: Specification, _ scope: Scope, columnScaling v: [Double], rowScaling w: [Double],
    claimed: Double
  ) throws(InputError) -> Outcome<Checked> {
    if let fault = try positivity(v, w, units: network.units) { return .declined(fault) }
    let attained = bound(of: network, ComparisonMatrix(network, readsDiagonal: false), scope, v, w)
    guard scope.accepts(claimed, attained: attained) else {
      return .declined(
        Obstruction(.absoluteValue, .boundNotReached(claimed: claimed, attained: attained)))
    }
    return .accepted(
      Checked(
        rule: .absoluteValue, bound: claimed, units: network.units,
        metric: metric(network, scope, v, w)))
  }

  static func bound(
    of network: Specification, _ comparison: ComparisonMatrix, _ scope: Scope, _ v: [Double],
    _ w: [Double]
  ) -> Double {
    var comparison = comparison
    let (right, left) = comparison.offDiagonalProducts(v, w)
    comparison.readDiagonal()
    let uniform = network.uniformPace(scope)
    switch scope {
    case .continuous:
      if let uniform, comparison.isPlain {
        let load = largestLoad(comparison, right, left, v, w)
        let slack = (1.0).subtractingDown(load)
        return slack.multiplyingDown(slack >= 0 ? uniform.lower : uniform.upper)
      }
      var least = Double.infinity
      for i in v.indices {
        let pace = uniform ?? network.pace(scope, unit: i)
        let load = right[i].dividingUp(v[i]).addingUp(left[i].dividingUp(w[i]))
        // Half of the least subnormal would round to 0, and the load be forgotten.
        let taken = comparison.diagonal(i).upper.addingUp(load.multiplyingUp(0.5))
        let slack = (1.0).subtractingDown(taken)
        let rate = slack.multiplyingDown(slack >= 0 ? pace.lower : pace.upper)
        least = rate < least ? rate : (rate.isNaN ? .nan : least)
        if least.isNaN { return .nan }
      }
      return least
    case .asRun:
      var rows = 0.0
      var columns = 0.0
      // Column j of HN carries the pace of row i, so w is scaled by it before the product.
      var leftLoads = left
      if uniform == nil {
        let scaled = w.indices.map { w[$0].multiplyingUp(network.pace(scope, unit: $0).upper) }
        leftLoads = comparison.offDiagonalProducts(v, scaled).columns
      }
      for i in v.indices {
        let pace = uniform ?? network.pace(scope, unit: i)
        let own = (Interval(1) - pace + pace * comparison.diagonal(i)).magnitude
        let row = own.addingUp(pace.upper.multiplyingUp(right[i].dividingUp(v[i])))
        let share = leftLoads[i].dividingUp(w[i])
        let column = own.addingUp(uniform == nil ? share : pace.upper.multiplyingUp(share))
        guard row < .infinity, column < .infinity else { return .infinity }
        rows = Swift.max(rows, row)
        columns = Swift.max(columns, column)
      }
      return rows.multiplyingUp(columns).squareRootUp()
    }
  }

  /// max_i N_ii + ½[(N v)_i / v_i + (Nᵀ w)_i / w_i], rounded up, where no term is negative.
  ///
  /// A first pass in plain arithmetic is right to a relative 4u and a few subnormals, so only units within
  /// 16u of its maximum can attain the true one; those alone are worked out with directed rounding.
  private static func largestLoad(
    _ comparison: ComparisonMatrix, _ right: [Double], _ left: [Double], _ v: [Double],
    _ w: [Double]
  ) -> Double {
    func plain(_ i: Int) -> Double {
      comparison.diagonal(i).upper + 0.5 * (right[i] / v[i] + left[i] / w[i])
    }
    // The peak of each block of units tells whether a second look at them is worth it.
    let blocks = stride(from: 0, to: v.count, by: 1024).map { $0..<Swift.min($0 + 1024, v.count) }
    var peaks: [Double] = []
    for block in blocks {
      var peak = 0.0
      for i in block {
        let load = plain(i)
        guard load < .infinity else { return .infinity }
        peak = Swift.max(peak, load)
      }
      peaks.append(peak)
    }
    let threshold = (peaks.max() ?? 0) * (1 - 8 * Double.ulpOfOne) - 0x1p-1000
    var bound = 0.0
    for (block, peak) in zip(blocks, peaks) where peak >= threshold {
      for i in block where plain(i) >= threshold {
        let load = right[i].dividingUp(v[i]).addingUp(left[i].dividingUp(w[i]))
        // Half of the least subnormal would round to 0, and the load be forgotten.
        bound = Swift.max(bound, comparison.diagonal(i).upper.addingUp(load.multiplyingUp(0.5)))
      }
    }
    return bound
  }

  /// Lengths are the caller's mistake; values that are not positive are the certificate's.
  static func positivity(
    _ v: [Double], _ w: [Double], units n: Int
  ) throws(InputError) -> Obstruction? {
    for x in [v, w] {
      guard x.count == n else { throw .length(.scaling, found: x.count, expected: n) }
      if let fault = firstNotPositive(x, .scaling) { return Obstruction(.absoluteValue, fault) }
    }
    return nil
  }

  static func metric(
    _ network: Specification, _ scope: Scope, _ v: [Double], _ w: [Double]
  ) -> MetricBounds {
    let perUnit = scope == .continuous && network.timeConstants.count > 1
    var upper = [Double]()
    let lower = [Double](unsafeUninitializedCapacity: v.count) { lower, lowerCount in
      upper = [Double](unsafeUninitializedCapacity: v.count) { upper, upperCount in
        for i in v.indices {
          var entry = Interval.quotient(w[i], v[i])
          if perUnit { entry = entry * network.timeConstant(i).enclosure }
          lower.initializeElement(at: i, to: entry.lower)
          upper.initializeElement(at: i, to: entry.upper)
        }
        upperCount = v.count
      }
      lowerCount = v.count
    }
    return .diagonal(lower: lower, upper: upper)
  }
}

/// The first entry that is not a positive finite number, as a reason to decline.
func firstNotPositive(_ values: [Double], _ part: InputError.Part) -> Obstruction.Reason? {
  let good = values.withUnsafeBufferPointer { buffer in
    var good = true
    for x in buffer { good = good && x > 0 && x < .infinity }
    return good
  }
  guard !good else { return nil }
  for (i, x) in values.enumerated() where !(x > 0 && x < .infinity) {
    return .notPositive(part, index: i, value: x)
  }
  return nil
}
