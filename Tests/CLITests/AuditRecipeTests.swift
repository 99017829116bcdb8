import Checkpoints
import Foundation
import TestSupport
import Testing

/// `certify audit recipe`, `check --witness` and `verify --replay`.
@Suite struct AuditRecipeTests {
  static let recipe = """
    [recipe]
    name = "small"
    seed = 3
    networks = 2
    [modules]
    count = 3
    units = 8
    density = 0.15
    range = 6
    acceptance = "theorem-1"
    [coupling]
    adjacency = "all"
    metric = "identity"
    [step]
    scheme = "euler"
    size = 0.03

    """

  static let bad: [(String, String, String)] = [
    ("count = 3", "count = 0", "modules.count = 0"),
    ("density = 0.15", "density = 1.5", "modules.density = 1.5"),
    ("adjacency = \"all\"", "edges = [[2, 2]]", "[2, 2]"),
    ("adjacency = \"all\"", "edges = [[0, 3]]", "numbered 0 to 2"),
    ("range = 6", "ranges = 6", "modules.ranges"),
  ]

  @Test(arguments: bad)
  func badRecipesAreUsageErrors(old: String, new: String, reason: String) throws {
    let folder = TemporaryFolder()
    let path = try folder.write(Self.recipe.replacing(old, with: new), to: "bad.toml")
    let run = try Certify.run("audit", "recipe", path)
    #expect(run.status == 4, "\(run)")
    #expect(run.errors.contains(reason), "\(run)")
    #expect(try Certify.run("audit", "recipe", folder.file("absent.toml")).status == 4)
    #expect(try Certify.run("audit", "recipe").status == 4)
    #expect(try Certify.run("audit", "recipe", path, "--networks", "0").status == 4)
  }

  @Test func aTableAndALine() throws {
    let folder = TemporaryFolder()
    let path = try folder.write(Self.recipe, to: "small.toml")
    let text = try Certify.run("audit", "recipe", path)
    #expect(text.status == 1, "\(text)")
    #expect(text.lines.first?.contains("~max Re D=I") == true)
    #expect(text.output.contains("seeds 3 to 4, 3 x 8 units"))
    let json = try Certify.run("audit", "recipe", path, "--format", "json", "--networks", "1")
    let object = try #require(try json.objects().first)
    #expect(object["schema"]?.string == "certify.audit/v1")
    #expect(object["seed"]?.integer == 3 && object["networks"]?.integer == 1)
    let counts = ["certified", "refuted", "undecided"].map { object["continuous"]?[$0]?.integer }
    #expect(counts.compactMap { $0 }.reduce(0, +) == 1)
  }

  // MARK: Witnesses

  @Test func aWitnessIsWrittenAndReplayed() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let check = try Certify.run(
      "check", "refuted.safetensors", "certified.safetensors", "--witness", "w.jsonl",
      "--certificates", "out", "--format", "json", in: folder.path)
    #expect(check.status == 1, "\(check)")
    let witness = try #require(try check.objects().first?["witness"])
    #expect(witness["state"]?.array?.count == 2)
    #expect(witness["eigenvalueApproximate"]?["real"]?.number != nil)
    let lines = try folder.text("w.jsonl").split(separator: "\n")
    #expect(lines.count == 1)
    let object = try JSONValue(parsing: Array(try #require(lines.first).utf8))
    #expect(object["schema"]?.string == "certify.witness/v1")
    #expect(object["model"]?.string == "refuted.safetensors")
    #expect(object["replay"]?["samples"]?.array?.isEmpty == false)
    let replay = try Certify.run(
      "verify", "out/refuted.safetensors.cert.json", "refuted.safetensors", "--replay",
      in: folder.path)
    #expect(replay.status == 0, "\(replay)")
    #expect(replay.output.contains("replay: two trajectories"))
    let plain = try Certify.run(
      "verify", "out/certified.safetensors.cert.json", "certified.safetensors", "--replay",
      in: folder.path)
    #expect(plain.status == 0 && !plain.output.contains("replay"))
  }

  @Test func aWitnessFileThatCannotBeWrittenIsAUsageError() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.run(
      "check", "refuted.safetensors", "--witness", "absent/w.jsonl", in: folder.path)
    #expect(run.status == 4, "\(run)")
    #expect(run.errors.contains("--witness"))
  }
}
