import Checkpoints
import Foundation
import Testing

/// `certify check` and `audit` in pipelines: formats, policies, baselines, and signatures.
@Suite struct GateTests {
  static let four = [
    "certified.safetensors", "refuted.safetensors", "undecided.safetensors", "rejected.safetensors",
  ]

  private func folder() throws -> TemporaryFolder {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    return folder
  }

  // MARK: Formats

  @Test func everyFormatSpeaksOfEveryModel() throws {
    let folder = try folder()
    for format in ["text", "json", "sarif", "junit", "github", "markdown"] {
      let run = try Certify.run(["check", "--format", format] + Self.four, in: folder.path)
      #expect(run.status == 3, "\(format): \(run.testDescription)")
      for name in Self.four where format != "github" && format != "sarif" || name != Self.four[0] {
        #expect(run.output.contains(name), "\(format): \(run.output)")
      }
    }
    let sarif = try Certify.run(["check", "--format", "sarif"] + Self.four, in: folder.path)
    let results = try #require(
      sarif.objects().first?["runs"]?.array?.first?["results"]?.array)
    #expect(
      Set(results.compactMap { $0["ruleId"]?.string }) == [
        "principal-minor", "undecided", "rejected",
      ])
  }

  @Test func reportsAreWrittenBesideTheOnePrinted() throws {
    let folder = try folder()
    let run = try Certify.run(
      ["check", "--write", "sarif=a.sarif", "--write", "junit=j.xml", "--write", "markdown=s.md"]
        + ["--write", "json=l.jsonl", "--write", "text=t.txt", "--exit-zero"] + Self.four,
      in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    for (name, content) in [
      ("a.sarif", "\"2.1.0\""), ("j.xml", "<testsuite "), ("s.md", "3 of 4 models fail"),
      ("l.jsonl", "certify.verdict/v1"), ("t.txt", "s CERTIFIED"),
    ] {
      let text = try String(contentsOfFile: folder.file(name), encoding: .utf8)
      #expect(text.contains(content), "\(name): \(text.prefix(300))")
    }
  }

  @Test func aReportThatCannotBeWrittenIsRefusedBeforeAnyWork() throws {
    let folder = try folder()
    for (option, names) in [
      ("sarif=no/such/folder/a.sarif", "no/such/folder/a.sarif"), ("pdf=a", "pdf=a"),
      ("sarif", "FORMAT=FILE"),
    ] {
      let run = try Certify.run(
        "check", "--write", option, "certified.safetensors", in: folder.path)
      #expect(run.status == 4 && run.output.isEmpty, "\(run.testDescription)")
      #expect(run.errors.contains(names), "\(run.errors)")
    }
  }

  @Test func twoReportsDoNotShareAFile() throws {
    let folder = try folder()
    let run = try Certify.run(
      "check", "--write", "sarif=a", "--write", "junit=a", "certified.safetensors", in: folder.path)
    #expect(run.status == 4 && run.errors.contains("another report goes to a"))
    #expect(!FileManager.default.fileExists(atPath: folder.file("a")))
  }

  @Test func auditsHaveTheSameFormats() throws {
    let folder = TemporaryFolder()
    // The flow contracts, the map that runs does not.
    try folder.model(
      "stiff.safetensors", Sample.stiff,
      description: Sample.outside + "[step]\nscheme = \"euler\"\nsize = 0.3\n")
    let run = try Certify.run(
      "audit", "--format", "sarif", "--write", "junit=j.xml", "stiff.safetensors", in: folder.path)
    #expect(run.status == 1, "\(run.testDescription)")
    let results = try #require(run.objects().first?["runs"]?.array?.first?["results"]?.array)
    #expect(results.contains { $0["ruleId"]?.string == "euler-unstable" }, "\(run.output)")
    let junit = try String(contentsOfFile: folder.file("j.xml"), encoding: .utf8)
    #expect(junit.contains("<failure type=\"") && junit.contains("euler-unstable"), "\(junit)")
  }

  // MARK: Policy

  @Test func theLineOfThePolicyThatDecidesIsPrinted() throws {
    let folder = try folder()
    try folder.write("[policy]\nas-run = true\nminimum-rate = 0.9\n", to: "certify.toml")
    let run = try Certify.run(
      "check", "--policy", "certify.toml", "certified.safetensors", in: folder.path)
    #expect(run.status == 1, "\(run.testDescription)")
    #expect(run.output.contains("policy: certify.toml:3: minimum-rate = 0.9"), "\(run.output)")
    try folder.write("[policy]\nas-run = true\nminimum-rate = 0.1\n", to: "certify.toml")
    let passing = try Certify.run(
      "check", "--policy", "certify.toml", "certified.safetensors", in: folder.path)
    #expect(passing.status == 0, "\(passing.testDescription)")
  }

  @Test func aWaiverHoldsForTheTensorsItNames() throws {
    let folder = try folder()
    try folder.write("", to: "empty.toml")
    let asked = try Certify.run(
      "check", "--policy", "empty.toml", "--format", "json", "refuted.safetensors", in: folder.path)
    let tensors = try #require(asked.objects().first?["gate"]?["tensors"]?.string)
    func policy(_ digest: String, until: String) throws {
      try folder.write(
        """
        [[waiver]]
        path = "refuted.safetensors"
        tensors = "\(digest)"
        rules = ["principal-minor"]
        until = "\(until)"
        reason = "kept for the figure in the paper"
        """, to: "certify.toml")
    }
    func check() throws -> Run {
      try Certify.run("check", "--policy", "certify.toml", "refuted.safetensors", in: folder.path)
    }
    try policy(tensors, until: "2999-12-31")
    let waived = try check()
    #expect(waived.status == 0, "\(waived.testDescription)")
    #expect(waived.output.contains("certify.toml:1: principal-minor is waived until 2999-12-31"))
    try policy(String(repeating: "0", count: 64), until: "2999-12-31")
    #expect(try check().status == 1)
    try policy(tensors, until: "2020-01-01")
    let expired = try check()
    #expect(expired.status == 4 && expired.output.isEmpty, "\(expired.testDescription)")
    #expect(expired.errors.contains("ran out") && expired.errors.contains("2020-01-01"))
  }

  @Test func forbiddenDiagnosesAreLookedFor() throws {
    let folder = TemporaryFolder()
    try folder.model(
      "stiff.safetensors", Sample.stiff,
      description: Sample.outside + "[step]\nscheme = \"euler\"\nsize = 0.3\n")
    try folder.write("[policy]\nforbidden-diagnoses = [\"euler-unstable\"]\n", to: "p.toml")
    let run = try Certify.run(
      "check", "--continuous", "--policy", "p.toml", "stiff.safetensors", in: folder.path)
    #expect(run.status == 1, "\(run.testDescription)")
    #expect(run.output.contains("p.toml:2: forbidden-diagnoses has euler-unstable"))
  }

  @Test(arguments: [
    "[policy]\nverdicts = 1\n", "[policy]\nverdict = \"not-refuted\"\nminimum-rate = 1\n", "x = [",
  ])
  func aPolicyThatMeansNothingEndsWithStatus4(text: String) throws {
    let folder = try folder()
    try folder.write(text, to: "p.toml")
    let run = try Certify.run(
      "check", "--policy", "p.toml", "certified.safetensors", in: folder.path)
    #expect(run.status == 4 && run.output.isEmpty && run.errors.contains("p.toml"))
    let missing = try Certify.run(
      "check", "--policy", "q", "certified.safetensors", in: folder.path)
    #expect(missing.status == 4 && missing.errors.contains("--policy q"))
  }

  // MARK: Baseline

  @Test func whatTheBaselineHasDoesNotFail() throws {
    let folder = try folder()
    let models = Array(Self.four.dropLast())
    _ = try Certify.run(
      ["check", "--format", "json", "--out", "before.jsonl"] + models, in: folder.path)
    let same = try Certify.run(["check", "--baseline", "before.jsonl"] + models, in: folder.path)
    #expect(same.status == 0, "\(same.testDescription)")
    #expect(same.output.contains("baseline: principal-minor is known"))
    // The certified one now contracts more slowly.
    try folder.model("certified.safetensors", [0.25, 0.5, -0.5, 0.25])
    let slower = try Certify.run(["check", "--baseline", "before.jsonl"] + models, in: folder.path)
    #expect(slower.status == 1 && slower.output.contains("in the baseline"), "\(slower.output)")
    // And now not at all.
    try folder.model("certified.safetensors", Sample.refuted)
    let worse = try Certify.run(["check", "--baseline", "before.jsonl"] + models, in: folder.path)
    #expect(worse.status == 1, "\(worse.testDescription)")
    try folder.write("[]\n", to: "no.jsonl")
    let none = try Certify.run(["check", "--baseline", "no.jsonl"] + models, in: folder.path)
    #expect(none.status == 4 && none.errors.contains("line 1"), "\(none.testDescription)")
  }

  // MARK: Attestation

  @Test func anAttestationIsCheckedWithItsKey() throws {
    let folder = TemporaryFolder()
    try folder.model("a.safetensors", Sample.certified)
    try folder.model("b.safetensors", [0, 0.25, -0.25, 0])
    // The example keys of RFC 8410, section 10.
    try folder.write(
      "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n",
      to: "key.pem")
    try folder.write(
      "-----BEGIN PUBLIC KEY-----\nMCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n-----END PUBLIC KEY-----\n",
      to: "pub.pem")
    _ = try Certify.run(
      "check", "--certificates", "out", "a.safetensors", "b.safetensors", in: folder.path)
    let (a, b) = ("out/a.safetensors.cert.json", "out/b.safetensors.cert.json")
    for (certificate, model) in [(a, "a.safetensors"), (b, "b.safetensors")] {
      let run = try Certify.run("attest", certificate, model, "--key", "key.pem", in: folder.path)
      #expect(run.status == 0 && run.output.contains("signed by"), "\(run.testDescription)")
    }
    let good = try Certify.run("verify", a, "a.safetensors", "--key", "pub.pem", in: folder.path)
    #expect(good.status == 0 && good.output.contains("attested"), "\(good.testDescription)")
    // The envelope of the other model.
    let other = try Certify.run(
      "verify", a, "a.safetensors", "--key", "pub.pem", "--attestation",
      "out/b.safetensors.cert.dsse.json", in: folder.path)
    #expect(other.status == 3 && other.output.contains("statement."), "\(other.testDescription)")
    // A key of the wrong kind, and a certificate for another model.
    let wrong = try Certify.run("attest", a, "a.safetensors", "--key", "pub.pem", in: folder.path)
    #expect(wrong.status == 4 && wrong.errors.contains("pub.pem"), "\(wrong.testDescription)")
    let mixed = try Certify.run("attest", a, "b.safetensors", "--key", "key.pem", in: folder.path)
    #expect(mixed.status != 0 && mixed.output.contains("REFUSED"), "\(mixed.testDescription)")
    let none = try Certify.run(
      "verify", a, "a.safetensors", "--key", "pub.pem", "--attestation", "none", in: folder.path)
    #expect(none.status == 4 && none.errors.contains("none"), "\(none.testDescription)")
  }
}
