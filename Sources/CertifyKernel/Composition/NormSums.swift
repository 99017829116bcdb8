/// For each of several components, a sum of norms times quotients of weights, rounded up: (N v)_i / v_i and its like.
struct NormSums {
  private(set) var values: [Double]

  init(count: Int) { values = [Double](repeating: 0, count: count) }

  /// Adds norm · p / q to the sum of component i; all three are nonnegative, and q is positive.
  mutating func add(_ norm: Double, times p: Double, over q: Double, at i: Int) {
    values[i] = values[i].addingUp(norm.multiplyingUp(p).dividingUp(q))
  }
}
