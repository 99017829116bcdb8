import Certify
import CertifyKernel
import Checkpoints
import Foundation
import FoundationXML
import Gate
import TestSupport
import Testing

@testable import Report

@Suite struct PageTests {
  /// A page read as XML, which it also is.
  private final class Reader: NSObject, XMLParserDelegate {
    var ids: [String] = []
    var links: [String] = []
    var elements: Set<String> = []
    var attributes: Set<String> = []
    var text = ""

    static func read(_ page: String, _ hint: String) throws -> Reader {
      let parser = XMLParser(data: Data(page.utf8))
      let reader = Reader()
      parser.delegate = reader
      #expect(
        parser.parse(), "\(hint): \(String(describing: parser.parserError)) at \(parser.lineNumber)"
      )
      return reader
    }

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      elements.insert(name)
      self.attributes.formUnion(attributes.keys)
      if let id = attributes["id"] { ids.append(id) }
      if let link = attributes["href"] { links.append(link) }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
  }

  static let folder: URL = {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "certify-report-\(UUID().uuidString)")
    try! FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder
  }()

  private static let outside =
    "[network]\nform = \"outside\"\nrecurrent = \"W\"\nactivation = \"relu\"\n"

  private static func model(
    _ name: String, _ weights: [Double], coupling: [Double]? = nil, _ description: String
  ) -> Portrait {
    let path = folder.appendingPathComponent(name).path
    let n = Int(Double(weights.count).squareRoot())
    try! writeSafetensors(
      [("W", weights), ("L", coupling ?? [])].filter { !$0.1.isEmpty }
        .map { try! Tensor(name: $0.0, shape: [n, n], doubles: $0.1) },
      metadata: ["certify.network": description], to: path)
    let job = PortraitJob(
      CheckJob(options: ModelOptions(), scopes: [.continuous, .asRun], certificateFolder: nil))
    return job.run(path)
  }

  /// Two modules of twelve units that differ, with a skew coupling between them.
  private static let (modules, coupling): ([Double], [Double]) = {
    var generator = SplitMix64(seed: 3)
    var (w, l) = ([Double](repeating: 0, count: 576), [Double](repeating: 0, count: 576))
    for i in 0..<24 {
      for j in 0..<24 where i / 12 == j / 12 {
        w[24 * i + j] = (generator.unit() - 0.5) * (i < 12 ? 0.5 : 0.35)
      }
      for j in 0..<24 where i < 12 && j >= 12 {
        l[24 * i + j] = generator.unit() - 0.5
        l[24 * j + i] = -l[24 * i + j] + 1e-3
      }
    }
    return (w, l)
  }()

  private static let euler = "[step]\nscheme = \"euler\"\nsize = 0.03\n"

  /// Certified, refuted, undecided, an assembly, and a file that is not there.
  static let portraits: [Portrait] = [
    model("certified.safetensors", [0, 0.5, -0.5, 0], outside + euler),
    model("refuted.safetensors", [2, 0, 0, 0], outside + euler),
    model("undecided.safetensors", [0, 2.5, -2.5, 0], outside + euler),
    model(
      "assembly.safetensors", modules, coupling: coupling,
      outside + "coupling = \"L\"\nmodules = [12, 12]\n"),
    PortraitJob(CheckJob(options: ModelOptions(), scopes: [.continuous], certificateFolder: nil))
      .run(folder.path + "/missing.pt"),
  ]

  private func entry(_ portrait: Portrait, _ path: String) -> GateEntry {
    var entry = GateEntry(path: path, verdict: .rejected, lines: ["\(path): s"])
    guard case .judged(let judgement) = portrait.report.outcome else { return entry }
    entry.verdict = .certified
    for finding in judgement.findings {
      let scope = finding.scope.rawValue
      switch finding.result {
      case .certified(let found):
        let rule = found.guarantee.rule.rawValue
        var rules: [String] = []
        func collect(_ node: ProofNode) {
          rules.append(node.rule.rawValue)
          node.children.forEach(collect)
        }
        collect(found.guarantee.proof)
        entry.guarantees.append(
          GateGuarantee(scope: scope, rule: rule, allRules: rules, rate: found.guarantee.rate))
      case .refuted(let witness, _):
        entry.verdict = .refuted
        entry.problems.append(
          GateProblem(
            rule: witness.refutation.rawValue, kind: .refuted, level: .error, scope: scope,
            message: "refuted"))
      case .undecided(let shortfall):
        entry.verdict = .undecided
        entry.problems.append(
          GateProblem(
            rule: "undecided", kind: .undecided, level: .error, scope: scope, message: "open",
            advice: shortfall.advice))
      }
    }
    return entry
  }

  private func expectSound(_ page: String, _ hint: String) throws -> Reader {
    let reader = try Reader.read(page, hint)
    #expect(Set(reader.ids).count == reader.ids.count, "\(hint): ids twice")
    for link in reader.links where link.hasPrefix("#") {
      #expect(reader.ids.contains(String(link.dropFirst())), "\(hint): \(link) leads nowhere")
    }
    // It needs nothing else and runs nothing.
    let outer = reader.links.filter {
      !$0.hasPrefix("#") && !$0.hasPrefix("data:image/png;base64,")
    }
    #expect(outer.isEmpty, "\(hint): \(outer)")
    #expect(reader.elements.isDisjoint(with: ["script", "link", "iframe", "object", "base"]))
    #expect(!reader.attributes.contains { $0.hasPrefix("on") || $0 == "src" })
    return reader
  }

  @Test func everyVerdictIsShown() throws {
    let names = ["certified", "refuted", "undecided", "assembly", "missing"]
    let subjects = zip(Self.portraits, names).map {
      ReportSubject(entry: entry($0, $1), portrait: $0)
    }
    let page = ReportPage(title: "All", subjects: subjects)
    #expect(page.html == page.html)
    let reader = try expectSound(page.html, "all")
    for words in names + [
      "rate ≥ 0.7499", "principal-minor", "What can be removed", "Two trajectories, flow",
      "Rate against step", "Eigenvalues of a step", "couplings take", "What to try",
    ] {
      let isThere = reader.text.contains(words)
      #expect(isThere, "\(words)")
    }
    // Every picture is said in words.
    let pictures = page.html.components(separatedBy: "<svg ").dropFirst()
    #expect(pictures.count >= 15)
    #expect(pictures.allSatisfy { $0.contains("role=\"img\" aria-label=\"") })
  }

  @Test func picturesAreFilesToo() throws {
    for (portrait, name) in zip(Self.portraits, ["a", "b", "c", "d", "e"]) {
      let files = ReportSubject(entry: entry(portrait, name), portrait: portrait).pictureFiles
      #expect(files.isEmpty == (name == "e"))
      #expect(Set(files.map(\.name)).count == files.count)
      for file in files {
        let reader = try Reader.read(file.svg, file.name)
        #expect(reader.elements.contains("svg") && !file.svg.contains("var(--"), "\(file.name)")
      }
    }
  }

  @Test(arguments: UInt64(0)..<60)
  func noTextBreaksThePage(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let subjects = (0..<generator.integer(in: 0...5)).map { _ -> ReportSubject in
      let portrait = Self.portraits[generator.integer(in: 0...(Self.portraits.count - 1))]
      var entry = entry(portrait, hostileText(&generator))
      entry.lines = [hostileText(&generator)]
      for k in entry.problems.indices {
        entry.problems[k].message = hostileText(&generator)
        entry.problems[k].advice = [hostileText(&generator)]
      }
      return ReportSubject(entry: entry, portrait: portrait)
    }
    let page = ReportPage(title: hostileText(&generator), subjects: subjects).html
    let reader = try expectSound(page, "seed \(seed)")
    #expect(reader.ids.count { $0.hasSuffix("-name") } == subjects.count, "seed \(seed)")
  }

  // MARK: Colours

  /// The custom properties of a block of the stylesheet.
  private func colours(_ marker: String) -> [String: String] {
    guard let start = stylesheet.range(of: marker),
      let end = stylesheet.range(of: "}", range: start.upperBound..<stylesheet.endIndex)
    else { return [:] }
    let block = stylesheet[start.upperBound..<end.lowerBound]
    return Dictionary(
      block.matches(of: #/--([a-z0-9-]+): (#[0-9a-f]{6})/#).map {
        (String($0.output.1), String($0.output.2))
      }, uniquingKeysWith: { $1 })
  }

  /// Contrast as WCAG 2.2 defines it.
  private func contrast(_ a: String, _ b: String) -> Double {
    func luminance(_ colour: String) -> Double {
      let parts = (0..<3).map { k -> Double in
        let start = colour.index(colour.startIndex, offsetBy: 1 + 2 * k)
        let byte = Double(UInt8(colour[start...].prefix(2), radix: 16) ?? 0) / 255
        return byte <= 0.04045 ? byte / 12.92 : pow((byte + 0.055) / 1.055, 2.4)
      }
      return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
    }
    let (x, y) = (luminance(a), luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  @Test(arguments: [
    ":root {", "prefers-color-scheme: dark) {\n  :root {", "@media print {\n  :root {",
  ])
  func textCanBeRead(block: String) throws {
    let found = colours(block)
    #expect(found.count > 14, "\(block)")
    for text in ["ink", "faint", "link", "series-1", "series-2", "series-3", "series-4"] {
      for ground in ["paper", "panel"] {
        let (a, b) = try (#require(found[text]), #require(found[ground]))
        #expect(contrast(a, b) >= 4.5, "\(text) on \(ground) in \(block)")
      }
    }
    for badge in ["certified", "refuted", "undecided", "rejected"] {
      let (a, b) = try (#require(found[badge]), #require(found["on-badge"]))
      #expect(contrast(a, b) >= 4.5, "\(badge) in \(block)")
    }
  }
}
