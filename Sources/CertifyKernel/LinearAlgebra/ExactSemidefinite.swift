// A ⪰ 0, decided exactly: elimination in whole numbers with pivots on the diagonal.
//
// A row whose diagonal entry is 0 must be 0 altogether (else a 2 × 2 minor is negative) and is dropped. Any other
// row serves as pivot: A ⪰ 0 exactly if the pivot is positive and its Schur complement ⪰ 0. Bareiss'
// elimination keeps the complement times the pivot, divided by the one before, in whole numbers; all factors
// are positive. No principal minor is worked out for its own sake. Source: Bareiss, Math. Comp. 22 (1968).

/// Whether xᵀAx ≥ 0 for all x; false if A is not symmetric. True for the empty matrix.
///
/// - Precondition: the matrix is square.
/// - Complexity: n³/3 products of numbers of up to about n times the bits of an entry.
func exactIsPositiveSemidefinite(_ symmetric: [[Dyadic]]) -> Bool {
  let n = symmetric.count
  precondition(symmetric.allSatisfy { $0.count == n }, "definiteness of a matrix not square")
  for i in 0..<n {
    for j in 0..<i where symmetric[i][j] != symmetric[j][i] { return false }
  }
  // One power of two for all entries: a positive factor.
  let unit = symmetric.joined().lazy.filter { !$0.isZero }.map(\.exponent).min() ?? 0
  var a = symmetric.map { row in row.map { $0.whole(inUnitsOf: unit) } }
  var left = Array(0..<n)
  var previousPivot = BigInteger.one
  while true {
    for i in left {
      if a[i][i].signum < 0 { return false }
      if a[i][i].isZero, left.contains(where: { !a[i][$0].isZero }) { return false }
    }
    left.removeAll { a[$0][$0].isZero }
    // The shortest pivot, so that the numbers stay short.
    guard let k = left.min(by: { a[$0][$0].bitWidth < a[$1][$1].bitWidth }) else { return true }
    left.removeAll { $0 == k }
    let pivot = a[k][k]
    for (place, i) in left.enumerated() {
      for j in left[place...] {
        let minor = pivot * a[i][j] - a[i][k] * a[k][j]
        guard let quotient = minor.dividedExactly(by: previousPivot) else {
          preconditionFailure("a minor is not divisible by the previous pivot")
        }
        a[i][j] = quotient
        a[j][i] = quotient
      }
    }
    previousPivot = pivot
  }
}

extension Matrix {
  /// The entries as exact numbers. - Precondition: all are finite.
  var exactRows: [[Dyadic]] {
    (0..<rows).map { i in (0..<columns).map { Dyadic(self[i, $0]) } }
  }
}

/// A B, exactly. - Precondition: the inner dimensions agree.
func exactProduct(_ a: [[Dyadic]], _ b: [[Dyadic]]) -> [[Dyadic]] {
  let columns = b.first?.count ?? 0
  return a.map { row in
    var sums = [Dyadic](repeating: .zero, count: columns)
    for (k, entry) in row.enumerated() where !entry.isZero {
      for j in 0..<columns where !b[k][j].isZero { sums[j] += entry * b[k][j] }
    }
    return sums
  }
}

/// Aᵀ.
func exactTranspose(_ a: [[Dyadic]]) -> [[Dyadic]] {
  guard let width = a.first?.count else { return [] }
  return (0..<width).map { j in a.map { $0[j] } }
}
