internal import CertifyKernel

/// One entry of a matrix.
struct Place: Sendable, Hashable {
  let row: Int
  let column: Int
}

/// The three matrices of a network, by the letters of the equation.
enum NetworkPart: String, Sendable, Hashable, CaseIterable {
  case recurrent = "W"
  case coupling = "L"
  case nonlinear = "K"

  /// For messages.
  var words: String {
    switch self {
    case .recurrent: "recurrent weights W"
    case .coupling: "linear coupling L"
    case .nonlinear: "nonlinear coupling K"
    }
  }

  func weights(of network: Specification) -> Weights? {
    switch self {
    case .recurrent: network.recurrent
    case .coupling: network.coupling
    case .nonlinear: network.nonlinearCoupling?.weights
    }
  }
}

/// Which units stay, and where each then stands.
struct UnitMap: Sendable, Hashable {
  /// The units that stay, ascending.
  let kept: [Int]
  /// The new index of each unit, −1 for those deleted.
  let place: [Int32]

  init(keeping kept: [Int], of n: Int) {
    var place = [Int32](repeating: -1, count: n)
    for (index, unit) in kept.enumerated() { place[unit] = Int32(index) }
    self.kept = kept
    self.place = place
  }

  var removed: [Int] { place.indices.filter { place[$0] < 0 } }

  func keeping<Element>(_ values: [Element]) -> [Element] { kept.map { values[$0] } }
}

extension Weights {
  /// The same matrix with 0 at some places. Cost: one copy.
  func zeroing(_ places: Set<Place>) throws(InputError) -> Weights {
    switch self {
    case .dense(var m):
      for place in places { m[place.row, place.column] = 0 }
      return .dense(m)
    case .sparse(let m):
      return .sparse(try m.filtered { !places.contains(Place(row: $0, column: $1)) })
    case .blocks(let m):
      var blocks: [BlockMatrix.Block] = []
      for block in m.blocks {
        var values = block.values
        let (top, left) = (m.offsets[block.row], m.offsets[block.column])
        for i in 0..<values.rows {
          for j in 0..<values.columns
          where places.contains(Place(row: top + i, column: left + j)) { values[i, j] = 0 }
        }
        blocks.append(.init(row: block.row, column: block.column, values: values))
      }
      return .blocks(try BlockMatrix(sizes: m.sizes, blocks: blocks))
    }
  }

  /// The rows and columns of the units that stay, in the same storage; blocks become sparse rows.
  func keeping(_ map: UnitMap) throws(InputError) -> Weights {
    switch self {
    case .dense(let m): return .dense(m.principalSubmatrix(map.kept))
    case .sparse(let m): return .sparse(try m.keeping(map))
    case .blocks(let m): return .sparse(try m.sparse().keeping(map))
    }
  }
}

extension SparseMatrix {
  /// The entries for which `isKept` says so.
  func filtered(_ isKept: (Int, Int) -> Bool) throws(InputError) -> SparseMatrix {
    let order = keptEntries(isKept)
    return try SparseMatrix(
      rows: rows, columns: columns, rowPointers: order.pointers,
      columnIndices: order.entries.map { columnIndices[$0] },
      values: order.entries.map { values[$0] })
  }

  /// The indices of the entries for which `isKept` says so, and the row pointers they have then.
  func keptEntries(_ isKept: (Int, Int) -> Bool) -> (pointers: [Int], entries: [Int]) {
    var pointers = [0]
    var entries: [Int] = []
    for i in 0..<rows {
      for k in rowPointers[i]..<rowPointers[i + 1] where isKept(i, Int(columnIndices[k])) {
        entries.append(k)
      }
      pointers.append(entries.count)
    }
    return (pointers, entries)
  }

  func keeping(_ map: UnitMap) throws(InputError) -> SparseMatrix {
    let order = keptEntries { map.place[$0] >= 0 && map.place[$1] >= 0 }
    return try SparseMatrix(
      rows: map.kept.count, columns: map.kept.count,
      rowPointers: [0] + map.kept.map { order.pointers[$0 + 1] },
      columnIndices: order.entries.map { map.place[Int(columnIndices[$0])] },
      values: order.entries.map { values[$0] })
  }
}

extension Specification {
  /// The same network with some entries of its matrices 0.
  func removing(_ places: [NetworkPart: Set<Place>]) throws(InputError) -> Specification {
    func part(_ part: NetworkPart) throws(InputError) -> Weights? {
      let weights = part.weights(of: self)
      guard let weights, let own = places[part], !own.isEmpty else { return weights }
      return try weights.zeroing(own)
    }
    let k = try part(.nonlinear)
    return try Specification(
      form: form, recurrent: try part(.recurrent) ?? recurrent, coupling: try part(.coupling),
      nonlinearCoupling: nonlinearCoupling.map {
        NonlinearCoupling(weights: k ?? $0.weights, slopes: $0.slopes)
      },
      slopes: slopes, timeConstants: timeConstants, modules: modules, step: step)
  }

  /// The network of the units that stay: their rows and columns, time constants and places in modules.
  /// A module that loses all its units is gone.
  func keeping(_ map: UnitMap) throws(InputError) -> Specification {
    let k = try nonlinearCoupling?.weights.keeping(map)
    return try Specification(
      form: form, recurrent: try recurrent.keeping(map), coupling: try coupling?.keeping(map),
      nonlinearCoupling: nonlinearCoupling.map {
        NonlinearCoupling(weights: k ?? $0.weights, slopes: $0.slopes)
      },
      slopes: slopes,
      timeConstants: timeConstants.count == 1 ? timeConstants : map.keeping(timeConstants),
      modules: keptModules(map).map(\.kept).filter { $0 > 0 }, step: step)
  }

  /// How many units of each module stay.
  func keptModules(_ map: UnitMap) -> [(range: Range<Int>, kept: Int)] {
    moduleRanges.map { range in (range, range.count { map.place[$0] >= 0 }) }
  }
}
