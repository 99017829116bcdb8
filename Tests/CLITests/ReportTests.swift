import Checkpoints
import Foundation
import Testing

/// The lines of `certify check`, against the schema of the contract.
@Suite("CLI: reports") struct ReportTests {
  @Test("text: one line a model, then indented reasons") func text() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let models = ["certified", "refuted", "undecided", "rejected"].map { "\($0).safetensors" }
    let run = try Certify.run(["check"] + models, in: folder.path)
    let heads = run.lines.filter { !$0.hasPrefix(" ") }
    #expect(heads.count == 4)
    #expect(
      try #/certified\.safetensors: s CERTIFIED rate>=0\.\d{4} rule=[a-z-]+ step<=[0-9.]+ \d+ms/#
        .wholeMatch(in: heads[0]) != nil, "\(heads[0])")
    #expect(try #/refuted\.safetensors: s REFUTED \d+ms/#.wholeMatch(in: heads[1]) != nil)
    #expect(try #/undecided\.safetensors: s UNDECIDED \d+ms/#.wholeMatch(in: heads[2]) != nil)
    #expect(try #/rejected\.safetensors: s REJECTED [a-z_]+ \d+ms/#.wholeMatch(in: heads[3]) != nil)
    #expect(run.errors.isEmpty)
    #expect(!run.output.contains("\u{1B}"))
    // What to try stands under what was not decided.
    #expect(run.output.contains("    try: "))
  }

  @Test("without a step no step is claimed") func withoutStep() throws {
    let folder = TemporaryFolder()
    try folder.model("m.safetensors", Sample.certified, description: Sample.outside)
    let run = try Certify.run("check", "m.safetensors", in: folder.path)
    #expect(!run.output.contains("as run"))
    let object = try Certify.run("check", "m.safetensors", "--format", "json", in: folder.path)
      .objects()[0]
    #expect(object["asRun"] == .null)
    #expect(object["verdict"] == .string("certified"))
  }

  static let fields = [
    "schema", "model", "sha256", "verdict", "continuous", "asRun", "units", "modules", "seconds",
    "witness", "obstruction", "certificate",
  ]

  @Test("JSON: every field, of its type", arguments: ["certified", "refuted", "undecided"])
  func json(verdict: String) throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.run(
      "check", "\(verdict).safetensors", "--format", "json", "--certificates", "certs",
      in: folder.path)
    let object = try #require(try run.objects().first)
    #expect(run.lines.count == 1)
    #expect(Set(object.object?.members.map(\.name) ?? []) == Set(Self.fields + ["recognised"]))
    #expect(object["schema"] == .string("certify.verdict/v1"))
    #expect(object["model"] == .string("\(verdict).safetensors"))
    #expect(object["verdict"] == .string(verdict))
    #expect(object["sha256"]?.string?.count == 64)
    #expect(object["units"]?.integer == 2)
    #expect(object["modules"]?.integer == 1)
    #expect(object["seconds"]?.number?.double ?? -1 >= 0)
    #expect(object["recognised"]?.string?.contains("outside") == true)
    #expect(object["continuous"]?["verdict"] == .string(verdict))
    #expect(object["asRun"]?["scheme"] == .string("euler"))
    #expect(object["asRun"]?["step"]?.number?.double == 0.03)
    #expect((object["witness"] != .null) == (verdict == "refuted"))
    #expect((object["obstruction"] != .null) == (verdict == "undecided"))
    #expect((object["certificate"] != .null) == (verdict != "undecided"))
    if verdict == "undecided" {
      #expect(object["obstruction"]?["reason"]?.string?.isEmpty == false)
      #expect(object["obstruction"]?["try"]?.array?.isEmpty == false)
      #expect(object["continuous"]?["rate"] == nil)
    }
    if verdict == "refuted" {
      #expect(object["witness"]?["activeUnits"] == .array([.number(JSONNumber(0))]))
      #expect(object["continuous"]?["rule"] == .string("principal-minor"))
    }
  }

  @Test("JSON: the numbers of a certified network are bounds that belong together")
  func numbers() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.run("check", "certified.safetensors", "--format", "json", in: folder.path)
    let object = try run.objects()[0]
    let flow = try #require(object["continuous"])
    let map = try #require(object["asRun"])
    func value(_ scope: JSONValue, _ name: String) throws -> Double {
      try #require(scope[name]?.number?.double, "\(name)")
    }
    // Theorem 1 gives 1/2 here, and no metric more than 1.
    #expect(try value(flow, "rate") <= 1 && value(flow, "rate") > 0.4999)
    #expect(try value(flow, "overshoot") >= 1)
    let factor = try value(map, "factor")
    #expect(factor < 1)
    #expect(try abs(value(map, "rate") - (1 - factor) / 0.03) < 1e-9)
    #expect(try value(map, "maximumStep") >= 0.03)
    #expect(object["certificate"] == .null)
  }

  @Test("JSON: a rejected model is a line with code and reason") func rejected() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.run("check", "rejected.safetensors", "--format", "json", in: folder.path)
    let object = try run.objects()[0]
    #expect(object["verdict"] == .string("rejected"))
    #expect(object["code"]?.string?.isEmpty == false)
    #expect(object["reason"]?.string?.isEmpty == false)
    for field in Self.fields { #expect(object[field] != nil, "\(field)") }
    #expect(object["continuous"] == .null && object["asRun"] == .null)
  }

  @Test("picking a scope leaves the other null") func scopes() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    for (flag, absent) in [("--continuous", "asRun"), ("--as-run", "continuous")] {
      let run = try Certify.run(
        "check", "certified.safetensors", flag, "--format", "json", in: folder.path)
      #expect(try run.objects()[0][absent] == .null)
    }
  }

  @Test("a map has no continuous verdict") func map() throws {
    let folder = TemporaryFolder()
    try folder.model(
      "m.safetensors", Sample.certified,
      description: "[network]\nform = \"map\"\nrecurrent = \"W\"\nactivation = \"tanh\"\n")
    let object = try Certify.run("check", "m.safetensors", "--format", "json", in: folder.path)
      .objects()[0]
    #expect(object["continuous"] == .null)
    #expect(object["asRun"]?["verdict"] == .string("certified"))
  }

  @Test("a rate that is not met is named") func rate() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.run(
      "check", "certified.safetensors", "--rate", "1.5", in: folder.path)
    #expect(run.status == 1)
    #expect(run.output.contains("1.5"))
  }
}
