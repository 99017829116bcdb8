/// A real matrix known up to an error in each entry: |A − middle| ≤ radius, entry by entry.
///
/// Products of doubles are sums of n rounded products; their exact value lies within γ_n |A| |B| of the
/// computed one, γ_n = nu / (1 − nu), plus n times the smallest subnormal (Higham, Accuracy and Stability
/// of Numerical Algorithms, §3.5; theory §8). `radius` is nil when the middle is exact.
struct EnclosedMatrix: Sendable {
  var middle: Matrix
  var radius: Matrix?

  init(_ middle: Matrix, radius: Matrix? = nil) {
    self.middle = middle
    self.radius = radius
  }

  var rows: Int { middle.rows }
  var columns: Int { middle.columns }

  func transposed() -> EnclosedMatrix {
    EnclosedMatrix(middle.transposed(), radius: radius?.transposed())
  }

  /// The interval of entry (i, j).
  subscript(i: Int, j: Int) -> Interval {
    let m = middle[i, j]
    guard let r = radius?[i, j] else { return Interval(m) }
    return Interval(m.subtractingDown(r), m.addingUp(r))
  }

  /// The matrix whose entry (i, j) lies in `entry(i, j)`. Cost: rows · columns calls.
  init(rows: Int, columns: Int, entry: (Int, Int) -> Interval) {
    middle = Matrix(rows: rows, columns: columns)
    var radii = Matrix(rows: rows, columns: columns)
    var exact = true
    for i in 0..<rows {
      for j in 0..<columns {
        let (m, r) = entry(i, j).centre
        middle[i, j] = m
        radii[i, j] = r
        if !(r == 0) { exact = false }
      }
    }
    radius = exact ? nil : radii
  }

  /// diag(s) A.
  func scalingRows(by s: [Interval]) -> EnclosedMatrix {
    if s.allSatisfy({ $0 == Interval(1) }) { return self }
    return EnclosedMatrix(rows: rows, columns: columns) { self[$0, $1] * s[$0] }
  }

  /// A diag(s).
  func scalingColumns(by s: [Interval]) -> EnclosedMatrix {
    if s.allSatisfy({ $0 == Interval(1) }) { return self }
    return EnclosedMatrix(rows: rows, columns: columns) { self[$0, $1] * s[$1] }
  }

  func adding(_ other: EnclosedMatrix) -> EnclosedMatrix {
    EnclosedMatrix(rows: rows, columns: columns) { self[$0, $1] + other[$0, $1] }
  }

  /// A B with every entry enclosed; the upper triangle alone where only that is asked for, and 0 below it.
  ///
  /// Cost: two dense products, three when both factors carry a radius; one where they are large.
  func multiplied(
    by other: EnclosedMatrix, upperTriangle: Bool = false, on workers: Workers = .one
  ) -> EnclosedMatrix {
    precondition(columns == other.rows, "\(rows) x \(columns) times \(other.rows) x …")
    let product = middle.roundedProduct(
      other.middle, upperTriangle: upperTriangle, on: workers)
    let γ = relativeErrorOfSum(terms: columns)
    // |A B − fl(Am Bm)| ≤ |Am| (γ |Bm| + Br) + Ar (|Bm| + Br) + underflow
    if columns > Self.coarseFrom {
      return EnclosedMatrix(product, radius: coarseError(of: other, γ, upperTriangle))
    }
    let weight = other.magnitudesScaled(by: γ)
    var error = middle.magnitudes().roundedProduct(weight, upperTriangle: upperTriangle)
    if let r = radius {
      error = error.roundedSum(
        r.roundedProduct(other.magnitudesScaled(by: nil), upperTriangle: upperTriangle))
    }
    // The error itself was computed in rounded arithmetic on nonnegative numbers.
    let inflation = 1 + 4 * Double(columns + 4) * Double.ulpOfOne
    let underflow = Double(columns + 4) * 2 * Double.leastNonzeroMagnitude
    error.withUnsafeMutableValues { values in
      for k in values.indices { values[k] = (values[k] * inflation + underflow).nextUp }
    }
    return EnclosedMatrix(product, radius: error)
  }

  /// Inner dimensions above this bound the error of a product by norms of rows and columns.
  private static let coarseFrom = 256

  /// |a_i|(γ|b_j| + |s_j|) + |r_i|(|b_j| + |s_j|) for rows a_i, r_i of the middle and the radius, columns b_j,
  /// s_j of the other's (Cauchy and Schwarz), rounded up. Cost: one pass over each.
  private func coarseError(
    of other: EnclosedMatrix, _ γ: Double, _ upperTriangle: Bool
  ) -> Matrix {
    let none = [Double](repeating: 0, count: max(rows, other.columns))
    let (a, b) = (middle.rowNorms(), other.middle.columnNorms())
    let (r, s) = (radius?.rowNorms() ?? none, other.radius?.columnNorms() ?? none)
    let rounded = b.indices.map { γ.multiplyingUp(b[$0]).addingUp(s[$0]) }
    let whole = b.indices.map { b[$0].addingUp(s[$0]) }
    let underflow = Double(columns + 4) * 2 * Double.leastNonzeroMagnitude
    var error = Matrix(rows: rows, columns: other.columns)
    error.withUnsafeMutableValues { values in
      for i in 0..<rows {
        for j in (upperTriangle ? i : 0)..<Swift.max(other.columns, upperTriangle ? i : 0) {
          // Three roundings, and the underflow of two products.
          let sum = (a[i] * rounded[j] + r[i] * whole[j]) * (1 + 4 * Double.ulpOfOne)
          values[i * other.columns + j] = (sum + underflow).nextUp
        }
      }
    }
    return error
  }

  /// γ |A| + radius, or |A| + radius without γ, rounded (the caller inflates).
  private func magnitudesScaled(by γ: Double?) -> Matrix {
    var result = middle.magnitudes()
    result.withUnsafeMutableValues { values in
      // A product that underflows has lost at most half the smallest subnormal.
      let η = Double.leastNonzeroMagnitude
      if let γ { for k in values.indices where values[k] != 0 { values[k] = values[k] * γ + η } }
      if let r = radius { for k in values.indices { values[k] += r.values[k] } }
    }
    return result
  }
}

/// γ_k = ku / (1 − ku), rounded up.
func relativeErrorOfSum(terms k: Int) -> Double {
  let ku = Double(k) * (Double.ulpOfOne / 2)
  guard ku < 0.5 else { return .infinity }
  return ku.dividingUp((1 - ku).nextDown)
}
