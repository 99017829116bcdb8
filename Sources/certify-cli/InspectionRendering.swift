import Certify
import Checkpoints

extension Inspection {
  var text: String {
    var lines = [
      "\(printable(path)): \(format.rawValue), \(entries.count) tensor\(entries.count == 1 ? "" : "s")"
    ]
    let width = entries.map { printable($0.name).count }.max() ?? 0
    for entry in entries {
      let name = printable(entry.name)
      let padding = String(repeating: " ", count: width - name.count)
      lines.append("  \(name)\(padding)  \(entry.dtype.rawValue)  \(entry.shape)")
    }
    switch recognised {
    case .success(let line): lines.append("recognised: \(printable(line))")
    case .failure(let error): lines.append("not recognised: \(printable("\(error)"))")
    }
    return lines.joined(separator: "\n")
  }

  var jsonLine: String {
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
