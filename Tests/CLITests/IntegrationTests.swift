import Foundation
import TestSupport
import Testing

/// What other people's pipelines run, on a small repository with one certified, one refuted and one undecided model.
@Suite struct IntegrationTests {
  private func repository() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    try folder.makeFolder("models")
    try folder.makeFolder("models/old ones")
    try folder.model("models/certified.safetensors", Sample.certified)
    try folder.model("models/refuted.safetensors", Sample.refuted)
    try folder.model("models/old ones/undecided.safetensors", Sample.undecided)
    return folder
  }

  private static let root = SharedFolder.packageRoot

  /// Runs the script of action.yml as the runner does.
  private func action(_ inputs: [String: String], in folder: TemporaryFolder) throws -> Run {
    try folder.write("before\n", to: "summary.md")
    try folder.write("", to: "output")
    var script =
      "export CERTIFY_EXECUTABLE=\"$CERTIFY\" GITHUB_STEP_SUMMARY=summary.md GITHUB_OUTPUT=output\n"
    for (name, value) in inputs { script += "export CERTIFY_\(name)='\(value)'\n" }
    let path = Self.root.appendingPathComponent("Integrations/github-action").path
    return try Certify.shell(script + "exec bash '\(path)'", in: folder.path)
  }

  private func text(_ name: String, _ folder: TemporaryFolder) throws -> String {
    try String(contentsOfFile: folder.file(name), encoding: .utf8)
  }

  @Test func theActionAnnotatesSummarisesAndFails() throws {
    let folder = try repository()
    let run = try action(["MODELS": "models/**/*.safetensors", "SARIF": "c.sarif"], in: folder)
    #expect(run.status == 1, "\(run.testDescription)")
    #expect(run.output.contains("::error file=models/refuted.safetensors,"), "\(run.output)")
    #expect(run.output.contains("file=models/old ones/undecided.safetensors"), "\(run.output)")
    let summary = try text("summary.md", folder)
    #expect(summary.hasPrefix("before\n## certify: 2 of 3 models fail"), "\(summary)")
    #expect(try text("output", folder) == "sarif=c.sarif\nstatus=1\n")
    #expect(try text("c.sarif", folder).contains("principal-minor"))
  }

  @Test func theActionPassesWhereEverythingIsCertified() throws {
    let folder = try repository()
    let run = try action(
      ["MODELS": "models/certified.safetensors\n", "ARGUMENTS": "--as-run --rate 0.1"], in: folder)
    #expect(run.status == 0 && run.output.isEmpty, "\(run.testDescription)")
    // A policy counts as in the command.
    try folder.write("[policy]\nminimum-rate = 9\n", to: "certify.toml")
    let strict = try action(
      ["MODELS": "models/certified.safetensors", "POLICY": "certify.toml"], in: folder)
    #expect(
      strict.status == 1 && strict.output.contains("rate-not-met"), "\(strict.testDescription)")
  }

  @Test func theActionRefusesWhatMatchesNothing() throws {
    let folder = try repository()
    for models in ["", "none/*.pt", "--help"] {
      let run = try action(["MODELS": models], in: folder)
      #expect(
        run.status == 4 && run.output.contains("::error title=certify::"), "\(run.testDescription)")
    }
  }

  /// The hook's command line, with the files that pre-commit would add.
  @Test func theHookStopsACommit() throws {
    let folder = try repository()
    let hooks = try String(
      contentsOf: Self.root.appendingPathComponent(".pre-commit-hooks.yaml"), encoding: .utf8)
    let entry = try #require(
      hooks.split(separator: "\n").first { $0.contains("entry: ") }?.split(separator: ":").last)
    #expect(entry == " certify check")
    let pattern = try #require(hooks.split(separator: "\n").first { $0.contains("files: ") })
    #expect(pattern.hasSuffix(#"\.(pt|pth|safetensors|npz)$"#))
    let command = "\"$CERTIFY\"" + entry.dropFirst(" certify".count)
    let failing = try Certify.shell(
      command + " models/certified.safetensors models/refuted.safetensors", in: folder.path)
    #expect(failing.status == 1, "\(failing.testDescription)")
    let passing = try Certify.shell(command + " models/certified.safetensors", in: folder.path)
    #expect(passing.status == 0, "\(passing.testDescription)")
  }

  /// The kernel and the checker in plain Python on the same certificates, and on false ones; `make checkers` has more.
  @Test(.enabled(if: hasPython, "python3 is not installed"))
  func twoCheckersAgree() throws {
    let script = Self.root.appendingPathComponent("Scripts/three-checkers").path
    let folder = TemporaryFolder()
    let run = try Certify.shell(
      """
      python3 '\(script)' --certify "$CERTIFY" --count 24 --mutants 60 --checkpoints none \\
        --failures failures --jobs 2
      """, in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
  }

  private static let hasPython =
    (try? Certify.shell("command -v python3 > /dev/null"))?.status == 0
}
