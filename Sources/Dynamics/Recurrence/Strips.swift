/// A sparse pattern in strips of four rows that share the union of their columns; zeros stand where a row has no entry.
///
/// A product then loads each row of x once for four rows of y, and the derivative by the values is summed over many
/// time steps before it is summed across a vector. `CRecurrent.h` describes the layout.
package struct Strips: Sendable, Hashable {
  let pointers: [Int64]
  let columns: [Int32]
  /// Where in the values of the strips each entry of the matrix lies, in the order of its values.
  let slots: [Int64]

  /// The values with the zeros between them.
  package var count: Int { 4 * columns.count }

  /// - Parameters:
  ///   - rowPointers, rowColumns: compressed rows; columns ascending.
  ///   - places: where in the matrix's values each of these entries lies; nil for this order.
  /// - Returns: nil where the zeros would be more than half as many as the entries.
  init?(_ rowPointers: [Int64], _ rowColumns: [Int32], places: [Int64]?) {
    let rows = rowPointers.count - 1
    var pointers: [Int64] = [0]
    var columns: [Int32] = []
    var slots = [Int64](repeating: 0, count: rowColumns.count)
    for first in stride(from: 0, to: rows, by: 4) {
      let own = first..<min(first + 4, rows)
      var next = own.map { Int(rowPointers[$0]) }
      while true {
        var column = Int32.max
        for (r, i) in own.enumerated() where next[r] < Int(rowPointers[i + 1]) {
          column = min(column, rowColumns[next[r]])
        }
        guard column < .max else { break }
        for (r, i) in own.enumerated() {
          let k = next[r]
          guard k < Int(rowPointers[i + 1]), rowColumns[k] == column else { continue }
          slots[places.map { Int($0[k]) } ?? k] = Int64(4 * columns.count + r)
          next[r] += 1
        }
        columns.append(column)
      }
      pointers.append(Int64(columns.count))
      guard 8 * columns.count <= 3 * rowColumns.count + 4096 else { return nil }
    }
    guard 8 * columns.count <= 3 * rowColumns.count else { return nil }
    (self.pointers, self.columns, self.slots) = (pointers, columns, slots)
  }

  func packed<S: Real>(_ values: [S]) -> [S] {
    var result = [S](repeating: 0, count: count)
    S.kernels.scatter(Int64(slots.count), slots, values, &result)
    return result
  }

  func multiply<S: Real>(
    _ rows: Int, _ packed: [S], _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, batch: Int
  ) {
    S.kernels.strips(Int64(rows), pointers, columns, packed, x, y, Int64(batch))
  }
}

/// The values of a sparse matrix in other orders.
package struct Packed<S: Real>: Sendable {
  /// In strips, of the matrix and of its transpose.
  package internal(set) var strips: [S] = []
  package internal(set) var transposedStrips: [S] = []
  /// In the order of the transpose's rows.
  package internal(set) var transposed: [S] = []

  package init() {}
}

/// The derivative by the values of a matrix in strips, over the time steps of one thread.
///
/// It keeps δ and x of some steps and multiplies them at one go.
package final class StripsDerivative<S: Real> {
  private let strips: Strips
  private let rows: Int
  private let batch: Int
  private let stretch: Int
  private let stride: Int
  private let delta: UnsafeMutablePointer<S>
  private let x: UnsafeMutablePointer<S>
  private var kept = 0
  private var sums: [S]

  /// - Precondition: the matrix is square.
  package init(_ strips: Strips, units: Int, batch: Int) {
    self.strips = strips
    self.batch = batch
    rows = units
    // About 256 products in each sum.
    stretch = max(1, 256 / max(1, batch))
    stride = units * batch
    delta = .zeros(stretch * stride)
    x = .zeros(stretch * stride)
    sums = [S](repeating: 0, count: strips.count)
  }

  deinit {
    delta.deallocate()
    x.deallocate()
  }

  /// Where the δ of the next step goes; units × batch.
  package var next: UnsafeMutablePointer<S> { delta + kept * stride }

  /// Adds δ xᵀ, δ being in `next`.
  package func add(_ x: UnsafePointer<S>) {
    (self.x + kept * stride).update(from: x, count: stride)
    kept += 1
    if kept == stretch { multiply() }
  }

  private func multiply() {
    S.kernels.stripsOuter(
      Int64(rows), strips.pointers, strips.columns, Int64(kept), delta, x, &sums, Int64(batch),
      Int64(stride))
    kept = 0
  }

  /// Adds what was gathered to a gradient in the order of the matrix's values, and begins anew.
  package func finish(into gradient: inout [S]) {
    multiply()
    S.kernels.gatherAdd(Int64(strips.slots.count), strips.slots, sums, &gradient)
    sums.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
  }
}
