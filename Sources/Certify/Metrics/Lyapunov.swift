package import CertifyKernel

/// Linear matrix equations for metrics and for witnesses of instability, by the real Schur form.
///
/// Neither equation needs a stable A: only that the solution is unique. An indefinite M then shows that A is
/// not stable.
package enum LinearMatrixEquation {
  /// The symmetric M with AᵀM + MA = −Q.
  ///
  /// Bartels & Stewart, Comm. ACM 15, 1972. Unique when no two eigenvalues of A add up to 0; nil where
  /// that fails in working accuracy. Cost: about 30n³ flops.
  ///
  /// - Parameters:
  ///   - A: n × n.
  ///   - Q: n × n, symmetric; the average with its transpose is used.
  package static func lyapunov(_ A: Matrix, _ Q: Matrix) -> Matrix? {
    guard A.isSquare, Q.isSquare, A.rows == Q.rows,
      let (T, U) = LAPACKBackend.realSchur(A)
    else { return nil }
    let C = congruence(Q, U)
    let negative = Matrix(rows: C.rows, columns: C.columns, values: C.values.map { -$0 })
    guard let Y = LAPACKBackend.triangularSylvester(T, T, negative, transposeA: true)
    else { return nil }
    return backTransformed(Y, U)
  }

  /// The symmetric M with M − AᵀMA = Q.
  ///
  /// Kitagawa, Int. J. Control 25, 1977: block columns of the Schur form from left to right, within a
  /// column from top to bottom, systems of at most four unknowns. Unique when no product of two
  /// eigenvalues of A is 1; nil where that fails in working accuracy. Cost: about 32n³ flops.
  package static func stein(_ A: Matrix, _ Q: Matrix) -> Matrix? {
    guard A.isSquare, Q.isSquare, A.rows == Q.rows,
      let (T, U) = LAPACKBackend.realSchur(A)
    else { return nil }
    guard let Y = quasiTriangularStein(T, congruence(Q, U)) else { return nil }
    return backTransformed(Y, U)
  }

  /// Solves Y − TᵀYT = C for upper quasi-triangular T.
  private static func quasiTriangularStein(_ T: Matrix, _ C: Matrix) -> Matrix? {
    let n = T.rows
    var blocks: [(start: Int, size: Int)] = []
    var k = 0
    while k < n {
      let size = k + 1 < n && T[k + 1, k] != 0 ? 2 : 1
      blocks.append((k, size))
      k += size
    }
    let t = T.values
    var y = [Double](repeating: 0, count: n * n)
    for column in blocks {
      // Z = Y(:, <k) T(<k, k), then R = C(:, k) + TᵀZ: everything known from columns further left.
      let width = column.size
      var Z = [Double](repeating: 0, count: n * width)
      for i in 0..<n {
        for p in 0..<column.start {
          let value = y[i * n + p]
          for b in 0..<width { Z[i * width + b] += value * t[p * n + column.start + b] }
        }
      }
      for row in blocks {
        var right = [Double](repeating: 0, count: row.size * width)
        for a in 0..<row.size {
          for b in 0..<width {
            var sum = C[row.start + a, column.start + b]
            for p in 0..<(row.start + row.size) {
              sum += t[p * n + row.start + a] * Z[p * width + b]
            }
            right[a * width + b] = sum
          }
        }
        // Z also takes what rows above contribute: Σ_{j<i} T_jiᵀ Y_jk T_kk enters through Z itself.
        guard
          let block = smallStein(
            T, row: row, column: column, right: right)
        else { return nil }
        for a in 0..<row.size {
          for b in 0..<width { y[(row.start + a) * n + column.start + b] = block[a * width + b] }
        }
        for a in 0..<row.size {
          for b in 0..<width {
            for c in 0..<width {
              Z[(row.start + a) * width + b] +=
                block[a * width + c] * t[(column.start + c) * n + column.start + b]
            }
          }
        }
      }
    }
    guard y.allSatisfy(\.isFinite) else { return nil }
    return Matrix(rows: n, columns: n, values: y)
  }

  /// Solves X − T_iiᵀ X T_kk = R with blocks of size at most 2, by Gaussian elimination with pivoting.
  private static func smallStein(
    _ T: Matrix, row: (start: Int, size: Int), column: (start: Int, size: Int), right: [Double]
  ) -> [Double]? {
    let p = row.size
    let q = column.size
    let m = p * q
    var a = [Double](repeating: 0, count: m * m)
    for i in 0..<p {
      for j in 0..<q {
        for k in 0..<p {
          for l in 0..<q {
            a[(i * q + j) * m + k * q + l] =
              (i == k && j == l ? 1 : 0)
              - T[row.start + k, row.start + i] * T[column.start + l, column.start + j]
          }
        }
      }
    }
    var x = right
    for k in 0..<m {
      var pivot = k
      for i in k..<m where abs(a[i * m + k]) > abs(a[pivot * m + k]) { pivot = i }
      guard abs(a[pivot * m + k]) > 1e-300 else { return nil }
      if pivot != k {
        for j in 0..<m { a.swapAt(k * m + j, pivot * m + j) }
        x.swapAt(k, pivot)
      }
      for i in (k + 1)..<max(m, k + 1) {
        let factor = a[i * m + k] / a[k * m + k]
        for j in k..<m { a[i * m + j] -= factor * a[k * m + j] }
        x[i] -= factor * x[k]
      }
    }
    for k in stride(from: m - 1, through: 0, by: -1) {
      for j in (k + 1)..<max(m, k + 1) { x[k] -= a[k * m + j] * x[j] }
      x[k] /= a[k * m + k]
    }
    return x
  }

  /// Uᵀ sym(Q) U.
  private static func congruence(_ Q: Matrix, _ U: Matrix) -> Matrix {
    let QU = LAPACKBackend.multiply(symmetricPart(Q), U)
    return symmetricPart(LAPACKBackend.multiply(U, QU, transposeA: true))
  }

  /// sym(U Y Uᵀ), nil unless finite.
  private static func backTransformed(_ Y: Matrix, _ U: Matrix) -> Matrix? {
    let UY = LAPACKBackend.multiply(U, Y)
    let M = symmetricPart(LAPACKBackend.multiply(UY, U, transposeB: true))
    return M.values.allSatisfy(\.isFinite) ? M : nil
  }
}

/// (A + Aᵀ)/2, exactly symmetric.
func symmetricPart(_ A: Matrix) -> Matrix {
  precondition(A.isSquare, "\(A.rows) x \(A.columns) has no symmetric part")
  let n = A.rows
  var result = A
  result.withUnsafeMutableValues { a in
    for i in 0..<n {
      for j in 0..<i {
        let mean = 0.5 * a[i * n + j] + 0.5 * a[j * n + i]
        a[i * n + j] = mean
        a[j * n + i] = mean
      }
    }
  }
  return result
}
