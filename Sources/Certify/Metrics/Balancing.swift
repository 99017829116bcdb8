internal import Foundation
import CertifyKernel

/// A diagonal P > 0 that makes ‖P^{1/2} X P^{-1/2}‖₂ small, and that norm; nil if nothing better than P = I
/// was found.
///
/// Osborne's balancing first, then steps that even out |u_i|² and |v_i|² of the top singular vectors: at a
/// smooth minimum they are equal, since ∂σ/∂ log p_i = ½σ(|u_i|² − |v_i|²). Entries of P are powers of two
/// times a few bits; the kernel checks whatever comes out. Cost: some tens of singular value decompositions.
func balancedMetric(_ x: Matrix, sweeps: Int = 24) -> (metric: [Double], norm: Double)? {
  let n = x.rows
  guard n > 1, n <= 2048, let start = DenseAlgebra.singularValues(x, withTopVectors: true),
    let identityNorm = start.values.first, identityNorm > 0
  else { return nil }
  var best: (logs: [Double], norm: Double)?
  for origin in [[Double](repeating: 0, count: n), osborneLogs(x)] {
    var logs = origin
    var step = 1.0
    var held: (logs: [Double], norm: Double)?
    var gradient = [Double](repeating: 0, count: n)
    for _ in 0..<(n > 256 ? 6 : sweeps) {
      let p = logs.map { exp2($0) }
      guard
        let top = DenseAlgebra.singularValues(inMetric(p, x), withTopVectors: true),
        let norm = top.values.first
      else { break }
      if norm < (held?.norm ?? .infinity) * (1 - 1e-12) {
        held = (logs, norm)
        gradient = (0..<n).map { top.left[$0] * top.left[$0] - top.right[$0] * top.right[$0] }
        // Weigh in the neighbouring singular values, which take over as the top one shrinks.
        step *= 1.3
      } else {
        step /= 3
        if step < 1e-3 { break }
      }
      guard let origin = held else { break }
      let size = gradient.reduce(0) { max($0, abs($1)) }
      guard size > 1e-12 else { break }
      logs = (0..<n).map { origin.logs[$0] - step * gradient[$0] / size }
    }
    if let held, held.norm < (best?.norm ?? .infinity) { best = held }
  }
  guard let best, best.norm < identityNorm * (1 - 1e-9) else { return nil }
  let middle = best.logs.reduce(0, +) / Double(n)
  return (best.logs.map { exp2(min(max($0 - middle, -900), 900)) }, best.norm)
}

/// log₂ of the metric that balances the rows and columns of |X|: Osborne's iteration.
func osborneLogs(_ x: Matrix) -> [Double] {
  let n = x.rows
  var logs = [Double](repeating: 0, count: n)
  for _ in 0..<12 {
    var change = 0.0
    for i in 0..<n {
      var row = 0.0
      var column = 0.0
      for j in 0..<n where j != i {
        let scale = exp2((logs[i] - logs[j]) / 2)
        row += x[i, j] * x[i, j] * scale * scale
        column += x[j, i] * x[j, i] / (scale * scale)
      }
      guard row > 0, column > 0 else { continue }
      let shift = (log2(column) - log2(row)) / 2
      logs[i] += shift
      change = max(change, abs(shift))
    }
    if change < 0.01 { break }
  }
  return logs
}
