package import Dynamics

/// Entries that are parameters themselves, at the places of a pattern.
package final class FreeMatrix: MatrixSource {
  package let pattern: Pattern
  package var bound: Double { .infinity }
  private let range: Range<Int>

  package init(_ pattern: Pattern, range: Range<Int>) {
    precondition(range.count == pattern.entries)
    self.pattern = pattern
    self.range = range
  }

  package func forward(_ θ: [Double]) -> [Double] { Array(θ[range]) }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    for (k, p) in range.enumerated() { gradient[p] += g[k] }
  }
}

/// Another matrix A, scaled to A·bound/max(bound, (1 + margin)‖A‖₂) as a whole.
///
/// For masked weights, and for couplings that an Euler step allows only up to a norm (theory E3). The norm comes
/// from a power iteration that goes on from the last vectors; whether the bound holds is the kernel's to say.
/// Cost: a few products with A and Aᵀ.
package final class NormBudget: MatrixSource {
  package let base: any MatrixSource
  package let bound: Double
  package var pattern: Pattern { base.pattern }
  private let tolerance: Double
  private var left: [Double]
  private var right: [Double]
  private var norm = 0.0
  private var values: [Double] = []

  /// - Parameter tolerance: the iteration ends when the norm grows by less than this share of itself.
  package init(_ base: any MatrixSource, bound: Double, tolerance: Double = 1e-7) {
    precondition(bound > 0, "a bound of \(bound)")
    self.base = base
    self.tolerance = tolerance
    self.bound = bound
    left = []
    right = []
    forget()
  }

  package func forget() {
    base.forget()
    left = [Double](repeating: 0, count: base.pattern.rows)
    norm = 0
    // No start is orthogonal to the top singular vector but by a rare accident.
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    right = (0..<base.pattern.columns).map { _ in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 11) * 0x1p-53 - 0.5
    }
  }

  package func forward(_ θ: [Double]) -> [Double] {
    values = base.forward(θ)
    iterate()
    let t = scale
    return values.map { t * $0 }
  }

  private var scale: Double { bound / max(bound, (1 + normMargin) * norm) }

  /// Until σ hardly grows, at most 300 steps, or more for a small tolerance.
  private func iterate() {
    let packed = pattern.packed(values)
    for step in 0..<(tolerance < 1e-7 ? 100_000 : 300) {
      let before = norm
      var u = [Double](repeating: 0, count: left.count)
      pattern.multiply(values, right, into: &u, batch: 1, packed: packed)
      norm = normalise(&u)
      var v = [Double](repeating: 0, count: right.count)
      pattern.multiplyTransposed(values, u, into: &v, batch: 1, packed: packed)
      norm = normalise(&v)
      guard norm > 0, norm.isFinite else { return }
      (left, right) = (u, v)
      if step > 1, abs(norm - before) <= tolerance * norm { return }
    }
  }

  private func normalise(_ x: inout [Double]) -> Double {
    let length = Double.kernels.squareSum(Int64(x.count), x).squareRoot()
    let share = 1 / length
    for k in x.indices { x[k] *= share }
    return length
  }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    let t = scale
    guard t < 1 else { return base.backward(g, θ, into: &gradient) }
    var along = 0.0
    for k in g.indices { along += g[k] * values[k] }
    along /= norm
    var own = g
    pattern.places { place, i, j in
      own[place] = t * (g[place] - along * left[i] * right[j])
    }
    base.backward(own, θ, into: &gradient)
  }
}
