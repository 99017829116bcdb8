import Certify
import Foundation
import Markup

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

/// A text from outside on one line of any length; the module's own name before `Certify`'s, which cuts.
func printable(_ text: String) -> String { escapedControls(text) }
