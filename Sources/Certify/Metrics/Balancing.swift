internal import Foundation
import CertifyKernel

/// A diagonal P > 0 that makes ‖P^{1/2} X P^{-1/2}‖₂ small, and that norm; nil if nothing better than P = I
/// was found.
///
/// From P = I and from Osborne's balancing, steps even out |u_i|² and |v_i|² of the top singular vectors: at a
/// smooth minimum they are equal, since ∂σ/∂ log p_i = ½σ(|u_i|² − |v_i|²). The vectors follow the metric by a
/// few power steps each time, so a step costs some n² operations; only the outcome is measured in full. The
/// kernel checks whatever comes out.
func balancedMetric(_ x: Matrix) -> (metric: [Double], norm: Double)? {
  let n = x.rows
  guard n > 1, n <= 2048, let identityNorm = spectralNorm(x), identityNorm > 0 else { return nil }
  var best: (logs: [Double], norm: Double)?
  for origin in [[Double](repeating: 0, count: n), osborneLogs(x)] {
    var descent = NormDescent(x, logs: origin)
    descent.run(steps: n > 256 ? 40 : 200)
    guard let norm = spectralNorm(inMetric(descent.logs.map { exp2($0) }, x)) else { continue }
    if norm < (best?.norm ?? .infinity) { best = (descent.logs, norm) }
  }
  guard let best, best.norm < identityNorm * (1 - 1e-9) else { return nil }
  let middle = best.logs.reduce(0, +) / Double(n)
  return (best.logs.map { exp2(min(max($0 - middle, -900), 900)) }, best.norm)
}

/// Subgradient descent of the norm over log₂ p with a decreasing step, on a smoothed norm: the mean over a
/// few top directions that power iteration follows together.
private struct NormDescent {
  let x: Matrix
  var logs: [Double]
  private var block: [[Double]]
  private var held: (logs: [Double], norm: Double)?

  init(_ x: Matrix, logs: [Double]) {
    self.x = x
    self.logs = logs
    // Deterministic starting directions with all signs.
    block = (0..<3).map { k in
      let frequency = Double(2 * k + 1)
      let amplitude = k == 0 ? 0.1 : 1.0
      return (0..<x.rows).map { 1 + amplitude * sin(Double($0 + 1) * frequency) }
    }
  }

  mutating func run(steps: Int) {
    let n = x.rows
    var step = 0.5
    var stale = 0
    for pass in 0..<steps {
      let root = logs.map { exp2($0 / 2) }
      let (norm, gradient) = follow(root, powers: pass == 0 ? 12 : 2)
      guard norm.isFinite else { break }
      if norm < (held?.norm ?? .infinity) * (1 - 1e-7) {
        held = (logs, norm)
        stale = 0
      } else {
        stale += 1
        if stale > 6 {
          step /= 2
          stale = 0
          if let held { logs = held.logs }
          if step < 2e-3 { break }
        }
      }
      let size = gradient.reduce(0) { max($0, abs($1)) }
      guard size > 1e-14 else { break }
      for i in 0..<n { logs[i] -= step * gradient[i] / size }
    }
    if let held { logs = held.logs }
  }

  /// Power steps on the block, orthonormalised; the largest singular value estimate and the weighted
  /// difference |u|² − |v|².
  private mutating func follow(
    _ root: [Double], powers: Int
  ) -> (norm: Double, gradient: [Double]) {
    let n = x.rows
    var lefts: [[Double]] = block
    var values = [Double](repeating: 0, count: block.count)
    for _ in 0..<powers {
      for k in block.indices {
        for j in 0..<k { removeComponent(&block[k], along: block[j]) }
        normalise(&block[k])
        lefts[k] = apply(block[k], root)
        values[k] = length(lefts[k])
        block[k] = applyTransposed(lefts[k], root)
      }
    }
    for k in block.indices { normalise(&block[k]) }
    let norm = values.max() ?? .nan
    var gradient = [Double](repeating: 0, count: n)
    for k in block.indices where values[k] > 0 {
      let weight = pow(values[k] / norm, 24)
      for i in 0..<n {
        let u = lefts[k][i] / values[k]
        gradient[i] += weight * (u * u - block[k][i] * block[k][i])
      }
    }
    return (norm, gradient)
  }

  /// P^{1/2} X P^{-1/2} v.
  private func apply(_ v: [Double], _ root: [Double]) -> [Double] {
    let n = x.rows
    let scaled = (0..<n).map { v[$0] / root[$0] }
    var result = [Double](repeating: 0, count: n)
    x.values.withUnsafeBufferPointer { a in
      scaled.withUnsafeBufferPointer { s in
        for i in 0..<n {
          var sum = SIMD8<Double>.zero
          var j = 0
          while j + 8 <= n {
            var p = SIMD8<Double>.zero
            var q = SIMD8<Double>.zero
            for t in 0..<8 {
              p[t] = a[i * n + j + t]
              q[t] = s[j + t]
            }
            sum += p * q
            j += 8
          }
          var rest = 0.0
          while j < n {
            rest += a[i * n + j] * s[j]
            j += 1
          }
          result[i] = (sum.sum() + rest) * root[i]
        }
      }
    }
    return result
  }

  /// (P^{1/2} X P^{-1/2})ᵀ u.
  private func applyTransposed(_ u: [Double], _ root: [Double]) -> [Double] {
    let n = x.rows
    var result = [Double](repeating: 0, count: n)
    x.values.withUnsafeBufferPointer { a in
      result.withUnsafeMutableBufferPointer { r in
        for i in 0..<n {
          let scaled = u[i] * root[i]
          for j in 0..<n { r[j] += a[i * n + j] * scaled }
        }
      }
    }
    for j in 0..<n { result[j] /= root[j] }
    return result
  }
}

private func length(_ v: [Double]) -> Double {
  v.reduce(0) { $0 + $1 * $1 }.squareRoot()
}

private func normalise(_ v: inout [Double]) {
  let size = length(v)
  guard size > 0 else { return }
  for i in v.indices { v[i] /= size }
}

private func removeComponent(_ v: inout [Double], along unit: [Double]) {
  var dot = 0.0
  for i in v.indices { dot += v[i] * unit[i] }
  for i in v.indices { v[i] -= dot * unit[i] }
}

/// log₂ of the metric that balances the rows and columns of |X|: Osborne's iteration.
func osborneLogs(_ x: Matrix) -> [Double] {
  let n = x.rows
  var logs = [Double](repeating: 0, count: n)
  for _ in 0..<12 {
    var change = 0.0
    let roots = logs.map { exp2($0) }
    var rows = [Double](repeating: 0, count: n)
    var columns = rows
    for i in 0..<n {
      for j in 0..<n where j != i {
        let square = x[i, j] * x[i, j]
        rows[i] += square * roots[i] / roots[j]
        columns[j] += square * roots[i] / roots[j]
      }
    }
    for i in 0..<n where rows[i] > 0 && columns[i] > 0 {
      let shift = (log2(columns[i]) - log2(rows[i])) / 3
      logs[i] += shift
      change = max(change, abs(shift))
    }
    if change < 0.01 { break }
  }
  return logs
}
