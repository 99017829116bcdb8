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
  // x: right and left iterate of each unit, side by side.
  var x = [SIMD2<Double>](repeating: SIMD2(1, 1), count: n)
  var image = x
  var best = Double.infinity
  var stale = 0
  var settled = false
  let passes = n > 100_000 ? 30 : 200
  for pass in 0..<passes {
    weights.apply(to: x, own: own, paces: paces, into: &image)
    var score = 0.0
    var total = SIMD2<Double>.zero
    image.withUnsafeBufferPointer { image in
      x.withUnsafeBufferPointer { x in
        for i in 0..<n {
          let ratio = image[i] / x[i]
          score = max(score, (ratio.x + ratio.y) / 2)
          total += image[i]
        }
      }
    }
    guard score.isFinite else { break }
    // What is left between the bound and the boundary of contraction; a hundredth of it is worth a pass.
    let margin = abs(boundary - score)
    stale = score < best - 1e-2 * margin ? 0 : stale + 1
    best = min(best, score)
    // The first passes may get worse before they get better; no copy of the best vectors is kept, so stop
    // at a pass that is about as good.
    if stale >= 2, pass >= 6, score <= best + 1e-2 * margin || pass + 1 == passes {
      settled = true
      break
    }
    let mean = total / Double(n)
    let scale = SIMD2(1, 1) / mean
    let floor = SIMD2(repeating: 0x1p-10)
    for i in 0..<n { x[i] = image[i] * scale + floor }
  }
  guard settled || best.isFinite else { return nil }
  image = []
  let v = x.map(\.x)
  guard problem.scope == .continuous, paces.count > 1 else { return (v, x.map(\.y)) }
  return (v, (0..<n).map { x[$0].y * paces[$0] })
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

  /// image_i.x = own_i x_i + pace_i Σ_j N_ij x_j, and image_j.y = own_j y_j + Σ_i N_ij pace_i y_i.
  func apply(
    to x: [SIMD2<Double>], own: [Double], paces: [Double], into image: inout [SIMD2<Double>]
  ) {
    let n = x.count
    x.withUnsafeBufferPointer { x in
      image.withUnsafeMutableBufferPointer { image in
        for i in 0..<n { image[i] = x[i] * own[i] }
        for i in 0..<n {
          let pace = gain * (paces.count == 1 ? paces[0] : paces[i])
          let y = pace * x[i].y
          var sum = 0.0
          switch storage {
          case .dense(let m):
            m.values.withUnsafeBufferPointer { values in
              let row = i * n
              for j in 0..<n {
                let a = j == i ? 0 : values[row + j].magnitude
                sum += a * x[j].x
                image[j].y += a * y
              }
            }
          case .sparse(let m):
            m.columnIndices.withUnsafeBufferPointer { indices in
              m.values.withUnsafeBufferPointer { values in
                for k in m.rowPointers[i]..<m.rowPointers[i + 1] {
                  let j = Int(indices[k])
                  if j == i { continue }
                  let a = values[k].magnitude
                  sum += a * x[j].x
                  image[j].y += a * y
                }
              }
            }
          }
          image[i].x += pace * sum
        }
      }
    }
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
