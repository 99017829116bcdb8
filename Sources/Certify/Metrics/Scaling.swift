import CertifyKernel

/// An s > 0 for which diag(s) W is exactly symmetric in doubles, if a breadth-first walk finds one.
///
/// s_j = s_i W_ij / W_ji along connections; the values are tried as they are and scaled to small integers.
/// Nil if the pattern is not symmetric, a pair of signs differs, or a cycle contradicts (Kolmogorov).
func symmetrisingScaling(_ w: Matrix) -> [Double]? {
  let n = w.rows
  var s = [Double](repeating: 0, count: n)
  for start in 0..<n where s[start] == 0 {
    var component = [start]
    s[start] = 1
    var next = 0
    while next < component.count {
      let i = component[next]
      next += 1
      for j in 0..<n where j != i && (w[i, j] != 0 || w[j, i] != 0) {
        let ratio = w[i, j] / w[j, i]
        guard ratio > 0, ratio < .infinity else { return nil }
        let value = s[i] * ratio
        if s[j] == 0 {
          s[j] = value
          component.append(j)
        } else if abs(s[j] - value) > 1e-9 * abs(value) {
          return nil
        }
      }
    }
    guard let whole = smallestInteger(component.map { s[$0] }) else { continue }
    for (unit, value) in zip(component, whole) { s[unit] = value }
  }
  return s
}

/// The numbers times the least factor up to 4096 that makes them all whole, if there is one.
private func smallestInteger(_ numbers: [Double]) -> [Double]? {
  let least = numbers.min() ?? 1
  for factor in 1...4096 {
    let scaled = numbers.map { $0 / least * Double(factor) }
    if scaled.allSatisfy({ abs($0 - $0.rounded()) < 1e-9 * $0 && $0 < 0x1p50 }) {
      return scaled.map { $0.rounded() }
    }
  }
  return nil
}
