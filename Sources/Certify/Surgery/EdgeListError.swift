internal import Markup

/// What is wrong with a list of connections, each with the line it stands on.
public enum EdgeListError: Error, Sendable, Hashable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  /// Nothing but comments and empty lines.
  case empty
  case syntax(line: Int, text: String)
  case unitOutOfRange(line: Int, unit: Int, units: Int)
  case moduleOutOfRange(line: Int, module: Int, modules: Int)
  /// L i i: a unit has no pair with itself.
  case notAPair(line: Int, unit: Int)
  /// block a a: what runs inside a module is no coupling.
  case sameModule(line: Int, module: Int)
  /// One entry removed by two lines.
  case duplicate(line: Int, first: Int, part: String, row: Int, column: Int)
  /// L or K of a network that has none.
  case noSuchPart(line: Int, part: String)

  public var description: String { text("edges") }

  /// The same, of a list that was read from a file.
  func description(path: String) -> String { text("edges \(printable(path))") }

  private func text(_ list: String) -> String {
    switch self {
    case .unreadable(let path, let reason): "edges \(printable(path)): \(reason)"
    case .empty: "\(list): no connection is named; one a line, such as \"W 3 5\""
    case .syntax(let line, let text):
      "\(list), line \(line): \"\(printable(text))\"; expected \"i j\", \"W i j\", \"K i j\", "
        + "\"L i j\", \"L i j only\" or \"block a b\""
    case .unitOutOfRange(let line, let unit, let units):
      "\(list), line \(line): unit \(unit), the network has \(units) units, 0 to \(units - 1)"
    case .moduleOutOfRange(let line, let module, let modules):
      "\(list), line \(line): module \(module), the network has \(modules) modules, 0 to \(modules - 1)"
    case .notAPair(let line, let unit):
      "\(list), line \(line): L \(unit) \(unit) is no pair; write \"L \(unit) \(unit) only\" for the one entry"
    case .sameModule(let line, let module):
      "\(list), line \(line): block \(module) \(module) is the inside of a module, not a coupling of two"
    case .duplicate(let line, let first, let part, let row, let column):
      "\(list), line \(line): \(part)[\(row), \(column)] is removed by line \(first) already"
    case .noSuchPart(let line, let part):
      "\(list), line \(line): the network has no \(part)"
    }
  }
}
