internal import Certify
public import CertifyKernel
internal import Markup

extension Policy {
  /// The entry with what the policy says: new problems where it asks for more than was shown, and acceptances where
  /// it does not ask for what is missing or somebody has waived it. `notes` say which line decided.
  ///
  /// - Parameter step: the step of the map that was judged; nil where there is none.
  public func judge(
    _ entry: GateEntry, step: ExactRatio?
  ) -> (entry: GateEntry, notes: [String]) {
    var entry = entry
    var notes: [String] = []
    let demands = demands(for: entry.path)
    if demands.verdict?.value == .notRefuted {
      let line = demands.verdict?.line
      for k in entry.problems.indices where entry.problems[k].kind == .undecided {
        entry.problems[k].acceptance = .allowed(line: line)
        notes.append("\(place(line)): verdict = \"not-refuted\" accepts an undecided network")
      }
    }
    // Diagnoses that nobody forbids are for reading.
    let forbidden = demands.forbiddenDiagnoses
    for k in entry.problems.indices where entry.problems[k].kind == .diagnosis {
      if forbidden?.value.contains(entry.problems[k].rule) == true {
        entry.problems[k].level = .error
        notes.append("\(place(forbidden?.line)): forbidden-diagnoses has \(entry.problems[k].rule)")
      } else {
        entry.problems[k].acceptance = .allowed(line: nil)
      }
    }
    for (line, problem) in unmet(demands, entry, step) {
      notes.append("\(place(line)): \(problem.message)")
      entry.problems.append(problem)
    }
    for waiver in waivers where waiver.path == entry.path {
      guard waiver.tensors == entry.tensors else {
        notes.append(
          "\(place(waiver.line)): the waiver is for tensors \(waiver.tensors.prefix(12))…, these are "
            + "\(entry.tensors.map { "\($0.prefix(12))…" } ?? "unknown"): it does not apply")
        continue
      }
      for k in entry.problems.indices
      where entry.problems[k].acceptance == nil && waiver.rules.contains(entry.problems[k].rule) {
        entry.problems[k].acceptance = .waived(
          reason: waiver.reason, until: waiver.until, line: waiver.line)
        notes.append(
          "\(place(waiver.line)): \(entry.problems[k].rule) is waived until \(waiver.until): "
            + escapedControls(waiver.reason))
      }
    }
    return (entry, notes)
  }

  /// What the guarantees do not show of what is asked: each bound is judged, also next to a scope that is waived; what
  /// is missing altogether only for a network that is certified, as others fail already.
  private func unmet(
    _ demands: Demands, _ entry: GateEntry, _ step: ExactRatio?
  ) -> [(line: Int?, problem: GateProblem)] {
    var found: [(Int?, GateProblem)] = []
    func add(_ line: Int?, _ rule: String, _ scope: String?, _ message: String, _ advice: String) {
      found.append(
        (
          line,
          GateProblem(
            rule: rule, kind: .unmet, level: .error, scope: scope, message: message,
            advice: [advice])
        ))
    }
    let run = entry.guarantees.first { $0.scope == "as-run" }
    let isCertified = entry.verdict == .certified
    if let asked = demands.asRun, asked.value, run == nil, isCertified {
      add(
        asked.line, "not-certified-as-run", "as-run",
        "as-run = true, and only the flow in continuous time is certified",
        "give the step that runs in the manifest, or by --step")
    }
    if let asked = demands.requiredStep, run == nil ? isCertified : step != asked.value {
      let judged = step.map { "the step judged is \($0)" } ?? "no step was judged"
      add(
        asked.line, "step-not-certified", "as-run",
        "required-step = \(asked.value), and \(judged)", "certify check --step \(asked.value)")
    }
    if let asked = demands.minimumRate {
      for guarantee in entry.guarantees where !(guarantee.rate >= asked.value) {
        add(
          asked.line, "rate-not-met", guarantee.scope,
          "minimum-rate = \(asked.value), and the certified rate is \(roundedDown(guarantee.rate))",
          "train with a larger margin, or lower the rate that is asked for")
      }
    }
    if let asked = demands.allowedRules {
      for guarantee in entry.guarantees {
        for rule in guarantee.allRules where !asked.value.contains(rule) {
          add(
            asked.line, "rule-not-allowed", guarantee.scope,
            "allowed-rules does not have \(rule), which the proof uses",
            "add the rule to allowed-rules once its article has been read")
          break
        }
      }
    }
    return found
  }
}
