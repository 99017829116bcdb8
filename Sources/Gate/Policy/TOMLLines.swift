/// On which line of a TOML text a key stands, for messages; the text has been parsed by then.
struct TOMLLines {
  private struct Place: Hashable {
    let table: String
    let index: Int
    let key: String?
  }
  private var lines: [Place: Int] = [:]

  init(_ text: String) {
    var (table, index) = ("", 0)
    var seen: [String: Int] = [:]
    var quote: String?
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.drop { $0 == " " || $0 == "\t" }
      if let open = quote {
        if content.contains(open) { quote = nil }
        continue
      }
      if content.hasPrefix("[[") {
        table = String(content.dropFirst(2).prefix { $0 != "]" }).filter { $0 != " " }
        index = seen[table, default: -1] + 1
        seen[table] = index
        lines[Place(table: table, index: index, key: nil)] = number + 1
      } else if content.hasPrefix("[") {
        table = String(content.dropFirst().prefix { $0 != "]" }).filter { $0 != " " }
        index = 0
        lines[Place(table: table, index: 0, key: nil)] = number + 1
      } else if let equals = content.firstIndex(of: "="), !content.hasPrefix("#") {
        let key = content[..<equals].filter { $0 != " " && $0 != "\t" && $0 != "\"" }
        let place = Place(table: table, index: index, key: String(key))
        if lines[place] == nil { lines[place] = number + 1 }
        for mark in ["\"\"\"", "'''"] where content.components(mark) % 2 == 1 { quote = mark }
      }
    }
  }

  /// The line of a key, or of the head of its table; nil where it is written in a way not looked for.
  func line(of key: String?, in table: String, _ index: Int) -> Int? {
    lines[Place(table: table, index: index, key: key)]
      ?? lines[Place(table: table, index: index, key: nil)]
  }
}

extension Substring {
  /// How often a mark occurs, without overlaps.
  fileprivate func components(_ mark: String) -> Int { ranges(of: mark).count }
}
