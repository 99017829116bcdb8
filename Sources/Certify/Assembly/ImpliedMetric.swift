import CertifyKernel

/// The diagonal metric in which a linear coupling is skew, if there is one.
///
/// m_i L_ij = −m_j L_ji fixes m_j/m_i on every edge; the ratios must agree around cycles. Time constants enter as
/// the couplings of the flow do. Cost: O(entries of L).
func impliedMetric(_ network: Specification) -> [Double]? {
  guard let coupling = network.coupling?.sparse() else { return nil }
  let n = network.units
  guard let opposite = coupling.mirrored() else { return nil }
  let paces = (0..<n).map { 1 / network.timeConstant($0).approximation }
  var m = [Double](repeating: 0, count: n)
  for start in 0..<n where m[start] == 0 {
    m[start] = 1
    var open = [start]
    while let i = open.popLast() {
      for k in coupling.rowPointers[i]..<coupling.rowPointers[i + 1] {
        let j = Int(coupling.columnIndices[k])
        if j == i || coupling.values[k] == 0 { continue }
        let ratio = -(coupling.values[k] * paces[i]) / (opposite[k] * paces[j])
        guard ratio > 0, ratio.isFinite else { return nil }
        if m[j] == 0 {
          m[j] = m[i] * ratio
          open.append(j)
        } else if abs(m[j] / (m[i] * ratio) - 1) > 1e-3 {
          return nil
        }
      }
    }
  }
  return m
}

extension SparseMatrix {
  /// For each entry (i, j) in order the entry (j, i), 0 where none is stored; nil unless square. Cost: O(entries).
  fileprivate func mirrored() -> [Double]? {
    guard rows == columns else { return nil }
    var result = [Double](repeating: 0, count: entryCount)
    // Rows are walked upwards, so what looks for column i in row j finds it where the last search in j ended.
    var next = Array(rowPointers.dropLast())
    for i in 0..<rows {
      for k in rowPointers[i]..<rowPointers[i + 1] {
        let j = Int(columnIndices[k])
        while next[j] < rowPointers[j + 1], columnIndices[next[j]] < Int32(i) { next[j] += 1 }
        if next[j] < rowPointers[j + 1], columnIndices[next[j]] == Int32(i) {
          result[k] = values[next[j]]
        }
      }
    }
    return result
  }
}
