internal import Certify
internal import Markup

/// A table of verdicts, and below it what stands against each model. Names cannot break out of their cells.
func markdownSummary(_ entries: [GateEntry], version: String) -> String {
  let failing = entries.count { !$0.openProblems.isEmpty }
  let models = entries.count == 1 ? "1 model" : "\(entries.count) models"
  var lines = [
    "## certify: \(failing == 0 ? "\(models), all pass" : "\(failing) of \(models) fail")", "",
    "| model | verdict | rate | as run | rule |", "| --- | --- | --- | --- | --- |",
  ]
  for entry in entries {
    let flow = entry.guarantees.first { $0.scope == "continuous" }
    let run = entry.guarantees.first { $0.scope == "as-run" }
    let shown = run ?? flow
    let mark = entry.openProblems.isEmpty ? "✅" : (entry.verdict == .certified ? "⚠️" : "❌")
    let asRun = run.map { guarantee in
      let factor = guarantee.factor.map { "factor ≤ \(factorText($0))" } ?? ""
      return guarantee.step.map { "\(factor), step \(code($0))" } ?? factor
    }
    lines.append(
      "| \(code(entry.path)) | \(mark) \(entry.verdict.rawValue) | "
        + "\(shown.map { "≥ \(roundedDown($0.rate))" } ?? "") | \(asRun ?? "") | "
        + "\(shown?.rule ?? "") |")
  }
  let troubled = entries.filter { !$0.problems.isEmpty }
  if !troubled.isEmpty { lines += ["", "### What stands against them", ""] }
  for entry in troubled {
    for problem in entry.problems {
      lines.append("- \(code(entry.path)) **\(problem.rule)** \(prose(problem.message))")
      lines += problem.advice.map { "  - try: \(prose($0))" }
      if let acceptance = problem.acceptance { lines.append("  - \(prose(acceptance.sentence))") }
    }
  }
  lines += ["", "<sub>certify \(prose(version)); equality never certifies.</sub>"]
  return lines.joined(separator: "\n") + "\n"
}

/// A text in a code span that no content can end, and that fits into the cell of a table.
private func code(_ text: String) -> String {
  let safe = escapedControls(text).replacing("|", with: "\\|")
  var longest = 0
  var current = 0
  for character in safe {
    current = character == "`" ? current + 1 : 0
    longest = max(longest, current)
  }
  let fence = String(repeating: "`", count: longest + 1)
  let pad = safe.hasPrefix("`") || safe.hasSuffix("`") || safe.isEmpty ? " " : ""
  return fence + pad + safe + pad + fence
}

/// A sentence without markup of its own: HTML and what Markdown reads as markup are escaped.
private func prose(_ text: String) -> String {
  var result = ""
  for character in escapedControls(text) {
    switch character {
    case "<": result += "&lt;"
    case ">": result += "&gt;"
    case "&": result += "&amp;"
    case "\\", "`", "*", "_", "[", "]", "|", "#", "~", "!": result += "\\\(character)"
    case "@": result += "&#64;"
    default: result.append(character)
    }
  }
  return result
}
