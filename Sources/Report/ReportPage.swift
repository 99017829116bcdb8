internal import Certify
internal import CertifyKernel
internal import Gate
internal import Markup

/// A report on models as one HTML file that needs nothing else: no network, no script.
public struct ReportPage: Sendable {
  let title: String
  let subjects: [ReportSubject]

  public init(title: String, subjects: [ReportSubject]) {
    self.title = title
    self.subjects = subjects
  }

  /// The page; the same subjects give the same text.
  public var html: String {
    let sections = subjects.enumerated().map { ModelSection(number: $0 + 1, subject: $1) }
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="generator" content="certify \(Tool.version)" />
      <title>\(xml(title))</title>
      <style>
      \(stylesheet)
      </style>
      </head>
      <body>
      <a class="skip" href="#models">Skip to the models</a>
      <header>
      <h1>\(xml(title))</h1>
      <p>A network contracts if any two of its solutions with the same input forget where they started: their \
      distance in some metric M shrinks at least like e<sup>−rate·t</sup>, or by a factor below 1 at each step. \
      Every verdict, with its rate and factor, was checked by the kernel of certify \(Tool.version), rounded against the network.</p>
      \(counts)
      </header>
      <main id="models">
      \(table(sections))
      \(sections.map(\.html).joined(separator: "\n"))
      </main>
      <footer>
      \(glossary)
      <p class="faint">Rates are lower bounds per unit of time, for distances. Undecided means that neither a proof \
      nor a counterexample was found. Written by certify \(Tool.version).</p>
      </footer>
      </body>
      </html>

      """
  }

  private var counts: String {
    let items = GateEntry.Verdict.allCases.compactMap { verdict -> String? in
      let count = subjects.count { $0.entry.verdict == verdict }
      guard count > 0 else { return nil }
      return "<li><strong>\(count)</strong>\(verdict.rawValue)</li>"
    }
    return "<ul class=\"counts\">\(items.joined())</ul>"
  }

  private func table(_ sections: [ModelSection]) -> String {
    let rows = sections.map { section -> String in
      let entry = section.subject.entry
      func bound(_ scope: Scope) -> String {
        guard let found = section.subject.judgement?.finding(scope) else { return "–" }
        guard case .certified(let certified) = found.result else { return found.name }
        return "rate ≥ \(roundedDown(certified.guarantee.rate))"
      }
      let rules = section.subject.entry.guarantees.map(\.rule)
      let rule = rules.last.map { "<a href=\"#rule-\($0)\">\($0)</a>" } ?? "–"
      return """
        <tr><td>\(badge(entry.verdict))</td>\
        <td class="path"><a href="#\(section.anchor)">\(xml(entry.path))</a></td>\
        <td class="number">\(bound(.continuous))</td><td class="number">\(bound(.asRun))</td>\
        <td>\(rule)</td></tr>
        """
    }
    return """
      <div class="scroll" tabindex="0" role="region" aria-label="All models">
      <table>
      <caption>\(subjects.count) model\(subjects.count == 1 ? "" : "s")</caption>
      <thead><tr><th scope="col">Verdict</th><th scope="col">Model</th>\
      <th scope="col">Continuous time</th><th scope="col">As run</th><th scope="col">Rule</th></tr></thead>
      <tbody>
      \(rows.joined(separator: "\n"))
      </tbody>
      </table>
      </div>
      """
  }

  /// The rules and refutations that occur.
  private var glossary: String {
    let used = Set(subjects.flatMap { $0.entry.guarantees.flatMap(\.allRules) })
    let rules = Rule.allCases.filter { used.contains($0.rawValue) }.map {
      "<dt id=\"rule-\($0.rawValue)\"><code>\($0.rawValue)</code></dt><dd>\(xml($0.explanation))</dd>"
    }
    let named = Set(subjects.flatMap { $0.entry.problems.map(\.rule) })
    let problems = RuleCatalogue.entries.filter { named.contains($0.id) }.map {
      "<dt id=\"problem-\($0.id)\"><code>\($0.id)</code></dt><dd>\(xml($0.help))</dd>"
    }
    var text = ""
    if !rules.isEmpty { text += "<h2>Rules</h2><dl>\(rules.joined(separator: "\n"))</dl>" }
    if !problems.isEmpty {
      text += "<h2>What stands against networks</h2><dl>\(problems.joined(separator: "\n"))</dl>"
    }
    return text
  }
}

/// A verdict as a word and a mark, so that colour is not needed.
func badge(_ verdict: GateEntry.Verdict) -> String {
  let mark =
    switch verdict {
    case .certified: "✓"
    case .refuted: "✗"
    case .undecided: "?"
    case .rejected: "!"
    }
  return
    "<span class=\"badge \(verdict.rawValue)\"><span aria-hidden=\"true\">\(mark) </span>"
    + "\(verdict.rawValue)</span>"
}

extension Finding {
  var name: String {
    switch result {
    case .certified: "certified"
    case .refuted: "refuted"
    case .undecided: "undecided"
    }
  }
}
