import CertifyKernel

/// Power iteration on a nonnegative matrix A + ε11ᵀ/n, both sides in one pass over the entries.
///
///     A_ij = pace_i · gain · |W_ij| off the diagonal,   A_ii = own_i
///
/// The small ε keeps entries positive where units have no input or no output. W is not copied.
struct PowerIteration {
  private enum Storage {
    case dense(Matrix)
    case sparse(SparseMatrix)
  }
  private let storage: Storage
  private var own: [Double]
  /// pace · gain, one for all units or one each.
  private let paces: [Double]
  /// Each unit keeps its right and left iterate and their images side by side: one line of cache an entry.
  private var state: [SIMD4<Double>]
  /// The sum of `state`.
  private var total = SIMD4<Double>.zero

  /// The vectors, after the last pass: what only passes need is given back first, so that they find room.
  consuming func vectors() -> (right: [Double], left: [Double]) {
    own = []
    return (state.map { $0.x }, state.map { $0.y })
  }

  init(_ weights: Weights, gain: Double, own: [Double], paces: [Double]) {
    storage =
      switch weights {
      case .dense(let m): .dense(m)
      case .sparse(let m): .sparse(m)
      case .blocks(let m): .sparse(m.sparse())
      }
    self.own = own
    self.paces = paces.map { gain * $0 }
    state = [SIMD4<Double>](repeating: SIMD4(1, 1, 0, 0), count: own.count)
  }

  /// Stops when the ratio of the vectors hardly improves, measured against its distance from `boundary`: a
  /// hundredth of that is worth a pass. A shift is added when periodicity keeps it from settling. No copy of
  /// the best vectors is kept. Cost: some tens of passes over the entries.
  ///
  /// - Returns: the ratio of `right` and `left` (see `apply`) and the growth, nil when they are not finite.
  mutating func run(boundary: Double, passes: Int) -> (ratio: Double, growth: Double)? {
    var best = Double.infinity
    var stale = 0
    var shift = 0.0
    var previous = Double.infinity
    var largest = 0.0
    var pass = 0
    while true {
      pass += 1
      let (ratio, growth) = apply()
      guard ratio.isFinite, growth.isFinite else { return nil }
      if pass >= passes { return (ratio, growth) }
      let worthwhile = 1e-2 * abs(boundary - ratio)
      stale = ratio < best - worthwhile ? 0 : stale + 1
      best = min(best, ratio)
      largest = max(largest, growth)
      let swings = pass > 5 && abs(growth - previous) > 0.2 * growth
      previous = growth
      // The first passes may get worse before they get better; stop at a pass that is about as good.
      let rests = stale >= 2 && pass > 6 && ratio <= best + worthwhile
      if rests, shift > 0 || ratio - growth <= 5 * worthwhile { return (ratio, growth) }
      if shift == 0, swings || rests {
        shift = 0.5 * largest
        stale = 0
      }
      advance(shift: shift)
    }
  }

  /// The largest mean ratio ½[(Av)_i/v_i + (Aᵀw)_i/w_i] of a pair, infinite unless all entries are positive
  /// and finite.
  mutating func ratio(right: [Double], left: [Double]) -> Double {
    precondition(
      right.count == state.count && left.count == state.count,
      "vectors of \(right.count) and \(left.count) for \(state.count) units")
    var good = true
    for i in state.indices {
      state[i] = SIMD4(right[i], left[i], 0, 0)
      good = good && right[i] > 0 && right[i] < .infinity && left[i] > 0 && left[i] < .infinity
    }
    guard good else { return .infinity }
    let ratio = apply().ratio
    return ratio.isFinite ? ratio : .infinity
  }

  /// Works out both images; the largest mean ratio, and the sum of Av over the sum of v.
  private mutating func apply() -> (ratio: Double, growth: Double) {
    applyEntries()
    var worst = 0.0
    var total = SIMD4<Double>.zero
    state.withUnsafeBufferPointer { state in
      for unit in state {
        // One division for both ratios: (a/v + b/y)/2 = (ay + bv)/(2vy).
        let mean = (unit.z * unit.y + unit.w * unit.x) / (2 * unit.x * unit.y)
        worst = mean <= worst ? worst : mean  // a NaN replaces, and stays: NaN ≤ x fails
        total += unit
      }
    }
    self.total = total
    return (worst, total.z / total.x)
  }

  /// z_i = own_i x_i + pace_i Σ_j |W_ij| x_j and w_j = own_j y_j + Σ_i |W_ij| pace_i y_i, for units (x, y, z, w).
  private mutating func applyEntries() {
    let (storage, own, paces) = (storage, own, paces)
    let n = own.count
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
            let row = UnsafeBufferPointer(rebasing: values[(i * n)..<((i + 1) * n)])
            Self.denseRow(row, i, pace, state)
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

  /// v ← (A + s)v and w ← (A + s)ᵀw, each scaled to mean 1 before ε is added.
  private mutating func advance(shift s: Double) {
    let n = Double(state.count)
    let scale = SIMD2(
      n / max(total.z + s * total.x, .leastNormalMagnitude),
      n / max(total.w + s * total.y, .leastNormalMagnitude))
    state.withUnsafeMutableBufferPointer { state in
      for i in state.indices {
        state[i].x = (state[i].z + s * state[i].x) * scale.x + 0x1p-10
        state[i].y = (state[i].w + s * state[i].y) * scale.y + 0x1p-10
      }
    }
  }

  /// One row of a dense matrix, the diagonal left out.
  private static func denseRow(
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
