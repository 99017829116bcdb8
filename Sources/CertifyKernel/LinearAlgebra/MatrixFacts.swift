// Small facts about matrices that audits state: each is an interval evaluation or one factorisation.

/// What can be said rigorously of a given real matrix, whatever it stands for.
public enum MatrixFacts {
  /// ‖A‖₂² ≥ |Ax|²/|x|² for every x ≠ 0 (Rayleigh): the quotient rounded down, NaN if x is 0 or not finite.
  ///
  /// Cost: O(n²).
  public static func squaredNormLowerBound(_ a: Matrix, direction x: [Double]) -> Double {
    guard x.count == a.columns else { return .nan }
    let e = x.map { Interval($0) }
    let image = EnclosedMatrix(a).applied(to: e)
    let (top, bottom) = (dot(image, image), dot(e, e))
    return top.lower.dividingDown(bottom.upper)
  }

  /// Whether ‖A‖₂ < σ is shown: [[σI, A], [Aᵀ, σI]] ≻ 0 by a verified Cholesky factorisation.
  ///
  /// False is no proof of the contrary. Cost: (rows + columns)³/3.
  public static func isNorm(of a: Matrix, below σ: Double) -> Bool {
    let ones = { (n: Int) in EnclosedMatrix(Matrix.identity(n)) }
    return EnclosedMatrix(a).isBelow(σ, rows: ones(a.rows), columns: ones(a.columns))
  }

  /// √x, rounded down: a norm from a lower bound on its square.
  public static func squareRootDown(_ x: Double) -> Double { x.squareRootDown() }

  /// ℓ²g²q / λ², rounded down: how much a hub with q spokes of norm ℓ each asks of a rate λ, which must stay
  /// below 1 in the bound ℓ < λ/(g√q) of the global workspace (theory §4). Zero gives NaN.
  public static func workspaceLoad(
    squaredNorm: Double, gain g: ExactRatio, spokes q: Int, rate λ: ExactRatio
  ) -> Double {
    let load = Interval(squaredNorm) * g.enclosure * g.enclosure * Interval(Double(q))
    return (load / (λ.enclosure * λ.enclosure)).lower
  }

  /// Entries that differ from their mirror image, exactly compared: how many pairs, and the largest difference,
  /// rounded up, with its place.
  ///
  /// - Precondition: A is square. Cost: n²/2 comparisons.
  public static func asymmetry(
    _ a: Matrix
  ) -> (pairs: Int, largest: Double, row: Int, column: Int) {
    var found = (pairs: 0, largest: 0.0, row: 0, column: 0)
    for i in 0..<a.rows {
      for j in 0..<i where !(a[i, j] == a[j, i]) {
        found.pairs += 1
        let difference = (Interval(a[i, j]) - Interval(a[j, i])).magnitude
        if !(difference <= found.largest) {
          (found.largest, found.row, found.column) = (difference, i, j)
        }
      }
    }
    return found
  }

  /// How far AB + (AB)ᵀ + C is from 0, entry by entry.
  ///
  /// With A = M, B = L it is how far L is from skew in M; with A = L, B = M, how far from skew in M⁻¹ (by the
  /// congruence M(M⁻¹L + LᵀM⁻¹)M = LM + MLᵀ, so nothing is inverted); with C = I it is the residual of a
  /// Lyapunov equation.
  ///
  /// - Returns: `residual` encloses the largest magnitude; `scale` bounds that of |A||B| + (|A||B|)ᵀ from above.
  /// - Precondition: A and B are n × n, C is n × n or nil.
  /// - Complexity: two dense products.
  public static func residual(
    _ a: Matrix, _ b: Matrix, plus c: Matrix? = nil
  ) -> (residual: Interval, scale: Double) {
    precondition(a.isSquare && b.isSquare && a.rows == b.rows, "\(a.rows) and \(b.rows) differ")
    let n = a.rows
    let product = EnclosedMatrix(a).multiplied(by: EnclosedMatrix(b))
    let weight = EnclosedMatrix(a.magnitudes()).multiplied(by: EnclosedMatrix(b.magnitudes()))
    var residual = Interval(0)
    var scale = 0.0
    for i in 0..<n {
      for j in 0..<n {
        var entry = product[i, j] + product[j, i]
        if let c { entry = entry + Interval(c[i, j]) }
        let distance = entry.distanceFromZero
        residual = Interval(
          greater(residual.lower, distance.lower), greater(residual.upper, distance.upper))
        scale = greater(scale, (weight[i, j] + weight[j, i]).upper)
      }
    }
    return (residual, scale)
  }

  /// The greater of two numbers, NaN if either is.
  private static func greater(_ x: Double, _ y: Double) -> Double {
    x.isNaN || y.isNaN ? .nan : (x > y ? x : y)
  }
}

extension Interval {
  /// Encloses |t| for t in the interval.
  fileprivate var distanceFromZero: Interval {
    if lower >= 0 { return self }
    if upper <= 0 { return -self }
    return Interval(0, magnitude)
  }
}
