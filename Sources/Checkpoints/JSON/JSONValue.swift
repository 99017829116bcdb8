/// A JSON value (RFC 8259), read strictly: no duplicate names, no invalid UTF-8, no lone
/// surrogates, bounded depth and size. Numbers stay text, so nothing is rounded.
package enum JSONValue: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(JSONNumber)
  case string(String)
  case array([JSONValue])
  case object(JSONObject)

  package var isNull: Bool { if case .null = self { true } else { false } }

  /// Texts and names are compared by their bytes.
  package static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let x), .bool(let y)): x == y
    case (.number(let x), .number(let y)): x == y
    case (.string(let x), .string(let y)): x.utf8.elementsEqual(y.utf8)
    case (.array(let x), .array(let y)): x == y
    case (.object(let x), .object(let y)): x == y
    default: false
    }
  }

  package var bool: Bool? {
    guard case .bool(let value) = self else { return nil }
    return value
  }

  package var number: JSONNumber? {
    guard case .number(let value) = self else { return nil }
    return value
  }

  /// The integer, if this is a number written as one (`2`, not `2.0` or `2e0`) that fits.
  package var integer: Int? { number?.integer }

  package var string: String? {
    guard case .string(let value) = self else { return nil }
    return value
  }

  package var array: [JSONValue]? {
    guard case .array(let value) = self else { return nil }
    return value
  }

  package var object: JSONObject? {
    guard case .object(let value) = self else { return nil }
    return value
  }

  /// The member of an object; `nil` for other values and for names that are not there.
  package subscript(name: String) -> JSONValue? { object?[name] }
}

/// A number as it was written.
package struct JSONNumber: Sendable, Hashable {
  /// The text, of the grammar of RFC 8259, section 6.
  package let text: String

  /// A number from text; `nil` if the text is not a JSON number.
  package init?(_ text: String) {
    var scanner = JSONNumberScanner(Array(text.utf8), at: 0)
    guard scanner.scan(), scanner.position == text.utf8.count else { return nil }
    self.text = text
  }

  package init(_ value: Int) { text = String(value) }

  init(checked text: String) { self.text = text }

  /// The integer, if it is written without fraction and exponent, is not `-0`, and fits.
  package var integer: Int? {
    guard text != "-0" else { return nil }
    return Int(text)
  }

  /// The nearest double; `nil` when the magnitude overflows.
  package var double: Double? {
    guard let value = Double(text), value.isFinite else { return nil }
    return value
  }
}

/// The members of an object in the order they were written, each name once.
package struct JSONObject: Sendable, Hashable, ExpressibleByDictionaryLiteral {
  package private(set) var members: [(name: String, value: JSONValue)] = []
  /// Positions by name; filled from the ninth member on.
  private var index: [ExactName: Int] = [:]

  package init() {}

  /// - Precondition: no name occurs twice (a program's literal, never a file's text).
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (name, value) in elements {
      precondition(append(name, value), "duplicate name in an object literal: \(name)")
    }
  }

  package var count: Int { members.count }

  package subscript(name: String) -> JSONValue? { position(of: name).map { members[$0].value } }

  /// Adds a member; `false`, and no change, when the name is there already.
  @discardableResult
  package mutating func append(_ name: String, _ value: JSONValue) -> Bool {
    guard position(of: name) == nil else { return false }
    if members.count == 8 {
      for (number, member) in members.enumerated() { index[ExactName(member.name)] = number }
    }
    if members.count >= 8 { index[ExactName(name)] = members.count }
    members.append((name, value))
    return true
  }

  private func position(of name: String) -> Int? {
    members.count > 8 || !index.isEmpty
      ? index[ExactName(name)] : members.firstIndex { $0.name.utf8.elementsEqual(name.utf8) }
  }

  package static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.members.elementsEqual(b.members) {
      $0.name.utf8.elementsEqual($1.name.utf8) && $0.value == $1.value
    }
  }

  package func hash(into hasher: inout Hasher) {
    for (name, value) in members {
      hasher.combine(name)
      hasher.combine(value)
    }
  }
}

/// Why a text is not the JSON that is accepted, and at which byte.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  package enum Cause: Sendable, Hashable {
    case endOfText
    case unexpectedByte(UInt8)
    case invalidUTF8
    case invalidEscape
    case loneSurrogate
    case invalidNumber
    case duplicateName(String)
    case depth(limit: Int)
    case values(limit: Int)
    case trailingBytes
  }

  package let cause: Cause
  /// Bytes from the start of the text.
  package let offset: Int

  package var description: String {
    let what =
      switch cause {
      case .endOfText: "the text ends too early"
      case .unexpectedByte(let byte): "unexpected byte 0x" + String(byte, radix: 16)
      case .invalidUTF8: "not UTF-8"
      case .invalidEscape: "an invalid escape"
      case .loneSurrogate: "half of a surrogate pair"
      case .invalidNumber: "an invalid number"
      case .duplicateName(let name): "the name \(CheckpointError.quoted(name)) occurs twice"
      case .depth(let limit): "nested deeper than \(limit)"
      case .values(let limit): "more than \(limit) values"
      case .trailingBytes: "something follows the value"
      }
    return "JSON, byte \(offset): \(what)"
  }
}
