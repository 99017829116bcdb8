import Checkpoints
import Foundation
import Testing

/// `certify verify`: what it accepts, and what it says when one thing was changed.
@Suite("CLI: verify") struct VerifyTests {
  static let models: [(name: String, weights: [Double], verdicts: [String])] = [
    ("certified", Sample.certified, ["certified", "certified"]),
    ("refuted", Sample.refuted, ["refuted", "refuted"]),
    ("stiff", Sample.stiff, ["certified", "refuted"]),
  ]

  private func certified(_ folder: TemporaryFolder, _ index: Int) throws -> (String, String) {
    let (name, weights, _) = Self.models[index]
    let step = name == "stiff" ? "[step]\nsize = 0.3\n" : Sample.euler
    try folder.model("\(name).safetensors", weights, description: Sample.outside + step)
    let run = try Certify.run(
      "check", "\(name).safetensors", "--certificates", "certs", in: folder.path)
    #expect(run.status == (name == "certified" ? 0 : 1))
    return ("certs/\(name).safetensors.cert.json", "\(name).safetensors")
  }

  @Test("accepts what check wrote, in both scopes", arguments: models.indices)
  func accepts(index: Int) throws {
    let folder = TemporaryFolder()
    let (certificate, model) = try certified(folder, index)
    let text = try Certify.run("verify", certificate, model, in: folder.path)
    #expect(text.status == 0, "\(text.testDescription)")
    #expect(text.lines[0] == "\(certificate): s VERIFIED for \(model)")
    let run = try Certify.run("verify", certificate, model, "--format", "json", in: folder.path)
    let object = try run.objects()[0]
    #expect(object["schema"] == .string("certify.verification/v1"))
    #expect(object["verified"] == .bool(true))
    let claims = try #require(object["claims"]?.array)
    #expect(claims.map { $0["scope"]?.string } == ["continuous", "as-run"])
    #expect(claims.map { $0["verdict"]?.string } == Self.models[index].verdicts)
  }

  @Test("a second run writes the same bytes", arguments: models.indices)
  func identical(index: Int) throws {
    let folder = TemporaryFolder()
    let (certificate, _) = try certified(folder, index)
    let first = try folder.bytes(certificate)
    _ = try certified(folder, index)
    #expect(try folder.bytes(certificate) == first)
    #expect(!String(decoding: first, as: UTF8.self).contains(folder.path))
  }

  /// Runs `verify` and expects status 3 and a reason that names the field.
  private func refused(
    _ folder: TemporaryFolder, _ certificate: String, _ model: String, naming field: String
  ) throws {
    let text = try Certify.run("verify", certificate, model, in: folder.path)
    #expect(text.status == 3, "\(text.testDescription)")
    #expect(text.lines[0].contains("s REFUSED"))
    #expect(text.output.contains(field), "\(text.testDescription)")
    let json = try Certify.run("verify", certificate, model, "--format", "json", in: folder.path)
    let object = try json.objects()[0]
    #expect(object["verified"] == .bool(false))
    #expect(object["field"]?.string?.contains(field) == true, "\(json.testDescription)")
  }

