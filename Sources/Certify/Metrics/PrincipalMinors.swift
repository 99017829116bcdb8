package import CertifyKernel

/// Sets of units whose principal minor of I − gW may be ≤ 0; the exact sign is the kernel's.
package enum PrincipalMinors {
  package struct Finding: Sendable, Hashable {
    /// Ascending.
    package var units: [Int]
    /// The determinant divided by the product of the row norms, so between −1 and 1.
    package var relativeMinor: Double
  }

  /// Candidates, most negative first, then smaller sets first; at most 16.
  ///
  /// All subsets for n ≤ 12; otherwise single units, pairs, the eight smallest pairs with any third unit,
  /// the whole set, and for n ≤ 200 what remains of it without one or two units.
  ///
  /// - Parameters:
  ///   - W: n × n.
  ///   - tolerance: relative minors up to this are proposed; above 0 because an exact zero may come out
  ///     as a rounding error.
  /// - Complexity: 2ⁿ determinants for n ≤ 12, else O(n²) plus at most 2n determinants of size n.
  package static func search(_ W: Matrix, gain g: Double, tolerance: Double = 1e-13) -> [Finding] {
    let n = W.rows
    guard n > 0, W.isSquare, g.isFinite, W.values.allSatisfy(\.isFinite) else { return [] }
    var A = Matrix(rows: n, columns: n, values: W.values.map { -g * $0 })
    for i in 0..<n { A[i, i] += 1 }
    var found: [Finding] = []
    func offer(_ units: [Int]) -> Double {
      let minor = relativeMinor(A, units)
      if minor <= tolerance { found.append(Finding(units: units, relativeMinor: minor)) }
      return minor
    }
    if n <= 12 {
      for bits in 1..<(1 << n) { _ = offer((0..<n).filter { bits >> $0 & 1 == 1 }) }
    } else {
      for i in 0..<n { _ = offer([i]) }
      var pairs: [([Int], Double)] = []
      for i in 0..<n {
        for j in 0..<i where A[i, j] != 0 && A[j, i] != 0 {
          let minor = relativeMinor(A, [j, i])
          if minor <= tolerance { found.append(Finding(units: [j, i], relativeMinor: minor)) }
          pairs.append(([j, i], minor))
        }
      }
      for (pair, _) in pairs.sorted(by: { $0.1 < $1.1 }).prefix(8) where n <= 400 {
        for k in 0..<n where !pair.contains(k) { _ = offer((pair + [k]).sorted()) }
      }
      if n <= 200 {
        descend(from: Array(0..<n), offer)
      } else {
        _ = offer(Array(0..<n))
      }
    }
    found.sort {
      $0.relativeMinor != $1.relativeMinor
        ? $0.relativeMinor < $1.relativeMinor : $0.units.count < $1.units.count
    }
    return Array(found.prefix(16))
  }

  /// The whole set, then without the unit whose removal gives the smallest minor, twice.
  private static func descend(from all: [Int], _ offer: ([Int]) -> Double) {
    var units = all
    for _ in 0..<2 where units.count > 1 {
      guard offer(units) > 0 else { return }
      var best: (unit: Int, minor: Double)?
      for k in units {
        let minor = offer(units.filter { $0 != k })
        if minor < best?.minor ?? .infinity { best = (k, minor) }
      }
      guard let best, best.minor.isFinite else { return }
      units.removeAll { $0 == best.unit }
    }
  }

  private static func relativeMinor(_ A: Matrix, _ units: [Int]) -> Double {
    if units.count == 1 {
      let entry = A[units[0], units[0]]
      return entry > 0 ? 1 : entry < 0 ? -1 : 0
    }
    var block = A.principalSubmatrix(units)
    for i in 0..<units.count {
      var norm = 0.0
      for j in 0..<units.count { norm = max(norm, abs(block[i, j])) }
      guard norm > 0 else { return 0 }
      for j in 0..<units.count { block[i, j] /= norm }
    }
    if units.count == 2 { return block[0, 0] * block[1, 1] - block[0, 1] * block[1, 0] }
    return LAPACKBackend.determinant(block) ?? .infinity
  }
}
