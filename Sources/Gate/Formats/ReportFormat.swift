internal import Certify
internal import Markup

/// The formats in which a whole run is reported to other programs.
public enum ReportFormat: String, Sendable, Hashable, CaseIterable {
  /// SARIF 2.1.0, for code scanning.
  case sarif
  /// JUnit XML, for test reports.
  case junit
  /// Workflow commands that GitHub shows beside the files.
  case github
  /// A summary in Markdown, as `$GITHUB_STEP_SUMMARY` takes it.
  case markdown

  /// The whole report, ending in a line break; the order of the entries is kept.
  public func text(_ entries: [GateEntry], version: String) -> String {
    switch self {
    case .sarif: sarifLog(entries, version: version)
    case .junit: junitReport(entries)
    case .github: githubAnnotations(entries)
    case .markdown: markdownSummary(entries, version: version)
    }
  }
}

extension GateProblem {
  /// The sentence, what to try, and why the problem does not count, in one line each.
  func sentences() -> [String] {
    var lines = [escapedControls(message)]
    lines += advice.map { "try: \(escapedControls($0))" }
    if let acceptance { lines.append(acceptance.sentence) }
    return lines
  }
}

extension GateProblem.Acceptance {
  /// Why the problem does not count.
  public var sentence: String {
    switch self {
    case .waived(let reason, let until, _):
      "waived until \(escapedControls(until)): \(escapedControls(reason))"
    case .known: "known: the baseline has it"
    case .allowed: "allowed: the policy does not ask for more"
    }
  }
}
