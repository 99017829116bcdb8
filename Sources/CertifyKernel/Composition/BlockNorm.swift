// Bounds on ‖U^{-1/2} Y V^{-1/2}‖₂ for positive definite U and V: how strongly one module can drive another,
// each measured in its own metric.

/// An enclosed matrix given by entries, and the positive numbers that scale its rows and columns.
struct ScaledEntries {
  /// Local row, local column, bound on the magnitude.
  var entries: [(row: Int, column: Int, magnitude: Double)] = []

  /// √(‖X‖₁ ‖X‖_∞) of diag(left) X diag(right), an upper bound on its spectral norm. Cost: O(entries).
  func bound(rows: Int, columns: Int, left: [Double], right: [Double]) -> Double {
    if entries.isEmpty { return 0 }
    var row = Sums(size: rows, expected: entries.count)
    var column = Sums(size: columns, expected: entries.count)
    for entry in entries {
      let weight = entry.magnitude.multiplyingUp(left[entry.row]).multiplyingUp(right[entry.column])
      row.add(weight, at: entry.row)
      column.add(weight, at: entry.column)
    }
    return row.largest.multiplyingUp(column.largest).squareRootUp()
  }

  /// Running sums by index, rounded up: an array, or a dictionary where few of many indices occur.
  private struct Sums {
    private var dense: [Double]
    private var sparse: [Int: Double] = [:]

    init(size: Int, expected: Int) {
      dense = size <= 16 * expected ? [Double](repeating: 0, count: size) : []
    }

    mutating func add(_ x: Double, at index: Int) {
      if dense.isEmpty {
        sparse[index] = sparse[index, default: 0].addingUp(x)
      } else {
        dense[index] = dense[index].addingUp(x)
      }
    }

    /// The largest of nonnegative sums, NaN if any is.
    var largest: Double {
      var largest = 0.0
      for x in dense.isEmpty ? Array(sparse.values) : dense {
        guard !x.isNaN else { return .nan }
        largest = Swift.max(largest, x)
      }
      return largest
    }
  }
}

extension EnclosedMatrix {
  /// Whether ‖U^{-1/2} Y V^{-1/2}‖₂ < σ for Y in this enclosure: [[σU, Y], [Yᵀ, σV]] ≻ 0.
  ///
  /// Needs U, V symmetric; that they are positive definite follows. Cost: (rows + columns)³/3.
  func isBelow(_ σ: Double, rows u: EnclosedMatrix, columns v: EnclosedMatrix) -> Bool {
    guard σ > 0, σ < .infinity else { return false }
    let (m, n) = (rows, columns)
    let s = Interval(σ)
    let matrix = EnclosedMatrix(rows: m + n, columns: m + n) { i, j in
      switch (i < m, j < m) {
      case (true, true): i <= j ? s * u[i, j] : Interval(0)
      case (true, false): self[i, j - m]
      case (false, true): Interval(0)
      case (false, false): i <= j ? s * v[i - m, j - m] : Interval(0)
      }
    }
    return matrix.positiveDefiniteness().isPositive
  }
}
