import CertifyKernel

/// Where a matrix has entries, and in which storage products with it run. Values lie apart, one a place.
package struct Pattern: Sendable, Hashable {
  package enum Storage: Sendable, Hashable {
    /// Every entry, row by row.
    case dense
    /// Square blocks of one size, one after the other, each row by row; places count in blocks.
    case blocks(size: Int, rows: [Int32], columns: [Int32])
    /// Compressed sparse rows.
    case sparse(Rows)
  }

  /// A sparse pattern and that of its transpose, whose entries lie at `positions` of the first.
  package struct Rows: Sendable, Hashable {
    package let pointers: [Int64]
    package let columns: [Int32]
    let transposedPointers: [Int64]
    let transposedRows: [Int32]
    let positions: [Int64]
    /// Where neighbouring rows have nearly the same columns.
    let strips: Strips?
    let transposedStrips: Strips?
  }

  package let rows: Int
  package let columns: Int
  package let storage: Storage

  package static func dense(_ rows: Int, _ columns: Int) -> Pattern {
    Pattern(rows: rows, columns: columns, storage: .dense)
  }

  /// Blocks of `size` units, sorted by block row.
  package static func blocks(
    units: Int, size: Int, _ places: [(row: Int32, column: Int32)]
  ) -> Pattern {
    precondition(size > 0 && units % size == 0, "\(units) units in blocks of \(size)")
    let sorted = places.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
    return Pattern(
      rows: units, columns: units,
      storage: .blocks(size: size, rows: sorted.map(\.row), columns: sorted.map(\.column)))
  }

  /// Column indices of each row, ascending.
  package static func sparse(columns count: Int, _ places: [[Int32]]) -> Pattern {
    var pointers: [Int64] = [0]
    for row in places { pointers.append(pointers[pointers.count - 1] + Int64(row.count)) }
    let columns = places.flatMap { $0 }
    var transposedPointers = [Int64](repeating: 0, count: count + 1)
    for j in columns { transposedPointers[Int(j) + 1] += 1 }
    for j in 0..<count { transposedPointers[j + 1] += transposedPointers[j] }
    var next = transposedPointers
    var transposedRows = [Int32](repeating: 0, count: columns.count)
    var positions = [Int64](repeating: 0, count: columns.count)
    for (i, row) in places.enumerated() {
      for (offset, j) in row.enumerated() {
        let place = Int(next[Int(j)])
        next[Int(j)] += 1
        transposedRows[place] = Int32(i)
        positions[place] = pointers[i] + Int64(offset)
      }
    }
    return Pattern(
      rows: places.count, columns: count,
      storage: .sparse(
        Rows(
          pointers: pointers, columns: columns, transposedPointers: transposedPointers,
          transposedRows: transposedRows, positions: positions,
          strips: Strips(pointers, columns, places: nil),
          transposedStrips: Strips(transposedPointers, transposedRows, places: positions))))
  }

  package var entries: Int {
    switch storage {
    case .dense: rows * columns
    case .blocks(let size, let rows, _): rows.count * size * size
    case .sparse(let rows): rows.columns.count
    }
  }

  /// Row and column of each entry, in the order of the values.
  package func places(_ body: (_ place: Int, _ row: Int, _ column: Int) -> Void) {
    switch storage {
    case .dense:
      for i in 0..<rows { for j in 0..<columns { body(i * columns + j, i, j) } }
    case .blocks(let size, let blockRows, let blockColumns):
      for k in blockRows.indices {
        for i in 0..<size {
          for j in 0..<size {
            body(
              (k * size + i) * size + j, Int(blockRows[k]) * size + i,
              Int(blockColumns[k]) * size + j)
          }
        }
      }
    case .sparse(let sparse):
      for i in 0..<rows {
        for k in Int(sparse.pointers[i])..<Int(sparse.pointers[i + 1]) {
          body(k, i, Int(sparse.columns[k]))
        }
      }
    }
  }

  /// The matrix written out row by row, zeros included.
  package func dense<S: Real>(_ values: [S]) -> [S] {
    if case .dense = storage { return values }
    var result = [S](repeating: 0, count: rows * columns)
    places { result[$1 * columns + $2] = values[$0] }
    return result
  }
}

