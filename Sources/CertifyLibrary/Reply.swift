import Certify
import Checkpoints
import Markup

/// What a function of the library gives: one JSON object, and the exit status of the executable.
struct Reply: Sendable {
  let text: String
  let status: ExitStatus

  /// The object that says why a request could not be carried out.
  static func failure(_ status: ExitStatus, _ message: String) -> Reply {
    let object: JSONObject = [
      "schema": .string("certify.error/v1"),
      "kind": .string(status == .usage ? "usage" : "internal-error"),
      "status": .number(JSONNumber(Int(status.rawValue))),
      // As the executable prints it on standard error.
      "message": .string(escapedControls(message)),
    ]
    return Reply(
      text: String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self), status: status)
  }

  static func usage(_ message: String) -> Reply { failure(.usage, message) }
}
