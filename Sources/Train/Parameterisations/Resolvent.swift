internal import Certify
internal import CertifyKernel
internal import Dynamics

/// The dense factor P of a step that treats the coupling implicitly, as a function of L.
///
///     split          P = (I − hL/2)⁻¹(I + hL/2) = 2X − I,   X = (I − hL/2)⁻¹
///     semi-implicit  P = X = ((1 + h)I − hL)⁻¹
///
/// In both the derivative by L is hXᵀGXᵀ, G that by P, since dX = X dK X for K⁻¹ = X. Computed in float64 whatever
/// the format of the network. Cost: 2n³ flops forward, 4n³ back.
struct Resolvent: Sendable {
  let units: Int
  let size: Double
  /// K = diagonal · I − factor · L.
  let diagonal: Double
  let factor: Double
  /// P = multiple · X − shift · I.
  let multiple: Double
  let shift: Double
  private var inverse = Matrix(rows: 0, columns: 0)

  static func split(units: Int, size h: Double) -> Resolvent {
    Resolvent(units: units, size: h, diagonal: 1, factor: h / 2, multiple: 2, shift: 1)
  }

  static func semiImplicit(units: Int, size h: Double) -> Resolvent {
    Resolvent(units: units, size: h, diagonal: 1 + h, factor: h, multiple: 1, shift: 0)
  }

  private init(
    units: Int, size: Double, diagonal: Double, factor: Double, multiple: Double, shift: Double
  ) {
    self.units = units
    self.size = size
    self.diagonal = diagonal
    self.factor = factor
    self.multiple = multiple
    self.shift = shift
  }

  /// P, row by row; NaN everywhere when K is singular, which no skew L makes it.
  mutating func forward(_ pattern: Pattern, _ values: [Double]) -> [Double] {
    var K = Matrix(rows: units, columns: units)
    K.withUnsafeMutableValues { k in
      for i in 0..<units { k[i * units + i] = diagonal }
      pattern.places { k[$1 * units + $2] -= factor * values[$0] }
    }
    guard let X = LAPACKBackend.solve(K, .identity(units)) else {
      inverse = Matrix(rows: 0, columns: 0)
      return [Double](repeating: .nan, count: units * units)
    }
    inverse = X
    var P = [Double](repeating: 0, count: units * units)
    for e in P.indices { P[e] = multiple * X.values[e] }
    for i in 0..<units { P[i * units + i] = multiple * X.values[i * units + i] - shift }
    return P
  }

  /// The derivative by the entries of L at the places of its pattern.
  func backward(_ g: [Double], _ pattern: Pattern) -> [Double] {
    guard inverse.rows == units else { return [Double](repeating: .nan, count: pattern.entries) }
    let G = Matrix(rows: units, columns: units, values: g)
    let left = LAPACKBackend.multiply(inverse, G, transposeA: true)
    let whole = LAPACKBackend.multiply(left, inverse, transposeB: true)
    var result = [Double](repeating: 0, count: pattern.entries)
    pattern.places { result[$0] = size * whole.values[$1 * units + $2] }
    return result
  }
}
