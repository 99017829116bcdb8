import Certify
import CertifyKernel
import Checkpoints
import Foundation
import FoundationXML
import TestSupport
import Testing

@testable import Gate

@Suite struct FormatTests {
  static let run = [
    Samples.certified("models/a.safetensors"), Samples.refuted("models/b c.pt"),
    Samples.undecided("/abs/ü.npz"), Samples.rejected("x.pkl"),
  ]

  // MARK: SARIF

  private func sarifRun(_ entries: [GateEntry]) throws -> JSONValue {
    let document = try JSONValue(parsing: ReportFormat.sarif.text(entries, version: "0.1.0"))
    #expect(document["version"]?.string == "2.1.0")
    return try #require(document["runs"]?.array?.first)
  }

  @Test func sarifHasAResultForEachProblem() throws {
    let run = try sarifRun(Self.run)
    let results = try #require(run["results"]?.array)
    #expect(results.map { $0["ruleId"]?.string } == ["unstable-vertex", "undecided", "rejected"])
    let rules = try #require(run["tool"]?["driver"]?["rules"]?.array)
    // Every result points at its rule, and every rule can be read about.
    for result in results {
      let index = try #require(result["ruleIndex"]?.integer)
      #expect(rules[index]["id"] == result["ruleId"])
    }
    for rule in rules {
      #expect(rule["help"]?["text"]?.string?.isEmpty == false)
      #expect(rule["shortDescription"]?["text"]?.string?.isEmpty == false)
    }
    let places = results.map {
      $0["locations"]?.array?[0]["physicalLocation"]?["artifactLocation"]?["uri"]?.string
    }
    #expect(places == ["models/b%20c.pt", "file:///abs/%C3%BC.npz", "x.pkl"])
    #expect(run["properties"]?["models"]?["certified"]?.integer == 1)
    #expect(
      results[1]["message"]?["text"]?.string
        == "no metric found\nTry: scale W by 0.9\nTry: try --step 0.01")
  }

  @Test func fingerprintsFollowTheTensorsAndTheRule() throws {
    func fingerprint(_ entry: GateEntry) throws -> String? {
      let result = try #require(try sarifRun([entry])["results"]?.array?.first)
      return result["partialFingerprints"]?["tensorsAndRule/v1"]?.string
    }
    let first = try fingerprint(Samples.refuted("a.pt"))
    #expect(try fingerprint(Samples.refuted("moved/a.pt")) == first)
    var other = Samples.refuted("a.pt")
    other.tensors = String(repeating: "f", count: 64)
    #expect(try fingerprint(other) != first)
    var rule = Samples.refuted("a.pt")
    rule.problems[0].rule = "principal-minor"
    #expect(try fingerprint(rule) != first)
    // Without tensors the path must do.
    #expect(try fingerprint(Samples.rejected("a")) != fingerprint(Samples.rejected("b")))
  }

  @Test func acceptedProblemsAreSuppressedOrKnown() throws {
    var waived = Samples.refuted("a.pt")
    waived.problems[0].acceptance = .waived(reason: "ticket 12", until: "2027-03-31", line: 9)
    var known = Samples.refuted("b.pt")
    known.problems[0].acceptance = .known
    let results = try #require(sarifRun([waived, known])["results"]?.array)
    #expect(
      results[0]["suppressions"]?.array?[0]["justification"]?.string
        == "until 2027-03-31: ticket 12")
    #expect(results[1]["baselineState"]?.string == "unchanged" && results[1]["suppressions"] == nil)
  }

  @Test(arguments: [
    ("a", "a"), ("a b", "a%20b"), ("a:b", "a%3Ab"), ("//host/x", "file:///.//host/x"),
    ("/x", "file:///x"), ("", "."), ("ä", "%C3%A4"), ("a\nb", "a%0Ab"), ("%41", "%2541"),
    ("a?b#c", "a%3Fb%23c"),
  ])
  func paths(path: String, uri: String) {
    #expect(uriReference(path) == uri)
    #expect(URL(string: uriReference(path)) != nil)
  }

  // MARK: JUnit

  /// Test cases by name, with the element that says how it failed.
  private final class Reader: NSObject, XMLParserDelegate {
    var cases: [(name: String, outcome: String?)] = []
    var counts: [String: String] = [:]

    func parser(
      _: XMLParser, didStartElement name: String, namespaceURI _: String?, qualifiedName _: String?,
      attributes: [String: String]
    ) {
      switch name {
      case "testsuite": counts = attributes
      case "testcase": cases.append((attributes["name"] ?? "", nil))
      case "failure", "error", "skipped": cases[cases.count - 1].outcome = name
      default: break
      }
    }
  }

  private func read(_ entries: [GateEntry], _ hint: String = "") throws -> Reader {
    let reader = Reader()
    let parser = XMLParser(data: Data(ReportFormat.junit.text(entries, version: "0").utf8))
    parser.delegate = reader
    let isRead = parser.parse()
    #expect(isRead, "\(hint) \(parser.parserError.map { "\($0)" } ?? "")")
    return reader
  }

  @Test func refutedIsAFailureAndUndecidedAnError() throws {
    let reader = try read(Self.run)
    #expect(reader.cases.map(\.name) == Self.run.map(\.path))
    #expect(reader.cases.map(\.outcome) == [nil, "failure", "error", "error"])
    #expect(reader.counts["tests"] == "4" && reader.counts["failures"] == "1")
    #expect(reader.counts["errors"] == "2" && reader.counts["skipped"] == "0")
    // What is accepted passes.
    var waived = Samples.refuted("a")
    waived.problems[0].acceptance = .known
    #expect(try read([waived]).cases.map(\.outcome) == [nil])
  }

  // MARK: GitHub

  @Test func annotationsAreOneLineEach() {
    let text = ReportFormat.github.text(Self.run, version: "0")
    #expect(
      text.split(separator: "\n").map(String.init) == [
        "::error file=models/b c.pt,title=certify%3A unstable-vertex::models/b c.pt: slopes 1 at units 0, 3",
        "::error file=/abs/ü.npz,title=certify%3A undecided::/abs/ü.npz: no metric found%0Atry: scale W by 0.9%0Atry: try --step 0.01",
        "::error file=x.pkl,title=certify%3A rejected::x.pkl: pickle_unsafe: os.system",
      ])
    #expect(ReportFormat.github.text([Samples.certified("a")], version: "0") == "")
  }

  // MARK: Markdown

  @Test func summaryHasARowForEachModel() {
    let text = ReportFormat.markdown.text(Self.run, version: "0.1.0")
    #expect(text.hasPrefix("## certify: 3 of 4 models fail\n"))
    #expect(
      text.contains(
        "| `models/a.safetensors` | ✅ certified | ≥ 0.2500 | factor ≤ 0.9900, step `0.03` | step |")
    )
    #expect(text.contains("- `models/b c.pt` **unstable-vertex** slopes 1 at units 0, 3"))
  }

  /// A short decimal stands for the number that it parses to; a long one is cut so that the step stays certified.
  @Test(arguments: [
    (0.3, "0.3"), (1, "1"), (0.03, "0.03"), (2.5, "2.5"), (128, "128"), (0.634_929_9, "0.63"),
    (0.639_9, "0.63"),
    (0.1 + 0.2, "0.30"), (1.999_999, "1.9"), (1e-7, "9.9e-8"), (123_456, "120000"),
  ])
  func stepsAreAsGivenOrBelow(_ step: Double, _ text: String) throws {
    #expect(stepText(step) == text)
    let shown = try #require(Double(stepText(step)))
    #expect(shown <= step)
  }

  /// A factor near 1 is never shown as 1, and never below what was proved.
  @Test(arguments: [
    (0.5, "0.5000"), (0.982421875, "0.9825"), (1 - 0x1p-14, "0.99994"),
    (1 - 0x1p-30, "0.9999999991"),
    (1.0, "1.000"), (0, "0"),
  ])
  func factors(factor: Double, text: String) throws {
    #expect(factorText(factor) == text)
    let shown = try #require(Double(factorText(factor)))
    #expect(shown >= factor && (factor == 1 || shown < 1))
  }

  @Test func theLargestFactorBelowOne() {
    let shown = factorText(1.0.nextDown)
    #expect(Double(shown) == 1.0.nextDown, "\(shown)")
  }

  // MARK: Names that would break out

  @Test(arguments: UInt64(0)..<200)
  func noTextBreaksAFormat(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let entries = Samples.hostileRun(&generator)
    let problems = entries.flatMap(\.problems)
    let hint = "seed \(seed)"
    // SARIF stays JSON, with the messages in it, and URIs stay URIs.
    let results = try #require(sarifRun(entries)["results"]?.array)
    #expect(results.count == problems.count, "\(hint)")
    for result in results {
      let place = result["locations"]?.array?[0]["physicalLocation"]?["artifactLocation"]?["uri"]
      let uri = try #require(place?.string)
      #expect(uri.utf8.allSatisfy { $0 > 32 && $0 < 127 } && !uri.contains("\\"), "\(hint) \(uri)")
    }
    // JUnit stays XML with one case a model.
    let reader = try read(entries, hint)
    #expect(reader.cases.count == entries.count, "\(hint)")
    // One annotation a problem, none made by a name.
    let annotations = ReportFormat.github.text(entries, version: "0")
    #expect(!annotations.contains("\r"), "\(hint)")
    let lines = annotations.split(separator: "\n")
    #expect(lines.count == problems.count, "\(hint)")
    #expect(
      lines.allSatisfy { line in
        ["::error file=", "::warning file=", "::notice file="].contains { line.hasPrefix($0) }
      }, "\(hint)")
    // Markdown: one row a model, five cells each, no HTML and no control characters.
    let summary = ReportFormat.markdown.text(entries, version: "0")
    let rows = summary.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix { $0 != "### What stands against them" }.dropFirst(4)
      .filter { $0.hasPrefix("| ") }
    #expect(rows.count == entries.count, "\(hint)")
    for row in rows {
      let bars = zip(row, " " + row).count { $0 == "|" && $1 != "\\" }
      #expect(bars == 6, "\(hint) \(row)")
    }
    let tail = summary.replacing("<sub>", with: "").replacing("</sub>", with: "")
    let outside = withoutCodeSpans(tail)
    #expect(!outside.contains("<"), "\(hint) \(outside)")
    #expect(
      summary.unicodeScalars.allSatisfy {
        $0 == "\n" || $0.properties.generalCategory != .control
      }, "\(hint)")
  }

  /// The text without its code spans, in which nothing is markup.
  private func withoutCodeSpans(_ text: String) -> String {
    var result = ""
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      var rest = Substring(line)
      while let tick = rest.firstIndex(of: "`") {
        // A tick after a backslash is no fence outside spans.
        if tick > rest.startIndex, rest[rest.index(before: tick)] == "\\" {
          result += rest[...tick]
          rest = rest[rest.index(after: tick)...]
          continue
        }
        result += rest[..<tick]
        let fence = rest[tick...].prefix { $0 == "`" }
        var end: Range<Substring.Index>?
        var search = rest[fence.endIndex...]
        while let next = search.firstIndex(of: "`") {
          let run = search[next...].prefix { $0 == "`" }
          if run.count == fence.count { end = run.startIndex..<run.endIndex; break }
          search = search[run.endIndex...]
        }
        guard let end else { return result + rest }
        rest = rest[end.upperBound...]
      }
      result += rest + "\n"
    }
    return result
  }

  /// Everything that the kernel and the audit can name has an entry, and its page is there.
  @Test func everyIdIsInTheCatalogueOnce() {
    let ids = RuleCatalogue.entries.map(\.id)
    #expect(Set(ids).count == ids.count)
    let named =
      Refutation.allCases.map(\.rawValue) + Impossibility.Kind.allCases.map(\.rawValue)
      + DiagnosisKind.allCases.map(\.rawValue)
    #expect(Set(named).isSubset(of: ids), "\(Set(named).subtracting(ids))")
    for page in RuleCatalogue.entries.compactMap(\.page) {
      let file = SharedFolder.packageRoot.appendingPathComponent(page).path
      #expect(FileManager.default.fileExists(atPath: file), "\(page)")
    }
  }
}
