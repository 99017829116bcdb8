package import Dynamics

/// Logits F [x; φ(x)] + c, or F x + c, and their loss.
package struct Readout<S: Real>: Sendable {
  package enum Features: String, Sendable, Hashable, CaseIterable {
    case state, rates
    case both
  }

  package var classes: Int
  package var features: Features
  package var activation: ElementWise
  /// F, classes × features, row by row.
  package var weights: [S]
  package var bias: [S]
  /// Fᵀ, features × classes, where it is asked at every step; empty otherwise.
  private var transposed: [S] = []

  package init(
    classes: Int, features: Features, activation: ElementWise, weights: [S], bias: [S]
  ) {
    (self.classes, self.features, self.activation) = (classes, features, activation)
    (self.weights, self.bias) = (weights, bias)
  }

  /// For many calls of `back` with the same weights.
  package mutating func prepare() {
    let width = weights.count / classes
    transposed = [S](repeating: 0, count: weights.count)
    for c in 0..<classes {
      for i in 0..<width { transposed[i * classes + c] = weights[c * width + i] }
    }
  }

  package func featureCount(_ units: Int) -> Int { features == .both ? 2 * units : units }

  /// Features of a state; units × batch, twice for both.
  func extract(
    _ x: UnsafePointer<S>, _ f: UnsafeMutablePointer<S>, count: Int
  ) {
    switch features {
    case .state: f.update(from: x, count: count)
    case .rates: activation.apply(x, f, count: count)
    case .both:
      f.update(from: x, count: count)
      activation.apply(x, f + count, count: count)
    }
  }

  /// logits ← F f + c, classes × batch.
  func logits(
    _ f: UnsafePointer<S>, units: Int, _ logits: UnsafeMutablePointer<S>, batch: Int
  ) {
    for k in 0..<classes { (logits + k * batch).update(repeating: bias[k], count: batch) }
    let width = featureCount(units)
    S.product(
      transposeA: false, transposeB: false, classes, batch, width, weights, width, f, batch,
      beta: 1, logits, batch)
  }

  /// From the derivative by the logits: adds to those of F and c, and to δ, the derivative by the state.
  func back(
    _ λ: UnsafePointer<S>, features f: UnsafePointer<S>, x: UnsafePointer<S>, units: Int,
    _ gradient: inout ReadoutGradient<S>, into δ: UnsafeMutablePointer<S>,
    _ scratch: UnsafeMutablePointer<S>, batch: Int
  ) {
    let width = featureCount(units)
    S.kernels.rowSums(Int64(classes), λ, &gradient.bias, Int64(batch))
    S.product(
      transposeA: false, transposeB: true, classes, width, batch, λ, batch, f, batch, beta: 1,
      &gradient.weights, width)
    let count = units * batch
    switch features {
    case .state:
      if transposed.isEmpty {
        S.product(
          transposeA: true, transposeB: false, units, batch, classes, weights, width, λ, batch,
          beta: 1, δ, batch)
      } else {
        S.kernels.rank(Int64(units), Int64(classes), transposed, λ, δ, Int64(batch))
      }
    case .rates, .both:
      S.product(
        transposeA: true, transposeB: false, width, batch, classes, weights, width, λ, batch,
        beta: 0, scratch, batch)
      let rates = features == .both ? scratch + count : scratch
      activation.addSlopes(at: x, times: rates, into: δ, count: count)
      if features == .both { for k in 0..<count { δ[k] += scratch[k] } }
    }
  }
}

package struct ReadoutGradient<S: Real>: Sendable {
  package var weights: [S]
  package var bias: [S]

  package init(like readout: Readout<S>) {
    weights = [S](repeating: 0, count: readout.weights.count)
    bias = [S](repeating: 0, count: readout.classes)
  }

  package mutating func clear() {
    for k in weights.indices { weights[k] = 0 }
    for k in bias.indices { bias[k] = 0 }
  }

  package mutating func add(_ other: Self) {
    for k in weights.indices { weights[k] += other.weights[k] }
    for k in bias.indices { bias[k] += other.bias[k] }
  }
}
