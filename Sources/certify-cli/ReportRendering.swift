import Certify
import CertifyKernel
import Checkpoints

/// How text is dressed: colour only on a terminal, and never with NO_COLOR.
struct TextStyle: Sendable {
  let isColoured: Bool

  init(isTerminal: Bool) {
    isColoured = isTerminal && environmentVariable("NO_COLOR") == nil
  }

  func verdict(_ name: String) -> String {
    guard isColoured else { return name }
    let code =
      switch name {
      case "CERTIFIED": "32"
      case "REFUTED", "REJECTED": "31"
      default: "33"
      }
    return "\u{1B}[1;\(code)m\(name)\u{1B}[0m"
  }
}

extension Finding {
  var verdictName: String {
    switch result {
    case .certified: "certified"
    case .refuted: "refuted"
    case .undecided: "undecided"
    }
  }

  var status: ExitStatus {
    switch result {
    case .certified: .certified
    case .refuted: .refuted
    case .undecided: .undecided
    }
  }

  /// Whether the verdict certifies at least the rate asked for.
  func meets(_ requiredRate: Double?) -> Bool {
    guard let requiredRate else { return true }
    guard case .certified(let certified) = result else { return false }
    return certified.guarantee.rate >= requiredRate
  }
}

extension ModelReport {
  /// What to say on standard error after the verdict.
  var fault: String? {
    guard case .judged(let judgement) = outcome else { return nil }
    return judgement.certificateFault.map { "certify: \(printable(path)): \(printable($0))" }
  }

  /// The exit status of this model: that of the worse scope.
  func status(requiredRate: Double?) -> ExitStatus {
    switch outcome {
    case .misconfigured: return .usage
    case .rejected: return .rejected
    case .judged(let judgement):
      if judgement.certificateFault != nil { return .internalError }
      var statuses = judgement.findings.map(\.status)
      if !judgement.findings.allSatisfy({ $0.meets(requiredRate) || $0.status != .certified }) {
        statuses.append(.refuted)
      }
      return .worst(statuses)
    }
  }

  /// The verdict on the model as one word: that of the worse scope.
  var verdictName: String {
    switch outcome {
    case .misconfigured, .rejected: return "rejected"
    case .judged(let judgement):
      let names = judgement.findings.map(\.verdictName)
      return ["refuted", "undecided"].first(where: names.contains) ?? "certified"
    }
  }

  // MARK: Text

  func text(_ style: TextStyle, requiredRate: Double?) -> String {
    let name = printable(path)
    let time = "\(Int((seconds * 1000).rounded()))ms"
    switch outcome {
    case .rejected(let code, let reason):
      return
        "\(name): s \(style.verdict("REJECTED")) \(printable(code)) \(time)\n  \(printable(reason))"
    case .misconfigured(let reason):
      return "\(name): s \(style.verdict("REJECTED")) configuration \(time)\n  \(printable(reason))"
    case .judged(let judgement):
      var head = "\(name): s \(style.verdict(verdictName.uppercased()))"
      if verdictName == "certified", let shown = judgement.findings.first,
        case .certified(let certified) = shown.result
      {
        head += " rate>=\(roundedDown(certified.guarantee.rate))"
        head += " rule=\(certified.guarantee.rule.rawValue)"
      }
      if verdictName == "certified",
        let step = judgement.findings.compactMap(\.maximumStep).last
      {
        head += " step<=\(stepText(step))"
      }
      var lines = ["\(head) \(time)", "  \(printable(judgement.recognised))"]
      lines += judgement.notes.map { "  note: \(printable($0))" }
      for finding in judgement.findings {
        lines += finding.lines(judgement.specification, requiredRate: requiredRate)
        if let format = judgement.floatFormat { lines += finding.tubeLines(format) }
      }
      if let path = judgement.certificatePath { lines.append("  certificate: \(printable(path))") }
      return lines.joined(separator: "\n")
    }
  }

  // MARK: JSON

  /// The line of this model; with a state that realises the refutation where one was asked for, and with what a
  /// policy or a baseline says where there is one.
  func jsonLine(_ realised: RealisedWitness? = nil, judged: GateJudge.Judged? = nil) -> String {
    String(decoding: json(realised, judged).orderedBytes, as: UTF8.self)
  }

  private func json(_ realised: RealisedWitness?, _ judged: GateJudge.Judged?) -> JSONValue {
    var object = JSONObject()
    object.append("schema", .string("certify.verdict/v1"))
    object.append("model", .string(path))
    switch outcome {
    case .rejected(let code, let reason): reject(&object, code, reason)
    case .misconfigured(let reason): reject(&object, "configuration", reason)
    case .judged(let judgement):
      object.append("sha256", judgement.sha256.map(JSONValue.string) ?? .null)
      object.append("verdict", .string(verdictName))
      object.append("recognised", .string(judgement.recognised))
      // A map h⁺ = φ(W h + u) is one Euler step of length 1 of the network of form inside.
      let step = judgement.specification.step ?? Specification.Step(size: ExactRatio(1))
      object.append("continuous", judgement.finding(.continuous)?.json(step: nil) ?? .null)
      object.append(
        "asRun",
        judgement.finding(.asRun)?.json(step: step, tube: judgement.floatFormat) ?? .null)
      object.append("units", .number(JSONNumber(judgement.specification.units)))
      object.append("modules", .number(JSONNumber(judgement.specification.modules.count)))
      object.append("seconds", number((seconds * 1e6).rounded() / 1e6))
      let refuted = judgement.findings.first { $0.status == .refuted }
      object.append("witness", realised?.json ?? refuted?.witnessJSON ?? .null)
      let undecided = judgement.findings.first { $0.status == .undecided }
      object.append("obstruction", undecided?.obstructionJSON ?? .null)
      object.append("certificate", judgement.certificatePath.map(JSONValue.string) ?? .null)
    }
    if let judged { object.append("gate", judged.json) }
    return .object(object)
  }

  private func reject(_ object: inout JSONObject, _ code: String, _ reason: String) {
    object.append("sha256", .null)
    object.append("verdict", .string("rejected"))
    object.append("code", .string(code))
    object.append("reason", .string(reason))
    for name in ["continuous", "asRun", "units", "modules"] { object.append(name, .null) }
    object.append("seconds", number((seconds * 1e6).rounded() / 1e6))
    for name in ["witness", "obstruction", "certificate"] { object.append(name, .null) }
  }
}

/// A JSON number, or null for what JSON cannot write.
func number(_ x: Double?) -> JSONValue {
  guard let x, let number = JSONNumber("\(x)") else { return .null }
  return .number(number)
}

/// The line that says a file cannot be read at all.
func rejectionLine(path: String, code: String, reason: String, _ format: OutputFormat) -> String {
  guard format == .json else {
    return "\(printable(path)): s REJECTED \(code)\n  \(printable(reason))"
  }
  let object: JSONObject = [
    "schema": .string("certify.verdict/v1"), "model": .string(path), "verdict": .string("rejected"),
    "code": .string(code), "reason": .string(reason),
  ]
  return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
}
