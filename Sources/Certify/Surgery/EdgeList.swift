/// The connections that a text file names, one a line, as they stand there.
///
///     3 5            W[3, 5], the connection from unit 5 to unit 3
///     W 3 5          the same
///     K 3 5          K[3, 5]
///     L 0 4          L[0, 4] and L[4, 0], which keeps a coupling skew where the metric is diagonal
///     L 0 4 only     L[0, 4] alone
///     block 1 2      all that runs between modules 1 and 2, both ways, in W, L and K
///
/// Units and modules count from 0. `#` starts a comment; empty lines say nothing.
public struct EdgeList: Sendable, Hashable {
  public enum Edge: Sendable, Hashable {
    case recurrent(Int, Int)
    case nonlinear(Int, Int)
    case pair(Int, Int)
    case oneSided(Int, Int)
    case block(Int, Int)
  }

  public struct Line: Sendable, Hashable {
    /// From 1.
    public let number: Int
    public let edge: Edge
  }

  public let lines: [Line]

  /// The longest file that is read.
  static let largestText = 64 << 20

  /// - Throws: the first line that is not of the form above; `.empty`.
  public init(text: String) throws(EdgeListError) {
    var lines: [Line] = []
    // A line break of two characters is one `Character`.
    let rows = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in rows.enumerated() {
      let content = line.prefix { $0 != "#" }
      let words = content.split(whereSeparator: { $0 == " " || $0 == "\t" })
      if words.isEmpty { continue }
      guard let edge = Self.edge(words) else {
        throw .syntax(line: index + 1, text: content.trimmed)
      }
      lines.append(Line(number: index + 1, edge: edge))
    }
    guard !lines.isEmpty else { throw .empty }
    self.lines = lines
  }

  /// - Throws: `.unreadable`; as `init(text:)`.
  public init(contentsOf path: String) throws(EdgeListError) {
    let bytes: [UInt8]
    do {
      bytes = try TextFile.bytes(path, limit: Self.largestText)
    } catch {
      throw .unreadable(path: path, reason: error.reason)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .unreadable(path: path, reason: TextFile.Fault.notUTF8.reason)
    }
    try self.init(text: text)
  }

  private static func edge(_ words: [Substring]) -> Edge? {
    var words = words
    var kind: Substring = "W"
    if Int(words[0]) == nil { kind = words.removeFirst() }
    var isAlone = false
    if kind == "L", words.count == 3, words[2] == "only" {
      words.removeLast()
      isAlone = true
    }
    guard words.count == 2, let i = index(words[0]), let j = index(words[1]) else { return nil }
    switch kind {
    case "W": return .recurrent(i, j)
    case "K": return .nonlinear(i, j)
    case "L": return isAlone ? .oneSided(i, j) : .pair(i, j)
    case "block": return .block(i, j)
    default: return nil
    }
  }

  /// Digits only: no sign, no exponent.
  private static func index(_ word: Substring) -> Int? {
    word.utf8.allSatisfy { $0 >= 0x30 && $0 <= 0x39 } ? Int(word) : nil
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var rest = self
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest.drop(while: \.isWhitespace))
  }
}
