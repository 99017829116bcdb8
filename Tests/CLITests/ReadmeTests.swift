import Foundation
import TestSupport
import Testing

/// The commands that the README shows, run; what they print is what the README prints.
@Suite("CLI: README") struct ReadmeTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let command: String
    let output: [String]
    var testDescription: String { command }
  }

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
    let folder = TemporaryFolder()
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("Fixtures"),
      withDestinationPath: SharedFolder.packageRoot.appendingPathComponent("Fixtures").path)
    try folder.write(try #require(Self.blocks("toml").first), to: "ring.toml")
    for example in Self.examples {
      let run = try Certify.run(words(example.command), in: folder.path)
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

  @Test("the options and commands that are named exist") func named() throws {
    let help = try Certify.run("check", "--help").output
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

  private static func wordsOnly(_ line: String) -> String {
    line.replacing(#/[0-9]+ms/#, with: "ms").replacing(#/[0-9]+(\.[0-9]+)?/#, with: "number")
  }

  private static func bounds(_ lines: [String]) -> [Double] {
    // The overshoot is that of whichever metric won by a hair, so it is not compared.
    lines.flatMap { line in
      line.replacing(#/overshoot<=[0-9.]+/#, with: "").matches(of: #/[0-9]+\.[0-9]+/#)
        .compactMap { Double($0.output) }
    }
  }
}
