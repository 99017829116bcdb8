import Certify
import CertifyKernel
import Checkpoints

extension SurgeryReport {
  /// What is nobody's network's fault: the request, or the disk.
  var failure: CommandFailure? {
    switch outcome {
    case .misconfigured(let reason): CommandFailure(status: .usage, message: reason)
    case .failed(let reason): CommandFailure(status: .internalError, message: reason)
    case .judged, .rejected: nil
    }
  }

  var status: ExitStatus {
    switch outcome {
    case .judged(let judgement): .worst(judgement.findings.map(\.after.status))
    case .rejected: .rejected
    case .misconfigured: .usage
    case .failed: .internalError
    }
  }

  var text: String {
    switch outcome {
    case .judged(let judgement): return judgement.text(path)
    case .rejected(let code, let reason):
      return rejectionLine(path: path, code: code, reason: reason, .text)
    case .misconfigured(let reason), .failed(let reason): return reason
    }
  }

  func jsonLine(_ operation: String) -> String {
    var object: JSONObject = [
      "schema": .string("certify.surgery/v1"), "operation": .string(operation),
      "model": .string(path),
    ]
    switch outcome {
    case .judged(let judgement): judgement.add(to: &object, status)
    case .rejected(let code, let reason):
      object.append("verdict", .string("rejected"))
      object.append("code", .string(code))
      object.append("reason", .string(reason))
    case .misconfigured, .failed: break
    }
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}

extension SurgeryReport.Judgement {
  fileprivate func text(_ path: String) -> String {
    var lines: [String] = []
    if let written {
      var head = "\(printable(written.model)): s CERTIFIED"
      if let first = findings.compactMap(\.guarantee).first {
        head += " rate>=\(roundedDown(first.rate)) rule=\(first.rule.rawValue)"
      }
      lines.append(head)
    } else {
      lines.append("\(printable(path)): s REFUSED, nothing is written")
    }
    lines.append("  \(printable(recognised))")
    lines.append("  \(summary)")
    lines += notes.map { "  note: \(printable($0))" }
    for finding in findings { lines += finding.lines(after) }
    if let written { lines.append("  certificate: \(printable(written.certificate))") }
    return lines.joined(separator: "\n")
  }

  fileprivate func add(to object: inout JSONObject, _ status: ExitStatus) {
    let verdict =
      switch status {
      case .certified: "certified"
      case .refuted: "refuted"
      default: "undecided"
      }
    object.append("verdict", .string(verdict))
    object.append("recognised", .string(recognised))
    object.append("summary", .string(summary))
    object.append("notes", .array(notes.map(JSONValue.string)))
    object.append("unitsBefore", .number(JSONNumber(before.units)))
    object.append("unitsAfter", .number(JSONNumber(after.units)))
    object.append(
      "keptUnits",
      keptUnits.map { units in .array(units.map { .number(JSONNumber($0)) }) } ?? .null)
    object.append("scopes", .array(findings.map { $0.json(after) }))
    object.append("output", (written?.model).map(JSONValue.string) ?? .null)
    object.append("certificate", (written?.certificate).map(JSONValue.string) ?? .null)
  }
}

extension SurgeryFinding {
  var guarantee: Guarantee? {
    if case .certified(let certified) = after.result { certified.guarantee } else { nil }
  }

  /// The name of what happened to the certificate, in JSON.
  var fate: String {
    switch survival {
    case .kept: "same-metric-same-rate"
    case .rounded: "same-metric-rounded"
    case .lowered: "same-metric-lower-rate"
    case .searched: "re-certified"
    case nil: "lost"
    }
  }

  fileprivate func lines(_ network: Specification) -> [String] {
    let name = scope == .continuous ? "continuous" : "as run"
    let old =
      before.map { "before: \($0.rule.rawValue), \(bound($0))" } ?? "before: not certified"
    guard let guarantee else {
      return ["  \(name): \(old)"] + after.lines(network, requiredRate: nil)
    }
    let words =
      switch survival {
      case .kept: "same metric, same rate"
      case .rounded(let ulps): "same metric, same rate but for \(ulps) ulp of rounding"
      case .lowered: "same metric, lower rate"
      case .searched, nil: before == nil ? "certified" : "re-certified in another metric"
      }
    return [
      "  \(name): \(words): \(bound(guarantee)), \(guarantee.rule.rawValue), "
        + "overshoot<=\(roundedUp(guarantee.overshoot)) (\(old))"
    ]
  }

  private func bound(_ guarantee: Guarantee) -> String {
    let rate = "rate>=\(roundedDown(guarantee.rate))"
    return guarantee.factor.map { "factor<=\(factorText($0)) a step, \(rate)" } ?? rate
  }

  func json(_ network: Specification) -> JSONValue {
    func object(_ guarantee: Guarantee?) -> JSONValue {
      guard let guarantee else { return .null }
      return [
        "rule": .string(guarantee.rule.rawValue), "rate": number(guarantee.rate),
        "factor": number(guarantee.factor), "overshoot": number(guarantee.overshoot),
      ]
    }
    var ulps: Int?
    if case .rounded(let count) = survival { ulps = count }
    return [
      "scope": .string(scope.rawValue), "verdict": .string(after.verdictName),
      "certificate": .string(fate),
      "ulps": ulps.map { .number(JSONNumber($0)) } ?? .null, "before": object(before),
      "after": object(guarantee), "witness": after.witnessJSON ?? .null,
      "obstruction": after.obstructionJSON ?? .null,
    ]
  }
}