  @Test("refuses after one byte of the model", arguments: models.indices)
  func changedByte(index: Int) throws {
    let folder = TemporaryFolder()
    let (certificate, model) = try certified(folder, index)
    var bytes = try folder.bytes(model)
    bytes[bytes.count - 8] ^= 1
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file(model)))
    try refused(folder, certificate, model, naming: "model.tensors[0].sha256")
  }

  @Test("refuses another model, another shape, another network") func otherModel() throws {
    let folder = TemporaryFolder()
    let (certificate, _) = try certified(folder, 0)
    try folder.model("other.safetensors", Sample.refuted)
    try refused(folder, certificate, "other.safetensors", naming: "model.tensors[0].sha256")
    try folder.model("larger.safetensors", [Double](repeating: 0, count: 9))
    try refused(folder, certificate, "larger.safetensors", naming: "specification.modules")
    try folder.model(
      "leaky.safetensors", Sample.certified,
      description: Sample.outside.replacing("activation = \"relu\"", with: "slopes = [0.0, 2.0]")
        + Sample.euler)
    try refused(folder, certificate, "leaky.safetensors", naming: "specification.slopes")
    try folder.model(
      "slower.safetensors", Sample.certified,
      description: Sample.outside + "[step]\nsize = 0.5\n")
    try refused(folder, certificate, "slower.safetensors", naming: "specification.step")
  }

  @Test(
    "refuses a changed field",
    arguments: [
      ("\"certified\"", "\"refuted\"", "claims"), ("0x", "0y", "claims"),
      ("\"claims\"", "\"claim\"", "claim"), ("certificate/v1", "certificate/v2", "schema"),
      ("\"outside\"", "\"inside\"", "sha256"), ("\"units\":2", "\"units\":3", "sha256"),
    ]) func changedField(old: String, new: String, field: String) throws
  {
    let folder = TemporaryFolder()
    let (certificate, model) = try certified(folder, 0)
    let text = try folder.text(certificate)
    #expect(text.contains(old))
    try folder.write(text.replacing(old, with: new, maxReplacements: 1), to: "changed.cert.json")
    let run = try Certify.run(
      "verify", "changed.cert.json", model, "--format", "json", in: folder.path)
    #expect(run.status == 3, "\(run.testDescription)")
    let object = try run.objects()[0]
    #expect(object["verified"] == .bool(false))
    #expect(object["field"]?.string?.isEmpty == false, "\(run.testDescription)")
  }

  @Test("the step of --step is part of the claim; verify takes it from the certificate")
  func stepOfTheCommandLine() throws {
    let folder = TemporaryFolder()
    try folder.model("m.safetensors", Sample.certified, description: Sample.outside)
    _ = try Certify.run(
      "check", "m.safetensors", "--step", "0.25", "--certificates", "c", in: folder.path)
    let run = try Certify.run(
      "verify", "c/m.safetensors.cert.json", "m.safetensors", in: folder.path)
    #expect(run.status == 0)
    #expect(run.output.contains("as-run: certified"))
  }

  @Test("a manifest given to check is given to verify") func manifest() throws {
    let folder = TemporaryFolder()
    try folder.model("m.safetensors", Sample.certified, description: nil)
    try folder.write(Sample.outside, to: "m.toml")
    let check = try Certify.run(
      "check", "m.safetensors", "--manifest", "m.toml", "--certificates", "c", in: folder.path)
    #expect(check.status == 0)
    let certificate = "c/m.safetensors.cert.json"
    let run = try Certify.run(
      "verify", certificate, "m.safetensors", "--manifest", "m.toml", in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    let without = try Certify.run("verify", certificate, "m.safetensors", in: folder.path)
    #expect(without.status == 3)
    #expect(without.output.contains("manifest"))
    let missing = try Certify.run(
      "verify", certificate, "m.safetensors", "--manifest", "n.toml", in: folder.path)
    #expect(missing.status == 4)
  }

  @Test("show prints the tree, unchecked, in text and JSON") func show() throws {
    let folder = TemporaryFolder()
    let (certificate, _) = try certified(folder, 2)
    let text = try Certify.run("show", certificate, in: folder.path)
    #expect(text.status == 0)
    #expect(text.lines[0].hasPrefix("certificate/v1: 2 units, form outside, 2 claims"))
    #expect(text.lines.contains("continuous: contracts"))
    #expect(text.lines.contains("as-run: does not contract"))
    let json = try Certify.run("show", certificate, "--format", "json", in: folder.path)
    let object = try json.objects()[0]
    #expect(object["schema"] == .string("certify.tree/v1"))
    #expect(object["claims"]?.array?.count == 2)
    #expect(object["claims"]?.array?[0]["proof"]?["rule"]?.string != nil)
  }
}
