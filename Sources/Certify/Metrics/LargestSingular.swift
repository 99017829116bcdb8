internal import Foundation
import CertifyKernel

/// The largest singular value of a matrix and its right vector, by Golub–Kahan–Lanczos bidiagonalisation with full
/// reorthogonalisation: for matrices so large that all singular values cost too much for the one that is wanted.
///
/// Source: G. Golub, W. Kahan, SIAM J. Numer. Anal. B 2 (1965) 205. Cost: two products with the matrix for each
/// of some 40 to 100 iterations.
struct LargestSingular {
  let norm: Double
  let right: [Double]

  /// Nil for matrices with entries that are not finite, or if the vector does not settle.
  ///
  /// - Parameter tolerance: the residual over the norm at which it is settled; the norm is then right to about
  ///   its square over the relative gap to the next singular value.
  init?(_ matrix: Matrix, tolerance: Double = 1e-7) {
    guard matrix.rows > 0, matrix.columns > 0 else { return nil }
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    var v = (0..<matrix.columns).map { _ -> Double in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53 - 0.5
    }
    var (lefts, rights): ([[Double]], [[Double]]) = ([], [])
    // The bidiagonal matrix: α on the diagonal, β above it.
    var (α, β): ([Double], [Double]) = ([], [])
    guard normalise(&v) > 0 else { return nil }
    // A wide matrix needs one right vector more than it has rows.
    let whole = min(matrix.rows + 1, matrix.columns)
    for k in 0..<min(300, whole) {
      rights.append(v)
      var u = LAPACKBackend.multiply(matrix, v)
      orthogonalise(&u, against: lefts)
      let a = normalise(&u)
      guard a.isFinite else { return nil }
      α.append(a)
      lefts.append(u)
      v = LAPACKBackend.multiply(matrix, u, transpose: true)
      orthogonalise(&v, against: rights)
      let b = normalise(&v)
      guard b.isFinite else { return nil }
      let isLast = k + 1 == whole
      if k % 8 == 7 || b == 0 || isLast {
        guard let top = LAPACKBackend.topSingular(diagonal: α, above: β) else { return nil }
        if b * abs(top.left[k]) <= tolerance * top.norm || isLast {
          var x = [Double](repeating: 0, count: matrix.columns)
          for (weight, vector) in zip(top.right, rights) {
            for i in x.indices { x[i] += weight * vector[i] }
          }
          (norm, right) = (top.norm, x)
          return
        }
      }
      β.append(b)
    }
    return nil
  }
}

/// Divides by the length, which is returned; 0 leaves the vector alone.
private func normalise(_ x: inout [Double]) -> Double {
  let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
  if length > 0 { for i in x.indices { x[i] /= length } }
  return length
}

/// Takes out, twice, what points along vectors of length 1 that are orthogonal to each other.
private func orthogonalise(_ x: inout [Double], against basis: [[Double]]) {
  for _ in 0..<2 {
    for vector in basis {
      var product = 0.0
      for i in x.indices { product += x[i] * vector[i] }
      for i in x.indices { x[i] -= product * vector[i] }
    }
  }
}
