/// A square matrix given by dense blocks over a partition of its rows and columns.
///
/// Blocks that are absent are zero. A network of modules has one block a module on the diagonal and one
/// for each pair of modules that are coupled.
public struct BlockMatrix: Sendable, Hashable {
  public struct Block: Sendable, Hashable {
    public let row: Int
    public let column: Int
    public let values: Matrix

    public init(row: Int, column: Int, values: Matrix) {
      self.row = row
      self.column = column
      self.values = values
    }
  }

  /// The sizes of the parts, each at least 1.
  public let sizes: [Int]
  /// Where each part begins; one more than `sizes`, last the dimension.
  public let offsets: [Int]
  /// The blocks, sorted by row and then column, none twice.
  public let blocks: [Block]

  public var dimension: Int { offsets[sizes.count] }

  /// - Throws: `InputError.block` when a block lies outside the partition, has another shape than its
  ///   place, or is given twice.
  public init(sizes: [Int], blocks: [Block]) throws(InputError) {
    var offsets = [0]
    for (index, size) in sizes.enumerated() {
      guard size > 0 else { throw .block(.emptyPart(index: index, size: size)) }
      let (end, overflow) = offsets[index].addingReportingOverflow(size)
      guard !overflow else { throw .block(.emptyPart(index: index, size: size)) }
      offsets.append(end)
    }
    for block in blocks {
      guard sizes.indices.contains(block.row), sizes.indices.contains(block.column) else {
        throw .block(.outside(row: block.row, column: block.column, parts: sizes.count))
      }
      guard block.values.rows == sizes[block.row], block.values.columns == sizes[block.column]
      else {
        throw .block(
          .shape(
            row: block.row, column: block.column, foundRows: block.values.rows,
            foundColumns: block.values.columns, rows: sizes[block.row],
            columns: sizes[block.column]))
      }
    }
    let sorted = blocks.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
    for (a, b) in zip(sorted, sorted.dropFirst()) where a.row == b.row && a.column == b.column {
      throw .block(.duplicate(row: a.row, column: a.column))
    }
    self.sizes = sizes
    self.offsets = offsets
    self.blocks = sorted
  }

  /// The entry (i, j), 0 outside the blocks. Cost: O(log of the number of blocks).
  public subscript(i: Int, j: Int) -> Double {
    func part(of index: Int) -> Int {
      var (low, high) = (0, sizes.count)
      while high - low > 1 {
        let middle = (low + high) / 2
        if offsets[middle] <= index { low = middle } else { high = middle }
      }
      return low
    }
    let (row, column) = (part(of: i), part(of: j))
    var (low, high) = (0, blocks.count)
    while low < high {
      let middle = (low + high) / 2
      let block = blocks[middle]
      if (block.row, block.column) < (row, column) { low = middle + 1 } else { high = middle }
    }
    guard low < blocks.count, blocks[low].row == row, blocks[low].column == column else { return 0 }
    return blocks[low].values[i - offsets[row], j - offsets[column]]
  }

  /// The same matrix in compressed sparse rows, zeros inside a block left out.
  public func sparse() -> SparseMatrix {
    var pointers = [0]
    var indices: [Int32] = []
    var values: [Double] = []
    var first = 0
    for part in sizes.indices {
      var last = first
      while last < blocks.count, blocks[last].row == part { last += 1 }
      for i in 0..<sizes[part] {
        for block in blocks[first..<last] {
          for j in 0..<sizes[block.column] where block.values[i, j] != 0 {
            indices.append(Int32(offsets[block.column] + j))
            values.append(block.values[i, j])
          }
        }
        pointers.append(values.count)
      }
      first = last
    }
    return SparseMatrix(
      trustedRows: dimension, columns: dimension, rowPointers: pointers, columnIndices: indices,
      values: values)
  }
}
