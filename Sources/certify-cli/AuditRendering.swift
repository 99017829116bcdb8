import Certify
import CertifyKernel
import Checkpoints

extension ModelAudit {
  var status: ExitStatus {
    switch outcome {
    case .failure(let error): error.status
    case .success(let result): result.diagnoses.isEmpty ? .certified : .refuted
    }
  }

  func text(showsDual: Bool) -> String {
    let name = printable(path)
    switch outcome {
    case .failure(let error): return "\(name): s REJECTED\n  \(printable(error.description))"
    case .success(let result):
      // Refutations and impossibilities are told with the verdict below; the others have a page each.
      let told = result.diagnoses.filter { $0.kind == nil }.map(\.id)
      let count = result.diagnoses.count - told.count
      let words = told + (count == 0 ? [] : ["\(count) diagnos\(count == 1 ? "is" : "es")"])
      var lines = [
        "\(name): \(words.isEmpty ? "nothing found" : words.joined(separator: ", "))",
        "  \(printable(result.recognised))",
      ]
      for metric in result.constantMetric { lines += metric.lines(showsDual: showsDual) }
      for diagnosis in result.diagnoses where diagnosis.kind != nil { lines += diagnosis.lines }
      return lines.joined(separator: "\n")
    }
  }

  var jsonLine: String {
    var object: JSONObject = [
      "schema": .string("certify.audit/v1"), "audit": .string("model"), "model": .string(path),
    ]
    switch outcome {
    case .failure(let error):
      object.append("verdict", .string("rejected"))
      object.append("reason", .string(error.description))
    case .success(let result):
      object.append("units", .number(JSONNumber(result.specification.units)))
      object.append(
        "diagnoses",
        .array(
          result.diagnoses.map(\.json)))
      for name in ["certified", "refuted", "undecided"] {
        let count = result.findings.filter { $0.verdictName == name }.count
        object.append(name, .number(JSONNumber(count)))
      }
      object.append("constantMetric", .array(result.constantMetric.map(\.json)))
    }
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}

extension ModelError {
  var status: ExitStatus {
    switch self {
    case .rejected: .rejected
    case .configuration: .usage
    }
  }
}

extension ConstantMetricAudit {
  func lines(showsDual: Bool) -> [String] {
    let name = scope == .continuous ? "continuous" : "as run"
    var line = "  \(name): \(sentence)"
    if case .exists(let certified) = answer {
      let guarantee = certified.guarantee
      line += guarantee.factor.map { ", factor<=\(factorText($0))" } ?? ""
      line += ", rate>=\(roundedDown(guarantee.rate))"
    }
    var lines = [line]
    if case .none(let proved) = answer {
      lines.append("    \(proved.evidence)")
      if showsDual { lines += proved.dualLines.map { "      \($0)" } }
    }
    for other in otherImpossibilities {
      lines.append("    \(other.sentence): \(other.evidence)")
      if showsDual { lines += other.dualLines.map { "      \($0)" } }
    }
    return lines
  }

  var json: JSONValue {
    var object: JSONObject = ["scope": .string(scope.rawValue)]
    switch answer {
    case .exists(let certified):
      object.append("exists", .bool(true))
      object.append("rule", .string(certified.guarantee.rule.rawValue))
      object.append("rate", number(certified.guarantee.rate))
    case .existsWithoutRate: object.append("exists", .bool(true))
    case .none, .refuted: object.append("exists", .bool(false))
    case .unknown, .tooLarge: object.append("exists", .null)
    }
    object.append("sentence", .string(sentence))
    if case .none(let proved) = answer {
      object.append("obstruction", proved.json)
    } else {
      object.append("obstruction", .null)
    }
    object.append("others", .array(otherImpossibilities.map(\.json)))
    return .object(object)
  }
}
