/// Something an audit has found: a stable name, and a sentence for people.
public struct Diagnosis: Sendable, Hashable {
  /// Such as "no-constant-metric".
  public let id: String
  public let sentence: String

  public init(id: String, sentence: String) {
    self.id = id
    self.sentence = sentence
  }
}

/// Why an audit cannot be carried out.
public enum AuditError: Error, Sendable, Hashable, CustomStringConvertible {
  /// An argument that has no meaning: status 4.
  case argument(String)
  /// A file that is not what it should be: status 3.
  case rejected(String)

  public var description: String {
    switch self {
    case .argument(let text), .rejected(let text): text
    }
  }
}
