import CertifyKernel

/// The range of L_ii + d W_ii + d′ K_ii over all slopes at unit i, in floating point.
func diagonalBound(_ problem: Problem, _ i: Int) -> (lower: Double, upper: Double) {
  let network = problem.network
  let (l, g) = problem.slopes
  let own = network.recurrent[i, i]
  var lower = min(l * own, g * own)
  var upper = max(l * own, g * own)
  if let coupling = network.coupling {
    lower += coupling[i, i]
    upper += coupling[i, i]
  }
  if let coupling = network.nonlinearCoupling {
    let k = coupling.weights[i, i]
    let (low, high) = (coupling.slopes.lower.approximation, coupling.slopes.upper.approximation)
    lower += min(low * k, high * k)
    upper += max(low * k, high * k)
  }
  return (lower, upper)
}

/// The ranges of all units.
func diagonalBounds(_ problem: Problem) -> [(lower: Double, upper: Double)] {
  (0..<problem.units).map { diagonalBound(problem, $0) }
}
