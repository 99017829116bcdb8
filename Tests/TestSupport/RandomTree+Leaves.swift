internal import CertifyKernel

extension TreeGrower {
  /// Whether all that a metric is made of are short dyadic numbers, so that the kernel's metric is exact.
  private var isDyadic: Bool {
    (tau + [slopes.lower, slopes.upper, slopesOfK.lower, slopesOfK.upper]).allSatisfy {
      $0.denominator == 1
    }
  }

  private static func power(_ range: ClosedRange<Int>, _ generator: inout SplitMix64) -> Double {
    Double(sign: .plus, exponent: generator.integer(in: range), significand: 1)
  }

  /// A whole number of sixteenths in [−1, 1].
  static func short(_ generator: inout SplitMix64) -> Double {
    Double(generator.integer(in: -16...16)) / 16
  }

  /// Weights for the units and a rule for them that the kernel accepts.
  mutating func leaf(_ units: [Int], _ generator: inout SplitMix64) -> Part? {
    for _ in 0..<3 {
      let argument = weights(for: units, &generator)
      if let part = part(units, argument, &generator) { return part }
      for i in units { for j in units { (W[i, j], L[i, j]) = (0, 0) } }
    }
    let ones = units.map { _ in Self.power(-2...2, &generator) }
    return part(
      units,
      .absoluteValue(columnScaling: ones, rowScaling: units.map { _ in 1 }), &generator)
  }

  private mutating func weights(
    for units: [Int], _ generator: inout SplitMix64
  ) -> Argument {
    let n = units.count
    func powers() -> [Double] { units.map { _ in Self.power(-2...2, &generator) } }
    switch generator.integer(in: 0...8) {
    case 0 where allowsL && scope == .continuous:
      // Rate λ in any metric: L_ii = 1 − λ and nothing else.
      let own = Double(generator.integer(in: 0...12)) / 16
      for i in units { L[i, i] = own }
      return .singularValue(metric: powers(), norm: 0, dropsInhibitoryDiagonal: false)
    case 1 where allowsL:
      let own = Double(generator.integer(in: 0...12)) / 16
      for i in units { L[i, i] = own }
      return .slopeLMI(
        metric: Self.unimodular(n, &generator), multiplier: units.map { _ in 0x1p-36 },
        floor: 0x1p-12)
    case 2:
      fill(units, scale: 0.25, &generator)
      return .slopeLMI(
        metric: .identity(n), multiplier: units.map { _ in 0.5 }, floor: 0x1p-4)
    case 3, 4:
      fill(units, scale: 0.75, &generator)
      for (a, i) in units.enumerated() { for j in units[..<a] { W[i, j] = W[j, i] } }
      return isDyadic || scope == .asRun ? .symmetric : .disk(metric: powers())
    case 5 where scope == .continuous:
      return product(units, &generator)
    case 6 where isDyadic && scope == .continuous:
      fill(units, scale: 2, &generator)
      for (a, i) in units.enumerated() { for j in units[a...] { W[i, j] = 0 } }
      return .triangular(order: (0..<Int32(n)).map { $0 })
    case 7:
      fill(units, scale: 0.5, &generator)
      return .disk(metric: powers())
    default:
      fill(units, scale: 0.6, &generator)
      return .absoluteValue(
        columnScaling: powers(), rowScaling: units.map { _ in 0.5 + generator.unit() })
    }
  }

  private mutating func fill(_ units: [Int], scale: Double, _ generator: inout SplitMix64) {
    let isShort = generator.integer(in: 0...1) == 0
    for i in units {
      for j in units {
        let entry = isShort ? Self.short(&generator) : generator.symmetric()
        W[i, j] = scale * entry
      }
    }
  }

  /// UᵀU with U unit triangular and whole: so is its inverse.
  private static func unimodular(_ n: Int, _ generator: inout SplitMix64) -> Matrix {
    var U = Matrix.identity(n)
    for i in 0..<n {
      for j in i + 1..<max(n, i + 1) { U[i, j] = Double(generator.integer(in: -1...1)) }
    }
    var M = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n { for k in 0..<n { M[i, j] += U[k, i] * U[k, j] } }
    }
    return M
  }

  /// W = −diag(s)⁻¹ Q with Q whole and s powers of two.
  private mutating func product(
    _ units: [Int], _ generator: inout SplitMix64
  ) -> Argument {
    let Q = Self.unimodular(units.count, &generator)
    let s = units.map { _ in Self.power(-2...2, &generator) }
    for (a, i) in units.enumerated() {
      for (b, j) in units.enumerated() { W[i, j] = -Q[a, b] / s[a] }
    }
    return .productForm(rowScaling: s, floor: 0x1p-10)
  }
}
