/// The linear network at one vertex of the slopes: g at the active units, l elsewhere.
///
/// A coupling K ψ(x) is taken at slope 0, which must be allowed.
struct VertexJacobian {
  let network: Specification
  let scope: Scope
  let isActive: [Bool]

  /// Nil, with the reason, if the pattern is malformed or the network has no such vertex.
  static func make(
    _ network: Specification, _ scope: Scope, active: [Int32], _ refutation: Refutation
  ) -> Outcome<VertexJacobian> {
    var isActive = [Bool](repeating: false, count: network.units)
    var previous: Int32 = -1
    for (index, unit) in active.enumerated() {
      guard unit > previous, unit < network.units else {
        return .declined(Obstruction(refutation, .notAPattern(index: index)))
      }
      previous = unit
      isActive[Int(unit)] = true
    }
    if let coupling = network.nonlinearCoupling, !coupling.slopes.startsAtZero {
      return .declined(Obstruction(refutation, .notCovered(.nonlinearCoupling)))
    }
    return .accepted(VertexJacobian(network: network, scope: scope, isActive: isActive))
  }

  private func slope(_ i: Int) -> ExactRatio {
    isActive[i] ? network.slopes.upper : network.slopes.lower
  }

  /// T⁻¹J for the flow, I + HJ for the map, every entry enclosed.
  func enclosed() -> EnclosedMatrix {
    let paces = network.paces(scope)
    let d = (0..<network.units).map { slope($0).enclosure }
    let w = network.recurrent.dense()
    let coupling = network.coupling?.dense()
    let start = scope == .continuous ? Interval(0) : Interval(1)
    return EnclosedMatrix(rows: network.units, columns: network.units) { i, j in
      var entry = Interval(w[i, j]) * d[network.slopesScaleColumns ? j : i]
      if let coupling { entry = entry + Interval(coupling[i, j]) }
      guard i == j else { return paces[i] * entry }
      return start + paces[i] * (entry - Interval(1))
    }
  }

  /// The largest matrix whose determinant is worked out exactly.
  static let largestExact = 64

  /// The sign of det(−J), exact. With L = 0 and l = 0 it is that of the principal minor of I − gW on the
  /// active units, because the other columns (rows) are those of I. Nil beyond `largestExact`.
  func signOfDeterminant() -> Int? {
    var units = Array(0..<network.units)
    if network.coupling == nil, network.slopes.startsAtZero {
      units = units.filter { isActive[$0] }
    }
    guard units.count <= Self.largestExact else { return nil }
    return exactDeterminantSign(
      exactMatrix(units) { _ in (identity: Dyadic(1), network: Dyadic(-1)) })
  }

  /// Whether `signOfFlip` has the exact pace of the map: that of an exponential step is no rational number.
  var hasExactPace: Bool {
    network.step.map { [.euler, .semiImplicit].contains($0.scheme) } ?? true
  }

  /// The sign of det(I + A) for the map's A = I + HJ, exact; nil beyond `largestExact`, and where the pace H
  /// is not that of an Euler step or, with L = 0, of a semi-implicit one.
  func signOfFlip() -> Int? {
    guard network.units <= Self.largestExact, hasExactPace else { return nil }
    // Row i of 2I − H + H(L + WD), times the denominator of h_i.
    let rows = exactMatrix(Array(0..<network.units)) { i in
      let (size, τ) = (
        network.form == .map ? .one : network.step?.size ?? .zero, network.timeConstant(i)
      )
      let h = Dyadic(size.numerator) * Dyadic(τ.denominator)
      var one = Dyadic(size.denominator) * Dyadic(τ.numerator)
      // step/(τ + step) instead of step/τ.
      if network.step?.scheme == .semiImplicit { one += h }
      return (identity: one + one - h, network: h)
    }
    return exactDeterminantSign(rows)
  }

  /// identity · I + network · (L + WD) on the given units, each row (form inside) or column (form outside)
  /// times the positive denominator of its slope, exactly.
  private func exactMatrix(
    _ units: [Int], _ weights: (Int) -> (identity: Dyadic, network: Dyadic)
  ) -> [[Dyadic]] {
    let w = network.recurrent.submatrix(units, units)
    let coupling = network.coupling?.submatrix(units, units)
    return units.indices.map { a in
      let weight = weights(units[a])
      return units.indices.map { b in
        let d = slope(units[network.slopesScaleColumns ? b : a])
        var rest = a == b ? weight.identity : Dyadic(0)
        if let coupling { rest += weight.network * Dyadic(coupling[a, b]) }
        return rest * Dyadic(d.denominator)
          + weight.network * Dyadic(w[a, b]) * Dyadic(d.numerator)
      }
    }
  }
}
