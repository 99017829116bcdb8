/// Limited-memory BFGS for smooth functions of a few hundred variables.
///
/// Nocedal & Wright, Numerical Optimization, Algorithm 7.4, with backtracking until the function
/// decreases sufficiently and pairs of negative curvature skipped.
struct LimitedMemoryMinimiser {
  private let memory: Int
  private var steps: [[Double]] = []
  private var changes: [[Double]] = []

  init(memory: Int) { self.memory = memory }

  /// Returns the best point met within `evaluations` calls; a nil value means "outside the domain".
  ///
  /// - Parameter maximumStep: the largest change of one coordinate in one step.
  mutating func minimise(
    from start: [Double], evaluations: Int, maximumStep: Double,
    function: ([Double]) -> (value: Double, gradient: [Double])?
  ) -> [Double] {
    var x = start
    guard var (value, gradient) = function(x) else { return start }
    var left = evaluations - 1
    while left > 0 {
      var direction = twoLoop(gradient)
      var slope = dot(direction, gradient)
      if !(slope < 0) {
        steps = []
        changes = []
        direction = gradient.map { -$0 }
        slope = -dot(gradient, gradient)
      }
      let largest = direction.reduce(0) { max($0, abs($1)) }
      guard largest > 1e-14, slope.isFinite else { break }
      // Without curvature yet, the gradient is scaled to a modest step.
      var t = min(1, maximumStep / largest)
      if steps.isEmpty { t = min(0.3 / largest, maximumStep / largest) }
      var moved = false
      while left > 0 {
        left -= 1
        let trial = zip(x, direction).map { $0 + t * $1 }
        if let (newValue, newGradient) = function(trial), newValue <= value + 1e-4 * t * slope {
          let step = zip(trial, x).map { $0 - $1 }
          let change = zip(newGradient, gradient).map { $0 - $1 }
          if dot(step, change) > 1e-12 * dot(step, step) {
            steps.append(step)
            changes.append(change)
            if steps.count > memory {
              steps.removeFirst()
              changes.removeFirst()
            }
          }
          let gain = value - newValue
          x = trial
          value = newValue
          gradient = newGradient
          moved = gain > 1e-13 * abs(value)
          break
        }
        t *= 0.4
        if t * largest < 1e-12 { return x }
      }
      guard moved else { break }
    }
    return x
  }

  private func twoLoop(_ gradient: [Double]) -> [Double] {
    var q = gradient
    var alphas: [Double] = []
    for k in steps.indices.reversed() {
      let alpha = dot(steps[k], q) / dot(steps[k], changes[k])
      alphas.append(alpha)
      for i in q.indices { q[i] -= alpha * changes[k][i] }
    }
    if let s = steps.last, let y = changes.last {
      let scale = dot(s, y) / dot(y, y)
      for i in q.indices { q[i] *= scale }
    }
    for (k, alpha) in zip(steps.indices, alphas.reversed()) {
      let beta = dot(changes[k], q) / dot(steps[k], changes[k])
      for i in q.indices { q[i] += (alpha - beta) * steps[k][i] }
    }
    return q.map { -$0 }
  }
}

/// The inner product of two vectors of equal length.
func dot(_ x: [Double], _ y: [Double]) -> Double {
  var sum = 0.0
  for i in x.indices { sum += x[i] * y[i] }
  return sum
}
