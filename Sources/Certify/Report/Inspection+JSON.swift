internal import Checkpoints

extension Inspection {
  /// One object of `certify.inspect/v1`.
  package var jsonLine: String {
    let tensors = entries.map { entry -> JSONValue in
      [
        "name": .string(entry.name), "dtype": .string(entry.dtype.rawValue),
        "shape": .array(entry.shape.map { .number(JSONNumber($0)) }),
      ]
    }
    var object: JSONObject = [
      "schema": .string("certify.inspect/v1"), "model": .string(path),
      "format": .string(format.rawValue), "tensors": .array(tensors),
    ]
    switch recognised {
    case .success(let line):
      object.append("recognised", .string(line))
      object.append("reason", .null)
    case .failure(let error):
      object.append("recognised", .null)
      object.append("reason", .string("\(error)"))
    }
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}

/// The object that says a file cannot be read at all.
package func rejectionLine(path: String, code: String, reason: String) -> String {
  let object: JSONObject = [
    "schema": .string("certify.verdict/v1"), "model": .string(path), "verdict": .string("rejected"),
    "code": .string(code), "reason": .string(reason),
  ]
  return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
}
