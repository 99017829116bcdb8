package import Dynamics

/// Which modules are coupled with which.
package struct Adjacency: Sendable, Hashable {
  /// Pairs (i, j), i > j, ascending.
  package let pairs: [(row: Int, column: Int)]

  package init(pairs: [(row: Int, column: Int)]) {
    self.pairs = pairs.sorted { ($0.row, $0.column) < ($1.row, $1.column) }
  }

  package static func == (a: Self, b: Self) -> Bool {
    a.pairs.elementsEqual(b.pairs) { $0 == $1 }
  }

  package func hash(into hasher: inout Hasher) {
    for pair in pairs {
      hasher.combine(pair.row)
      hasher.combine(pair.column)
    }
  }
}

/// Couplings L_ij = B_ij, L_ji = −B_ijᵀ for the pairs of an adjacency: L = −Lᵀ exactly, also in floating point.
package final class SkewCoupling: MatrixSource {
  package let pattern: Pattern
  package var bound: Double { .infinity }
  private let size: Int
  private let units: Int
  private let pairs: [(row: Int, column: Int)]
  private let range: Range<Int>
  /// Where block B of each pair and its mirror image lie among the values.
  private let places: [(own: Int, mirror: Int)]

  /// Entries of B for an adjacency and a size of modules.
  package static func parameterCount(_ adjacency: Adjacency, size: Int) -> Int {
    adjacency.pairs.count * size * size
  }

  package init(units: Int, size: Int, _ adjacency: Adjacency, range: Range<Int>) {
    self.size = size
    self.units = units
    self.range = range
    pairs = adjacency.pairs
    precondition(range.count == Self.parameterCount(adjacency, size: size))
    let modules = units / size
    // Blocks of 32 run faster than a dense product of the whole; odd ones where most are there do not.
    if size % 16 != 0, 2 * pairs.count * 20 > modules * modules * 9 {
      pattern = .dense(units, units)
      places = []
    } else {
      let all = pairs.flatMap { pair in
        [
          (row: Int32(pair.row), column: Int32(pair.column)),
          (row: Int32(pair.column), column: Int32(pair.row)),
        ]
      }
      pattern = .blocks(units: units, size: size, all)
      guard case .blocks(_, let rows, let columns) = pattern.storage else {
        preconditionFailure("blocks were asked for")
      }
      var index: [Int: Int] = [:]
      for k in rows.indices { index[Int(rows[k]) * modules + Int(columns[k])] = k }
      let area = size * size
      places = adjacency.pairs.map { pair in
        (
          own: index[pair.row * modules + pair.column]! * area,
          mirror: index[pair.column * modules + pair.row]! * area
        )
      }
    }
  }

  package func forward(_ θ: [Double]) -> [Double] {
    var values = [Double](repeating: 0, count: pattern.entries)
    each { parameter, own, mirror in
      values[own] = θ[parameter]
      values[mirror] = -θ[parameter]
    }
    return values
  }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    each { parameter, own, mirror in gradient[parameter] += g[own] - g[mirror] }
  }

  /// Each parameter with the places of its entry and of the mirror image.
  private func each(_ body: (_ parameter: Int, _ own: Int, _ mirror: Int) -> Void) {
    let area = size * size
    for (k, pair) in pairs.enumerated() {
      let start = range.lowerBound + k * area
      for a in 0..<size {
        for b in 0..<size {
          let (own, mirror): (Int, Int)
          if places.isEmpty {
            own = (pair.row * size + a) * units + pair.column * size + b
            mirror = (pair.column * size + b) * units + pair.row * size + a
          } else {
            own = places[k].own + a * size + b
            mirror = places[k].mirror + b * size + a
          }
          body(start + a * size + b, own, mirror)
        }
      }
    }
  }
}
