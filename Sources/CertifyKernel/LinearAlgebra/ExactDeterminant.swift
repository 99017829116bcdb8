// Exact signs of determinants by elimination in whole numbers.
//
// Bareiss' elimination keeps every entry a minor of the matrix, so divisions come out even and sizes grow
// only linearly with the step. Rows and columns are first divided by powers of two, which changes no sign
// and leaves whole numbers of about the size of the mantissas.
// Source: Bareiss, Math. Comp. 22 (1968) 565–578.

/// The sign of the determinant: −1, 0 or 1; 1 for the empty matrix.
///
/// - Precondition: the matrix is square.
/// - Complexity: O(n³) products of numbers of up to about n times the bits of an entry.
func exactDeterminantSign(_ rows: [[Dyadic]]) -> Int {
  let n = rows.count
  precondition(rows.allSatisfy { $0.count == n }, "determinant of a matrix that is not square")
  if n == 0 { return 1 }
  if n == 1 { return rows[0][0].signum }
  if n == 2 { return (rows[0][0] * rows[1][1] - rows[0][1] * rows[1][0]).signum }
  var elimination = FractionFreeElimination(rows)
  var sign = 1
  for k in 0..<n {
    // The shortest nonzero entry of the column, so that the numbers stay short.
    let candidates = (k..<n).filter { !elimination.entries[$0][k].isZero }
    let pivot = candidates.min {
      elimination.entries[$0][k].bitWidth < elimination.entries[$1][k].bitWidth
    }
    guard let pivot else { return 0 }
    if pivot != k {
      elimination.entries.swapAt(pivot, k)
      sign = -sign
    }
    elimination.eliminate(k)
  }
  return sign * elimination.entries[n - 1][n - 1].signum
}

/// Whether a symmetric matrix is positive definite; false if it is not symmetric.
///
/// All leading principal minors must be positive (Sylvester); one elimination without pivoting meets each
/// of them as a pivot. Both triangles are read and must agree exactly. True for the empty matrix.
///
/// - Precondition: the matrix is square.
/// - Complexity: as `exactDeterminantSign`.
func exactIsPositiveDefinite(_ symmetric: [[Dyadic]]) -> Bool {
  let n = symmetric.count
  precondition(symmetric.allSatisfy { $0.count == n }, "definiteness of a matrix not square")
  for i in 0..<n {
    guard symmetric[i][i].signum > 0 else { return false }
    for j in 0..<i where symmetric[i][j] != symmetric[j][i] { return false }
  }
  var elimination = FractionFreeElimination(symmetric)
  for k in 0..<n {
    guard elimination.entries[k][k].signum > 0 else { return false }
    elimination.eliminate(k)
  }
  return true
}

/// A square matrix of whole numbers part-way through Bareiss' elimination.
///
/// After step k entry (i, j), i, j > k, is the determinant of rows 0…k, i and columns 0…k, j.
private struct FractionFreeElimination {
  var entries: [[BigInteger]]
  private var previousPivot = BigInteger.one

  /// The matrix with row i divided by 2^r_i and column j by 2^c_j, chosen greatest with whole entries
  /// (rows first): every minor keeps its sign.
  init(_ rows: [[Dyadic]]) {
    let n = rows.count
    let rowUnits = rows.map { row in row.lazy.filter { !$0.isZero }.map(\.exponent).min() ?? 0 }
    let columnUnits = (0..<n).map { j in
      (0..<n).lazy.filter { !rows[$0][j].isZero }.map { rows[$0][j].exponent - rowUnits[$0] }.min()
        ?? 0
    }
    entries = (0..<n).map { i in
      (0..<n).map { j in rows[i][j].whole(inUnitsOf: rowUnits[i] + columnUnits[j]) }
    }
  }

  /// Eliminates column k below the diagonal; the pivot (k, k) must not be zero.
  mutating func eliminate(_ k: Int) {
    let n = entries.count
    let pivot = entries[k][k]
    for i in (k + 1)..<n {
      let factor = entries[i][k]
      for j in (k + 1)..<n {
        let minor = pivot * entries[i][j] - factor * entries[k][j]
        guard let quotient = minor.dividedExactly(by: previousPivot) else {
          preconditionFailure("a minor is not divisible by the previous pivot")
        }
        entries[i][j] = quotient
      }
    }
    previousPivot = pivot
  }
}
