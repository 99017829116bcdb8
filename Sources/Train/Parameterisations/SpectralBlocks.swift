internal import Certify
internal import CertifyKernel
package import Dynamics

/// Diagonal blocks W_k = ωR_k / max(ω, (1 + margin)σ_max(R_k)), so that ‖W_k‖₂ < ω: Theorem 5 in the identity.
///
/// The derivative of σ is uᵀ dR v for its singular vectors u and v. Cost: a largest singular value of each block.
package final class SpectralBlocks: MatrixSource {
  package let pattern: Pattern
  package let bound: Double
  private let size: Int
  private let range: Range<Int>
  private var tops: [TopSingular]

  /// - Parameter range: of R_k, one after the other.
  package init(units: Int, size: Int, bound: Double, range: Range<Int>) {
    precondition(bound > 0 && bound < 1, "a bound of \(bound)")
    let count = units / size
    pattern = .blocks(
      units: units, size: size, (0..<Int32(count)).map { (row: $0, column: $0) })
    precondition(range.count == pattern.entries)
    self.size = size
    self.bound = bound
    self.range = range
    tops = (0..<count).map { _ in TopSingular(size: size) }
  }

  package func forward(_ θ: [Double]) -> [Double] {
    var values = [Double](repeating: 0, count: range.count)
    let area = size * size
    for k in tops.indices {
      let start = range.lowerBound + k * area
      tops[k].update(θ[start..<(start + area)])
      let scale = scale(tops[k].norm)
      for e in 0..<area { values[k * area + e] = θ[start + e] * scale }
    }
    return values
  }

  package func forget() { for k in tops.indices { tops[k].forget() } }

  private func scale(_ σ: Double) -> Double { bound / max(bound, (1 + normMargin) * σ) }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    let area = size * size
    for k in tops.indices {
      let start = range.lowerBound + k * area
      let top = tops[k]
      let scale = scale(top.norm)
      guard scale < 1 else {
        for e in 0..<area { gradient[start + e] += g[k * area + e] }
        continue
      }
      // W = (ω/(1 + margin)) R/σ: the part along R falls to σ.
      var along = 0.0
      for e in 0..<area { along += g[k * area + e] * θ[start + e] }
      along /= top.norm
      for i in 0..<size {
        for j in 0..<size {
          let e = i * size + j
          let own = g[k * area + e] - along * top.left[i] * top.right[j]
          gradient[start + e] += scale * own
        }
      }
    }
  }
}

/// The largest singular value of a small matrix that changes little between calls, with its vectors.
///
/// Power iteration from the last vectors; where it does not settle within a few dozen products, a full
/// decomposition (dgesdd).
struct TopSingular: Sendable {
  let size: Int
  private(set) var norm = 0.0
  private(set) var left: [Double]
  private(set) var right: [Double]
  private var isStarted = false

  init(size: Int) {
    self.size = size
    left = [Double](repeating: 0, count: size)
    right = left
  }

  mutating func forget() { isStarted = false }

  mutating func update(_ entries: ArraySlice<Double>) {
    let a = Array(entries)
    if isStarted, iterate(a) { return }
    let matrix = Matrix(rows: size, columns: size, values: a)
    guard let top = LAPACKBackend.topSingular(matrix) else {
      (norm, isStarted) = (.nan, false)
      return
    }
    (norm, left, right, isStarted) = (top.norm, top.left, top.right, true)
  }

  /// Whether σv = Aᵀu was met to 1e-9 of σ.
  private mutating func iterate(_ a: [Double]) -> Bool {
    for _ in 0..<40 {
      var u = [Double](repeating: 0, count: size)
      var w = u
      a.withUnsafeBufferPointer { a in
        for i in 0..<size {
          var sum = 0.0
          for j in 0..<size { sum += a[i * size + j] * right[j] }
          u[i] = sum
        }
        let σ = Self.length(u)
        for i in 0..<size { u[i] /= σ }
        for i in 0..<size { for j in 0..<size { w[j] += a[i * size + j] * u[i] } }
      }
      let next = Self.length(w)
      guard next.isFinite, next > 0 else { return false }
      for j in 0..<size { w[j] /= next }
      var change = 0.0
      for j in 0..<size { change += (w[j] - right[j]) * (w[j] - right[j]) }
      (norm, left, right) = (next, u, w)
      if change < 1e-18 { return true }
    }
    return false
  }

  private static func length(_ x: [Double]) -> Double {
    var sum = 0.0
    for value in x { sum += value * value }
    return sum.squareRoot()
  }
}
