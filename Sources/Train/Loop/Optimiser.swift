internal import Foundation
internal import Dynamics

/// Adam with bias correction (Kingma and Ba 2015), a schedule of rates, and gradients cut to a norm.
package struct Optimiser: Sendable {
  package let plan: TrainingPlan
  package let total: Int
  package private(set) var steps = 0
  package private(set) var m: [Double]
  package private(set) var v: [Double]

  package init(_ plan: TrainingPlan, count: Int, total: Int) {
    self.plan = plan
    self.total = total
    m = [Double](repeating: 0, count: count)
    v = m
  }

  /// Goes on from a saved state.
  package mutating func restore(steps: Int, m: [Double], v: [Double]) {
    precondition(m.count == self.m.count && v.count == m.count)
    (self.steps, self.m, self.v) = (steps, m, v)
  }

  /// The rate of step t, counted from 0.
  package func rate(at t: Int) -> Double {
    let warm = plan.warmUp > 0 ? min(1, Double(t + 1) / Double(plan.warmUp)) : 1
    switch plan.schedule {
    case .constant: return plan.learningRate * warm
    case .cosine:
      let done = Double(t) / Double(max(1, total))
      return plan.learningRate * warm * 0.5 * (1 + cos(Double.pi * min(1, done)))
    case .steps:
      let passed = plan.cuts.reduce(0) { $0 + (t >= $1 ? 1 : 0) }
      return plan.learningRate * warm * pow(0.1, Double(passed))
    }
  }

  /// Moves θ by one step; returns the norm of the gradient, NaN or infinite where it is no good (θ stays).
  package mutating func move(_ θ: inout [Double], _ gradient: [Double]) -> Double {
    let norm = Double.kernels.squareSum(Int64(gradient.count), gradient).squareRoot()
    guard norm.isFinite else { return norm }
    let cut = norm > plan.clip ? plan.clip / norm : 1
    let rate = rate(at: steps)
    steps += 1
    let (β₁, β₂) = (0.9, 0.999)
    Double.kernels.adam(
      Int64(θ.count), &θ, gradient, &m, &v, rate, β₁, β₂, 1e-8,
      1 / (1 - pow(β₁, Double(steps))), 1 / (1 - pow(β₂, Double(steps))), cut)
    return norm
  }
}
