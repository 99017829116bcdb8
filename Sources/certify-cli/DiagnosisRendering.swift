import Certify
import Checkpoints

extension Diagnosis {
  /// What, where and by how much; what to try; where to read on.
  var lines: [String] {
    var lines = ["  \(severity.rawValue) \(id): \(title)", "    \(printable(sentence))"]
    if let advice { lines.append("    try: \(printable(advice))") }
    if let page { lines.append("    see \(page)") }
    return lines
  }

  var json: JSONValue {
    [
      "id": .string(id), "title": .string(title), "severity": .string(severity.rawValue),
      "sentence": .string(sentence), "try": advice.map(JSONValue.string) ?? .null,
      "page": page.map(JSONValue.string) ?? .null,
    ]
  }
}
