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

extension ModelReport {
  /// What to say on standard error after the verdict.
  var fault: String? {
    guard case .judged(let judgement) = outcome else { return nil }
    return judgement.certificateFault.map { "certify: \(printable(path)): \(printable($0))" }
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
}

/// The line that says a file cannot be read at all.
func rejectionLine(path: String, code: String, reason: String, _ format: OutputFormat) -> String {
  guard format == .json else {
    return "\(printable(path)): s REJECTED \(code)\n  \(printable(reason))"
  }
  return rejectionLine(path: path, code: code, reason: reason)
}
