import Checkpoints
import Foundation
import TestSupport
import Testing

@Suite("CLI: audit") struct AuditTests {
  @Test(
    "theorem7 tells which side c is on",
    arguments: [
      ("1", 0, "constant metric, contracts", "rate>=0.5000"),
      ("1.9999999999999998", 0, "constant metric, contracts", "1.110e-16"),
      ("2", 1, "no constant metric, contracts", "S = (0 0; 0 0) >= 0"),
      ("2.5", 1, "no constant metric, contracts", "c/c* >= 0.1329"),
      ("2.8834473889505169", 1, "no verdict", "contains 0"),
      ("4", 1, "no constant metric, diverges", "growth per turn 4.143"),
    ]) func theorem7(c: String, status: Int, summary: String, says: String) throws
  {
    let run = try Certify.run("audit", "theorem7", "--c", c)
    #expect(run.status == Int32(status) && run.errors.isEmpty, "\(run.testDescription)")
    #expect(run.lines.first?.contains(summary) == true, "\(run.testDescription)")
    #expect(run.output.contains(says), "\(run.testDescription)")
  }

  @Test("theorem7 in JSON") func theorem7JSON() throws {
    let run = try Certify.run("audit", "theorem7", "--c", "2.5", "--format", "json")
    let object = try #require(try run.objects().first)
    #expect(run.status == 1 && object["schema"]?.string == "certify.audit/v1")
    #expect(object["audit"]?.string == "theorem7" && object["constantMetric"]?.bool == false)
    #expect(object["rate"]?.isNull == true && object["contracts"]?.bool == true)
    #expect(object["obstruction"]?["rule"]?.string == "no-constant-metric")
    #expect(run.output.contains("\"threshold\":2.88344738895"))
  }

  @Test("theorem7 without c is a table") func table() throws {
    let run = try Certify.run("audit", "theorem7")
    #expect(run.status == 0 && run.lines.count == 9, "\(run.testDescription)")
    for word in ["2.8834473889505", "c*", "4.1431", "0.1329"] { #expect(run.output.contains(word)) }
    let json = try Certify.run("audit", "theorem7", "--format", "json")
    #expect(try json.objects().count == 6)
  }

  @Test(
    "theorem7 with a c that makes no sense", arguments: ["-1", "nan", "inf", "-inf", "two", ""])
  func nonsense(c: String) throws {
    let run = try Certify.run("audit", "theorem7", "--c", c)
    #expect(run.status == 4 && run.output.isEmpty, "\(run.testDescription)")
    #expect(run.errors.contains("--c"), "\(run.testDescription)")
  }

  @Test("models are asked whether a constant metric exists") func models() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let undecided = try Certify.run("audit", "undecided.safetensors", "--dual", in: folder.path)
    #expect(undecided.status == 1, "\(undecided.testDescription)")
    #expect(undecided.output.contains("no constant quadratic metric exists (checked)"))
    #expect(undecided.output.contains("Theorem 1 fails (checked)"))
    #expect(undecided.output.contains("S = (1 0; 0 1) >= 0"), "\(undecided.testDescription)")
    let fine = try Certify.run("audit", "certified.safetensors", in: folder.path)
    #expect(fine.status == 0 && fine.output.contains("a constant metric exists"))
    let json = try Certify.run(
      "audit", "undecided.safetensors", "refuted.safetensors", "rejected.safetensors", "--format",
      "json", in: folder.path)
    let objects = try json.objects()
    #expect(json.status == 3 && objects.count == 3)
    #expect(objects[0]["diagnoses"]?.array?.first?["id"]?.string == "no-constant-metric")
    #expect(objects[0]["undecided"]?.integer == 2 && objects[1]["refuted"]?.integer == 2)
    let metric = objects[0]["constantMetric"]?.array?.first
    #expect(metric?["exists"]?.bool == false && metric?["obstruction"]?["terms"]?.array?.count == 2)
  }

