internal import Foundation

/// The exact ground truth of `vectors/vectors.json`: groups of cases, each a set of named fields.
///
/// Numbers without quotes are doubles and stand for themselves; "a/b" is a rational number.
public enum Vectors {
  /// The cases of one group, in the order of the file; empty where the shared folder is absent.
  public static func group(_ name: String) -> [VectorCase] { groups[name] ?? [] }

  /// The networks: W, g, and what is true of them.
  public static var single: [VectorCase] { group("single") }

  /// The case of that name in any group.
  public static func named(_ id: String) -> VectorCase? {
    groups.values.lazy.joined().first { $0.id == id }
  }

  private static let groups: [String: [VectorCase]] = {
    guard SharedFolder.isPresent else { return [:] }
    do {
      let data = try Data(contentsOf: SharedFolder.file("vectors/vectors.json"))
      let file = try JSONDecoder().decode([String: JSONValue].self, from: data)
      return file.compactMapValues { value in
        guard case .array(let cases) = value else { return nil }
        return cases.map { VectorCase($0) }
      }
    } catch {
      fatalError("vectors.json is present but cannot be read: \(error)")
    }
  }()
}

/// One case: fields by name. Reading a field that is absent or of another kind gives nil.
public struct VectorCase: Sendable, CustomStringConvertible {
  public let id: String
  public let value: JSONValue

  init(_ value: JSONValue) {
    self.value = value
    id = value["id"]?.text ?? "?"
  }

  public subscript(field: String) -> JSONValue? { value[field] }
  public var description: String { id }
}

/// A value of JSON; numbers are kept as the doubles they parse to.
public enum JSONValue: Sendable, Hashable, Decodable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case array([JSONValue])
  case object([String: JSONValue])

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .text(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// The field of an object; null counts as absent.
  public subscript(field: String) -> JSONValue? {
    guard case .object(let fields) = self, let value = fields[field], value != .null else {
      return nil
    }
    return value
  }

  public var text: String? { if case .text(let value) = self { value } else { nil } }
  public var flag: Bool? { if case .flag(let value) = self { value } else { nil } }
  public var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }

  /// A double, or the text of a rational number, exactly.
  public var rational: Rational? {
    switch self {
    case .number(let value): Rational(value)
    case .text(let value): Rational(value)
    default: nil
    }
  }

  public var double: Double? { if case .number(let value) = self { value } else { nil } }
  public var rationals: [Rational]? { all(\.rational) }
  public var integers: [Int]? { all { $0.double.flatMap { Int(exactly: $0) } } }

  public var matrix: RationalMatrix? {
    guard let rows = all(\.rationals), Set(rows.map(\.count)).count <= 1 else { return nil }
    return RationalMatrix(rows)
  }

  public var matrices: [RationalMatrix]? { all(\.matrix) }

  /// The elements of an array, if each has the wanted kind.
  private func all<T>(_ element: (JSONValue) -> T?) -> [T]? {
    guard let array else { return nil }
    let converted = array.compactMap(element)
    return converted.count == array.count ? converted : nil
  }
}
