internal import Markup
internal import TOMLKit

/// What a TOML text says, before anything is made of it. Tables keep their keys sorted.
package indirect enum ManifestNode: Sendable, Hashable {
  case integer(Int)
  case number(Double)
  case text(String)
  case boolean(Bool)
  case date
  case array([ManifestNode])
  case table([String: ManifestNode])

  /// For messages: what was found where something else was expected.
  package var kind: String {
    switch self {
    case .integer(let value): "the integer \(value)"
    case .number(let value): "the number \(value)"
    case .text(let value): "the text \"\(printable(value))\""
    case .boolean(let value): "\(value)"
    case .date: "a date or time"
    case .array(let items): "an array of \(items.count)"
    case .table: "a table"
    }
  }

  /// The largest manifest that is read, in UTF-8 bytes.
  static let largestText = 1 << 20

  /// Reads a TOML 1.0 document.
  ///
  /// Texts pass through C strings on their way, so a NUL character, written out or as an escape, is refused:
  /// it would cut a name short. Duplicate keys are errors of the syntax.
  ///
  /// - Throws: `ManifestError.syntax` with line and column.
  package static func parse(_ text: String) throws(ManifestError) -> [String: ManifestNode] {
    guard text.utf8.count <= largestText else {
      throw .syntax(
        line: 0, column: 0,
        reason: "\(text.utf8.count) bytes of manifest; at most \(largestText) are read")
    }
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where line.utf8.contains(0) || line.contains("\\u0000") || line.contains("\\U00000000") {
      throw .syntax(line: number + 1, column: 0, reason: "a NUL character in a name or a text")
    }
    let table: TOMLTable
    do {
      table = try TOMLTable(string: text)
    } catch let error as TOMLParseError {
      throw .syntax(
        line: error.source.begin.line, column: error.source.begin.column,
        reason: printable(error.description))
    } catch {
      throw .syntax(line: 0, column: 0, reason: "not a TOML document")
    }
    return contents(of: table)
  }

  private static func contents(of table: TOMLTable) -> [String: ManifestNode] {
    var nodes: [String: ManifestNode] = [:]
    for key in table.keys {
      nodes[key] = table[key].map(node) ?? .date
    }
    return nodes
  }

  private static func node(_ value: any TOMLValueConvertible) -> ManifestNode {
    switch value.type {
    case .int: value.int.map(ManifestNode.integer) ?? .date
    case .double: value.double.map(ManifestNode.number) ?? .date
    case .string: value.string.map(ManifestNode.text) ?? .date
    case .bool: value.bool.map(ManifestNode.boolean) ?? .date
    case .array: .array((value.array.map { Array($0) } ?? []).map(node))
    case .table: .table(value.table.map(contents) ?? [:])
    case .date, .time, .dateTime: .date
    }
  }
}
