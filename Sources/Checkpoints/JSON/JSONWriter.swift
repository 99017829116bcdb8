extension JSONValue {
  /// The canonical text: no white space, members sorted by the UTF-8 bytes of their names, only
  /// `"`, `\` and control characters escaped, numbers as they were given.
  ///
  /// The same value always gives the same bytes, and equal values in another order too.
  package var canonicalBytes: [UInt8] {
    var output: [UInt8] = []
    write(to: &output, sorted: true)
    return output
  }

  /// The text with members in the order they were added, otherwise as ``canonicalBytes``.
  package var orderedBytes: [UInt8] {
    var output: [UInt8] = []
    write(to: &output, sorted: false)
    return output
  }

  private func write(to output: inout [UInt8], sorted: Bool) {
    switch self {
    case .null: output += "null".utf8
    case .bool(let value): output += (value ? "true" : "false").utf8
    case .number(let number): output += number.text.utf8
    case .string(let text): Self.write(text, to: &output)
    case .array(let elements):
      output.append(UInt8(ascii: "["))
      for (number, element) in elements.enumerated() {
        if number > 0 { output.append(UInt8(ascii: ",")) }
        element.write(to: &output, sorted: sorted)
      }
      output.append(UInt8(ascii: "]"))
    case .object(let object):
      var members = object.members
      if sorted { members.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) } }
      output.append(UInt8(ascii: "{"))
      for (number, member) in members.enumerated() {
        if number > 0 { output.append(UInt8(ascii: ",")) }
        Self.write(member.name, to: &output)
        output.append(UInt8(ascii: ":"))
        member.value.write(to: &output, sorted: sorted)
      }
      output.append(UInt8(ascii: "}"))
    }
  }

  private static func write(_ text: String, to output: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    output.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): output += [UInt8(ascii: "\\"), byte]
      case 0x08: output += "\\b".utf8
      case 0x09: output += "\\t".utf8
      case 0x0a: output += "\\n".utf8
      case 0x0c: output += "\\f".utf8
      case 0x0d: output += "\\r".utf8
      case 0..<0x20: output += "\\u00".utf8 + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      default: output.append(byte)
      }
    }
    output.append(UInt8(ascii: "\""))
  }
}
