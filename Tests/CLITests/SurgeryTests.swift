import Checkpoints
import Foundation
import TestSupport
import Testing

/// `certify prune` and `certify ablate`: what they write, what they refuse, and that a refusal leaves no trace.
@Suite("CLI: prune and ablate") struct SurgeryTests {
  /// A network of two modules, float32 weights, a metric, and tensors that no theorem speaks of.
  private func network(_ folder: TemporaryFolder) throws {
    let n = 5
    // Not negative, so that absolute values are the best reason there is.
    let weights = (0..<(n * n)).map { Float(($0 * 7) % 13) * 0x1p-7 }
    let tensors = [
      try Tensor(name: "W", shape: [n, n], floats: weights),
      try Tensor(name: "m", shape: [n], floats: [1, 2, 1, 0.5, 1]),
      try Tensor(name: "in", shape: [n, 2], floats: (0..<10).map { Float($0) }),
      try Tensor(name: "out", shape: [3, n], doubles: (0..<15).map { Double($0) }),
      try Tensor(name: "other", shape: [2], integers: [3, 4]),
    ]
    try folder.safetensors(
      "m.safetensors", tensors,
      description: """
        [network]
        form = "inside"
        recurrent = "W"
        activation = "tanh"
        modules = [2, 3]
        time-constant = [1.0, "1/10"]
        workspace = 0
        [metric]
        diagonal = "m"
        [step]
        size = "3/100"
        """)
  }