  @Test("check shows what is checked to be impossible") func check() throws {
    let folder = TemporaryFolder()
    try folder.oneOfEach()
    let run = try Certify.run("check", "undecided.safetensors", in: folder.path)
    #expect(run.status == 5)
    #expect(run.output.contains("no constant quadratic metric exists (checked)"))
    #expect(run.output.contains("Theorem 1 fails (checked)"))
    let json = try Certify.run(
      "check", "undecided.safetensors", "--format", "json", in: folder.path)
    let checked = try json.objects().first?["obstruction"]?["checked"]?.array
    #expect(checked?.compactMap(\.string) == ["no-constant-metric", "perron"])
  }

  // MARK: Theorem 6

  private func npy(_ name: String, _ shape: [Int], _ values: [Double], _ folder: TemporaryFolder)
    throws
  {
    var header =
      "{'descr': '<f8', 'fortran_order': False, 'shape': (\(shape.map { "\($0)," }.joined())), }"
    while (header.utf8.count + 11) % 64 != 0 { header += " " }
    header += "\n"
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    bytes += [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)] + Array(header.utf8)
    for value in values {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes += Array($0) }
    }
    try Data(bytes).write(to: URL(fileURLWithPath: folder.file(name)))
  }

  private func theorem6(_ folder: TemporaryFolder, _ arguments: String...) throws -> Run {
    try Certify.run(
      ["audit", "theorem6", "m.safetensors", "--metric-p", "p.npy"] + arguments, in: folder.path)
  }

  @Test("theorem6 is conditional or violated") func theorem6() throws {
    let folder = TemporaryFolder()
    try folder.model(
      "m.safetensors", [0, -4, 4, 0],
      description: "[network]\nform = \"outside\"\nrecurrent = \"W\"\nactivation = \"tanh\"\n")
    try npy("p.npy", [2], [1, 1], folder)
    let times = (0..<100).map { 0.05 * Double($0) }
    try npy("slow.npy", [100, 2], times.flatMap { [0.5 * sin($0), 0.5 * cos($0)] }, folder)
    try npy("fast.npy", [100, 2], times.flatMap { [$0 < 1 ? 0.1 : 2, $0 < 1 ? 2 : 0.1] }, folder)
    let slow = try theorem6(
      folder, "--trajectory", "slow.npy", "--dt", "0.05", "--activation", "tanh")
    #expect(
      slow.status == 0 && slow.output.contains("theorem6 conditional"), "\(slow.testDescription)")
    #expect(slow.output.contains("nothing follows for others") && slow.output.contains("c = 2 "))
    #expect(!slow.output.uppercased().contains("CERTIFIED"))
    let fast = try theorem6(
      folder, "--trajectory", "fast.npy", "--dt", "0.05", "--activation", "tanh", "--format", "json"
    )
    let object = try #require(try fast.objects().first)
    #expect(fast.status == 1 && object["verdict"]?.string == "violated", "\(fast.testDescription)")
    #expect(object["sample"]?.integer == 19 && object["unit"]?.integer == 1)
    // Arguments and files that do not fit.
    for (arguments, status, says) in [
      (["--trajectory", "slow.npy", "--dt", "0.05"], 4, "--activation"),
      (["--trajectory", "slow.npy", "--dt", "0", "--slopes"], 4, "--dt"),
      (["--trajectory", "slow.npy", "--dt", "1", "--activation", "relu"], 4, "relu"),
      (["--trajectory", "p.npy", "--dt", "1", "--slopes"], 3, "[2]"),
      (["--trajectory", "none.npy", "--dt", "1", "--slopes"], 3, "none.npy"),
    ] as [([String], Int32, String)] {
      let run = try Certify.run(
        ["audit", "theorem6", "m.safetensors", "--metric-p", "p.npy"] + arguments, in: folder.path)
      #expect(run.status == status && run.errors.contains(says), "\(run.testDescription)")
    }
    try npy("full.npy", [2, 2], [1, 0.5, 0.5, 1], folder)
    let full = try Certify.run(
      "audit", "theorem6", "m.safetensors", "--metric-p", "full.npy", "--trajectory", "slow.npy",
      "--dt", "0.05", "--activation", "tanh", in: folder.path)
    #expect(full.status == 3 && full.errors.contains("diagonal"), "\(full.testDescription)")
  }
}
