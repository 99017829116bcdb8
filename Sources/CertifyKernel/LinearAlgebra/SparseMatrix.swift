/// A square or rectangular matrix in compressed sparse rows.
///
/// Row i holds entries `rowPointers[i] ..< rowPointers[i + 1]`; their columns increase strictly. Stored
/// zeros are allowed. Columns are 32-bit, so a network of a million units stays small in memory.
public struct SparseMatrix: Sendable, Hashable {
  public let rows: Int
  public let columns: Int
  /// `rows + 1` offsets, first 0, never decreasing, last the number of entries.
  public let rowPointers: [Int]
  public let columnIndices: [Int32]
  public let values: [Double]

  /// Takes the three arrays after checking all invariants. Cost: one pass over the entries.
  ///
  /// - Throws: `InputError.sparse` with the first row and position at fault.
  public init(
    rows: Int, columns: Int, rowPointers: [Int], columnIndices: [Int32], values: [Double]
  ) throws(InputError) {
    guard rows >= 0, columns >= 0, columns <= Int(Int32.max), rowPointers.count == rows + 1 else {
      throw .sparse(.pointerCount(expected: rows + 1, found: rowPointers.count))
    }
    guard rowPointers[0] == 0 else { throw .sparse(.pointersDecrease(row: 0)) }
    guard values.count == columnIndices.count, rowPointers[rows] == values.count else {
      throw .sparse(
        .entryCount(
          pointers: rowPointers[rows], indices: columnIndices.count, values: values.count))
    }
    var fault: InputError.Sparse?
    columnIndices.withUnsafeBufferPointer { indices in
      for i in 0..<rows {
        let start = rowPointers[i]
        let end = rowPointers[i + 1]
        guard start <= end, end <= values.count else {
          fault = .pointersDecrease(row: i)
          return
        }
        var previous: Int32 = -1
        for k in start..<end {
          let j = indices[k]
          guard j > previous, Int(j) < columns else {
            fault =
              Int(j) >= columns || j < 0
              ? .columnOutOfRange(row: i, column: Int(j), columns: columns)
              : .columnsNotIncreasing(row: i, position: k - start)
            return
          }
          previous = j
        }
      }
    }
    if let fault { throw .sparse(fault) }
    self.rows = rows
    self.columns = columns
    self.rowPointers = rowPointers
    self.columnIndices = columnIndices
    self.values = values
  }

  /// The nonzero entries of a dense matrix.
  public init(_ dense: Matrix) {
    let (rows, columns) = (dense.rows, dense.columns)
    let count = dense.values.reduce(0) { $1 == 0 ? $0 : $0 + 1 }
    var pointers = [0]
    pointers.reserveCapacity(rows + 1)
    var indices: [Int32] = []
    indices.reserveCapacity(count)
    var values: [Double] = []
    values.reserveCapacity(count)
    dense.values.withUnsafeBufferPointer { entries in
      for i in 0..<rows {
        for j in 0..<columns where entries[i * columns + j] != 0 {
          indices.append(Int32(j))
          values.append(entries[i * columns + j])
        }
        pointers.append(values.count)
      }
    }
    self.init(
      trustedRows: dense.rows, columns: dense.columns, rowPointers: pointers,
      columnIndices: indices, values: values)
  }

  /// For the kernel's own construction, where the invariants hold by the way the arrays were built.
  init(
    trustedRows rows: Int, columns: Int, rowPointers: [Int], columnIndices: [Int32],
    values: [Double]
  ) {
    self.rows = rows
    self.columns = columns
    self.rowPointers = rowPointers
    self.columnIndices = columnIndices
    self.values = values
  }

  public var entryCount: Int { values.count }

  /// The entry (i, j), 0 where none is stored. Cost: O(log of the row's length).
  public subscript(i: Int, j: Int) -> Double {
    var low = rowPointers[i]
    var high = rowPointers[i + 1]
    let target = Int32(j)
    while low < high {
      let middle = (low + high) / 2
      if columnIndices[middle] < target { low = middle + 1 } else { high = middle }
    }
    return low < rowPointers[i + 1] && columnIndices[low] == target ? values[low] : 0
  }

  public func dense() -> Matrix {
    var result = Matrix(rows: rows, columns: columns)
    for i in 0..<rows {
      for k in rowPointers[i]..<rowPointers[i + 1] { result[i, Int(columnIndices[k])] = values[k] }
    }
    return result
  }
}
