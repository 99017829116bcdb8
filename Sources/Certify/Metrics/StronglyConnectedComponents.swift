package import CertifyKernel

/// The strongly connected components of a network's graph, in an order in which signals flow.
///
/// Unit j feeds unit i when `W[i, j]` is stored and not 0. A component receives input only from itself and
/// from components listed before it, so W is block lower triangular in this order.
package struct StronglyConnectedComponents: Sendable, Hashable {
  /// The units of each component in ascending order; every unit in exactly one.
  package let components: [[Int]]
  /// The position in `components` of each unit's component.
  package let componentOfUnit: [Int]

  /// Tarjan's algorithm (SIAM J. Comput. 1, 1972) with its own stack, so depth is no limit.
  ///
  /// Edges are followed from a unit to its inputs, hence a component is finished after all that feed it.
  /// Cost: O(n + entries) time, 5n words.
  ///
  /// - Parameter W: n × n; stored zeros are no edges.
  package init(_ W: SparseMatrix) {
    precondition(W.rows == W.columns, "\(W.rows) x \(W.columns) is not a graph")
    let n = W.rows
    // Visit order from 1, 0 unvisited; a finished unit has low = Int32.max so that it attracts nobody.
    var low = [Int32](repeating: 0, count: n)
    var member = [Int32](repeating: 0, count: n)
    var sizes: [Int] = []
    let allStoredAreEdges = !W.values.contains(0)
    W.rowPointers.withUnsafeBufferPointer { rowPointers in
      W.columnIndices.withUnsafeBufferPointer { columns in
        W.values.withUnsafeBufferPointer { values in
          low.withUnsafeMutableBufferPointer { low in
            member.withUnsafeMutableBufferPointer { member in
              var next: Int32 = 0
              var waiting: [Int32] = []  // Tarjan's stack
              var path: [(unit: Int32, visit: Int32, edge: Int)] = []
              for root in 0..<n where low[root] == 0 {
                next += 1
                low[root] = next
                waiting.append(Int32(root))
                path.append((Int32(root), next, rowPointers[root]))
                while let top = path.last {
                  let i = Int(top.unit)
                  let end = rowPointers[i + 1]
                  var edge = top.edge
                  var descended = false
                  var lowest = low[i]
                  while edge < end {
                    let j = Int(columns[edge])
                    let isEdge = allStoredAreEdges || values[edge] != 0
                    edge += 1
                    guard isEdge else { continue }
                    let seen = low[j]
                    if seen == 0 {
                      low[i] = lowest
                      path[path.count - 1].edge = edge
                      next += 1
                      low[j] = next
                      waiting.append(Int32(j))
                      path.append((Int32(j), next, rowPointers[j]))
                      descended = true
                      break
                    }
                    if seen < lowest { lowest = seen }
                  }
                  if descended { continue }
                  path.removeLast()
                  if lowest == top.visit {
                    var size = 0
                    while let unit = waiting.popLast() {
                      low[Int(unit)] = Int32.max
                      member[Int(unit)] = Int32(sizes.count)
                      size += 1
                      if unit == top.unit { break }
                    }
                    sizes.append(size)
                  } else {
                    low[i] = lowest
                    if let parent = path.last, lowest < low[Int(parent.unit)] {
                      low[Int(parent.unit)] = lowest
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    componentOfUnit = member.map { Int($0) }
    // Units ascend within a component because they are dealt out in order.
    var starts = [0]
    for size in sizes { starts.append(starts[starts.count - 1] + size) }
    var place = starts
    var units = [Int](repeating: 0, count: n)
    for i in 0..<n {
      let k = Int(member[i])
      units[place[k]] = i
      place[k] += 1
    }
    components = sizes.indices.map { Array(units[starts[$0]..<starts[$0 + 1]]) }
  }
}
