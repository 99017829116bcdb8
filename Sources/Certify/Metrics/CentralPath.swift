internal import CertifyKernel

/// A semidefinite problem max t, B_j(x) − t f_j I ⪰ 0 for all blocks j, followed along its central path.
///
/// B_j is affine in x, and f_j is 1 for the blocks that t presses on and 0 for those that only keep x bounded. At
/// weight μ the point minimises −t/μ − Σ log det(B_j − t f_j I); then μ(B_j − t f_j I)⁻¹ are dual matrices, exact to
/// the degree of centring. The caller looks at each centre and says when it has seen enough.
/// Source: Boyd & Vandenberghe, Convex Optimization, §11.3 and §11.6.
struct CentralPath {
  /// One matrix inequality.
  struct Block {
    let size: Int
    /// B at x = 0, and its change with each unknown, one under the other: (unknowns · size) × size.
    let constant: Matrix
    let changes: Matrix
    let isPressed: Bool

    /// - Parameter value: B at a point; called unknowns + 1 times.
    init(unknowns: Int, isPressed: Bool, value: ([Double]) -> Matrix) {
      var point = [Double](repeating: 0, count: unknowns)
      let constant = value(point)
      size = constant.rows
      var stacked: [Double] = []
      stacked.reserveCapacity(unknowns * size * size)
      for e in 0..<unknowns {
        point[e] = 1
        stacked += zip(value(point).values, constant.values).map { $0 - $1 }
        point[e] = 0
      }
      self.constant = constant
      changes = Matrix(rows: unknowns * size, columns: size, values: stacked)
      self.isPressed = isPressed
    }

    /// B(x), without t.
    func value(_ x: [Double]) -> Matrix {
      let area = size * size
      let column = Matrix(rows: x.count, columns: area, values: changes.values)
      let change = LAPACKBackend.multiply(column, x, transpose: true)
      return Matrix(
        rows: size, columns: size, values: zip(constant.values, change).map { $0 + $1 })
    }
  }

  private(set) var blocks: [Block]
  private(set) var x: [Double]
  private(set) var t: Double
  private(set) var μ: Double

  /// - Parameter x: a point where every block that is not pressed is positive definite.
  init(blocks: [Block], start x: [Double]) {
    self.blocks = blocks
    self.x = x
    t = 0
    μ = 1
    lowerUntilFeasible()
  }

  /// Adds blocks, and lowers t until they hold.
  mutating func add(_ more: [Block]) {
    blocks += more
    lowerUntilFeasible()
  }

  private mutating func lowerUntilFeasible() {
    var least = t
    for block in blocks where block.isPressed {
      let values = LAPACKBackend.symmetricEigenvalues(block.value(x))
      least = min(least, values?.first ?? -.infinity)
    }
    t = least - 0.5 * max(abs(least), μ)
  }

  /// The inverses of all blocks at the present point, which times μ are the dual.
  func inverses() -> [Matrix]? {
    var result: [Matrix] = []
    for block in blocks {
      guard let inverse = LAPACKBackend.positiveDefiniteInverse(pressed(block, x, t)) else {
        return nil
      }
      result.append(inverse.inverse)
    }
    return result
  }

  /// Centres at the present μ, then divides it; calls `look` after each centring until it returns false.
  ///
  /// - Returns: false where Newton's method got stuck or the cap was reached.
  /// - Complexity: a Newton step costs Σ_j (2p·size³ + p²size²) for p unknowns.
  mutating func follow(rounds: Int, shrink: Double = 0.2, look: (CentralPath) -> Bool) -> Bool {
    for _ in 0..<rounds {
      let moved = centre()
      if !look(self) { return true }
      guard moved else { return false }
      μ *= shrink
    }
    return false
  }

  private func pressed(_ block: Block, _ x: [Double], _ t: Double) -> Matrix {
    var value = block.value(x)
    if block.isPressed { for i in 0..<block.size { value[i, i] -= t } }
    return value
  }

  /// The function that is minimised; nil outside the domain.
  private func barrier(_ x: [Double], _ t: Double) -> Double? {
    var total = -t / μ
    for block in blocks {
      guard let L = LAPACKBackend.cholesky(pressed(block, x, t)) else { return nil }
      for i in 0..<block.size { total -= 2 * logarithm(L[i, i]) }
    }
    return total.isFinite ? total : nil
  }

  private mutating func centre() -> Bool {
    guard var value = barrier(x, t) else { return false }
    for _ in 0..<25 {
      guard let (step, decrement) = newtonStep() else { return false }
      if decrement < 1e-2 { return true }
      let δ = decrement.squareRoot()
      var size = δ < 0.5 ? 1 : max(1 / (1 + δ), min(1, 2 / δ))
      var accepted = false
      for _ in 0..<40 {
        let trial = zip(x, step).map { $0 + size * $1 }
        let trialT = t + size * (step.last ?? 0)
        if let next = barrier(trial, trialT),
          next <= value - 0.1 * size * decrement + 1e-13 * abs(value)
        {
          (x, t, value) = (trial, trialT, next)
          accepted = true
          break
        }
        size *= 0.5
      }
      guard accepted else { return false }
    }
    return true
  }

  /// The Newton step for x and, last, t, with the squared decrement.
  private func newtonStep() -> (step: [Double], decrement: Double)? {
    let p = x.count
    var H = Matrix(rows: p + 1, columns: p + 1)
    var gradient = [Double](repeating: 0, count: p + 1)
    gradient[p] = -1 / μ
    for block in blocks {
      let s = block.size
      guard let L = LAPACKBackend.cholesky(pressed(block, x, t)) else { return nil }
      let R = LAPACKBackend.solveLowerTriangular(L, .identity(s))
      // Rows of V: R B_e Rᵀ for each unknown, and −RRᵀ for t.
      let half = LAPACKBackend.multiply(block.changes, R, transposeB: true)
      var turned = half
      turned.withUnsafeMutableValues { t in
        half.values.withUnsafeBufferPointer { h in
          for e in 0..<p {
            let base = e * s * s
            for i in 0..<s { for j in 0..<s { t[base + i * s + j] = h[base + j * s + i] } }
          }
        }
      }
      var values = LAPACKBackend.multiply(turned, R, transposeB: true).values
      if block.isPressed {
        values += LAPACKBackend.multiply(R, R, transposeB: true).values.map { -$0 }
      } else {
        values += [Double](repeating: 0, count: s * s)
      }
      let V = Matrix(rows: p + 1, columns: s * s, values: values)
      for e in 0...p { for i in 0..<s { gradient[e] -= V[e, i * s + i] } }
      H = sum(H, LAPACKBackend.multiply(V, V, transposeB: true))
    }
    var largest = 0.0
    for e in 0...p { largest = max(largest, H[e, e]) }
    for e in 0...p { H[e, e] += 1e-14 * largest }
    let negative = Matrix(rows: p + 1, columns: 1, values: gradient.map { -$0 })
    guard let solved = LAPACKBackend.solvePositiveDefinite(H, negative) else { return nil }
    let step = solved.values
    let decrement = -zip(step, gradient).map { $0 * $1 }.reduce(0, +)
    return decrement.isFinite && decrement >= 0 ? (step, decrement) : nil
  }
}
