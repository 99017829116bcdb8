/// A network at any vertex of its slopes, exactly: rational matrices as exact entries over one positive number.
///
///     flow   T⁻¹(−I + L + WD), or with DW        map   I + H(−I + L + WD), H = diag(step/τ)
///
/// both times `scale`, in which all denominators are cleared. The system form of `LureSystem`, e ↦ Fe + Gv with
/// v = DCe, is given as well: F and G times `scale`, C as it is.
struct ExactDynamics {
  let units: Int
  let scope: Scope
  /// Positive.
  let scale: Dyadic
  /// F and G times the scale, and C.
  let f: [[Dyadic]]
  let g: [[Dyadic]]
  let c: [[Dyadic]]
  /// l and g times `slopeScale`, which is positive.
  let slopes: (lower: Dyadic, upper: Dyadic)
  let slopeScale: Dyadic

  /// Nil where the scope does not exist or a coupling K is there.
  init?(_ network: Specification, _ scope: Scope) {
    guard network.has(scope), network.nonlinearCoupling == nil else { return nil }
    let n = network.units
    let h: ExactRatio
    switch scope {
    case .continuous: h = .one
    case .asRun:
      guard network.form == .map || network.step?.scheme == .euler else { return nil }
      h = network.form == .map ? .one : network.step?.size ?? .one
    }
    // Pace of unit i: (h.n / h.d) · (τ.d / τ.n); times h.d and every different τ.n it is whole.
    let times = (0..<n).map { network.timeConstant($0) }
    var scale = Dyadic(h.denominator)
    for numerator in Set(times.map(\.numerator)) { scale = scale * Dyadic(numerator) }
    let paces = times.map { τ -> Dyadic in
      var pace = Dyadic(h.numerator) * Dyadic(τ.denominator)
      for numerator in Set(times.map(\.numerator)) where numerator != τ.numerator {
        pace = pace * Dyadic(numerator)
      }
      return pace
    }
    let w = network.recurrent.dense().exactRows
    let coupling = network.coupling?.dense().exactRows
    let unit = (0..<n).map { i in (0..<n).map { $0 == i ? Dyadic.one : .zero } }
    let start = scope == .continuous ? Dyadic.zero : scale
    f = (0..<n).map { i in
      (0..<n).map { j in
        let leak = (coupling?[i][j] ?? .zero) - unit[i][j]
        return paces[i] * leak + (i == j ? start : .zero)
      }
    }
    if network.slopesScaleColumns {
      g = (0..<n).map { i in w[i].map { paces[i] * $0 } }
      c = unit
    } else {
      g = (0..<n).map { i in unit[i].map { paces[i] * $0 } }
      c = w
    }
    let (l, u) = (network.slopes.lower, network.slopes.upper)
    slopes = (
      Dyadic(l.numerator) * Dyadic(u.denominator), Dyadic(u.numerator) * Dyadic(l.denominator)
    )
    slopeScale = Dyadic(l.denominator) * Dyadic(u.denominator)
    units = n
    self.scope = scope
    self.scale = scale
  }

  /// The matrix at the vertex with the upper slope at the active units, times `vertexScale`.
  ///
  /// - Complexity: O(n²), since G or C is diagonal.
  func vertex(_ active: [Int32]) -> [[Dyadic]] {
    var slope = [Dyadic](repeating: slopes.lower, count: units)
    for unit in active { slope[Int(unit)] = slopes.upper }
    let feedback = exactProduct(g, zip(c, slope).map { row, d in row.map { d * $0 } })
    return zip(f, feedback).map { zip($0, $1).map { slopeScale * $0 + $1 } }
  }

  /// The positive factor of `vertex`.
  var vertexScale: Dyadic { scale * slopeScale }
}

extension Specification {
  /// Whether units are named in ascending order and exist.
  func isPattern(_ active: [Int32]) -> Bool {
    var previous: Int32 = -1
    for unit in active {
      guard unit > previous, unit < units else { return false }
      previous = unit
    }
    return true
  }
}
