/// How far a network that is run in floating point stays from the exact one.
///
/// If every float step errs by at most ε in the metric and the map contracts with ρ < 1, the two trajectories of
/// the same input stay within ε/(1 − ρ) of each other (theory §6). A step
///
///     x⁺ = x + h(−x + Wφ(x) + Lx + Kψ(x) + v)      (v: inputs, biases, and what φ and ψ give at 0)
///
/// whose operations are rounded to nearest with unit roundoff u, sums in any order, fused or not, and where h is
/// right to 4u and
/// activations to 8u, errs in entry i by at most
///
///     γ_k [(1 + h_i)|x_i| + h_i(g Σ_j |W_ij||x_j| + Σ_j |L_ij||x_j| + g′ Σ_j |K_ij||x_j| + max(1, g)|v_i|)]
///
/// with γ_k = ku/(1 − ku), k = 20 more than the entries of the longest row; form inside and maps likewise,
/// because |φ(z) − φ(0)| ≤ g|z|. With ‖X‖ the norm of the bracket's matrix in the metric, and κ² a bound on the
/// ratios of upper and lower bounds on its diagonal, r = ε/(1 − ρ) becomes
///
///     r ≤ γ_k(‖X‖ + κ)/(1 − ρ − γ_k‖X‖) · S,    S = sup_k max(|x_k|_M, |hv_k|_M max(1, g)),
///
/// plus what underflow may take. Source: Higham, Accuracy and Stability of Numerical Algorithms, §3.1; theory §6.
/// A weight below the normal numbers of the format may lose all its bits: its magnitude counts as η/u, the least
/// size at which half the smallest number η is a rounding error. Nothing is said of overflow.
public struct FloatTube: Sendable, Hashable {
  /// A binary format with gradual underflow.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    case float64, float32, bfloat16, float16

    /// Half the distance from 1 to the next number.
    var unitRoundoff: Double {
      switch self {
      case .float64: 0x1p-53
      case .float32: 0x1p-24
      case .bfloat16: 0x1p-8
      case .float16: 0x1p-11
      }
    }

    /// The smallest positive number.
    var smallest: Double {
      switch self {
      case .float64: 0x1p-1074
      case .float32: 0x1p-149
      case .bfloat16: 0x1p-133
      case .float16: 0x1p-24
      }
    }
  }

  public let format: Format
  /// |x_float − x_exact|_M ≤ relative · S + absolute for all steps, if both start together. Rounded up.
  public let relative: Double
  public let absolute: Double
}

extension Certified {
  /// The tube of the map that was certified; nil for a flow, for schemes that solve systems, and where rounding
  /// in this format outweighs the contraction. Cost: O(entries).
  public func floatTube(_ format: FloatTube.Format) -> FloatTube? {
    guard let factor = guarantee.factor, specification.runsAsEuler else { return nil }
    return FloatError(specification, metric, format).tube(format, factor: factor)
  }
}

/// The bracket of the error of one step, in a metric.
struct FloatError {
  /// X, not yet in the metric.
  private(set) var bracket = ScaledEntries()
  /// ‖X‖ and κ.
  var norm = Double.nan
  var spread = 0.0
  /// The entries of the longest row, over all matrices.
  var longestRow = 0
  /// √Σ_i b_i (…)² over the units, a multiple of the smallest number: what underflow takes.
  var underflow = 0.0
}

extension FloatError {
  init(_ network: Specification, _ metric: MetricBounds, _ format: FloatTube.Format) {
    let n = network.units
    // The smallest normal number is half of this.
    let least = format.smallest / format.unitRoundoff
    let gain = network.slopes.enclosure.magnitude
    var parts = [(network.recurrent.sparse(), gain)]
    if let coupling = network.coupling { parts.append((coupling.sparse(), 1)) }
    if let coupling = network.nonlinearCoupling {
      parts.append((coupling.weights.sparse(), coupling.slopes.enclosure.magnitude))
    }
    let bounds = metric.diagonalBounds(units: n)
    let (left, right) = metric.factors(units: n)
    let onePlusGain = (1.0).addingUp(gain)
    var losses: [Double] = []
    for i in 0..<n {
      // A pace below the normal numbers is not right to 4u; NaN leaves no tube.
      let pace = network.pace(.asRun, unit: i)
      let h = pace.lower >= least ? pace.upper : .nan
      let onePlusStep = (1.0).addingUp(h)
      bracket.entries.append((i, i, onePlusStep))
      var entries = 0
      var sum = onePlusGain
      for (matrix, gain) in parts {
        for k in matrix.rowPointers[i]..<matrix.rowPointers[i + 1] {
          let stored = matrix.values[k].magnitude
          if stored == 0 { continue }
          let size = h.multiplyingUp(gain.multiplyingUp(Swift.max(stored, least)))
          bracket.entries.append((i, Int(matrix.columnIndices[k]), size))
          sum = sum.addingUp(stored)
        }
        entries += matrix.rowPointers[i + 1] - matrix.rowPointers[i]
      }
      longestRow = Swift.max(longestRow, entries)
      losses.append(
        Self.loss(sum, operations: entries + 20, onePlusStep, onePlusGain, factor: left[i]))
      spread = larger(spread, bounds[i].upper.dividingUp(bounds[i].lower).squareRootUp())
    }
    underflow = Self.euclideanNorm(losses)
    norm = bracket.bound(rows: n, columns: n, left: left, right: right)
  }

  /// What underflow may take of one entry, a multiple of the smallest number.
  ///
  /// Every operation may lose that number once, and what it lost is multiplied by at most this.
  static func loss(
    _ sum: Double, operations: Int, _ onePlusStep: Double, _ onePlusGain: Double, factor: Double
  ) -> Double {
    sum.multiplyingUp(Double(operations)).multiplyingUp(onePlusStep).multiplyingUp(onePlusGain)
      .multiplyingUp(factor)
  }

  /// √Σ_i x_i², rounded up.
  static func euclideanNorm(_ x: [Double]) -> Double {
    var squares = 0.0
    for entry in x { squares = squares.addingUp(entry.multiplyingUp(entry)) }
    return squares.squareRootUp()
  }

  func tube(_ format: FloatTube.Format, factor ρ: Double) -> FloatTube? {
    let u = format.unitRoundoff
    let k = Double(longestRow + 20).multiplyingUp(u)
    guard k < 0.5 else { return nil }
    let γ = k.dividingUp((1.0).subtractingDown(k))
    let slack = (1.0).subtractingDown(ρ).subtractingDown(γ.multiplyingUp(norm))
    guard slack > 0 else { return nil }
    let relative = γ.multiplyingUp(norm.addingUp(spread)).dividingUp(slack)
    let absolute = underflow.multiplyingUp(format.smallest).dividingUp(slack)
    guard relative < .infinity, absolute < .infinity else { return nil }
    return FloatTube(format: format, relative: relative, absolute: absolute)
  }

  private func larger(_ x: Double, _ y: Double) -> Double {
    x.isNaN || y.isNaN ? .nan : Swift.max(x, y)
  }
}
