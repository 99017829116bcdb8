// Plain loops over buffers: i, k, j, so that the innermost runs along rows and the compiler vectorises it.

extension Matrix {
  /// The product in round-to-nearest arithmetic; entry (i, j) is summed over k in increasing order.
  func roundedProduct(_ other: Matrix) -> Matrix {
    precondition(columns == other.rows, "\(rows) x \(columns) times \(other.rows) x …")
    var result = Matrix(rows: rows, columns: other.columns)
    let (m, inner, p) = (rows, columns, other.columns)
    result.withUnsafeMutableValues { c in
      values.withUnsafeBufferPointer { a in
        other.values.withUnsafeBufferPointer { b in
          guard let c = c.baseAddress, let b = b.baseAddress else { return }
          for block in stride(from: 0, to: inner, by: 64) {
            for i in 0..<m {
              accumulate(
                a, row: i * inner, from: block, to: min(block + 64, inner), b, width: p,
                into: c + i * p)
            }
          }
        }
      }
    }
    return result
  }

  func magnitudes() -> Matrix {
    var result = self
    result.withUnsafeMutableValues { for k in $0.indices { $0[k] = $0[k].magnitude } }
    return result
  }

  func roundedSum(_ other: Matrix) -> Matrix {
    var result = self
    result.withUnsafeMutableValues { values in
      other.values.withUnsafeBufferPointer { for k in values.indices { values[k] += $0[k] } }
    }
    return result
  }

  /// Whether every entry equals its mirror image, bit for bit up to the sign of zero.
  func firstAsymmetry() -> (row: Int, column: Int)? {
    for i in 0..<rows {
      for j in 0..<i where !(self[i, j] == self[j, i]) { return (i, j) }
    }
    return nil
  }
}

/// c[0 ..< width] += Σ_k a[row + k] b[k, 0 ..< width], k from `from` to `to`, four rows of b at a time;
/// each entry is still summed in the order of k.
private func accumulate(
  _ a: UnsafeBufferPointer<Double>, row: Int, from: Int, to: Int, _ b: UnsafePointer<Double>,
  width: Int, into c: UnsafeMutablePointer<Double>
) {
  var k = from
  while k + 4 <= to {
    let (a0, a1, a2, a3) = (a[row + k], a[row + k + 1], a[row + k + 2], a[row + k + 3])
    let b0 = b + k * width
    let b1 = b0 + width
    let b2 = b1 + width
    let b3 = b2 + width
    for j in 0..<width {
      c[j] = (((c[j] + a0 * b0[j]) + a1 * b1[j]) + a2 * b2[j]) + a3 * b3[j]
    }
    k += 4
  }
  while k < to {
    let ak = a[row + k]
    let bk = b + k * width
    for j in 0..<width { c[j] += ak * bk[j] }
    k += 1
  }
}
