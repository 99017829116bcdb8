import Foundation
import FoundationXML
import TestSupport
import Testing

@Suite("CLI: report") struct ReportCommandTests {
  private func isXML(_ text: String) -> Bool { XMLParser(data: Data(text.utf8)).parse() }

  @Test func onePageForAllVerdicts() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let names = ["certified", "refuted", "undecided", "rejected"].map { "\($0).safetensors" }
    let run = try Certify.run(["report"] + names.dropLast() + ["-o", "a.html"], in: folder.path)
    // Verdicts are what a report is about; they do not fail it.
    #expect(run.status == 0, "\(run.testDescription)")
    #expect(run.lines == ["a.html: 1 certified, 1 refuted, 1 undecided"])
    let page = try folder.text("a.html")
    let isPage = isXML(page)
    #expect(isPage)
    for name in names.dropLast() {
      #expect(page.components(separatedBy: name).count > 2, "\(name)")
    }
    // What cannot be judged does, and is on the page.
    let all = try Certify.run(["report"] + names + ["-o", "b.html"], in: folder.path)
    #expect(all.status == 3 && all.output.contains("1 rejected"), "\(all.testDescription)")
    #expect(try folder.text("b.html").contains("rejected.safetensors"))
  }

  @Test func namesBecomeText() throws {
    let folder = TemporaryFolder()
    let name = "<b>&\"'\n.safetensors"
    try folder.model(name, Sample.certified)
    let run = try Certify.run(
      "report", name, "-o", "a.html", "--title", "</title><script>", in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    let page = try folder.text("a.html")
    let isPage = isXML(page)
    #expect(isPage && !page.contains("<script") && !page.contains("<b>"))
  }

  @Test func picturesAsFiles() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.run(
      "report", "refuted.safetensors", "-o", "a.html", "--pictures", "pictures/of", in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    let files = try FileManager.default.contentsOfDirectory(atPath: folder.file("pictures/of"))
    #expect(files.contains("weights.svg") && files.contains("trajectories.svg"), "\(files)")
    for file in files {
      let text = try folder.text("pictures/of/\(file)")
      let isPicture = isXML(text)
      #expect(isPicture && text.hasPrefix("<svg xmlns="), "\(file)")
    }
  }

  @Test func trainingCurves() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let line = #"{"schema":"certify.metrics/v1","step":STEP,"loss":2.5,"factor":0.999}"#
    let text = line.replacing("STEP", with: "1") + "\n" + line.replacing("STEP", with: "2") + "\n"
    try folder.write(text, to: "certified.safetensors.metrics.jsonl")
    let beside = try Certify.run(
      "report", "certified.safetensors", "-o", "a.html", in: folder.path)
    let first = try folder.text("a.html")
    #expect(beside.status == 0 && first.contains("Training loss"))
    try folder.write(text, to: "other.jsonl")
    let named = try Certify.run(
      "report", "refuted.safetensors", "-o", "b.html", "--metrics", "other.jsonl", in: folder.path)
    let second = try folder.text("b.html")
    #expect(named.status == 0 && second.contains("Training loss"))
  }

  /// Refused before anything is judged; no page is left behind, and an old one stays.
  @Test(arguments: [
    ["-o", "missing/a.html"], ["-o", "a.html", "--metrics", "missing"],
    ["-o", "a.html", "--metrics", "rejected.safetensors"], ["-o", "folder"],
    ["-o", "a.html", "--step", "0"], ["-o", "a.html", "--pictures", "certified.safetensors"],
    ["-o", "a.html", "refuted.safetensors", "--metrics", "rejected.safetensors"],
    ["-o", "a.html", "refuted.safetensors", "--pictures", "p"],
  ])
  func whatCannotBeWritten(arguments: [String]) throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    try folder.makeFolder("folder")
    try folder.write("old", to: "a.html")
    let run = try Certify.run(["report", "certified.safetensors"] + arguments, in: folder.path)
    #expect(run.status == 4 && !run.errors.isEmpty && run.output.isEmpty, "\(run.testDescription)")
    #expect(try folder.text("a.html") == "old")
    #expect(!folder.exists("missing") && !folder.exists("p"))
  }

  @Test func aProofAsAPicture() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    _ = try Certify.run(
      "check", "--certificates", "out", "certified.safetensors", "refuted.safetensors",
      in: folder.path)
    for (name, words) in [("certified", "factor"), ("refuted", "does not contract")] {
      let run = try Certify.run(
        "show", "--format", "svg", "out/\(name).safetensors.cert.json", in: folder.path)
      let isPicture = isXML(run.output)
      #expect(run.status == 0 && isPicture && run.output.contains(words), "\(run.testDescription)")
    }
  }

  private static let hasChromium =
    (try? Certify.shell("command -v chromium && command -v python3"))?.status == 0

  /// Contrast, links, widths and loading, in light and dark; `make screenshots` has more models.
  @Test(
    .enabled(if: hasChromium, "chromium or python3 is not installed; make screenshots has both"))
  func inChromium() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let script = SharedFolder.packageRoot.appendingPathComponent("Scripts/check-report").path
    let run = try Certify.shell(
      """
      "$CERTIFY" report *.safetensors -o a.html
      python3 '\(script)' a.html --seconds 60
      """, in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
  }
}
