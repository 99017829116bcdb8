import Checkpoints
import Foundation
import Testing

/// Where output goes, in which order, and that nothing in a name can break it.
@Suite("CLI: output") struct OutputTests {
  @Test("the order of output is that of the arguments") func order() throws {
    let folder = TemporaryFolder()
    var models: [String] = []
    for k in 0..<24 {
      // Large ones first, so that later ones are done earlier.
      let n = k < 4 ? 24 : 2
      var weights = [Double](repeating: 0, count: n * n)
      for i in 0..<n { weights[i * n + (i + 1) % n] = 0.5 }
      models.append("m\(k).safetensors")
      try folder.model(models[k], weights)
    }
    models.append(models[0])
    let json = try Certify.run(["check"] + models + ["--format", "json"], in: folder.path)
    #expect(try json.objects().map { $0["model"]?.string } == models)
    let text = try Certify.run(["check"] + models, in: folder.path)
    let heads = text.lines.filter { !$0.hasPrefix(" ") }
    #expect(heads.map { $0.prefix { $0 != ":" } } == models.map { $0[...] })
  }

  @Test("--out writes the whole report and nothing else") func out() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    try folder.write("old", to: "report.jsonl")
    let run = try Certify.run(
      "check", "certified.safetensors", "refuted.safetensors", "--format", "json", "--out",
      "report.jsonl", in: folder.path)
    #expect(run.status == 1)
    #expect(run.output.isEmpty && run.errors.isEmpty)
    let lines = try folder.text("report.jsonl").split(separator: "\n")
    #expect(lines.count == 2)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    #expect(!left.contains { $0.hasSuffix(".tmp") })
  }

  @Test(
    "--out that cannot be written is status 4, before any work",
    arguments: [
      "no-folder/report.jsonl", ".", "certified.safetensors/report.jsonl",
    ]) func unwritable(path: String) throws
  {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let before = try folder.bytes("certified.safetensors")
    let run = try Certify.run(
      "check", "certified.safetensors", "--out", path, "--certificates", "certs", in: folder.path)
    #expect(run.status == 4)
    #expect(run.errors.contains("--out \(path)"))
    #expect(!folder.exists("certs"))
    #expect(try folder.bytes("certified.safetensors") == before)
  }

  @Test("certificates mirror the paths of models") func mirror() throws {
    let folder = TemporaryFolder()
    try folder.makeFolder("work/None/anti")
    try folder.makeFolder("other")
    try folder.model("work/None/anti/model.safetensors", Sample.certified)
    try folder.model("other/model.safetensors", Sample.refuted)
    let absolute = folder.file("other/model.safetensors")
    let run = try Certify.run(
      "check", "None/anti/model.safetensors", "../other/model.safetensors", absolute,
      "./None/../None/anti/model.safetensors", "--certificates", "certs", "--format", "json",
      in: folder.file("work"))
    // The last names the first one again: two names for one certificate are refused.
    #expect(run.status == 4, "\(run.testDescription)")
    let good = try Certify.run(
      "check", "None/anti/model.safetensors", "../other/model.safetensors", absolute,
      "--certificates", "certs", "--format", "json", in: folder.file("work"))
    #expect(good.status == 1, "\(good.testDescription)")
    let written = try good.objects().compactMap { $0["certificate"]?.string }
    #expect(
      written == [
        "certs/None/anti/model.safetensors.cert.json", "certs/other/model.safetensors.cert.json",
        "certs\(absolute).cert.json",
      ])
    for path in written { #expect(folder.exists("work/\(path)"), "\(path)") }
  }

  @Test("a folder for certificates that cannot be made is status 4, before any work")
  func certificateFolder() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.run(
      "check", "certified.safetensors", "--certificates", "refuted.safetensors/certs",
      in: folder.path)
    #expect(run.status == 4)
    #expect(run.errors.contains("--certificates refuted.safetensors/certs"))
    #expect(run.output.isEmpty)
  }

  @Test("undecided and rejected models leave no certificate") func noCertificate() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    _ = try Certify.run(
      "check", "undecided.safetensors", "rejected.safetensors", "--certificates", "certs",
      in: folder.path)
    #expect(!folder.exists("certs/undecided.safetensors.cert.json"))
    #expect(!folder.exists("certs/rejected.safetensors.cert.json"))
  }

  /// Names that would break a line, dress it or close a quotation, if they were written as they are.
  static let names = [
    "new\nline", "carriage\rreturn", "tab\tbed", "escape\u{1B}[31mred", "bell\u{7}", "del\u{7F}",
    "next\u{85}line", "csi\u{9B}31m", "line\u{2028}separator", "right\u{202E}to-left",
    "quote\"'`", "back\\slash", "<b>&amp;<b>", "$(touch x); *", "emoji 🧠", "--looks-like-option",
  ]

  @Test("no name of a file or tensor breaks a line", arguments: names)
  func hostileName(name: String) throws {
    let folder = TemporaryFolder()
    let file = "m \(name).safetensors"
    try folder.safetensors(
      file, [try Tensor(name: name, shape: [1, 2], doubles: [0, 0])],
      description:
        "[network]\nform = \"outside\"\nrecurrent = \(toml(name))\nactivation = \"relu\"\n")
    for arguments in [["check", file], ["inspect", file], ["verify", file, file]] {
      let text = try Certify.run(
        arguments + ["--certificates", "c"].prefix(arguments[0] == "check" ? 2 : 0), in: folder.path
      )
      #expect(text.status == (arguments[0] == "inspect" ? 0 : 3), "\(text.testDescription)")
      let scalars = (text.output + text.errors).unicodeScalars
      let bad = scalars.first {
        $0 != "\n"
          && [.control, .format, .lineSeparator, .paragraphSeparator]
            .contains($0.properties.generalCategory)
      }
      #expect(bad == nil, "\(text.testDescription)")
      #expect(text.lines.dropFirst().allSatisfy { $0.hasPrefix("  ") || $0.hasPrefix("not recog") })
      let json = try Certify.run(arguments + ["--format", "json"], in: folder.path)
      let object = try #require(try json.objects().first)
      #expect(json.output.split(separator: "\n", omittingEmptySubsequences: false).count == 2)
      #expect(object["model"]?.string == file)
    }
  }

  @Test("a path that is not UTF-8 is reported, not crashed on") func notUTF8() throws {
    let folder = TemporaryFolder()
    let script = "\"$CERTIFY\" check \"$(printf 'm\\377\\376.pt')\" --format json"
    let run = try Certify.shell(script, in: folder.path)
    #expect(run.status == 3, "\(run.testDescription)")
    #expect(try run.objects()[0]["verdict"] == .string("rejected"))
  }

  @Test("colour only on a terminal, and never with NO_COLOR") func colour() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let plain = try Certify.run(
      "check", "certified.safetensors", in: folder.path, environment: ["TERM": "xterm-256color"])
    #expect(!plain.output.contains("\u{1B}"))
    // script(1) makes a terminal, where it is installed.
    guard FileManager.default.isExecutableFile(atPath: "/usr/bin/script") else { return }
    func terminal(_ prefix: String) throws -> String {
      try Certify.shell(
        "script -qec '\(prefix) \"$CERTIFY\" check certified.safetensors' /dev/null",
        in: folder.path
      ).output
    }
    #expect(try terminal("").contains("\u{1B}[1;32mCERTIFIED\u{1B}[0m"))
    #expect(try !terminal("NO_COLOR=1").contains("\u{1B}"))
  }
}

/// A TOML basic string.
func toml(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    if scalar == "\"" || scalar == "\\" {
      result += "\\\(scalar)"
    } else if scalar.value < 0x20 || scalar.value == 0x7F {
      result +=
        "\\u"
        + String(String(scalar.value, radix: 16).reversed()).padding(
          toLength: 4, withPad: "0", startingAt: 0
        ).reversed()
    } else {
      result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
