// A ≻ 0, proved by the residual of any factor: nothing is asked of how R was found.
//
//   Source: theory §8, the implementation-independent variant; S. M. Rump, Acta Numerica 19 (2010), §10.8.
//   With E = A − cI − RᵀR, A = RᵀR + cI + E. If ‖E‖_∞ < c then |xᵀEx| < c|x|², because ‖E‖₂ ≤ ‖E‖_∞ for a
//   symmetric E, and RᵀR ⪰ 0 whatever R is; so A ≻ 0.
//
// A factor from a library, from an accelerator, or from a file will do.

extension EnclosedMatrix {
  /// Whether every symmetric matrix inside the enclosure is shown positive definite by RᵀR + cI.
  ///
  /// The upper triangle is read; the caller vouches that the exact matrix is symmetric. False when the shift
  /// is not a positive number, and when anything is NaN or overflows; false is no proof of indefiniteness.
  ///
  /// - Parameters:
  ///   - R: the factor, any number of rows by n; A ≈ RᵀR + cI.
  ///   - c: the shift, above the rounding errors of RᵀR, about (n + 2)u times the trace, and below λmin(A).
  /// - Precondition: A is square, and R has as many columns.
  /// - Complexity: two products of size n.
  func isPositiveDefinite(withFactor R: Matrix, shift c: Double) -> Bool {
    precondition(rows == columns, "definiteness of a \(rows) x \(columns) matrix")
    precondition(R.columns == columns, "a factor of \(R.columns) columns for \(columns)")
    guard c > 0, c < .infinity else { return false }
    let factor = EnclosedMatrix(R)
    let gram = factor.transposed().multiplied(by: factor)
    var sums = [Double](repeating: 0, count: rows)
    for i in 0..<rows {
      for j in i..<columns {
        let own = i == j ? self[i, j] - Interval(c) : self[i, j]
        let residual = (own - gram[i, j]).magnitude
        sums[i] = sums[i].addingUp(residual)
        if j != i { sums[j] = sums[j].addingUp(residual) }
      }
    }
    return sums.allSatisfy { $0 < c }
  }
}
