import Foundation
import TestSupport
import Testing

/// The commands that the README shows, run; what they print is what the README prints.
@Suite("CLI: README") struct ReadmeTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let command: String
    let output: [String]
    var testDescription: String { command }
    var needsSharedFolder: Bool { command.contains("../shared/") }
  }

  /// Commands that are shown and not run here, and why.
  static let excluded = [
    (
      command: "audit recipe Fixtures/recipes/*.toml",
      reason: "fifty networks of up to 1,024 units take a quarter of an hour"
    )
  ]

  private static let readme: String =
    (try? String(
      contentsOf: SharedFolder.packageRoot.appendingPathComponent("README.md"), encoding: .utf8))
    ?? ""

  /// The contents of the fenced blocks of a language.
  private static func blocks(_ language: String) -> [String] {
    readme.components(separatedBy: "```\(language)\n").dropFirst().compactMap {
      $0.components(separatedBy: "```").first
    }
  }

  static let examples: [Example] = blocks("console").flatMap { block -> [Example] in
    block.components(separatedBy: "$ certify ").dropFirst().map { text in
      let lines = text.split(separator: "\n").map(String.init)
      return Example(command: lines[0], output: Array(lines.dropFirst()))
    }
  }

  @Test("commands print what is shown") func commands() throws {
    #expect(Self.examples.count >= 3)
    // Beside it lies the shared folder, as beside the package.
    let folder = TemporaryFolder()
    try folder.makeFolder("package")
    for (link, target) in [
      ("package/Fixtures", SharedFolder.packageRoot.appendingPathComponent("Fixtures")),
      ("shared", SharedFolder.url),
    ] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.file(link), withDestinationPath: target.path)
    }
    try folder.write(try #require(Self.blocks("toml").first), to: "package/ring.toml")
    for example in Self.examples {
      if Self.excluded.contains(where: { $0.command == example.command }) { continue }
      if example.needsSharedFolder, !SharedFolder.isPresent { continue }
      let run = try Certify.run(words(example.command), in: folder.file("package"))
      #expect(run.errors.isEmpty, "\(run.testDescription)")
      #expect(
        run.lines.map(Self.wordsOnly) == example.output.map(Self.wordsOnly),
        "\(example.command)\n\(run.testDescription)")
      let (shown, printed) = (Self.bounds(example.output), Self.bounds(run.lines))
      #expect(shown.count == printed.count)
      // Search may end a little elsewhere with other kernels of OpenBLAS; bounds stay bounds.
      for (a, b) in zip(shown, printed) { #expect(abs(a - b) <= 0.05 * abs(a), "\(a) shown, \(b)") }
    }
  }

  /// The table is shown as the command prints it: its header, and a line for each recipe that is there.
  @Test("the table of recipes has the shape that the command prints") func recipes() throws {
    let example = try #require(
      Self.examples.first { $0.command == Self.excluded[0].command }, "\(Self.excluded[0].reason)")
    let folder = TemporaryFolder()
    try folder.write(AuditRecipeTests.recipe, to: "small.toml")
    let header = try #require(
      try Certify.run("audit", "recipe", "small.toml", "--networks", "1", in: folder.path)
        .lines.first)
    #expect(words(example.output.first ?? "") == words(header))
    let recipes = try FileManager.default.contentsOfDirectory(
      atPath: SharedFolder.packageRoot.appendingPathComponent("Fixtures/recipes").path
    ).filter { $0.hasSuffix(".toml") }.map { String($0.dropLast(5)) }.sorted()
    let rows = example.output.dropFirst().filter { !$0.hasPrefix(" ") }
    #expect(rows.compactMap { words($0).first } == recipes)
  }

  @Test("the options and commands that are named exist") func named() throws {
    let help = try ["check", "train", "report", "show"].map { try Certify.run($0, "--help").output }
      .joined()
    for option in Self.readme.matches(of: #/`(--[a-z-]+)/#).map({ String($0.output.1) })
    where option != "--disable-default-traits" && option != "--manifest-template" {
      #expect(help.contains(option), "\(option)")
    }
    let commands = try Certify.run("--help").output
    for command in Self.readme.matches(of: #/`certify ([a-z]+)/#).map({ String($0.output.1) }) {
      #expect(commands.contains("\n  \(command) "), "\(command)")
    }
    let makefile = try String(
      contentsOf: SharedFolder.packageRoot.appendingPathComponent("Makefile"), encoding: .utf8)
    for target in Self.readme.matches(of: #/make ([a-z]+)/#).map({ String($0.output.1) }) {
      #expect(makefile.contains("\n\(target):"), "make \(target)")
    }
  }

  /// What is left of a cancellation is rounding, and no bound.
  private static func withoutRounding(_ line: String) -> String {
    line.replacing(#/[0-9]+(\.[0-9]+)?e-(1[0-9]|[2-9][0-9])/#, with: "tiny")
  }

  private static func wordsOnly(_ line: String) -> String {
    withoutRounding(line).replacing(#/[0-9]+ms/#, with: "ms")
      .replacing(#/[0-9]+(\.[0-9]+)?/#, with: "number")
  }

  private static func bounds(_ lines: [String]) -> [Double] {
    // The overshoot is that of whichever metric won by a hair, so it is not compared.
    lines.flatMap { line in
      withoutRounding(line).replacing(#/overshoot<=[0-9.]+/#, with: "")
        .matches(of: #/[0-9]+\.[0-9]+/#).compactMap { Double($0.output) }
    }
  }
}
