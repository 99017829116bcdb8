// Plain loops over buffers: i, k, j, so that the innermost runs along rows and the compiler vectorises it.

extension Matrix {
  /// The product in round-to-nearest arithmetic; entry (i, j) is summed over k in increasing order.
  ///
  /// Of the upper triangle only, if asked, with 0 below it.
  func roundedProduct(
    _ other: Matrix, upperTriangle: Bool = false, on workers: Workers = .one
  ) -> Matrix {
    precondition(columns == other.rows, "\(rows) x \(columns) times \(other.rows) x …")
    var result = Matrix(rows: rows, columns: other.columns)
    let (m, inner, p) = (rows, columns, other.columns)
    // Rows dealt out in turn, so that a triangle is shared evenly.
    let pieces = m * inner * p < 1 << 20 ? 1 : workers.count
    let isWhole = result.withUnsafeMutableValues { c in
      nonisolated(unsafe) let c = c
      return workers.run(pieces) { piece in
        values.withUnsafeBufferPointer { a in
          other.values.withUnsafeBufferPointer { b in
            guard let c = c.baseAddress, let b = b.baseAddress else { return }
            for block in stride(from: 0, to: inner, by: 64) {
              for i in stride(from: piece, to: m, by: pieces) {
                let first = upperTriangle ? min(i, p) : 0
                accumulate(
                  a, row: i * inner, from: block, to: min(block + 64, inner), b + first, stride: p,
                  width: p - first, into: c + i * p + first)
              }
            }
          }
        }
      }
    }
    return isWhole ? result : Matrix(rows: m, columns: p, repeating: .nan)
  }

  /// |a_i|₂ of each row, rounded up.
  func rowNorms() -> [Double] {
    (0..<rows).map { i in
      upperNorm(values[(i * columns)..<((i + 1) * columns)].reduce(0) { $0 + $1 * $1 }, columns)
    }
  }

  /// |a_j|₂ of each column, rounded up.
  func columnNorms() -> [Double] {
    var squares = [Double](repeating: 0, count: columns)
    for i in 0..<rows {
      for j in 0..<columns { squares[j] += self[i, j] * self[i, j] }
    }
    return squares.map { upperNorm($0, rows) }
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

/// c[0 ..< width] += Σ_k a[row + k] b[k · stride ..< k · stride + width], k from `from` to `to`, four rows of b at a time;
/// each entry is still summed in the order of k.
private func accumulate(
  _ a: UnsafeBufferPointer<Double>, row: Int, from: Int, to: Int, _ b: UnsafePointer<Double>,
  stride: Int, width: Int, into c: UnsafeMutablePointer<Double>
) {
  var k = from
  while k + 4 <= to {
    let (a0, a1, a2, a3) = (a[row + k], a[row + k + 1], a[row + k + 2], a[row + k + 3])
    let b0 = b + k * stride
    let b1 = b0 + stride
    let b2 = b1 + stride
    let b3 = b2 + stride
    for j in 0..<width {
      c[j] = (((c[j] + a0 * b0[j]) + a1 * b1[j]) + a2 * b2[j]) + a3 * b3[j]
    }
    k += 4
  }
  while k < to {
    let ak = a[row + k]
    let bk = b + k * stride
    for j in 0..<width { c[j] += ak * bk[j] }
    k += 1
  }
}

/// √ of a rounded sum of squares, above the roundings and the squares that underflowed.
private func upperNorm(_ sum: Double, _ terms: Int) -> Double {
  let inflation = 1 + 2 * Double(terms + 4) * Double.ulpOfOne
  let underflow = Double(terms + 4) * 2 * Double.leastNonzeroMagnitude
  return ((sum * inflation).nextUp + underflow).nextUp.squareRootUp()
}
