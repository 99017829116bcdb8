internal import CertifyKernel

/// Nv and Nᵀw together, for a nonnegative sparse N.
///
/// Entry j of v and of the growing Nᵀw lie side by side, so that an entry of N costs one cache line for the
/// gather and the scatter.
struct PairedIteration {
  private let N: SparseMatrix
  /// v_j at 2j and (Nᵀw)_j at 2j + 1.
  private var pairs: [Double]
  private var left: [Double]
  private var rightImage: [Double]
  private(set) var savedPair: (right: [Double], left: [Double])

  init(_ N: SparseMatrix, right: [Double], left: [Double]) {
    precondition(
      N.rows == N.columns && right.count == N.rows && left.count == N.rows,
      "vectors of \(right.count) and \(left.count) for \(N.rows) x \(N.columns)")
    self.N = N
    pairs = [Double](repeating: 0, count: 2 * N.rows)
    for i in right.indices { pairs[2 * i] = right[i] }
    self.left = left
    rightImage = [Double](repeating: 0, count: N.rows)
    savedPair = ([], [])
  }

  /// Computes both images; `worst` is the largest mean ratio (infinite where a vector is not positive),
  /// `growth` the sum of Nv over the sum of v.
  mutating func apply() -> (worst: Double, growth: Double) {
    let n = N.rows
    return pairs.withUnsafeMutableBufferPointer { pairs in
      rightImage.withUnsafeMutableBufferPointer { y in
        left.withUnsafeBufferPointer { w in
          for i in 0..<n { pairs[2 * i + 1] = 0 }
          N.rowPointers.withUnsafeBufferPointer { pointers in
            N.columnIndices.withUnsafeBufferPointer { columns in
              N.values.withUnsafeBufferPointer { values in
                for i in 0..<n {
                  var sum = 0.0
                  let wi = w[i]
                  for k in pointers[i]..<pointers[i + 1] {
                    let j = 2 * Int(columns[k])
                    let a = values[k]
                    sum += a * pairs[j]
                    pairs[j + 1] += a * wi
                  }
                  y[i] = sum
                }
              }
            }
          }
          var worst = 0.0
          var total = 0.0
          var image = 0.0
          var positive = true
          for i in 0..<n {
            let v = pairs[2 * i]
            positive = positive && v > 0 && w[i] > 0
            // One division for both ratios: (a/v + b/w)/2 = (aw + bv)/(2vw).
            let mean = 0.5 * (y[i] * w[i] + pairs[2 * i + 1] * v) / (v * w[i])
            worst = mean <= worst ? worst : mean  // a NaN replaces, and stays: NaN ≤ x fails
            total += v
            image += y[i]
          }
          guard positive, worst.isFinite else { return (.infinity, image / total) }
          return (worst, image / total)
        }
      }
    }
  }

  /// Keeps the present pair, the one whose images `apply` computed.
  mutating func savePair() {
    let n = N.rows
    if savedPair.right.count != n { savedPair.right = [Double](repeating: 0, count: n) }
    pairs.withUnsafeBufferPointer { p in
      savedPair.right.withUnsafeMutableBufferPointer { r in
        for i in 0..<n { r[i] = p[2 * i] }
      }
    }
    savedPair.left = left
  }

  /// v ← Nv + s v + δ mean(v), w likewise with Nᵀ, each scaled back to mean 1.
  mutating func advance(mixing δ: Double, shift s: Double) {
    let n = N.rows
    pairs.withUnsafeMutableBufferPointer { pairs in
      rightImage.withUnsafeBufferPointer { y in
        left.withUnsafeMutableBufferPointer { w in
          var sums = (0.0, 0.0, 0.0, 0.0)
          for i in 0..<n {
            sums.0 += y[i]
            sums.1 += pairs[2 * i + 1]
            sums.2 += pairs[2 * i]
            sums.3 += w[i]
          }
          let count = Double(n)
          let meanV = sums.2 / count
          let meanW = sums.3 / count
          let scaleV = count / (sums.0 + s * sums.2 + δ * sums.2)
          let scaleW = count / (sums.1 + s * sums.3 + δ * sums.3)
          for i in 0..<n {
            pairs[2 * i] = scaleV * (y[i] + s * pairs[2 * i] + δ * meanV)
            w[i] = scaleW * (pairs[2 * i + 1] + s * w[i] + δ * meanW)
          }
        }
      }
    }
  }

  /// v ← (1 + Nv)/μ and w ← (1 + Nᵀw)/μ.
  mutating func relax(shift μ: Double) {
    let inverse = 1 / μ
    for i in 0..<N.rows {
      pairs[2 * i] = inverse * (1 + rightImage[i])
      left[i] = inverse * (1 + pairs[2 * i + 1])
    }
  }
}
