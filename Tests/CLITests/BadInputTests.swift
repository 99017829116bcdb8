import Checkpoints
import Foundation
import TestSupport
import Testing

/// Every file of the shared `file-fixtures`, through the command line.
@Suite(
  "CLI: files that must be refused", .enabled(if: SharedFolder.isPresent, "needs the shared folder")
)
struct BadInputTests {
  struct Fixture: Sendable, CustomTestStringConvertible {
    let file: String
    let expect: String
    let codes: [String]
    let tensors: [String]
    var testDescription: String { "\(file): \(expect)" }
    var path: String { SharedFolder.file("file-fixtures/\(file)").path }
  }

  static let fixtures: [Fixture] = {
    guard let data = try? Data(contentsOf: SharedFolder.file("file-fixtures/manifest.json")),
      let entries = try? JSONValue(parsing: Array(data))["fixtures"]?.array
    else { return [] }
    return entries.map { entry in
      Fixture(
        file: entry["file"]?.string ?? "", expect: entry["expect"]?.string ?? "",
        codes: (entry["code"]?.string ?? "").split(separator: "|").map(String.init),
        tensors: entry["tensors"]?.object?.members.map(\.name) ?? [])
    }
  }()

  @Test("the fixtures are there") func count() { #expect(Self.fixtures.count >= 86) }

  /// Address space is bounded, so that memory is, whatever the file claims.
  private static let memory = 512

  @Test("check and inspect", arguments: fixtures) func fixture(_ fixture: Fixture) throws {
    let folder = TemporaryFolder()
    let inspect = try Certify.run(
      ["inspect", fixture.path, "--format", "json"], in: folder.path, addressSpace: Self.memory)
    let check = try Certify.run(
      ["check", fixture.path, "--format", "json"], in: folder.path, addressSpace: Self.memory)
    let text = try Certify.run(["check", fixture.path], in: folder.path, addressSpace: Self.memory)
    let seen = try #require(try inspect.objects().first, "\(inspect.testDescription)")
    let judged = try #require(try check.objects().first, "\(check.testDescription)")
    switch fixture.expect {
    case "ok":
      #expect(inspect.status == 0, "\(inspect.testDescription)")
      let names = Set(seen["tensors"]?.array?.compactMap { $0["name"]?.string } ?? [])
      #expect(names.isSuperset(of: fixture.tensors))
    case "refuse" where inspect.status == 0:
      // The fault is in the bytes of a tensor, which inspect does not read.
      try refusesAVerdict(fixture, folder)
    case "refuse":
      #expect(inspect.status == 3 && check.status == 3, "\(check.testDescription)")
      #expect(seen["verdict"] == .string("rejected"))
      #expect(fixture.codes.contains(judged["code"]?.string ?? ""), "\(check.testDescription)")
      #expect(fixture.codes.contains(seen["code"]?.string ?? ""), "\(inspect.testDescription)")
      #expect(text.status == 3 && text.errors.isEmpty)
      // The verdict, and one line of reason.
      #expect(text.lines.count == 2, "\(text.testDescription)")
    case "read_then_refuse":
      #expect(inspect.status == 0, "\(inspect.testDescription)")
      try refusesAVerdict(fixture, folder)
    default: Issue.record("an expectation nobody knows: \(fixture.expect)")
    }
    for run in [inspect, check, text] { #expect(!run.output.contains("Fatal")) }
    #expect(!folder.exists("PWNED_BY_FIXTURE"))
    #expect(!FileManager.default.fileExists(atPath: "PWNED_BY_FIXTURE"))
  }

  /// A description that makes the file a network, so that only its numbers are at fault.
  private func refusesAVerdict(_ fixture: Fixture, _ folder: TemporaryFolder) throws {
    let listing = try Certify.run("inspect", fixture.path, "--format", "json").objects()[0]
    let tensor = try #require(listing["tensors"]?.array?.first)
    let name = try #require(tensor["name"]?.string)
    try folder.write(
      "[network]\nform = \"outside\"\nrecurrent = \(toml(name))\nactivation = \"relu\"\n",
      to: "m.toml")
    let run = try Certify.run(
      "check", fixture.path, "--manifest", folder.file("m.toml"), "--format", "json")
    let object = try run.objects()[0]
    #expect(run.status == 3, "\(run.testDescription)")
    #expect(fixture.codes.contains(object["code"]?.string ?? ""), "\(run.testDescription)")
    #expect(object["reason"]?.string?.isEmpty == false)
  }
}
