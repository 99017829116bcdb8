public import CertifyKernel

/// Modules and the couplings between them, put together into one network.
///
/// Couplings are placed by module: the one at (i, j) leads from module j to module i and has the shape of their
/// sizes. What is skew in the metric of the modules is negative feedback and costs no rate.
public struct Assembly: Sendable {
  public let modules: [Matrix]
  private var linear: [Placed] = []
  private var nonlinear: [Placed] = []

  private struct Placed: Sendable {
    let row: Int
    let column: Int
    let block: Matrix
  }

  /// - Precondition: every module is square and has units.
  public init(modules: [Matrix]) {
    precondition(
      !modules.isEmpty && modules.allSatisfy { $0.rows > 0 && $0.rows == $0.columns },
      "modules are square")
    self.modules = modules
  }

  /// The number of units of each module, and where each begins.
  public var sizes: [Int] { modules.map(\.rows) }
  private var offsets: [Int] {
    var offsets = [0]
    for size in sizes { offsets.append(offsets[offsets.count - 1] + size) }
    return offsets
  }

  /// Adds a linear coupling to L.
  public mutating func couple(_ row: Int, _ column: Int, _ block: Matrix) {
    linear.append(placed(row, column, block))
  }

  /// Adds a coupling to K, behind ψ.
  public mutating func coupleNonlinearly(_ row: Int, _ column: Int, _ block: Matrix) {
    nonlinear.append(placed(row, column, block))
  }

  /// Adds B from module `column` to `row` and −M_c⁻¹BᵀM_r back, which is skew in the diagonal metrics of the two.
  public mutating func feedBack(
    _ row: Int, _ column: Int, _ block: Matrix, metrics: (row: [Double], column: [Double])? = nil
  ) {
    couple(row, column, block)
    let weigh =
      metrics ?? (
        row: [Double](repeating: 1, count: block.rows),
        column: [Double](repeating: 1, count: block.columns)
      )
    var back = Matrix(rows: block.columns, columns: block.rows)
    for i in 0..<block.rows {
      for j in 0..<block.columns { back[j, i] = -block[i, j] * weigh.row[i] / weigh.column[j] }
    }
    couple(column, row, back)
  }

  private func placed(_ row: Int, _ column: Int, _ block: Matrix) -> Placed {
    precondition(
      block.rows == modules[row].rows && block.columns == modules[column].rows,
      "a coupling of \(block.rows) × \(block.columns) at modules \(row), \(column)")
    return Placed(row: row, column: column, block: block)
  }

  /// The network of the whole.
  ///
  /// - Throws: `InputError` for entries that are not finite.
  public func specification(
    slopes: SlopeInterval = .unit, couplingSlopes: SlopeInterval = .unit,
    step: Specification.Step? = nil
  ) throws(InputError) -> Specification {
    let own = modules.enumerated().map {
      Placed(row: $0.offset, column: $0.offset, block: $0.element)
    }
    return try Specification(
      form: .outside, recurrent: .dense(assembled(own)),
      coupling: linear.isEmpty ? nil : .dense(assembled(linear)),
      nonlinearCoupling: nonlinear.isEmpty
        ? nil : .init(weights: .dense(assembled(nonlinear)), slopes: couplingSlopes),
      slopes: slopes, modules: sizes, step: step)
  }

  private func assembled(_ parts: [Placed]) -> Matrix {
    let offsets = offsets
    let n = offsets[offsets.count - 1]
    var whole = Matrix(rows: n, columns: n)
    for part in parts {
      for i in 0..<part.block.rows {
        for j in 0..<part.block.columns {
          whole[offsets[part.row] + i, offsets[part.column] + j] += part.block[i, j]
        }
      }
    }
    return whole
  }
}
