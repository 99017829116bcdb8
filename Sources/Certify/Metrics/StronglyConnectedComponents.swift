import CertifyKernel

/// The strongly connected components of a network, upstream first.
///
/// W[i, j] ≠ 0 is a connection from j to i; every connection between components runs from an earlier one to
/// a later one. Tarjan's algorithm without recursion. Cost: O(units + entries).
func stronglyConnectedComponents(_ w: SparseMatrix) -> [[Int32]] {
  let n = w.rows
  let unseen = Int32(-1)
  var order = [Int32](repeating: unseen, count: n)
  var low = order
  var isOpen = [Bool](repeating: false, count: n)
  var open: [Int32] = []
  var path: [(unit: Int32, next: Int)] = []
  var components: [[Int32]] = []
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
              var component: [Int32] = []
              repeat {
                component.append(open.removeLast())
                isOpen[Int(component[component.count - 1])] = false
              } while component[component.count - 1] != unit
              components.append(component.count == 1 ? component : component.sorted())
            }
          }
        }
      }
    }
  }
  return components
}
