package import CertifyKernel

/// The strongly connected components of a network, upstream first.
///
/// W[i, j] ≠ 0 is a connection from j to i; every connection between components runs from an earlier one to
/// a later one. Stored zeros are no connections.
package struct StronglyConnectedComponents: RandomAccessCollection {
  /// All units, component after component, ascending within each.
  package let units: [Int32]
  /// Where each component begins in `units`, and the number of units last.
  package let offsets: [Int]

  /// Tarjan's algorithm (SIAM J. Comput. 1, 1972) without recursion. Cost: O(units + entries).
  package init(_ w: SparseMatrix) { (units, offsets) = tarjan(w) }

  package var startIndex: Int { 0 }
  package var endIndex: Int { offsets.count - 1 }
  package subscript(k: Int) -> [Int32] { Array(units[offsets[k]..<offsets[k + 1]]) }

  /// The components as arrays, in order.
  package var components: [[Int]] { map { $0.map(Int.init) } }

  /// The position of each unit's component.
  package var componentOfUnit: [Int] {
    var result = [Int](repeating: 0, count: units.count)
    for k in indices { for unit in units[offsets[k]..<offsets[k + 1]] { result[Int(unit)] = k } }
    return result
  }

  /// The number of units in the largest component.
  package var largestSize: Int { indices.map { offsets[$0 + 1] - offsets[$0] }.max() ?? 0 }
}

private func tarjan(_ w: SparseMatrix) -> (units: [Int32], offsets: [Int]) {
  let n = w.rows
  let unseen = Int32(-1)
  var order = [Int32](repeating: unseen, count: n)
  var low = order
  var isOpen = [Bool](repeating: false, count: n)
  var open: [Int32] = []
  var path: [(unit: Int32, next: Int)] = []
  var units: [Int32] = []
  var offsets = [0]
  units.reserveCapacity(n)
  var clock: Int32 = 0
  w.rowPointers.withUnsafeBufferPointer { pointers in
    w.columnIndices.withUnsafeBufferPointer { indices in
      w.values.withUnsafeBufferPointer { values in
        for root in 0..<n where order[root] == unseen {
          path.append((Int32(root), pointers[root]))
          while let (unit, position) = path.last {
            let i = Int(unit)
            if order[i] == unseen {
              order[i] = clock
              low[i] = clock
              clock += 1
              open.append(unit)
              isOpen[i] = true
            }
            // Row i lists where unit i is driven from; following it reaches what lies upstream.
            var k = position
            var descended = false
            while k < pointers[i + 1] {
              let j = Int(indices[k])
              if values[k] != 0, j != i {
                if order[j] == unseen {
                  path[path.count - 1].next = k
                  path.append((Int32(j), pointers[j]))
                  descended = true
                  break
                }
                if isOpen[j] { low[i] = min(low[i], low[j]) }
              }
              k += 1
            }
            if descended { continue }
            path.removeLast()
            if let parent = path.last { low[Int(parent.unit)] = min(low[Int(parent.unit)], low[i]) }
            if low[i] == order[i] {
              let start = units.count
              repeat {
                units.append(open.removeLast())
                isOpen[Int(units[units.count - 1])] = false
              } while units[units.count - 1] != unit
              if units.count - start > 1 { units[start...].sort() }
              offsets.append(units.count)
            }
          }
        }
      }
    }
  }
  return (units, offsets)
}
