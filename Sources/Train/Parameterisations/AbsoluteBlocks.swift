package import Dynamics

/// Diagonal blocks under Theorem 1: W_ij = ωR_ij / √(max(ω, ρ_i) max(ω, κ_j)) with the sums ρ_i and κ_j of |R| along
/// rows and columns, so that ‖|W_k|‖₂ ≤ ω in the identity.
///
/// Proof: Σ |W_ij| x_i y_j ≤ ω √(Σ |R_ij| x_i²/ρ_i) √(Σ |R_ij| y_j²/κ_j) ≤ ω|x||y| (Schur's test). So Theorem 1 holds
/// with P = I, and with P = diag(e^{−2s}) once a scaling e^{s_i − s_j} is applied. Cost: O(entries).
package final class AbsoluteBlocks: MatrixSource {
  package let pattern: Pattern
  package let bound: Double
  private let size: Int
  private let range: Range<Int>
  private var rows: [Double] = []
  private var columns: [Double] = []

  package init(units: Int, size: Int, bound: Double, range: Range<Int>) {
    precondition(bound > 0 && bound < 1, "a bound of \(bound)")
    pattern = .blocks(
      units: units, size: size, (0..<Int32(units / size)).map { (row: $0, column: $0) })
    precondition(range.count == pattern.entries)
    self.size = size
    self.bound = bound * (1 - normMargin)
    self.range = range
  }

  package func forward(_ θ: [Double]) -> [Double] {
    let blocks = range.count / (size * size)
    rows = [Double](repeating: 0, count: blocks * size)
    columns = rows
    for k in 0..<blocks {
      for i in 0..<size {
        for j in 0..<size {
          let a = abs(θ[range.lowerBound + (k * size + i) * size + j])
          rows[k * size + i] += a
          columns[k * size + j] += a
        }
      }
    }
    var values = [Double](repeating: 0, count: range.count)
    eachEntry { e, i, j in
      let share = max(bound, rows[i]) * max(bound, columns[j])
      values[e] = bound * θ[range.lowerBound + e] / share.squareRoot()
    }
    return values
  }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    // d log W_ij = d log R_ij − ½ d log ρ_i − ½ d log κ_j, the last two where they exceed ω.
    var byRow = [Double](repeating: 0, count: rows.count)
    var byColumn = byRow
    eachEntry { e, i, j in
      let share = max(bound, rows[i]) * max(bound, columns[j])
      let weighed =
        g[e] * bound * θ[range.lowerBound + e] / share.squareRoot()
      if rows[i] > bound { byRow[i] -= weighed / (2 * rows[i]) }
      if columns[j] > bound { byColumn[j] -= weighed / (2 * columns[j]) }
    }
    eachEntry { e, i, j in
      let share = max(bound, rows[i]) * max(bound, columns[j])
      let r = θ[range.lowerBound + e]
      let sign: Double = r > 0 ? 1 : (r < 0 ? -1 : 0)
      gradient[range.lowerBound + e] +=
        g[e] * bound / share.squareRoot() + sign * (byRow[i] + byColumn[j])
    }
  }

  /// Entry, and its row and column among all units.
  private func eachEntry(_ body: (_ e: Int, _ i: Int, _ j: Int) -> Void) {
    let blocks = range.count / (size * size)
    for k in 0..<blocks {
      for i in 0..<size {
        for j in 0..<size { body((k * size + i) * size + j, k * size + i, k * size + j) }
      }
    }
  }
}
