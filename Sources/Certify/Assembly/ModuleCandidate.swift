import CertifyKernel

/// A module of a network with a proof for it alone, and the metric of that proof in floating point.
struct ModuleCandidate {
  let units: [Int32]
  let proof: Proof
  let metric: FloatMetric
}

/// A metric in floating point, as proposers see it.
enum FloatMetric {
  case diagonal([Double])
  case full(Matrix)

  var isDiagonal: Bool { if case .diagonal = self { true } else { false } }

  /// M X.
  func times(_ x: Matrix) -> Matrix {
    switch self {
    case .diagonal(let p):
      var result = x
      for i in 0..<x.rows { for j in 0..<x.columns { result[i, j] *= p[i] } }
      return result
    case .full(let m): return LAPACKBackend.multiply(m, x)
    }
  }

  /// G with M = G Gᵀ; nil if M is not positive definite.
  var root: FloatMetric? {
    switch self {
    case .diagonal(let p): .diagonal(p.map { $0.squareRoot() })
    case .full(let m): LAPACKBackend.cholesky(m).map { .full($0) }
    }
  }

  /// The metric of an accepted proof: one block of the given number of units, or several put together.
  init?(of proved: Certified<Specification>) {
    guard let parts = proved.metricParts else { return nil }
    let n = proved.specification.units
    let diagonals = parts.allSatisfy { if case .diagonal = $0.body { true } else { false } }
    if diagonals {
      var p = [Double](repeating: 1, count: n)
      for part in parts {
        guard case .diagonal(let own) = part.body else { continue }
        for (k, unit) in part.units.enumerated() { p[Int(unit)] = own[k] * part.scale }
      }
      self = .diagonal(p)
      return
    }
    guard n <= 4096 else { return nil }
    var m = Matrix(rows: n, columns: n)
    for part in parts {
      var block: Matrix
      switch part.body {
      case .diagonal(let p): block = Matrix(diagonal: p)
      case .matrix(let own): block = own
      case .inverse(let own):
        guard let inverse = LAPACKBackend.positiveDefiniteInverse(own)?.inverse else { return nil }
        block = inverse
      }
      for (a, i) in part.units.enumerated() {
        for (b, j) in part.units.enumerated() { m[Int(i), Int(j)] = block[a, b] * part.scale }
      }
      block = Matrix(rows: 0, columns: 0)
    }
    self = .full(m)
  }
}
