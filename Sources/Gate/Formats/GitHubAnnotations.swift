internal import Certify
internal import Markup

// Workflow commands of GitHub Actions: `::error file=…,title=…::message`.

/// One annotation for each problem; accepted ones are notices.
func githubAnnotations(_ entries: [GateEntry]) -> String {
  var lines: [String] = []
  for entry in entries {
    for problem in entry.problems {
      let command: String
      if problem.acceptance != nil {
        command = "notice"
      } else {
        switch problem.level {
        case .error: command = "error"
        case .warning: command = "warning"
        case .note: command = "notice"
        }
      }
      let title = "certify: \(problem.rule)"
      lines.append(
        "::\(command) file=\(property(entry.path)),title=\(property(title))::"
          + data(([entry.path + ": "] + [problem.sentences().joined(separator: "\n")]).joined()))
    }
  }
  return lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
}

/// The value of a property, with the escapes that the runner undoes.
private func property(_ text: String) -> String {
  escapedControls(text).replacing("%", with: "%25").replacing(":", with: "%3A")
    .replacing(",", with: "%2C")
}

/// The message; its own line breaks are kept as the runner's escape.
private func data(_ text: String) -> String {
  text.split(separator: "\n", omittingEmptySubsequences: false)
    .map { escapedControls(String($0)).replacing("%", with: "%25") }.joined(separator: "%0A")
}
