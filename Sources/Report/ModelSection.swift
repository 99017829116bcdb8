internal import Certify
internal import CertifyKernel
internal import Foundation
internal import Gate
internal import Markup

/// All that a report says of one model.
struct ModelSection {
  let number: Int
  let subject: ReportSubject

  var anchor: String { "model-\(number)" }

  var html: String {
    let entry = subject.entry
    var parts = [
      "<section class=\"model\" id=\"\(anchor)\" aria-labelledby=\"\(anchor)-name\">",
      "<h2 id=\"\(anchor)-name\">\(xml(entry.path))</h2>",
      "<p>\(badge(entry.verdict)) \(recognised)</p>",
    ]
    if let judgement = subject.judgement {
      let cards = judgement.findings.map { card($0, judgement) }
      parts.append("<div class=\"cards\">\(cards.joined(separator: "\n"))</div>")
      parts += proofs(judgement)
      parts += survivals
      parts += pictures
    } else {
      parts += entry.problems.map { "<p>\(xml($0.message))</p>" }
    }
    parts.append(
      """
      <details><summary>As text</summary><div class="scroll" tabindex="0" role="region" \
      aria-label="The verdict as text"><pre>\(xml(entry.lines.joined(separator: "\n")))</pre></div></details>
      <p class="top small"><a href="#models">All models</a></p>
      </section>
      """)
    return parts.joined(separator: "\n")
  }

  private var recognised: String {
    guard let judgement = subject.judgement else { return "" }
    let notes = judgement.notes.map { "; note: \($0)" }.joined()
    return "<span class=\"faint\">\(xml(judgement.recognised + notes))</span>"
  }

  // MARK: Verdicts

  private func card(_ finding: Finding, _ judgement: ModelReport.Judgement) -> String {
    let verdict = GateEntry.Verdict(rawValue: finding.name) ?? .undecided
    var scope = finding.scope.words
    if finding.scope == .asRun {
      scope +=
        judgement.specification.step.map { ", \($0.scheme.rawValue), step \($0.size)" } ?? ", map"
    }
    var text = "<div class=\"card \(finding.name)\"><h3>\(xml(scope)) \(badge(verdict))</h3>"
    switch finding.result {
    case .certified(let certified):
      let guarantee = certified.guarantee
      text += "<p class=\"bound\">rate ≥ \(roundedDown(guarantee.rate))</p><dl>"
      func row(_ name: String, _ value: String) {
        text += "<dt>\(name)</dt><dd>\(value)</dd>"
      }
      if let factor = guarantee.factor { row("factor a step", "≤ \(factorText(factor))") }
      row("distances halve within", halving(guarantee))
      row("overshoot √κ(M)", "≤ \(roundedUp(guarantee.overshoot))")
      if let step = finding.maximumStep {
        row("certified up to step", stepText(step))
      }
      row(
        "rule", "<a href=\"#rule-\(guarantee.rule.rawValue)\">\(guarantee.rule.rawValue)</a>")
      text += "</dl>"
    case .refuted, .undecided:
      for problem in subject.entry.problems where problem.scope == finding.scope.rawValue {
        text += "<p>\(xml(problem.message))</p>"
        if !problem.advice.isEmpty {
          text += "<p>What to try:</p><ul>"
          text += problem.advice.map { "<li>\(xml($0))</li>" }.joined() + "</ul>"
        }
        text +=
          "<p class=\"small\"><a href=\"#problem-\(problem.rule)\">What "
          + "<code>\(problem.rule)</code> means</a></p>"
      }
    }
    return text + "</div>"
  }

  /// How long until a distance in M has halved; never too short. Logarithms are a few units in the last place off, and
  /// the quotient of two near 0 no more: a part in 10¹² more covers them.
  private func halving(_ guarantee: Guarantee) -> String {
    let margin = 1 + 1e-12
    let time = roundedUp(log(2) / guarantee.rate * margin, digits: 3)
    guard let factor = guarantee.factor else { return "\(time) units of time" }
    guard factor > 0 else { return "1 step" }
    let steps = (log(0.5) / log(factor) * margin).rounded(.up)
    guard steps < 1e15 else { return "\(time) units of time" }
    return "\(Int(steps)) step\(steps == 1 ? "" : "s")"
  }

  // MARK: Proofs

  private func proofs(_ judgement: ModelReport.Judgement) -> [String] {
    judgement.findings.flatMap { finding -> [String] in
      guard case .certified(let certified) = finding.result,
        !certified.guarantee.proof.children.isEmpty
      else { return [] }
      let tree = ProofTree(certified.guarantee.proof, finding.scope)
      var parts = ["<h3>Proof, \(finding.scope.words.lowercased())</h3>"]
      if tree.widest > 0 {
        parts.append(
          "<p class=\"small faint\">A bar is a module's own margin: green what couplings leave of it, orange "
            + "what they take.</p>")
      }
      return parts + [tree.html]
    }
  }

  // MARK: What can go

  private var survivals: [String] {
    guard let report = subject.portrait.survivals else { return [] }
    let groups = report.parts.flatMap { part in
      part.groups.map { (part.scope, $0) }
    }
    guard !groups.isEmpty else { return [] }
    let rows = groups.map { scope, group -> String in
      let kept = (group.kept + group.rounded).map(\.name)
      let lost = group.lost.map(\.subject.name)
      let looked = group.examined < group.total ? " (of \(group.total), evenly spaced)" : ""
      return """
        <tr><th scope="row">\(scope.words), \(group.kind.rawValue)s</th>\
        <td>\(kept.count) of \(group.examined)\(looked)</td><td>\(names(lost))</td></tr>
        """
    }
    return [
      "<h3>What can be removed</h3>",
      """
      <div class="scroll" tabindex="0" role="region" aria-label="What can be removed"><table>
      <caption>One at a time, with the same metric and rate; each was checked by the kernel</caption>
      <thead><tr><th scope="col">Part</th><th scope="col">can go</th>\
      <th scope="col">cannot go with this metric</th></tr></thead>
      <tbody>\(rows.joined())</tbody></table></div>
      """,
    ]
  }

  private func names(_ all: [String]) -> String {
    if all.isEmpty { return "none" }
    let more = all.count > 16 ? " and \(all.count - 16) more" : ""
    return xml(all.prefix(16).joined(separator: ", ") + more)
  }

  // MARK: Pictures

  private var pictures: [String] {
    let pictures = subject.pictures(.page)
    guard !pictures.isEmpty else { return [] }
    let figures = pictures.map { picture in
      """
      <figure id="\(anchor)-\(picture.name)"><h4>\(xml(picture.heading))</h4>
      \(picture.canvas.inline(title: "\(picture.heading). \(picture.caption)"))
      <figcaption>\(xml(picture.caption))</figcaption></figure>
      """
    }
    return [
      "<h3>Pictures</h3>", "<div class=\"pictures\">\(figures.joined(separator: "\n"))</div>",
    ]
  }
}
