extension JSONValue {
  /// Parses a whole text.
  ///
  /// - Parameters:
  ///   - bytes: UTF-8 without byte order mark; white space around the value is allowed.
  ///   - maximumDepth: nesting of arrays and objects.
  ///   - maximumValues: values in all, members and elements included.
  /// - Throws: ``JSONError`` with the byte where the text stops being acceptable.
  package init(
    parsing bytes: [UInt8], maximumDepth: Int = 64, maximumValues: Int = 1 << 21
  ) throws(JSONError) {
    var parser = JSONParser(bytes, maximumDepth, maximumValues)
    self = try parser.parse()
  }

  /// Parses a whole text; see ``init(parsing:maximumDepth:maximumValues:)-([UInt8],_,_)``.
  package init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }
}

/// A recursive descent parser; `maximumDepth` bounds the recursion.
struct JSONParser {
  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var values = 0
  private let maximumDepth: Int
  private let maximumValues: Int

  init(_ bytes: [UInt8], _ maximumDepth: Int, _ maximumValues: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
    self.maximumValues = maximumValues
  }

  mutating func parse() throws(JSONError) -> JSONValue {
    let result = try value()
    skipSpace()
    guard position == bytes.count else { throw error(.trailingBytes) }
    return result
  }

  private func error(_ cause: JSONError.Cause) -> JSONError {
    JSONError(cause: cause, offset: position)
  }

  /// The error of a byte that cannot stand here.
  private func unexpected() -> JSONError {
    error(position < bytes.count ? .unexpectedByte(bytes[position]) : .endOfText)
  }

  private mutating func skipSpace() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return
      }
    }
  }

  /// Takes `byte` after white space, if it is next.
  private mutating func take(_ byte: UInt8) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func value() throws(JSONError) -> JSONValue {
    values += 1
    guard values <= maximumValues else { throw error(.values(limit: maximumValues)) }
    skipSpace()
    guard position < bytes.count else { throw error(.endOfText) }
    switch bytes[position] {
    case UInt8(ascii: "{"): return try object()
    case UInt8(ascii: "["): return try array()
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try literal("true", .bool(true))
    case UInt8(ascii: "f"): return try literal("false", .bool(false))
    case UInt8(ascii: "n"): return try literal("null", .null)
    case UInt8(ascii: "-"), 0x30...0x39:
      var scanner = JSONNumberScanner(bytes, at: position)
      guard scanner.scan() else { throw error(.invalidNumber) }
      let text = String(decoding: bytes[position..<scanner.position], as: UTF8.self)
      position = scanner.position
      return .number(JSONNumber(checked: text))
    default: throw unexpected()
    }
  }

  private mutating func literal(
    _ text: String, _ value: JSONValue
  ) throws(JSONError) -> JSONValue {
    for byte in text.utf8 {
      guard position < bytes.count, bytes[position] == byte else { throw unexpected() }
      position += 1
    }
    return value
  }

  private mutating func enter() throws(JSONError) {
    guard depth < maximumDepth else { throw error(.depth(limit: maximumDepth)) }
    depth += 1
    position += 1
  }

  private mutating func array() throws(JSONError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var elements: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return .array(elements) }
    while true {
      elements.append(try value())
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "]")) else { throw unexpected() }
      return .array(elements)
    }
  }

  private mutating func object() throws(JSONError) -> JSONValue {
    try enter()
    defer { depth -= 1 }
    var object = JSONObject()
    if take(UInt8(ascii: "}")) { return .object(object) }
    while true {
      skipSpace()
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw unexpected()
      }
      let start = position
      let name = try string()
      guard take(UInt8(ascii: ":")) else { throw unexpected() }
      guard object.append(name, try value()) else {
        throw JSONError(cause: .duplicateName(name), offset: start)
      }
      if take(UInt8(ascii: ",")) { continue }
      guard take(UInt8(ascii: "}")) else { throw unexpected() }
      return .object(object)
    }
  }

  /// The string at `position`, which holds its opening quote.
  private mutating func string() throws(JSONError) -> String {
    position += 1
    var start = position
    var text: [UInt8]?
    while position < bytes.count {
      switch bytes[position] {
      case UInt8(ascii: "\""):
        let rest = bytes[start..<position]
        let whole = text.map { $0 + rest }
        let result =
          if let whole { String(validating: whole, as: UTF8.self) } else {
            String(validating: rest, as: UTF8.self)
          }
        guard let result else { throw error(.invalidUTF8) }
        position += 1
        return result
      case UInt8(ascii: "\\"):
        if text == nil { text = [] }
        text?.append(contentsOf: bytes[start..<position])
        position += 1
        let scalar = try escape()
        text?.append(contentsOf: String(Character(scalar)).utf8)
        start = position
      case 0..<0x20: throw unexpected()
      default: position += 1
      }
    }
    throw error(.endOfText)
  }

  /// What follows a backslash.
  private mutating func escape() throws(JSONError) -> Unicode.Scalar {
    guard position < bytes.count else { throw error(.endOfText) }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{c}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): break
    default: throw error(.invalidEscape)
    }
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A high surrogate must be followed by a low one.
    guard first < 0xdc00, bytes.count - position >= 2, bytes[position] == UInt8(ascii: "\\"),
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw error(.loneSurrogate) }
    position += 2
    let second = try hexadecimal()
    guard (0xdc00..<0xe000).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
    else { throw error(.loneSurrogate) }
    return scalar
  }

  private mutating func hexadecimal() throws(JSONError) -> UInt32 {
    guard bytes.count - position >= 4 else { throw error(.endOfText) }
    var value: UInt32 = 0
    for _ in 0..<4 {
      let byte = bytes[position]
      let digit: UInt8
      switch byte {
      case 0x30...0x39: digit = byte - 0x30
      case 0x41...0x46: digit = byte - 0x41 + 10
      case 0x61...0x66: digit = byte - 0x61 + 10
      default: throw error(.invalidEscape)
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}

/// The number grammar: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
struct JSONNumberScanner {
  private let bytes: [UInt8]
  private(set) var position: Int

  init(_ bytes: [UInt8], at position: Int) {
    self.bytes = bytes
    self.position = position
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == byte else { return false }
    position += 1
    return true
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) { position += 1 }
    return position - start
  }

  /// Moves behind the number; `false` if there is none.
  mutating func scan() -> Bool {
    _ = take(UInt8(ascii: "-"))
    let start = position
    let count = digits()
    guard count > 0, count == 1 || bytes[start] != 0x30 else { return false }
    if take(UInt8(ascii: ".")), digits() == 0 { return false }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      guard digits() > 0 else { return false }
    }
    return true
  }
}