// MARK: Products. x, y and δ are units × batch.

extension Pattern {
  /// y ← y + A x.
  ///
  /// - Parameter packed: what `packed` gave for the values, if it is there.
  package func multiply<S: Real>(
    _ values: [S], _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, batch: Int,
    packed: Packed<S> = Packed()
  ) {
    switch storage {
    case .dense:
      S.product(
        transposeA: false, transposeB: false, rows, batch, columns, values, columns, x, batch,
        beta: 1, y, batch)
    case .blocks(let size, let rows, let columns):
      S.kernels.blocks(
        Int64(rows.count), Int64(size), rows, columns, values, x, y, Int64(batch))
    case .sparse(let sparse):
      if let strips = sparse.strips, !packed.strips.isEmpty {
        return strips.multiply(rows, packed.strips, x, into: y, batch: batch)
      }
      S.kernels.sparse(
        Int64(rows), sparse.pointers, sparse.columns, values, x, y, Int64(batch))
    }
  }

  /// The values of a sparse matrix in the orders in which products run fastest; nothing for other storages.
  package func packed<S: Real>(_ values: [S]) -> Packed<S> {
    var result = Packed<S>()
    guard case .sparse(let sparse) = storage else { return result }
    if let strips = sparse.strips { result.strips = strips.packed(values) }
    if let strips = sparse.transposedStrips {
      result.transposedStrips = strips.packed(values)
    } else {
      result.transposed = [S](repeating: 0, count: values.count)
      S.kernels.gatherAdd(Int64(values.count), sparse.positions, values, &result.transposed)
    }
    return result
  }

  /// y ← y + Aᵀ x.
  ///
  /// - Parameter packed: what `packed` gave for the values, if it is there: the product is twice as fast with it.
  package func multiplyTransposed<S: Real>(
    _ values: [S], _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, batch: Int,
    packed: Packed<S> = Packed()
  ) {
    switch storage {
    case .dense:
      S.product(
        transposeA: true, transposeB: false, columns, batch, rows, values, columns, x, batch,
        beta: 1, y, batch)
    case .blocks(let size, let rows, let columns):
      S.kernels.blocksTransposed(
        Int64(rows.count), Int64(size), rows, columns, values, x, y, Int64(batch))
    case .sparse(let sparse) where !packed.transposedStrips.isEmpty:
      sparse.transposedStrips!.multiply(columns, packed.transposedStrips, x, into: y, batch: batch)
    case .sparse(let sparse) where !packed.transposed.isEmpty:
      S.kernels.sparse(
        Int64(columns), sparse.transposedPointers, sparse.transposedRows, packed.transposed, x, y,
        Int64(batch))
    case .sparse(let sparse):
      S.kernels.sparseTransposed(
        Int64(columns), sparse.transposedPointers, sparse.transposedRows, sparse.positions, values,
        x, y, Int64(batch))
    }
  }

  /// The strips of a sparse pattern whose neighbouring rows have nearly the same columns.
  package var strips: Strips? {
    guard case .sparse(let sparse) = storage else { return nil }
    return sparse.strips
  }

  /// G ← G + δ xᵀ at the places of the pattern.
  package func outer<S: Real>(
    _ delta: UnsafePointer<S>, _ x: UnsafePointer<S>, into gradient: UnsafeMutablePointer<S>,
    batch: Int
  ) {
    switch storage {
    case .dense:
      S.product(
        transposeA: false, transposeB: true, rows, columns, batch, delta, batch, x, batch,
        beta: 1, gradient, columns)
    case .blocks(let size, let rows, let columns):
      S.kernels.blocksOuter(
        Int64(rows.count), Int64(size), rows, columns, delta, x, gradient, Int64(batch))
    case .sparse(let sparse):
      S.kernels.sparseOuter(
        Int64(rows), sparse.pointers, sparse.columns, delta, x, gradient, Int64(batch))
    }
  }
}
