import Checkpoints
import Foundation
import Testing

/// `certify check --tube`: the distance of a float run from the exact one.
@Suite("CLI: float tube") struct TubeTests {
  @Test("text and JSON give one bound for the map that runs") func reported() throws {
    let folder = TemporaryFolder()
    try folder.model("m.safetensors", Sample.certified)
    let text = try Certify.run("check", "--tube", "float32", "m.safetensors", in: folder.path)
    let line = try #require(
      text.lines.first { $0.hasPrefix("    in float32: |x_float - x_exact|_M <= ") })
    #expect(text.lines.filter { $0.contains("float32") }.count == 1 && line.contains(" S + "))
    let json = try Certify.run(
      "check", "--tube", "float32", "--format", "json", "m.safetensors", in: folder.path)
    let tube = try #require(try json.objects()[0]["asRun"]?["floatTube"])
    #expect(tube["dtype"] == .string("float32"))
    let relative = try #require(tube["relative"]?.number?.double)
    // Some twenty roundings of 2⁻²⁴ over a slack of 0.015.
    #expect(relative > 20 * 0x1p-24 && relative < 1e-3)
    let without = try Certify.run("check", "--format", "json", "m.safetensors", in: folder.path)
    #expect(try without.objects()[0]["asRun"]?["floatTube"] == nil)
  }

  @Test("where rounding outweighs the contraction there is none") func none() throws {
    let folder = TemporaryFolder()
    try folder.model("m.safetensors", Sample.certified)
    let run = try Certify.run("check", "--tube", "bfloat16", "m.safetensors", in: folder.path)
    #expect(run.output.contains("in bfloat16: no bound; rounding outweighs the contraction"))
    let json = try Certify.run(
      "check", "--tube", "bfloat16", "--format", "json", "m.safetensors", in: folder.path)
    let tube = try #require(try json.objects()[0]["asRun"]?["floatTube"])
    #expect(tube["relative"] == .null && tube["absolute"] == .null)
  }

  @Test("formats that are none, and flows, are refused") func refused() throws {
    let folder = TemporaryFolder()
    try folder.model("m.safetensors", Sample.certified)
    let unknown = try Certify.run("check", "--tube", "float8", "m.safetensors", in: folder.path)
    #expect(unknown.status == 4 && unknown.errors.contains("--tube float8: known formats are"))
    let flow = try Certify.run(
      "check", "--tube", "float32", "--continuous", "m.safetensors", in: folder.path)
    #expect(flow.status == 4 && flow.errors.contains("--continuous"))
  }
}
