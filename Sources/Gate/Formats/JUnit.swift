internal import Markup

// JUnit XML, in the subset that common readers share.

/// One test case a model: refuted and unmet are failures, undecided and rejected are errors, nothing is skipped.
func junitReport(_ entries: [GateEntry]) -> String {
  let failed = entries.count { $0.outcome == "failure" }
  let erred = entries.count { $0.outcome == "error" }
  let time = seconds(entries.reduce(0) { $0 + $1.seconds })
  let totals = "tests=\"\(entries.count)\" failures=\"\(failed)\" errors=\"\(erred)\" skipped=\"0\""
  var lines = [
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>",
    "<testsuites name=\"certify\" \(totals) time=\"\(time)\">",
    "  <testsuite name=\"certify\" \(totals) time=\"\(time)\">",
  ]
  for entry in entries {
    lines.append(
      "    <testcase classname=\"certify\" name=\"\(xml(entry.path))\" file=\"\(xml(entry.path))\" "
        + "time=\"\(seconds(entry.seconds))\">")
    if let outcome = entry.outcome {
      let open = entry.openProblems
      let first = open[0]
      lines.append(
        "      <\(outcome) type=\"\(xml(first.rule))\" message=\"\(xml(first.message))\">"
          + xml(open.flatMap { $0.sentences() }.joined(separator: "\n")) + "</\(outcome)>")
    }
    let accepted = entry.problems.filter { $0.acceptance != nil }.flatMap { $0.sentences() }
    lines.append(
      "      <system-out>" + xml((entry.lines + accepted).joined(separator: "\n")) + "</system-out>"
    )
    lines.append("    </testcase>")
  }
  lines += ["  </testsuite>", "</testsuites>"]
  return lines.joined(separator: "\n") + "\n"
}

extension GateEntry {
  /// "failure", "error", or nil for a model that passes.
  fileprivate var outcome: String? {
    let kinds = openProblems.map(\.kind)
    if kinds.isEmpty { return nil }
    let erring: [GateProblem.Kind] = [.undecided, .rejected, .misconfigured, .internalError]
    return kinds.contains { !erring.contains($0) } ? "failure" : "error"
  }
}

/// Seconds with milliseconds, whatever the size: never in exponential notation.
private func seconds(_ time: Double) -> String {
  guard time >= 0, time < 1e12 else { return "0.000" }
  let milliseconds = Int((time * 1000).rounded())
  let rest = String(milliseconds % 1000)
  return "\(milliseconds / 1000)." + String(repeating: "0", count: 3 - rest.count) + rest
}
