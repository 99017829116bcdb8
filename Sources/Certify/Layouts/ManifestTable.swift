package import CertifyKernel

/// A table of a manifest whose keys are all known, read key by key.
package struct ManifestTable {
  package let name: String
  package let known: [String]
  private let nodes: [String: ManifestNode]

  package init(name: String, known: [String], _ nodes: [String: ManifestNode]) {
    self.name = name
    self.known = known
    self.nodes = nodes
  }

  package func has(_ key: String) -> Bool { nodes[key] != nil }

  /// The items under a key that holds an array.
  package func array(_ key: String) -> [ManifestNode]? {
    if case .array(let items) = nodes[key] { items } else { nil }
  }

  private func path(_ key: String) -> String { name.isEmpty ? key : "\(name).\(key)" }

  /// The first unknown key in order of spelling is the one reported.
  package func checkKeys() throws(ManifestError) {
    for key in nodes.keys.sorted() where !known.contains(key) {
      throw .unknownKey(path(key), known: known)
    }
  }

  package func wrong(_ key: String, _ expected: String) -> ManifestError {
    .wrongType(path(key), found: nodes[key]?.kind ?? "nothing", expected: expected)
  }

  /// The table under a key, empty if there is none.
  package func table(_ key: String, known: [String]) throws(ManifestError) -> ManifestTable {
    guard let node = nodes[key] else { return ManifestTable(name: path(key), known: known, [:]) }
    guard case .table(let content) = node else { throw wrong(key, "a table") }
    let table = ManifestTable(name: path(key), known: known, content)
    try table.checkKeys()
    return table
  }

  package func text(_ key: String) throws(ManifestError) -> String? {
    guard let node = nodes[key] else { return nil }
    guard case .text(let text) = node else { throw wrong(key, "a text") }
    return text
  }

  package func required(_ key: String, _ hint: String) throws(ManifestError) -> String {
    guard let text = try text(key) else { throw .missing(path(key), hint: hint) }
    return text
  }

  /// One of the spellings of an enumeration.
  package func word<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String
  ) throws(ManifestError) -> Word? {
    guard let text = try text(key) else { return nil }
    guard let word = Word(rawValue: text) else {
      throw .unknownValue(path(key), found: text, known: Word.allCases.map(\.rawValue))
    }
    return word
  }

  package func flag(_ key: String) throws(ManifestError) -> Bool? {
    guard let node = nodes[key] else { return nil }
    guard case .boolean(let value) = node else { throw wrong(key, "true or false") }
    return value
  }

  package func index(_ key: String) throws(ManifestError) -> Int? {
    guard let node = nodes[key] else { return nil }
    guard case .integer(let value) = node else { throw wrong(key, "an integer") }
    guard value >= 0 else {
      throw .outOfRange(path(key), found: "\(value)", reason: "indices count from 0")
    }
    return value
  }

  /// Whole numbers of at least 1.
  package func sizes(_ key: String) throws(ManifestError) -> [Int]? {
    guard let node = nodes[key] else { return nil }
    guard case .array(let items) = node, !items.isEmpty else {
      throw wrong(key, "an array of sizes")
    }
    var sizes: [Int] = []
    for (position, item) in items.enumerated() {
      guard case .integer(let size) = item else {
        throw .wrongType("\(path(key))[\(position)]", found: item.kind, expected: "an integer")
      }
      guard size > 0 else {
        throw .outOfRange(
          "\(path(key))[\(position)]", found: "\(size)", reason: "a module has at least one unit")
      }
      sizes.append(size)
    }
    return sizes
  }

  package func texts(
    _ key: String, each: String = "a tensor name"
  ) throws(ManifestError) -> [String]? {
    guard let node = nodes[key] else { return nil }
    guard case .array(let items) = node else { throw wrong(key, "an array, each item \(each)") }
    var texts: [String] = []
    for (position, item) in items.enumerated() {
      guard case .text(let text) = item else {
        throw .wrongType("\(path(key))[\(position)]", found: item.kind, expected: each)
      }
      texts.append(text)
    }
    return texts
  }

  /// The tables under a key that may stand there several times, `[[key]]`.
  package func tables(
    _ key: String, known: [String]
  ) throws(ManifestError) -> [ManifestTable] {
    guard let node = nodes[key] else { return [] }
    guard case .array(let items) = node else { throw wrong(key, "tables [[\(key)]]") }
    var tables: [ManifestTable] = []
    for (position, item) in items.enumerated() {
      guard case .table(let content) = item else {
        throw .wrongType("\(path(key))[\(position)]", found: item.kind, expected: "a table")
      }
      let table = ManifestTable(name: "\(path(key))[\(position)]", known: known, content)
      try table.checkKeys()
      tables.append(table)
    }
    return tables
  }

  /// A tensor name, or the three of compressed sparse rows.
  package func source(_ key: String) throws(ManifestError) -> TensorSource? {
    switch nodes[key] {
    case nil: return nil
    case .text(let name): return .dense(name)
    case .table:
      let table = try table(key, known: ["indptr", "indices", "values"])
      return .compressedRows(
        indptr: try table.required("indptr", "n + 1 offsets, int32 or int64"),
        indices: try table.required("indices", "column indices, int32 or int64"),
        values: try table.required("values", "the entries"))
    default:
      throw wrong(key, "a tensor name or a table of indptr, indices and values")
    }
  }

  package func number(_ key: String) throws(ManifestError) -> ExactRatio? {
    guard let node = nodes[key] else { return nil }
    return try ManifestTable.number(node, path(key))
  }

  /// A number means the double it parses to; a text is exact.
  package static func number(
    _ node: ManifestNode, _ path: String
  ) throws(ManifestError) -> ExactRatio {
    switch node {
    case .integer(let value):
      guard let exact = Double(exactly: value) else {
        throw .outOfRange(path, found: "\(value)", reason: "no double is equal to it")
      }
      return ExactRatio(exact)
    case .number(let value):
      guard value.isFinite else {
        throw .outOfRange(path, found: "\(value)", reason: "a finite number is needed")
      }
      return ExactRatio(value)
    case .text(let text):
      guard let value = ExactRatio(exactly: text) else {
        throw .wrongType(
          path, found: node.kind,
          expected: "a number, or an exact text such as \"3/10\" or \"0x1.8p-2\"")
      }
      return value
    default:
      throw .wrongType(path, found: node.kind, expected: "a number or an exact text")
    }
  }

  /// One positive number, or an array of them.
  package func positiveNumbers(_ key: String) throws(ManifestError) -> [ExactRatio]? {
    guard let node = nodes[key] else { return nil }
    let items: [(String, ManifestNode)]
    if case .array(let array) = node {
      items = array.enumerated().map { ("\(path(key))[\($0.offset)]", $0.element) }
    } else {
      items = [(path(key), node)]
    }
    guard !items.isEmpty else { throw wrong(key, "a number or one a module") }
    var numbers: [ExactRatio] = []
    for (path, item) in items {
      let value = try ManifestTable.number(item, path)
      guard value.numerator > 0 else {
        throw .outOfRange(path, found: "\(value)", reason: "it must be above 0")
      }
      numbers.append(value)
    }
    return numbers
  }
}
