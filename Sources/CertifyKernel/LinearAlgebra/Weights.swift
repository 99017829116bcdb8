/// The weights of a network: one square matrix, in whichever storage suits it.
public enum Weights: Sendable, Hashable {
  case dense(Matrix)
  case sparse(SparseMatrix)
  case blocks(BlockMatrix)

  public var rows: Int {
    switch self {
    case .dense(let m): m.rows
    case .sparse(let m): m.rows
    case .blocks(let m): m.dimension
    }
  }

  public var columns: Int {
    switch self {
    case .dense(let m): m.columns
    case .sparse(let m): m.columns
    case .blocks(let m): m.dimension
    }
  }

  /// The entry (i, j). Cost: that of a search in row i where storage is not dense.
  public subscript(i: Int, j: Int) -> Double {
    switch self {
    case .dense(let m): m[i, j]
    case .sparse(let m): m[i, j]
    case .blocks(let m): m[i, j]
    }
  }

  /// Whether all entries are 0.
  var isZero: Bool {
    switch self {
    case .dense(let m): m.values.allSatisfy { $0 == 0 }
    case .sparse(let m): m.values.allSatisfy { $0 == 0 }
    case .blocks(let m): m.blocks.allSatisfy { $0.values.values.allSatisfy { $0 == 0 } }
    }
  }

  /// The matrix written out, zeros included. Cost: rows · columns doubles.
  public func dense() -> Matrix {
    switch self {
    case .dense(let m): m
    case .sparse(let m): m.dense()
    case .blocks(let m): m.sparse().dense()
    }
  }

  /// The matrix in compressed sparse rows. Cost: O(entries), for dense storage O(rows · columns).
  public func sparse() -> SparseMatrix {
    switch self {
    case .dense(let m): SparseMatrix(m)
    case .sparse(let m): m
    case .blocks(let m): m.sparse()
    }
  }

  /// The entries in the given rows and columns, in that order, dense.
  public func submatrix(_ rowIndices: [Int], _ columnIndices: [Int]) -> Matrix {
    switch self {
    case .dense(let m): return m.submatrix(rowIndices, columnIndices)
    case .sparse(let m):
      var place = [Int32: Int](minimumCapacity: columnIndices.count)
      for (b, j) in columnIndices.enumerated() { place[Int32(j)] = b }
      var result = Matrix(rows: rowIndices.count, columns: columnIndices.count)
      for (a, i) in rowIndices.enumerated() {
        for k in m.rowPointers[i]..<m.rowPointers[i + 1] {
          if let b = place[m.columnIndices[k]] { result[a, b] = m.values[k] }
        }
      }
      return result
    case .blocks(let m): return Weights.sparse(m.sparse()).submatrix(rowIndices, columnIndices)
    }
  }

  /// The entries in the given rows and columns alike: sparse if they are many and come from sparse storage.
  func principal(_ indices: [Int]) -> Weights {
    guard case .sparse(let m) = self, indices.count > 256 else {
      return .dense(submatrix(indices, indices))
    }
    var place = [Int32: Int32](minimumCapacity: indices.count)
    for (b, j) in indices.enumerated() { place[Int32(j)] = Int32(b) }
    var pointers = [0]
    var columns: [Int32] = []
    var values: [Double] = []
    for i in indices {
      var row: [(column: Int32, value: Double)] = []
      for k in m.rowPointers[i]..<m.rowPointers[i + 1] {
        if let b = place[m.columnIndices[k]] { row.append((b, m.values[k])) }
      }
      for entry in row.sorted(by: { $0.column < $1.column }) {
        columns.append(entry.column)
        values.append(entry.value)
      }
      pointers.append(columns.count)
    }
    return .sparse(
      SparseMatrix(
        trustedRows: indices.count, columns: indices.count, rowPointers: pointers,
        columnIndices: columns, values: values))
  }

  /// The row and column of the first entry that is not finite, if there is one.
  func firstNonFinite() -> (row: Int, column: Int)? {
    switch self {
    case .dense(let m):
      guard let k = firstNonFiniteIndex(m.values) else { return nil }
      return (k / m.columns, k % m.columns)
    case .sparse(let m):
      guard let k = firstNonFiniteIndex(m.values) else { return nil }
      var row = 0
      while m.rowPointers[row + 1] <= k { row += 1 }
      return (row, Int(m.columnIndices[k]))
    case .blocks(let m):
      for block in m.blocks {
        if let k = firstNonFiniteIndex(block.values.values) {
          let width = block.values.columns
          return (m.offsets[block.row] + k / width, m.offsets[block.column] + k % width)
        }
      }
      return nil
    }
  }
}

/// The first index whose value is NaN or infinite. One pass that the compiler can vectorise decides
/// whether there is any: x − x is 0 for every finite x and NaN otherwise.
func firstNonFiniteIndex(_ values: [Double]) -> Int? {
  let anyFault = values.withUnsafeBufferPointer { buffer -> Bool in
    var faults: UInt64 = 0
    for x in buffer { faults |= (x - x).bitPattern & 0x7fff_ffff_ffff_ffff }
    return faults != 0
  }
  guard anyFault else { return nil }
  return values.firstIndex { !$0.isFinite }
}
