import CertifyKernel

/// Perron-like vectors of a large nonnegative matrix by power iteration on A + ε11ᵀ/n, both sides in one pass.
///
/// A is the matrix of the scope (see `scalings`); the small ε keeps entries positive where units have no
/// input or no output. Stops when the bound that the vectors give no longer improves. Cost: some tens of
/// passes over the entries, no copy of W for a network without couplings.
func powerScalings(_ problem: Problem) -> (v: [Double], w: [Double])? {
  let n = problem.units
  let weights = PowerWeights(problem)
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
  // Each unit keeps its right and left iterate and their images side by side: one line of cache an entry.
  var state = [SIMD4<Double>](repeating: SIMD4(1, 1, 0, 0), count: n)
  var best = Double.infinity
  var stale = 0
  let passes = n > 100_000 ? 30 : 200
  for pass in 0..<passes {
    weights.apply(to: &state, own: own, paces: paces)
    var score = 0.0
    var total = SIMD2<Double>.zero
    state.withUnsafeBufferPointer { state in
      for unit in state {
        // One division for both ratios: (a/v + b/y)/2 = (ay + bv)/(2vy).
        score = max(score, (unit.z * unit.y + unit.w * unit.x) / (2 * unit.x * unit.y))
        total += SIMD2(unit.z, unit.w)
      }
    }
    guard score.isFinite else { break }
    // What is left between the bound and the boundary of contraction; a hundredth of it is worth a pass.
    let margin = abs(boundary - score)
    stale = score < best - 1e-2 * margin ? 0 : stale + 1
    best = min(best, score)
    // The first passes may get worse before they get better; no copy of the best vectors is kept, so stop
    // at a pass that is about as good.
    if stale >= 2, pass >= 6, score <= best + 1e-2 * margin || pass + 1 == passes { break }
    let scale = SIMD2(1, 1) / (total / Double(n))
    state.withUnsafeMutableBufferPointer { state in
      for i in 0..<n {
        state[i].x = state[i].z * scale.x + 0x1p-10
        state[i].y = state[i].w * scale.y + 0x1p-10
      }
    }
  }
  guard best.isFinite else { return nil }
  let v = state.map { $0.x }
  guard problem.scope == .continuous, paces.count > 1 else { return (v, state.map { $0.y }) }
  return (v, (0..<n).map { state[$0].y * paces[$0] })
}

/// The off-diagonal part of the comparison matrix in floating point: |W| g without a copy, or merged.
private struct PowerWeights {
  private enum Storage {
    case dense(Matrix)
    case sparse(SparseMatrix)
  }
  private let storage: Storage
  private let gain: Double

  init(_ problem: Problem) {
    if problem.isPlain {
      gain = problem.slopes.upper
      switch problem.network.recurrent {
      case .dense(let m): storage = .dense(m)
      case .sparse(let m): storage = .sparse(m)
      case .blocks(let m): storage = .sparse(m.sparse())
      }
      return
    }
    gain = 1
    storage = .sparse(mergedMagnitudes(problem))
  }

  /// z_i = own_i x_i + pace_i Σ_j N_ij x_j and w_j = own_j y_j + Σ_i N_ij pace_i y_i, for units (x, y, z, w).
  func apply(to state: inout [SIMD4<Double>], own: [Double], paces: [Double]) {
    let n = state.count
    let paces =
      paces.count == 1 ? [Double](repeating: gain * paces[0], count: 1) : paces.map { gain * $0 }
    let isUniform = paces.count == 1
    state.withUnsafeMutableBufferPointer { state in
      for i in 0..<n {
        state[i].z = state[i].x * own[i]
        state[i].w = state[i].y * own[i]
      }
      switch storage {
      case .dense(let m):
        m.values.withUnsafeBufferPointer { values in
          for i in 0..<n {
            let pace = isUniform ? paces[0] : paces[i]
            denseRow(UnsafeBufferPointer(rebasing: values[(i * n)..<((i + 1) * n)]), i, pace, state)
          }
        }
      case .sparse(let m):
        m.rowPointers.withUnsafeBufferPointer { pointers in
          m.columnIndices.withUnsafeBufferPointer { indices in
            m.values.withUnsafeBufferPointer { values in
              for i in 0..<n {
                let pace = isUniform ? paces[0] : paces[i]
                let y = pace * state[i].y
                var sum = 0.0
                for k in pointers[i]..<pointers[i + 1] {
                  let j = Int(indices[k])
                  if j == i { continue }
                  let a = values[k].magnitude
                  sum += a * state[j].x
                  state[j].w += a * y
                }
                state[i].z += pace * sum
              }
            }
          }
        }
      }
    }
  }

  /// One row of a dense matrix, the diagonal left out.
  private func denseRow(
    _ row: UnsafeBufferPointer<Double>, _ i: Int, _ pace: Double,
    _ state: UnsafeMutableBufferPointer<SIMD4<Double>>
  ) {
    let y = pace * state[i].y
    var sums = SIMD4<Double>.zero
    for range in [0..<i, (i + 1)..<row.count] {
      for j in range {
        let a = row[j].magnitude
        // Only the first lane is wanted; four cost no more than one.
        sums += state[j] * a
        state[j].w += a * y
      }
    }
    state[i].z += pace * sums.x
  }
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
