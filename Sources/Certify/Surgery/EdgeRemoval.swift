public import CertifyKernel

/// The entries that a list of connections sets to 0 in one network, and what a reader should know of them.
public struct EdgeRemoval: Sendable, Hashable {
  let places: [NetworkPart: Set<Place>]
  /// How many of them were not 0.
  public let connections: Int
  /// Remarks, one line each.
  public let notes: [String]

  /// One line: how many connections of which matrices.
  public let summary: String

  /// - Throws: the first line that names what does not exist, what is no coupling, or an entry for the second
  ///   time.
  /// - Complexity: O(lines), and O(entries) once if a block is named.
  public init(_ list: EdgeList, of network: Specification) throws(EdgeListError) {
    var collector = Collector(network)
    for line in list.lines { try collector.add(line) }
    places = collector.places.mapValues { Set($0.keys) }
    var nonzero: [(NetworkPart, Int)] = []
    var zeros: [(part: NetworkPart, place: Place, line: Int)] = []
    for part in NetworkPart.allCases {
      guard let own = collector.places[part], let weights = part.weights(of: network) else {
        continue
      }
      var count = 0
      for (place, line) in own {
        if weights[place.row, place.column] != 0 {
          count += 1
        } else {
          zeros.append((part, place, line))
        }
      }
      if count > 0 { nonzero.append((part, count)) }
    }
    connections = nonzero.reduce(0) { $0 + $1.1 }
    let noun = connections == 1 ? "connection" : "connections"
    summary =
      connections == 0
      ? "removed nothing: every entry named is 0 already"
      : "removed \(connections) \(noun) ("
        + nonzero.map { "\($0.1) of \($0.0.rawValue)" }.joined(separator: ", ") + ")"
    var notes: [String] = []
    if !zeros.isEmpty {
      let first = zeros.sorted {
        ($0.line, $0.place.row, $0.place.column) < ($1.line, $1.place.row, $1.place.column)
      }
      let named = first.prefix(3).map {
        "\($0.part.rawValue)[\($0.place.row), \($0.place.column)] (line \($0.line))"
      }
      let more = zeros.count > 3 ? ", and \(zeros.count - 3) more" : ""
      notes.append(
        "\(zeros.count) of the entries named \(zeros.count == 1 ? "is" : "are") 0 already: "
          + named.joined(separator: ", ") + more)
    }
    for line in collector.emptyBlocks {
      notes.append("line \(line): nothing runs between these two modules")
    }
    self.notes = notes
  }
}

/// Entries by the line that removes them.
private struct Collector {
  let network: Specification
  var places: [NetworkPart: [Place: Int]] = [:]
  var emptyBlocks: [Int] = []
  /// Rows of each matrix, made when a block asks for them.
  private var rows: [NetworkPart: SparseMatrix] = [:]

  init(_ network: Specification) { self.network = network }

  mutating func add(_ line: EdgeList.Line) throws(EdgeListError) {
    switch line.edge {
    case .recurrent(let i, let j): try add(.recurrent, i, j, line.number)
    case .nonlinear(let i, let j): try add(.nonlinear, i, j, line.number)
    case .oneSided(let i, let j): try add(.coupling, i, j, line.number)
    case .pair(let i, let j):
      try checkUnits(i, j, line.number)
      guard i != j else { throw .notAPair(line: line.number, unit: i) }
      try add(.coupling, i, j, line.number)
      try add(.coupling, j, i, line.number)
    case .block(let a, let b): try addBlock(a, b, line.number)
    }
  }

  private func checkUnits(_ i: Int, _ j: Int, _ line: Int) throws(EdgeListError) {
    for unit in [i, j] where unit >= network.units {
      throw .unitOutOfRange(line: line, unit: unit, units: network.units)
    }
  }

  private mutating func add(
    _ part: NetworkPart, _ i: Int, _ j: Int, _ line: Int
  ) throws(EdgeListError) {
    try checkUnits(i, j, line)
    guard part.weights(of: network) != nil else {
      throw .noSuchPart(line: line, part: part.words)
    }
    let place = Place(row: i, column: j)
    if let first = places[part, default: [:]].updateValue(line, forKey: place) {
      throw .duplicate(line: line, first: first, part: part.rawValue, row: i, column: j)
    }
  }

  private mutating func addBlock(_ a: Int, _ b: Int, _ line: Int) throws(EdgeListError) {
    let ranges = network.moduleRanges
    for module in [a, b] where module >= ranges.count {
      throw .moduleOutOfRange(line: line, module: module, modules: ranges.count)
    }
    guard a != b else { throw .sameModule(line: line, module: a) }
    var isEmpty = true
    for part in NetworkPart.allCases {
      guard let weights = part.weights(of: network) else { continue }
      let sparse = rows[part] ?? weights.sparse()
      rows[part] = sparse
      for (to, from) in [(a, b), (b, a)] {
        for i in ranges[to] {
          for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1]
          where ranges[from].contains(Int(sparse.columnIndices[k])) && sparse.values[k] != 0 {
            try add(part, i, Int(sparse.columnIndices[k]), line)
            isEmpty = false
          }
        }
      }
    }
    if isEmpty { emptyBlocks.append(line) }
  }
}
