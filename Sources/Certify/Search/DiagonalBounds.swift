import CertifyKernel

/// The range of L_ii + d W_ii + d′ K_ii over all slopes, unit by unit, in floating point.
func diagonalBounds(_ problem: Problem) -> [(lower: Double, upper: Double)] {
  let network = problem.network
  let (l, g) = problem.slopes
  let own = diagonalEntries(network.recurrent)
  let coupling = network.coupling.map(diagonalEntries)
  let nonlinear = network.nonlinearCoupling.map {
    (
      diagonalEntries($0.weights), $0.slopes.lower.approximation, $0.slopes.upper.approximation
    )
  }
  return own.indices.map { i in
    var lower = min(l * own[i], g * own[i])
    var upper = max(l * own[i], g * own[i])
    if let coupling {
      lower += coupling[i]
      upper += coupling[i]
    }
    if let (k, low, high) = nonlinear {
      lower += min(low * k[i], high * k[i])
      upper += max(low * k[i], high * k[i])
    }
    return (lower, upper)
  }
}

func diagonalEntries(_ weights: Weights) -> [Double] {
  switch weights {
  case .dense(let m): (0..<m.rows).map { m[$0, $0] }
  case .sparse(let m): (0..<m.rows).map { m[$0, $0] }
  case .blocks(let m): diagonalEntries(.sparse(m.sparse()))
  }
}
