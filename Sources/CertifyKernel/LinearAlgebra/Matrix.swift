/// A dense matrix of doubles, row by row as tensors lie in files.
///
/// `matrix[i, j]` is entry (i, j), 0-based, at `values[i * columns + j]`. The shape never changes.
public struct Matrix: Sendable, Hashable {
  public let rows: Int
  public let columns: Int
  /// The entries, row by row; `rows * columns` of them.
  public private(set) var values: [Double]

  /// - Precondition: `values.count == rows * columns`, both at least 0.
  public init(rows: Int, columns: Int, values: [Double]) {
    precondition(
      rows >= 0 && columns >= 0 && values.count == rows * columns,
      "\(values.count) values for a \(rows) x \(columns) matrix")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  /// The matrix whose every entry is `value`.
  public init(rows: Int, columns: Int, repeating value: Double = 0) {
    self.init(
      rows: rows, columns: columns, values: [Double](repeating: value, count: rows * columns))
  }

  /// The diagonal matrix with the given diagonal.
  public init(diagonal: [Double]) {
    self.init(rows: diagonal.count, columns: diagonal.count)
    for i in diagonal.indices { self[i, i] = diagonal[i] }
  }

  /// The n × n identity.
  public static func identity(_ n: Int) -> Matrix {
    Matrix(diagonal: [Double](repeating: 1, count: n))
  }

  @inlinable
  public subscript(i: Int, j: Int) -> Double {
    get { values[i * columns + j] }
    set { setValue(newValue, at: i * columns + j) }
  }

  @usableFromInline
  mutating func setValue(_ value: Double, at index: Int) { values[index] = value }

  public var isSquare: Bool { rows == columns }

  /// The transpose, a copy. Cost: rows · columns.
  public func transposed() -> Matrix {
    var result = Matrix(rows: columns, columns: rows)
    for i in 0..<rows { for j in 0..<columns { result.values[j * rows + i] = self[i, j] } }
    return result
  }

  /// The rows and columns named by `indices`, in that order.
  public func principalSubmatrix(_ indices: [Int]) -> Matrix { submatrix(indices, indices) }

  /// The entries in the given rows and columns, in that order.
  public func submatrix(_ rowIndices: [Int], _ columnIndices: [Int]) -> Matrix {
    var result = Matrix(rows: rowIndices.count, columns: columnIndices.count)
    for (a, i) in rowIndices.enumerated() {
      for (b, j) in columnIndices.enumerated() {
        result.values[a * columnIndices.count + b] = self[i, j]
      }
    }
    return result
  }

  /// Calls `body` with the entries as one buffer that may be changed in place.
  public mutating func withUnsafeMutableValues<R>(
    _ body: (UnsafeMutableBufferPointer<Double>) -> R
  ) -> R {
    values.withUnsafeMutableBufferPointer { body($0) }
  }
}
