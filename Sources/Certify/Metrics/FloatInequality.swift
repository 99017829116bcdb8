import CertifyKernel

/// The slope inequality in floating point, for finding the bound to claim; the kernel checks the claim.
struct FloatInequality {
  private let scope: Scope
  private let m: Matrix
  /// The parts that do not depend on the bound, sign changed: −(FᵀM + MF) or −FᵀMF, the off-diagonal block
  /// and the lower block.
  private let top: Matrix
  private let cross: Matrix
  private let bottom: Matrix
  private let ceiling: Double

  init(_ problem: Problem, _ m: Matrix, _ multiplier: [Double]) {
    let n = problem.units
    let (l, g) = problem.slopes
    scope = problem.scope
    self.m = m
    var f = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n {
        let own = (problem.denseCoupling?[i, j] ?? 0) - (i == j ? 1 : 0)
        f[i, j] = problem.pace(i) * own + (scope == .asRun && i == j ? 1 : 0)
      }
    }
    let outside = problem.network.form == .outside
    var paced = outside ? problem.dense : Matrix.identity(n)
    for i in 0..<n { for j in 0..<n { paced[i, j] *= problem.pace(i) } }
    var sector = Matrix(diagonal: multiplier)
    if !outside {
      for i in 0..<n { for j in 0..<n { sector[i, j] = problem.dense[j, i] * multiplier[j] } }
    }
    let fm = DenseAlgebra.product(f.transposed(), m)
    var top = Matrix(rows: n, columns: n)
    var cross: Matrix
    var bottom = Matrix(diagonal: multiplier.map { 2 * $0 })
    switch scope {
    case .continuous:
      for i in 0..<n { for j in 0..<n { top[i, j] = -(fm[i, j] + fm[j, i]) } }
      cross = DenseAlgebra.product(m, paced)
    case .asRun:
      let fmf = DenseAlgebra.product(fm, f)
      for i in 0..<n { for j in 0..<n { top[i, j] = -fmf[i, j] } }
      cross = DenseAlgebra.product(fm, paced)
      let square = DenseAlgebra.product(paced.transposed(), DenseAlgebra.product(m, paced))
      for i in 0..<n { for j in 0..<n { bottom[i, j] -= square[i, j] } }
    }
    for i in 0..<n { for j in 0..<n { cross[i, j] = -(cross[i, j] + (l + g) * sector[i, j]) } }
    if l > 0 {
      let c = outside ? Matrix.identity(n) : problem.dense
      let lower = DenseAlgebra.product(sector, c)
      for i in 0..<n { for j in 0..<n { top[i, j] += 2 * l * g * lower[i, j] } }
    }
    self.top = top
    self.cross = cross
    self.bottom = bottom
    // Slopes at l make the flow decay no faster than the slowest leak allows.
    ceiling = scope == .continuous ? (problem.paces.max() ?? 1) * 4 : 1
  }

  /// Whether the inequality holds at a bound, in floating point.
  func holds(_ bound: Double) -> Bool {
    let n = m.rows
    var whole = Matrix(rows: 2 * n, columns: 2 * n)
    let shift = scope == .continuous ? -2 * bound : bound * bound
    for i in 0..<n {
      for j in 0..<n {
        whole[i, j] = top[i, j] + shift * m[i, j]
        whole[i, n + j] = cross[i, j]
        whole[n + j, i] = cross[i, j]
        whole[n + i, n + j] = bottom[i, j]
      }
    }
    return DenseAlgebra.isPositiveDefinite(whole)
  }

  /// The best bound to about ten digits, nil if not even bare contraction holds.
  func bestBound() -> Double? {
    switch scope {
    case .continuous:
      guard holds(0x1p-40) else { return nil }
      var (low, high) = (0x1p-40, ceiling)
      while high - low > 1e-11 * high {
        let middle = (low + high) / 2
        if holds(middle) { low = middle } else { high = middle }
      }
      return low
    case .asRun:
      guard holds(1 - 0x1p-40) else { return nil }
      var (low, high) = (0.0, 1 - 0x1p-40)
      while high - low > 1e-11 {
        let middle = (low + high) / 2
        if holds(middle) { high = middle } else { low = middle }
      }
      return high
    }
  }
}
