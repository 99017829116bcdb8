internal import CertifyKernel
package import Checkpoints
internal import Markup

/// An object of a certificate, read field by field; every fault names the field.
struct Fields {
  let path: String
  private let object: JSONObject

  /// Takes an object that has exactly these fields.
  ///
  /// - Throws: `.malformed` naming the first unknown or missing one.
  init(_ value: JSONValue, _ path: String, known: [String]) throws(CertificateFileError) {
    guard let object = value.object else {
      throw .malformed(
        field: path, reason: "expected an object with \(known.joined(separator: ", "))")
    }
    self.path = path
    self.object = object
    for member in object.members where !known.contains(member.name) {
      throw .malformed(
        field: name(member.name), reason: "unknown field; known: \(known.joined(separator: ", "))")
    }
    for key in known where object[key] == nil {
      throw .malformed(field: name(key), reason: "the field is missing")
    }
  }

  func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func wrong(_ key: String, _ expected: String) -> CertificateFileError {
    .malformed(field: name(key), reason: "expected \(expected)")
  }

  /// The value of a field that was required.
  func value(_ key: String) -> JSONValue { object[key] ?? .null }

  func isNull(_ key: String) -> Bool { value(key).isNull }

  func text(_ key: String) throws(CertificateFileError) -> String {
    guard let text = value(key).string else { throw wrong(key, "a text") }
    return text
  }

  func word<Word: RawRepresentable<String> & CaseIterable>(
    _ key: String
  ) throws(CertificateFileError) -> Word {
    guard let word = Word(rawValue: try text(key)) else {
      throw wrong(key, "one of " + Word.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return word
  }

  func bool(_ key: String) throws(CertificateFileError) -> Bool {
    guard let value = value(key).bool else { throw wrong(key, "true or false") }
    return value
  }

  /// A whole number of at least 1.
  func count(_ key: String) throws(CertificateFileError) -> Int {
    guard let value = value(key).integer, value > 0 else {
      throw wrong(key, "a whole number above 0")
    }
    return value
  }

  /// A whole number of at least 0.
  func index(_ key: String) throws(CertificateFileError) -> Int {
    guard let value = value(key).integer, value >= 0 else {
      throw wrong(key, "a whole number of at least 0")
    }
    return value
  }

  func items(_ key: String) throws(CertificateFileError) -> [JSONValue] {
    guard let items = value(key).array else { throw wrong(key, "an array") }
    return items
  }

  func texts(_ key: String) throws(CertificateFileError) -> [String] {
    var texts: [String] = []
    for (index, item) in try items(key).enumerated() {
      guard let text = item.string else { throw wrong("\(key)[\(index)]", "a text") }
      texts.append(text)
    }
    return texts
  }

  /// Each item of an array, as an object with exactly these fields.
  func objects(_ key: String, known: [String]) throws(CertificateFileError) -> [Fields] {
    var objects: [Fields] = []
    for (index, item) in try items(key).enumerated() {
      objects.append(try Fields(item, name("\(key)[\(index)]"), known: known))
    }
    return objects
  }

  func ratio(_ key: String) throws(CertificateFileError) -> ExactRatio {
    try Fields.ratio(value(key), name(key))
  }

  func double(_ key: String) throws(CertificateFileError) -> Double {
    try Fields.double(value(key), name(key))
  }

  func digest(_ key: String) throws(CertificateFileError) -> Digest {
    guard let digest = Digest(hex: try text(key)) else {
      throw wrong(key, "64 lower-case hexadecimal digits")
    }
    return digest
  }

  /// An exact number in the one spelling that is written; `canonical` gives it.
  static func ratio(
    _ value: JSONValue, _ path: String
  ) throws(CertificateFileError) -> ExactRatio {
    guard let text = value.string, let number = ExactRatio(exactly: text) else {
      throw .malformed(
        field: path, reason: "expected an exact number as text, such as \"0x1.8p-2\"")
    }
    guard number.exactText == text else {
      throw .malformed(
        field: path, reason: "not canonical; this number is written \(number.exactText)")
    }
    return number
  }

  static func double(_ value: JSONValue, _ path: String) throws(CertificateFileError) -> Double {
    let number = try ratio(value, path)
    guard number.denominator == 1 else {
      throw .malformed(field: path, reason: "expected a double, such as \"0x1.8p-2\"")
    }
    return number.numerator
  }

  /// Two exact numbers 0 ≤ l ≤ g.
  func slopes(_ key: String) throws(CertificateFileError) -> SlopeInterval {
    let items = try items(key)
    guard items.count == 2 else { throw wrong(key, "[l, g]") }
    let lower = try Fields.ratio(items[0], name("\(key)[0]"))
    let upper = try Fields.ratio(items[1], name("\(key)[1]"))
    do {
      return try SlopeInterval(lower, upper)
    } catch {
      throw .malformed(field: name(key), reason: error.reason)
    }
  }
}

extension JSONValue {
  /// An exact number as text.
  static func exact(_ number: ExactRatio) -> JSONValue { .string(number.exactText) }
  static func exact(_ number: Double) -> JSONValue { .string(ExactRatio(number).exactText) }
  static func count(_ value: Int) -> JSONValue { .number(JSONNumber(value)) }
  static func texts(_ values: [String]) -> JSONValue { .array(values.map(JSONValue.string)) }

  /// The first place where two values differ, and both values there; nil if they are equal.
  package func firstDifference(
    from other: JSONValue, at path: String
  ) -> (field: String, claimed: String, found: String)? {
    switch (self, other) {
    case (.object(let a), .object(let b)):
      let names = Set((a.members + b.members).map(\.name)).sorted()
      for name in names {
        let field = path.isEmpty ? name : "\(path).\(name)"
        guard let x = a[name] else { return (field, "nothing", b[name]?.shortText ?? "") }
        guard let y = b[name] else { return (field, x.shortText, "nothing") }
        if let difference = x.firstDifference(from: y, at: field) { return difference }
      }
      return nil
    case (.array(let a), .array(let b)):
      for index in 0..<max(a.count, b.count) {
        let field = "\(path)[\(index)]"
        guard index < a.count else { return (field, "nothing", b[index].shortText) }
        guard index < b.count else { return (field, a[index].shortText, "nothing") }
        if let difference = a[index].firstDifference(from: b[index], at: field) {
          return difference
        }
      }
      return nil
    default:
      return self == other ? nil : (path, shortText, other.shortText)
    }
  }

  /// The value on one short line.
  var shortText: String {
    if case .string(let text) = self { return printable(text) }
    return printable(String(decoding: canonicalBytes.prefix(500), as: UTF8.self))
  }
}
