import CertifyKernel

/// The diagonal metric in which a linear coupling is skew, if there is one.
///
/// m_i L_ij = −m_j L_ji fixes m_j/m_i on every edge; the ratios must agree around cycles. Time constants enter as
/// the couplings of the flow do. Cost: O(entries of L).
func impliedMetric(_ network: Specification) -> [Double]? {
  guard let coupling = network.coupling?.sparse() else { return nil }
  let n = network.units
  func entry(_ i: Int, _ j: Int) -> Double {
    coupling[i, j] / network.timeConstant(i).approximation
  }
  var m = [Double](repeating: 0, count: n)
  for start in 0..<n where m[start] == 0 {
    m[start] = 1
    var open = [start]
    while let i = open.popLast() {
      for k in coupling.rowPointers[i]..<coupling.rowPointers[i + 1] {
        let j = Int(coupling.columnIndices[k])
        if j == i || coupling.values[k] == 0 { continue }
        let ratio = -entry(i, j) / entry(j, i)
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
