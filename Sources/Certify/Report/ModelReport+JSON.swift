internal import CertifyKernel
package import Checkpoints

extension ModelReport {
  /// The exit status of this model: that of the worse scope.
  package func status(requiredRate: Double?) -> ExitStatus {
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
  package var verdictName: String {
    switch outcome {
    case .misconfigured, .rejected: return "rejected"
    case .judged(let judgement):
      let names = judgement.findings.map(\.verdictName)
      return ["refuted", "undecided"].first(where: names.contains) ?? "certified"
    }
  }

  /// The line of this model, an object of `certify.verdict/v1`.
  ///
  /// - Parameters:
  ///   - realised: the refutation with a state that shows it, where one was asked for.
  ///   - gate: what a policy or a baseline says, where there is one.
  package func jsonLine(realised: JSONValue? = nil, gate: JSONValue? = nil) -> String {
    String(decoding: json(realised, gate).orderedBytes, as: UTF8.self)
  }

  private func json(_ realised: JSONValue?, _ gate: JSONValue?) -> JSONValue {
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
      object.append("witness", realised ?? refuted?.witnessJSON ?? .null)
      let undecided = judgement.findings.first { $0.status == .undecided }
      object.append("obstruction", undecided?.obstructionJSON ?? .null)
      object.append("certificate", judgement.certificatePath.map(JSONValue.string) ?? .null)
    }
    if let gate { object.append("gate", gate) }
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
package func number(_ x: Double?) -> JSONValue {
  guard let x, let number = JSONNumber("\(x)") else { return .null }
  return .number(number)
}
