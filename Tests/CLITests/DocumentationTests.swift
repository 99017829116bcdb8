import Foundation
import TestSupport
import Testing

/// The commands that the articles show, run by Scripts/check-documentation; what they print is what the articles show.
@Suite("CLI: documentation") struct DocumentationTests {
  /// The articles that show what a command prints, relative to the package.
  static let pages: [String] = {
    let sources = SharedFolder.packageRoot.appendingPathComponent("Sources").path
    let found = FileManager.default.enumerator(atPath: sources)
    var pages: [String] = []
    while let path = found?.nextObject() as? String {
      guard path.hasSuffix(".md"), path.contains(".docc/") else { continue }
      let text = (try? String(contentsOfFile: sources + "/" + path, encoding: .utf8)) ?? ""
      if text.contains("```console\n") { pages.append("Sources/" + path) }
    }
    return pages.sorted()
  }()

  @Test("there are articles with commands") func pagesAreFound() {
    #expect(Self.pages.count >= 20, "\(Self.pages)")
  }

  @Test(
    "commands print what is shown",
    .enabled(if: DocumentationScript.hasPython, "python3 is not installed"),
    arguments: DocumentationTests.pages)
  func commands(page: String) throws {
    let path = SharedFolder.packageRoot.appendingPathComponent(page).path
    let run = try DocumentationScript.run("check-documentation", "'\(path)'")
    #expect(run.status == 0, "\(run.testDescription)")
  }

  @Test(
    "links, files, commands and options that are named exist, and every article is listed",
    .enabled(if: DocumentationScript.hasPython, "python3 is not installed"))
  func named() throws {
    let run = try DocumentationScript.run("check-documentation", "--links")
    #expect(run.status == 0, "\(run.testDescription)")
  }

  @Test(
    "the tutorial runs from start to end in an empty folder",
    .enabled(if: DocumentationScript.hasPython, "python3 is not installed"))
  func tutorial() throws {
    let run = try DocumentationScript.run("run-tutorial", "")
    #expect(run.status == 0, "\(run.testDescription)")
  }
}
