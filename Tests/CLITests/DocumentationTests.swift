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
    "a page that shows or names something else fails",
    .enabled(if: DocumentationScript.hasPython, "python3 is not installed"),
    arguments: [
      ("output.md", "```console\n$ certify --version\n9.9.9\n```\n"),
      ("command.md", "```console\n$ certify chekc model.pt\n```\n"),
      ("option.md", "```sh\ncertify check --nothing model.pt\n```\n"),
      ("link.md", "See <doc:Nowhere>.\n"),
    ])
  func wrongPages(name: String, text: String) throws {
    let folder = TemporaryFolder()
    try folder.makeFolder("Pages.docc")
    let path = try folder.write(text, to: "Pages.docc/\(name)")
    let run = try DocumentationScript.run("check-documentation", "'\(path)'")
    #expect(run.status == 1 && run.output.contains(name), "\(run.testDescription)")
  }

  @Test(
    "the tutorial runs from start to end in an empty folder",
    .enabled(if: DocumentationScript.hasPython, "python3 is not installed"))
  func tutorial() throws {
    let run = try DocumentationScript.run("run-tutorial", "")
    #expect(run.status == 0, "\(run.testDescription)")
  }
}
