internal import Markup

/// What is wrong with the text of a manifest, whatever the tensors are.
public enum ManifestError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Not TOML 1.0; line and column from 1, or 0 where the fault has no place.
  case syntax(line: Int, column: Int, reason: String)
  /// A key or table that means nothing here.
  case unknownKey(String, known: [String])
  /// A value of the wrong kind.
  case wrongType(String, found: String, expected: String)
  /// A key that must be there is not.
  case missing(String, hint: String)
  /// Two keys that say the same thing.
  case conflict(String, String, reason: String)
  /// A word that is not one of those known.
  case unknownValue(String, found: String, known: [String])
  /// A number outside its range.
  case outOfRange(String, found: String, reason: String)

  public var description: String {
    switch self {
    case .syntax(0, _, let reason): reason
    case .syntax(let line, 0, let reason): "line \(line): \(reason)"
    case .syntax(let line, let column, let reason): "line \(line), column \(column): \(reason)"
    case .unknownKey(let key, let known):
      "unknown key \(printable(key)); known here: \(known.joined(separator: ", "))"
    case .wrongType(let key, let found, let expected): "\(key) must be \(expected), not \(found)"
    case .missing(let key, let hint): "\(key) is missing: \(hint)"
    case .conflict(let a, let b, let reason): "\(a) and \(b) together: \(reason)"
    case .unknownValue(let key, let found, let known):
      "\(key) = \"\(printable(found))\" is not known; known: \(known.joined(separator: ", "))"
    case .outOfRange(let key, let found, let reason): "\(key) = \(found): \(reason)"
    }
  }
}
