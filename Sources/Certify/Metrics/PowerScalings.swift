import CertifyKernel

/// Perron-like vectors for a network too large for dense work, by power iteration on the matrix of the scope
/// (see `scalings`).
func powerScalings(_ problem: Problem) -> (v: [Double], w: [Double])? {
  let n = problem.units
  let paces = problem.paces
  var own = [Double](repeating: 0, count: n)
  var least = Double.infinity
  for i in 0..<n {
    let pace = paces.count == 1 ? paces[0] : paces[i]
    let d = diagonalBound(problem, i)
    own[i] =
      problem.scope == .continuous
      ? -pace * (1 - d.upper) : max(abs(1 - pace + pace * d.lower), abs(1 - pace + pace * d.upper))
    least = min(least, own[i])
  }
  let boundary = (problem.scope == .continuous ? 0 : 1) - least
  // The same vectors belong to A − cI; without its common diagonal the iteration settles soonest.
  for i in 0..<n { own[i] -= least }
  // No copy of W for a network without couplings.
  var iteration =
    problem.isPlain
    ? PowerIteration(
      problem.network.recurrent, gain: problem.slopes.upper, own: own, paces: paces)
    : PowerIteration(.sparse(mergedMagnitudes(problem)), gain: 1, own: own, paces: paces)
  guard iteration.run(boundary: boundary, passes: n > 100_000 ? 30 : 200) != nil else { return nil }
  own = []
  let (v, w) = iteration.vectors()
  guard problem.scope == .continuous, paces.count > 1 else { return (v, w) }
  return (v, zip(w, paces).map { $0 * $1 })
}

/// sup |l W + L + K| entry by entry over the slopes, diagonal included, in floating point.
private func mergedMagnitudes(_ problem: Problem) -> SparseMatrix {
  let n = problem.units
  let (l, g) = problem.slopes
  var parts = [(problem.network.recurrent.sparse(), l, g)]
  if let coupling = problem.network.coupling { parts.append((coupling.sparse(), 1, 1)) }
  if let coupling = problem.network.nonlinearCoupling {
    parts.append(
      (
        coupling.weights.sparse(), coupling.slopes.lower.approximation,
        coupling.slopes.upper.approximation
      ))
  }
  var pointers = [0]
  var indices: [Int32] = []
  var values: [Double] = []
  for i in 0..<n {
    var row: [Int32: (low: Double, high: Double)] = [:]
    for (matrix, low, high) in parts {
      for k in matrix.rowPointers[i]..<matrix.rowPointers[i + 1] {
        let (a, b) = (low * matrix.values[k], high * matrix.values[k])
        let held = row[matrix.columnIndices[k]] ?? (0, 0)
        row[matrix.columnIndices[k]] = (held.low + min(a, b), held.high + max(a, b))
      }
    }
    for (j, range) in row.sorted(by: { $0.key < $1.key }) {
      indices.append(j)
      values.append(max(abs(range.low), abs(range.high)))
    }
    pointers.append(values.count)
  }
  do {
    return try SparseMatrix(
      rows: n, columns: n, rowPointers: pointers, columnIndices: indices, values: values)
  } catch { preconditionFailure("merged rows are ordered: \(error)") }
}