  private func verified(_ folder: TemporaryFolder, _ name: String) throws {
    let run = try Certify.run("verify", "\(name).cert.json", name, in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    let check = try Certify.run("check", name, in: folder.path)
    #expect(check.status == 0, "\(check.testDescription)")
  }

  private func names(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  @Test("prune writes a pair that verifies, every other byte as it was") func prune() throws {
    let folder = TemporaryFolder()
    try network(folder)
    try folder.write("0 1\nW 4 2  # two of W\n", to: "edges")
    let run = try Certify.run(
      "prune", "m.safetensors", "--edges", "edges", "-o", "new.safetensors", in: folder.path)
    #expect(run.status == 0 && run.errors.isEmpty, "\(run.testDescription)")
    #expect(run.lines[0].hasPrefix("new.safetensors: s CERTIFIED rate>="))
    #expect(run.output.contains("removed 2 connections (2 of W)"))
    #expect(run.output.contains("continuous: same metric, same rate"), "\(run.testDescription)")
    try verified(folder, "new.safetensors")
    let (old, new) = (
      try Checkpoint(contentsOf: folder.file("m.safetensors")),
      try Checkpoint(contentsOf: folder.file("new.safetensors"))
    )
    #expect(Set(old.entries) == Set(new.entries))
    for name in ["m", "in", "out", "other"] {
      #expect(try old.tensor(named: name) == new.tensor(named: name))
    }
    var weights = try old.floats(named: "W")
    weights[1] = 0
    weights[22] = 0
    #expect(try new.floats(named: "W") == weights)
    #expect(
      try names(folder)
        == ["edges", "m.safetensors", "new.safetensors", "new.safetensors.cert.json"])
  }

  @Test("ablate cuts everything that has units, and nothing else") func ablate() throws {
    let folder = TemporaryFolder()
    try network(folder)
    let run = try Certify.run(
      "ablate", "m.safetensors", "--units", "1,3", "--rows", "in", "--columns", "out", "-o",
      "new.safetensors", in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    #expect(run.output.contains("deleted 2 of 5 units; 3 stay"))
    #expect(run.output.contains("note: other [2] is carried unchanged"))
    try verified(folder, "new.safetensors")
    let new = try Checkpoint(contentsOf: folder.file("new.safetensors"))
    let old = try Checkpoint(contentsOf: folder.file("m.safetensors"))
    let weights = try old.floats(named: "W")
    #expect(
      try new.floats(named: "W")
        == [0, 2, 4].flatMap { i in [0, 2, 4].map { weights[i * 5 + $0] } })
    #expect(try new.floats(named: "m") == [1, 1, 1])
    #expect(try new.floats(named: "in") == [0, 1, 4, 5, 8, 9])
    #expect(try new.tensor(named: "out").dtype == .f64)
    #expect(try new.doubles(named: "out") == [0, 2, 4, 5, 7, 9, 10, 12, 14])
    #expect(try new.tensor(named: "other") == old.tensor(named: "other"))
    let inspect = try Certify.run("inspect", "new.safetensors", in: folder.path)
    #expect(inspect.output.contains("3 units, form inside"))
  }

  @Test("ablate deletes a module: its sizes, its time constant, the hub") func module() throws {
    let folder = TemporaryFolder()
    try network(folder)
    let run = try Certify.run(
      "ablate", "m.safetensors", "--module", "0", "-o", "new.safetensors", "--format", "json",
      in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    let object = try run.objects()[0]
    #expect(object["schema"] == .string("certify.surgery/v1"))
    #expect(object["verdict"] == .string("certified"))
    #expect(object["keptUnits"]?.array?.map(\.integer) == [2, 3, 4])
    #expect(object["notes"]?.array?.contains { $0.string?.contains("hub") == true } == true)
    let scopes = try #require(object["scopes"]?.array)
    #expect(scopes.map { $0["scope"]?.string } == ["continuous", "as-run"])
    try verified(folder, "new.safetensors")
    let description = try #require(
      try Checkpoint(contentsOf: folder.file("new.safetensors")).metadata["certify.network"])
    #expect(description.contains("time-constant = \"1/10\""), "\(description)")
    #expect(!description.contains("workspace"))
  }

  @Test("a certificate that is given is used; one for another model is refused")
  func certificate() throws {
    let folder = TemporaryFolder()
    try network(folder)
    try folder.model("other.safetensors", Sample.certified)
    for name in ["m", "other"] {
      let run = try Certify.run(
        "check", "\(name).safetensors", "--certificates", ".", in: folder.path)
      #expect(run.status == 0)
    }
    func ablate(_ certificate: String) throws -> Run {
      try Certify.run(
        "ablate", "m.safetensors", "--units", "0", "--certificate", certificate, "-o", "new",
        in: folder.path)
    }
    let good = try ablate("m.safetensors.cert.json")
    #expect(good.status == 0 && good.output.contains("same metric"), "\(good.testDescription)")
    try verified(folder, "new")
    let before = try folder.bytes("new")
    let bad = try ablate("other.safetensors.cert.json")
    #expect(bad.status == 3, "\(bad.testDescription)")
    #expect(try folder.bytes("new") == before)
  }

  @Test("stability lost: the counter-example, status 1, and nothing written or changed")
  func refused() throws {
    let folder = TemporaryFolder()
    // Theorem 5 with its inhibitory autapse; without it an eigenvalue +0.04.
    try folder.model("m.safetensors", [0.5, 0.75, 0.75, -0.5], description: Sample.outside)
    try folder.write("1 1\n", to: "edges")
    let before = try names(folder)
    for existing in [nil, "precious"] {
      if let existing {
        for name in ["new", "new.cert.json"] { try folder.write(existing, to: name) }
      }
      for format in ["text", "json"] {
        let run = try Certify.run(
          "prune", "m.safetensors", "--edges", "edges", "-o", "new", "--format", format,
          in: folder.path)
        #expect(run.status == 1, "\(run.testDescription)")
        #expect(run.output.contains("refuted") && run.output.contains("principal-minor"))
      }
      guard let existing else {
        #expect(try names(folder) == before)
        continue
      }
      #expect(try folder.text("new") == existing && folder.text("new.cert.json") == existing)
      #expect(try names(folder) == (before + ["new", "new.cert.json"]).sorted())
    }
  }

  @Test("undecided: status 5, and nothing written") func undecided() throws {
    let folder = TemporaryFolder()
    // c = 1.5 contracts in the identity with an inhibited partner; what is left is (0 5/2; -5/2 0).
    let W: [Double] = [0, 2.5, 0, -2.5, 0, 0, 0, 0, 0]
    try folder.model("m.safetensors", W, description: Sample.outside)
    let run = try Certify.run(
      "ablate", "m.safetensors", "--units", "2", "-o", "new", in: folder.path)
    #expect(run.status == 5, "\(run.testDescription)")
    #expect(run.lines[0] == "m.safetensors: s REFUSED, nothing is written")
    #expect(try names(folder) == ["m.safetensors"])
  }

  @Test("in place: the old model is replaced by the new pair") func inPlace() throws {
    let folder = TemporaryFolder()
    try network(folder)
    let run = try Certify.run(
      "ablate", "m.safetensors", "--units", "4", "-o", "m.safetensors", in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    try verified(folder, "m.safetensors")
    #expect(try names(folder) == ["m.safetensors", "m.safetensors.cert.json"])
  }

  @Test("--report names what can go and what cannot") func report() throws {
    let folder = TemporaryFolder()
    try folder.model("m.safetensors", [0.5, 0.75, 0.75, -0.5], description: Sample.outside)
    let prune = try Certify.run("prune", "m.safetensors", "--report", in: folder.path)
    #expect(prune.status == 0, "\(prune.testDescription)")
    #expect(prune.output.contains("without W 1 1: stability is lost"), "\(prune.testDescription)")
    let ablate = try Certify.run(
      "ablate", "m.safetensors", "--report", "--format", "json", in: folder.path)
    let object = try ablate.objects()[0]
    #expect(object["schema"] == .string("certify.survival/v1"))
    let group = try #require(object["scopes"]?.array?[0]["groups"]?.array?.first)
    #expect(group["kind"] == .string("unit") && group["total"]?.integer == 2)
    let survivors = (group["kept"]?.array?.count ?? 0) + (group["rounded"]?.array?.count ?? 0)
    #expect(survivors == 2, "\(ablate.testDescription)")
    #expect(try names(folder) == ["m.safetensors"])
  }
}
