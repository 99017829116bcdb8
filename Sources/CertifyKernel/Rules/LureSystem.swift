/// A network as a linear system with slopes in feedback: e ↦ F e + G v, v = D C e, slopes D in [l, g].
///
///     form outside   F = T⁻¹(−I + L), G = T⁻¹ W, C = I      (Euler: F = I + H(−I + L), G = HW)
///     form inside    F = T⁻¹(−I + L), G = T⁻¹,   C = W      (Euler: F = I + H(−I + L), G = H)
///
/// with T = diag(τ) and H = diag(step/τ). Factors that are diagonal stay so, which saves products.
struct LureSystem {
  enum Factor {
    case identity
    case diagonal([Interval])
    case full(EnclosedMatrix)
  }

  let units: Int
  let f: Factor
  let g: Factor
  let c: Factor
  let slopes: (lower: Interval, upper: Interval)

  init(_ network: Specification, _ scope: Scope) {
    let n = network.units
    let paces = network.paces(scope)
    let start = scope == .continuous ? Interval(0) : Interval(1)
    if let coupling = network.coupling?.dense() {
      f = .full(
        EnclosedMatrix(rows: n, columns: n) { i, j in
          let own = i == j ? Interval(coupling[i, j]) - Interval(1) : Interval(coupling[i, j])
          return i == j ? start + paces[i] * own : paces[i] * own
        })
    } else {
      f = .diagonal(paces.map { start - $0 })
    }
    let w = EnclosedMatrix(network.recurrent.dense())
    if network.form == .outside {
      g = .full(w.scalingRows(by: paces))
      c = .identity
    } else {
      g = .diagonal(paces)
      c = .full(w)
    }
    units = n
    slopes = (network.slopes.lower.enclosure, network.slopes.upper.enclosure)
  }
}

extension LureSystem.Factor {
  /// A · self.
  func multiplied(onLeftBy a: EnclosedMatrix) -> EnclosedMatrix {
    switch self {
    case .identity: a
    case .diagonal(let d): a.scalingColumns(by: d)
    case .full(let m): a.multiplied(by: m)
    }
  }

  /// selfᵀ · A.
  func transposedTimes(_ a: EnclosedMatrix) -> EnclosedMatrix {
    switch self {
    case .identity: a
    case .diagonal(let d): a.scalingRows(by: d)
    case .full(let m): m.transposed().multiplied(by: a)
    }
  }

  /// selfᵀ diag(λ).
  func transposedTimes(diagonal λ: [Interval]) -> EnclosedMatrix {
    switch self {
    case .full(let m): m.transposed().scalingColumns(by: λ)
    case .identity: EnclosedMatrix(diagonal: λ)
    case .diagonal(let d): EnclosedMatrix(diagonal: zip(d, λ).map { $0 * $1 })
    }
  }
}

extension EnclosedMatrix {
  init(diagonal: [Interval]) {
    self.init(rows: diagonal.count, columns: diagonal.count) { i, j in
      i == j ? diagonal[i] : Interval(0)
    }
  }
}
