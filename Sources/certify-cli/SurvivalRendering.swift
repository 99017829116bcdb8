import Certify
import CertifyKernel
import Checkpoints

extension SurvivalReport {
  func text(_ path: String) -> String {
    var lines = ["\(printable(path)): s REPORT", "  \(printable(recognised))"]
    for scope in uncertified {
      lines.append("  \(scope.words): not certified; there is no certificate to carry over")
    }
    for part in parts {
      let guarantee = part.certified.guarantee
      lines.append(
        "  \(part.scope.words): \(guarantee.rule.rawValue), rate>=\(roundedDown(guarantee.rate))")
      if part.groups.isEmpty { lines.append("    nothing of this kind to remove") }
      for group in part.groups { lines += group.lines }
    }
    return lines.joined(separator: "\n")
  }

  func jsonLine(_ path: String) -> String {
    let object: JSONObject = [
      "schema": .string("certify.survival/v1"), "model": .string(path),
      "recognised": .string(recognised), "units": .number(JSONNumber(specification.units)),
      "uncertified": .array(uncertified.map { .string($0.rawValue) }),
      "scopes": .array(parts.map { $0.json(specification) }),
    ]
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}

extension Scope {
  fileprivate var words: String { self == .continuous ? "continuous" : "as run" }
}

extension SurvivalReport.Part {
  fileprivate func json(_ network: Specification) -> JSONValue {
    [
      "scope": .string(scope.rawValue), "rule": .string(certified.guarantee.rule.rawValue),
      "rate": number(certified.guarantee.rate),
      "groups": .array(groups.map { $0.json }),
    ]
  }
}

extension SurvivalReport.Group {
  private var noun: String {
    switch kind {
    case .unit: "units"
    case .module: "modules"
    case .pair: "pairs of L"
    case .connection: "connections of W"
    case .block: "blocks between modules"
    }
  }

  fileprivate var lines: [String] {
    let survivors = kept + rounded
    var head = "    \(noun): \(survivors.count) of \(examined) can go with the same metric and rate"
    if !rounded.isEmpty { head += " (\(rounded.count) but for a few ulp of rounding)" }
    if examined < total { head += "; \(total - examined) of \(total) were not looked at" }
    var lines = [head]
    if !survivors.isEmpty { lines.append("      can go: \(list(survivors))") }
    if !lost.isEmpty { lines.append("      lose the metric: \(list(lost.map(\.subject)))") }
    for (subject, finding) in lost {
      guard let finding else { continue }
      let fate =
        switch finding.after.result {
        case .certified(let certified):
          "certified again with rate>=\(roundedDown(certified.guarantee.rate))"
        case .refuted(let witness, _): "stability is lost (\(witness.refutation.rawValue))"
        case .undecided: "undecided"
        }
      lines.append("      without \(subject.name): \(fate)")
    }
    return lines
  }

  /// Units in ranges; of other things the first twenty.
  private func list(_ subjects: [SurgerySubject]) -> String {
    if kind == .unit || kind == .module { return ranges(subjects.compactMap { Int($0.name) }) }
    let names = subjects.prefix(20).map(\.name).joined(separator: ", ")
    return subjects.count > 20 ? "\(names), and \(subjects.count - 20) more" : names
  }

  private func ranges(_ units: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for unit in units.sorted() {
      if let last = runs.last, last.upperBound + 1 == unit {
        runs[runs.count - 1] = last.lowerBound...unit
      } else {
        runs.append(unit...unit)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ",")
  }

  fileprivate var json: JSONValue {
    func names(_ subjects: [SurgerySubject]) -> JSONValue {
      .array(subjects.map { .string($0.name) })
    }
    let losses = lost.map { subject, finding -> JSONValue in
      let rate: Double? =
        if case .certified(let certified)? = finding?.after.result { certified.guarantee.rate } else
        { nil }
      return [
        "name": .string(subject.name),
        "verdict": finding.map { .string($0.after.verdictName) } ?? .null, "rate": number(rate),
      ]
    }
    return [
      "kind": .string(kind.rawValue), "total": .number(JSONNumber(total)),
      "examined": .number(JSONNumber(examined)), "kept": names(kept), "rounded": names(rounded),
      "lost": .array(losses),
    ]
  }
}
