import Foundation

/// Writes lines of results to standard output, whole or with an error: a full disk ends with status 2.
func standardOutput(_ line: String) {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  } catch {
    standardError("certify: standard output cannot be written")
    exit(ExitStatus.internalError.rawValue)
  }
}

/// Writes a line of diagnostics. Where even that cannot be written, nobody is left to tell.
func standardError(_ line: String) {
  try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}

/// The value of a variable that is set and not empty.
func environmentVariable(_ name: String) -> String? {
  guard let value = getenv(name), value.pointee != 0 else { return nil }
  return String(cString: value)
}

/// A text from outside with escapes for what could break or dress a line: control characters, line and
/// paragraph separators, and marks that reorder text.
func printable(_ text: String) -> String {
  var result = ""
  for scalar in text.unicodeScalars {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
      .unassigned:
      result += "\\u{" + String(scalar.value, radix: 16) + "}"
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result
}
