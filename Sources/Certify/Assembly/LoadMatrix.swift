import CertifyKernel

/// What the couplings cost, S − diag(λ) in the normalised coordinates of the modules, and its Perron vector.
struct LoadMatrix {
  private let rates: [Double]
  private let entries: [(i: Int, j: Int, cost: Double)]

  init(_ loads: [PairLoad], _ θ: [Double], rates: [Double]) {
    self.rates = rates
    entries = loads.map { load in
      let (a, b) = (θ[load.first], θ[load.second])
      let ratio = (a / b).squareRoot()
      let cost =
        load.residual / (a * b).squareRoot() + 0.5 * (ratio * load.toFirst + load.toSecond / ratio)
      return (load.first, load.second, cost)
    }
  }

  /// min_i λ_i − (S z)_i / z_i.
  func bound(_ z: [Double]) -> Double {
    var cost = [Double](repeating: 0, count: z.count)
    for (i, j, c) in entries {
      cost[i] += c * z[j] / z[i]
      cost[j] += c * z[i] / z[j]
    }
    return zip(rates, cost).map { $0 - $1 }.min() ?? 0
  }

  /// The positive vector at which the bound is largest: the eigenvector of the largest eigenvalue of
  /// S − diag(λ), by eigenvalues for few modules and power iteration for many.
  func perronVector() -> [Double] {
    let n = rates.count
    let greatest = rates.max() ?? 0
    if entries.allSatisfy({ $0.cost == 0 }) { return [Double](repeating: 1, count: n) }
    if n <= 400 {
      var s = Matrix(rows: n, columns: n)
      for i in 0..<n { s[i, i] = -rates[i] }
      for (i, j, c) in entries {
        s[i, j] += c
        s[j, i] += c
      }
      if let (_, vector) = LAPACKBackend.extremeEigen(s, largest: true) { return positive(vector) }
    }
    var z = [Double](repeating: 1, count: n)
    for _ in 0..<1000 {
      var next = zip(z, rates).map { $0 * (greatest - $1) + 1e-12 * $0 }
      for (i, j, c) in entries {
        next[i] += c * z[j]
        next[j] += c * z[i]
      }
      let size = next.max() ?? 1
      next = next.map { $0 / size }
      let change = zip(z, next).reduce(0) { max($0, abs($1.0 - $1.1)) }
      z = next
      if change < 1e-15 { break }
    }
    return positive(z)
  }

  /// Magnitudes, with what is 0 or nearly so lifted: rows of modules without couplings do not decide.
  private func positive(_ z: [Double]) -> [Double] {
    let size = z.reduce(0) { max($0, abs($1)) }
    return z.map { max(abs($0) / size, 1e-9) }
  }
}
