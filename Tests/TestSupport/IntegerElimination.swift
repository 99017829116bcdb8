internal import BigInt

/// Bareiss' elimination on matrices of integers: every entry stays a minor of the matrix, so divisions
/// come out even. Source: Bareiss, Math. Comp. 22 (1968) 565–578.
enum IntegerElimination {
  /// The determinant; 1 for the empty matrix.
  static func determinant(_ matrix: [[BigInt]]) -> BigInt {
    var a = matrix
    let n = a.count
    var previous: BigInt = 1
    var sign: BigInt = 1
    for k in 0..<n {
      guard let pivot = (k..<n).first(where: { !a[$0][k].isZero }) else { return 0 }
      if pivot != k {
        a.swapAt(pivot, k)
        sign = -sign
      }
      for i in k + 1..<n {
        for j in k + 1..<n { a[i][j] = (a[k][k] * a[i][j] - a[i][k] * a[k][j]) / previous }
      }
      previous = a[k][k]
    }
    return sign * previous
  }

  /// Whether all leading principal minors are positive; the matrix need not be symmetric.
  static func leadingMinorsArePositive(_ matrix: [[BigInt]]) -> Bool {
    var a = matrix
    var previous: BigInt = 1
    for k in a.indices {
      guard a[k][k] > 0 else { return false }
      for i in k + 1..<a.count {
        for j in k + 1..<a.count { a[i][j] = (a[k][k] * a[i][j] - a[i][k] * a[k][j]) / previous }
      }
      previous = a[k][k]
    }
    return true
  }

  /// Whether a symmetric matrix, of which only the lower triangle is read, is positive semidefinite.
  ///
  /// LDLᵀ with any positive diagonal entry as pivot: while the pivots are positive, what is left is a
  /// positive multiple of a Schur complement. It must have no negative diagonal entry, and where its
  /// diagonal is zero the row must be zero too.
  static func isPositiveSemidefinite(_ symmetric: [[BigInt]]) -> Bool {
    var a = symmetric
    var left = Array(a.indices)
    var previous: BigInt = 1
    func entry(_ i: Int, _ j: Int) -> BigInt { i >= j ? a[i][j] : a[j][i] }
    while !left.isEmpty {
      guard left.allSatisfy({ a[$0][$0].signum() >= 0 }) else { return false }
      guard let pivot = left.first(where: { a[$0][$0].signum() > 0 }) else {
        return left.allSatisfy { i in left.allSatisfy { $0 > i || a[i][$0].isZero } }
      }
      left.removeAll { $0 == pivot }
      let head = a[pivot][pivot]
      let column = a.indices.map { entry($0, pivot) }
      for i in left {
        for j in left where j <= i {
          let minor = head * a[i][j] - column[i] * column[j]
          a[i][j] = previous == 1 ? minor : minor / previous
        }
      }
      previous = head
    }
    return true
  }

  /// The coefficients c_0 … c_n = 1 of det(z − A) = Σ c_k z^k, by Faddeev and LeVerrier.
  ///
  /// B_1 = A, c_{n−k} = −tr(B_k)/k, B_{k+1} = A(B_k + c_{n−k}); the divisions come out even.
  /// Cost: n products of matrices.
  static func characteristicPolynomial(_ a: [[BigInt]]) -> [BigInt] {
    let n = a.count
    var coefficients = [BigInt](repeating: 0, count: n) + [1]
    var b = a
    for k in 0..<n {
      var trace = BigInt(0)
      for i in 0..<n { trace += b[i][i] }
      let c = -trace / BigInt(k + 1)
      coefficients[n - 1 - k] = c
      guard k + 1 < n else { break }
      for i in 0..<n { b[i][i] += c }
      b = product(a, b)
    }
    return coefficients
  }

  static func product(_ a: [[BigInt]], _ b: [[BigInt]]) -> [[BigInt]] {
    let columns = b.first?.count ?? 0
    return a.map { row in
      var result = [BigInt](repeating: 0, count: columns)
      for (k, x) in row.enumerated() where !x.isZero {
        for j in 0..<columns where !b[k][j].isZero { result[j] += x * b[k][j] }
      }
      return result
    }
  }

  /// Whether every root of Σ c_k z^k has negative real part: the leading principal minors of Hurwitz'
  /// matrix H_ij = c_{n − 2j + i} are positive, for c_n > 0 (1-based).
  static func isHurwitz(_ coefficients: [BigInt]) -> Bool {
    guard let leading = coefficients.last, !leading.isZero else { return false }
    let c = leading.signum() > 0 ? coefficients : coefficients.map { -$0 }
    let n = c.count - 1
    // All coefficients positive is necessary, and cheaper to see.
    guard c.allSatisfy({ $0.signum() > 0 }) else { return false }
    let hurwitz = (1...max(n, 1)).map { i in
      (1...max(n, 1)).map { j -> BigInt in
        let k = n - 2 * j + i
        return (0...n).contains(k) ? c[k] : 0
      }
    }
    return n == 0 || leadingMinorsArePositive(hurwitz)
  }

  /// Whether every eigenvalue of entries/scale has modulus below 1: det(z − B/s) sⁿ = Σ c_k (sz)^k.
  static func isSchur(_ entries: [[BigInt]], over scale: BigInt) -> Bool {
    let coefficients = characteristicPolynomial(entries)
    return isSchur(coefficients.enumerated().map { k, c in c * scale.power(k) })
  }

  /// Whether every root of Σ c_k z^k has modulus below 1: with z = (1 + s)/(1 − s) the polynomial
  /// Σ c_k (1 + s)^k (1 − s)^{n−k} must have degree n (no root at z = −1) and be Hurwitz.
  static func isSchur(_ coefficients: [BigInt]) -> Bool {
    let n = coefficients.count - 1
    guard n >= 0, !coefficients[n].isZero else { return false }
    var transformed = [BigInt](repeating: 0, count: n + 1)
    for (k, c) in coefficients.enumerated() {
      var power = [BigInt](repeating: 0, count: n + 1)
      power[0] = c
      for step in 0..<n {
        let sign: BigInt = step < k ? 1 : -1
        for i in stride(from: n, to: 0, by: -1) { power[i] += sign * power[i - 1] }
      }
      for i in 0...n { transformed[i] += power[i] }
    }
    return isHurwitz(transformed)
  }
}
