import Checkpoints
import Foundation
import Testing

/// The exit statuses of the contract, one run each.
@Suite("CLI: exit status") struct ExitStatusTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let arguments: String
    let status: Int32
    var testDescription: String { "\(arguments) -> \(status)" }

    init(_ arguments: String, _ status: Int32) {
      self.arguments = arguments
      self.status = status
    }
  }

  static let checks = [
    Case("certified.safetensors", 0),
    Case("refuted.safetensors", 1),
    Case("undecided.safetensors", 5),
    Case("rejected.safetensors", 3),
    Case("missing.safetensors", 3),
    Case(".", 3),
    // Several models: the first that occurs among 2, 4, 3, 1, 5, 0.
    Case("certified.safetensors undecided.safetensors", 5),
    Case("undecided.safetensors refuted.safetensors certified.safetensors", 1),
    Case("refuted.safetensors rejected.safetensors undecided.safetensors", 3),
    Case("rejected.safetensors map.safetensors --continuous", 4),
    Case("refuted.safetensors undecided.safetensors rejected.safetensors --exit-zero", 0),
    Case("map.safetensors --continuous --exit-zero", 4),
    // The worse of the two scopes, unless one is picked.
    Case("stiff.safetensors", 1),
    Case("stiff.safetensors --continuous", 0),
    Case("stiff.safetensors --as-run", 1),
    Case("plain.safetensors", 0),
    Case("plain.safetensors --as-run", 4),
    Case("plain.safetensors --as-run --step 0.03", 0),
    Case("plain.safetensors --as-run --step 3/10 --scheme euler", 0),
    Case("map.safetensors", 0),
    Case("map.safetensors --as-run", 0),
    Case("map.safetensors --continuous", 4),
    Case("map.safetensors --step 0.1", 4),
    // A rate applies to every verdict judged.
    Case("certified.safetensors --rate 0.4", 0),
    Case("certified.safetensors --rate 1.5", 1),
    Case("certified.safetensors --rate 0.4999 --continuous", 0),
    Case("certified.safetensors --rate 1.5 --exit-zero", 0),
    // What the caller got wrong.
    Case("", 4),
    Case("certified.safetensors --no-such-option", 4),
    Case("certified.safetensors --rate 0", 4),
    Case("certified.safetensors --rate nan", 4),
    Case("certified.safetensors --rate fast", 4),
    Case("certified.safetensors --format html", 4),
    Case("certified.safetensors --step 0", 4),
    Case("certified.safetensors --step=-1", 4),
    Case("certified.safetensors --step inf", 4),
    Case("certified.safetensors --step 1/0", 4),
    Case("certified.safetensors --scheme heun", 4),
    Case("plain.safetensors --scheme euler", 4),
    Case("certified.safetensors --as-run --continuous", 4),
    Case("certified.safetensors --manifest missing.toml", 4),
    Case("certified.safetensors --manifest unknown-key.toml", 4),
    Case("certified.safetensors --manifest syntax.toml", 4),
    // An unknown key in a file's own description makes the file one that is not understood.
    Case("unknown-key.safetensors", 3),
  ]

  @Test("certify check", arguments: checks) func check(_ example: Case) throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    try folder.model(
      "stiff.safetensors", Sample.stiff, description: Sample.outside + "[step]\nsize = 0.3\n")
    try folder.model("plain.safetensors", Sample.certified, description: Sample.outside)
    try folder.model(
      "map.safetensors", Sample.certified,
      description: "[network]\nform = \"map\"\nrecurrent = \"W\"\nactivation = \"tanh\"\n")
    try folder.model(
      "unknown-key.safetensors", Sample.certified, description: Sample.outside + "gain = 2\n")
    try folder.write(Sample.outside + "gain = 2\n", to: "unknown-key.toml")
    try folder.write("[network\n", to: "syntax.toml")
    let run = try Certify.run(["check"] + words(example.arguments), in: folder.path)
    #expect(run.status == example.status, "\(run.testDescription)")
    // Nobody is left without a word.
    if example.status != 0 { #expect(!(run.output + run.errors).isEmpty) }
  }

  static let others = [
    Case("--help", 0), Case("--version", 0), Case("check --help", 0), Case("verify --help", 0),
    Case("no-such-command", 4), Case("inspect", 4), Case("verify one", 4), Case("show", 4),
    Case("show missing.cert.json", 3), Case("inspect missing.pt", 3),
    Case("verify missing.cert.json certified.safetensors", 3),
    Case("inspect certified.safetensors", 0), Case("inspect unknown.safetensors", 0),
    Case("inspect rejected.safetensors", 3),
    Case("inspect certified.safetensors --manifest-template --format json", 4),
    Case("show certified.safetensors", 3),
  ]

  @Test("other commands", arguments: others) func other(_ example: Case) throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    try folder.model("unknown.safetensors", Sample.certified, description: nil)
    let run = try Certify.run(words(example.arguments), in: folder.path)
    #expect(run.status == example.status, "\(run.testDescription)")
  }

  @Test("an unknown key is named, with the keys that are known") func unknownKey() throws {
    let folder = TemporaryFolder()
    try folder.model("m.safetensors", Sample.certified)
    try folder.write(Sample.outside + "gain = 2\n", to: "m.toml")
    let run = try Certify.run("check", "m.safetensors", "--manifest", "m.toml", in: folder.path)
    #expect(run.status == 4)
    #expect(run.output.contains("gain"))
    #expect(run.output.contains("activation"))
  }

  @Test("standard output that cannot be written is status 2") func fullDisk() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.shell(
      "\"$CERTIFY\" check certified.safetensors >/dev/full", in: folder.path)
    #expect(run.status == 2, "\(run.testDescription)")
  }

  /// A folder in the place of the file: the write fails after the search.
  @Test("a certificate that cannot be written takes no verdict away", arguments: ["text", "json"])
  func lostCertificate(format: String) throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    try folder.makeFolder("out/certified.safetensors.cert.json/occupied")
    try folder.makeFolder("sub")
    try folder.model("sub/certified.safetensors", Sample.certified)
    try folder.write("a file where a folder should be", to: "out/sub")
    let run = try Certify.run(
      [
        "check", "certified.safetensors", "refuted.safetensors", "sub/certified.safetensors",
        "--certificates", "out", "--format", format,
      ], in: folder.path)
    #expect(run.status == 2, "\(run.testDescription)")
    let errors = run.errors.split(separator: "\n")
    #expect(errors.count == 2, "\(run.testDescription)")
    #expect(errors.allSatisfy { $0.contains("certified.safetensors: no certificate") })
    if format == "text" {
      let verdicts = run.lines.filter { $0.contains(": s ") }.compactMap {
        words($0).dropFirst(2).first
      }
      #expect(verdicts == ["CERTIFIED", "REFUTED", "CERTIFIED"], "\(run.testDescription)")
    } else {
      let objects = try run.objects()
      #expect(
        objects.map { $0["verdict"]?.string } == ["certified", "refuted", "certified"],
        "\(run.testDescription)")
      #expect(objects.map { $0["certificate"] == .null } == [true, false, true])
    }
    #expect(folder.exists("out/refuted.safetensors.cert.json"))
    // Nothing but an error of ours may fail under --exit-zero, and this is one.
    let lenient = try Certify.run(
      "check", "certified.safetensors", "--certificates", "out", "--exit-zero", in: folder.path)
    #expect(lenient.status == 2)
  }
}

/// The words of a command line without quotes.
func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
