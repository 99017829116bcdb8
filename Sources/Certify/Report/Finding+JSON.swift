package import CertifyKernel
package import Checkpoints

extension Finding {
  package var verdictName: String {
    switch result {
    case .certified: "certified"
    case .refuted: "refuted"
    case .undecided: "undecided"
    }
  }

  package var status: ExitStatus {
    switch result {
    case .certified: .certified
    case .refuted: .refuted
    case .undecided: .undecided
    }
  }

  /// Whether the verdict certifies at least the rate asked for.
  package func meets(_ requiredRate: Double?) -> Bool {
    guard let requiredRate else { return true }
    guard case .certified(let certified) = result else { return false }
    return certified.guarantee.rate >= requiredRate
  }

  /// The object of a scope in `certify.verdict/v1`.
  package func json(step: Specification.Step?, tube format: FloatTube.Format? = nil) -> JSONValue {
    var object: JSONObject = ["verdict": .string(verdictName)]
    if let step {
      object.append("scheme", .string(step.scheme.rawValue))
      object.append("step", number(step.size.approximation))
    }
    switch result {
    case .certified(let certified):
      let guarantee = certified.guarantee
      object.append("rule", .string(guarantee.rule.rawValue))
      if let factor = guarantee.factor { object.append("factor", number(factor)) }
      object.append("rate", number(guarantee.rate))
      object.append("overshoot", number(guarantee.overshoot))
      object.append("maximumStep", number(maximumStep))
      if let format {
        let tube = certified.floatTube(format)
        object.append(
          "floatTube",
          .object([
            "dtype": .string(format.rawValue), "relative": number(tube?.relative),
            "absolute": number(tube?.absolute),
          ]))
      }
    case .refuted(let witness, _):
      object.append("rule", .string(witness.refutation.rawValue))
    case .undecided: break
    }
    return .object(object)
  }

  package var witnessJSON: JSONValue? {
    guard case .refuted(let witness, _) = result else { return nil }
    return .object(witness.object)
  }

  package var obstructionJSON: JSONValue? {
    guard case .undecided(let shortfall) = result else { return nil }
    return [
      "scope": .string(scope.rawValue),
      "rule": shortfall.obstruction.rule.map(JSONValue.string) ?? .null,
      "reason": .string(shortfall.obstruction.explanation),
      "missedBy": number(shortfall.missedBy), "largestScale": number(shortfall.largestScale),
      "try": .array(shortfall.advice.map(JSONValue.string)),
      "checked": .array(shortfall.impossibilities.map { .string($0.kind.rawValue) }),
    ]
  }
}

extension Witness {
  /// The slopes and the rule, as in `certify.verdict/v1`.
  package var object: JSONObject {
    let active = instability.active.map { JSONValue.number(JSONNumber(Int($0))) }
    return [
      "scope": .string(scope.rawValue), "rule": .string(refutation.rawValue),
      "activeUnits": .array(active), "count": .number(JSONNumber(active.count)),
    ]
  }
}
