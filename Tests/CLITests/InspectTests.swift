import Checkpoints
import Foundation
import Testing

/// `certify inspect`: what is in a file, and a manifest to start from.
@Suite("CLI: inspect") struct InspectTests {
  private func mixed(_ folder: TemporaryFolder) throws {
    try folder.safetensors(
      "mixed.safetensors",
      [
        Tensor(name: "cell.weight", shape: [2, 2], doubles: Sample.certified),
        Tensor(name: "bias", shape: [2], floats: [0, .nan]),
        Tensor(name: "steps", shape: [], integers: [7]),
      ])
  }

  @Test("text lists every tensor and says what the file is not") func text() throws {
    let folder = TemporaryFolder()
    try mixed(folder)
    let run = try Certify.run("inspect", "mixed.safetensors", in: folder.path)
    #expect(run.status == 0)
    #expect(run.lines[0] == "mixed.safetensors: safetensors, 3 tensors")
    #expect(run.lines.contains("  cell.weight  float64  [2, 2]"))
    #expect(run.lines.contains("  bias         float32  [2]"))
    #expect(run.lines.contains("  steps        int64  []"))
    #expect(run.lines.last?.hasPrefix("not recognised: ") == true)
    #expect(run.output.contains("--manifest-template"))
  }

  @Test("one unit is one unit") func oneUnit() throws {
    let folder = TemporaryFolder()
    try folder.model("one.safetensors", [0.5])
    let run = try Certify.run("check", "one.safetensors", in: folder.path)
    #expect(run.lines[1].contains(", 1 unit, form outside"), "\(run.testDescription)")
  }

  @Test("JSON says the same") func json() throws {
    let folder = TemporaryFolder()
    try mixed(folder)
    try folder.model("known.safetensors", Sample.certified)
    let unknown = try Certify.run(
      "inspect", "mixed.safetensors", "--format", "json", in: folder.path
    )
    .objects()[0]
    #expect(unknown["schema"] == .string("certify.inspect/v1"))
    #expect(unknown["format"] == .string("safetensors"))
    #expect(unknown["recognised"] == .null)
    #expect(unknown["reason"]?.string?.isEmpty == false)
    let tensors = try #require(unknown["tensors"]?.array)
    #expect(Set(tensors.compactMap { $0["name"]?.string }) == ["cell.weight", "bias", "steps"])
    let known = try Certify.run("inspect", "known.safetensors", "--format", "json", in: folder.path)
      .objects()[0]
    #expect(known["recognised"]?.string?.contains("metadata") == true)
    #expect(known["reason"] == .null)
  }

  @Test("the template is refused until it is confirmed, and accepted then") func template() throws {
    let folder = TemporaryFolder()
    try mixed(folder)
    let template = try Certify.run(
      "inspect", "mixed.safetensors", "--manifest-template", in: folder.path)
    #expect(template.status == 0)
    try folder.write(template.output, to: "m.toml")
    let early = try Certify.run(
      "check", "mixed.safetensors", "--manifest", "m.toml", in: folder.path)
    #expect(early.status == 4, "\(early.testDescription)")
    #expect(early.output.contains("form"))
    // Confirming: the form and the activation are the two things that no tensor tells.
    let confirmed = template.output
      .replacing("# form = \"outside\"", with: "form = \"outside\"")
      .replacing("# activation = \"tanh\"", with: "activation = \"tanh\"")
    try folder.write(confirmed, to: "m.toml")
    let check = try Certify.run(
      "check", "mixed.safetensors", "--manifest", "m.toml", in: folder.path)
    #expect(check.status == 0, "\(check.testDescription)")
  }

  @Test("every commented line of the template is a line that is understood") func everyKey() throws
  {
    let folder = TemporaryFolder()
    try folder.safetensors(
      "m.safetensors",
      ["W", "L", "K"].map {
        try Tensor(name: $0, shape: [64, 64], doubles: [Double](repeating: 0, count: 4096))
      }
        + [Tensor(name: "m", shape: [64], doubles: [Double](repeating: 1, count: 64))])
    let template = try Certify.run(
      "inspect", "m.safetensors", "--manifest-template", in: folder.path)
    let skipped = ["recurrent = {", "parametrisation", "slopes = ", "#   "]
    let uncommented = template.output.split(separator: "\n").map { line -> String in
      guard line.hasPrefix("# "), line.contains(" = ") || line.hasPrefix("# ["),
        !skipped.contains(where: line.contains),
        !line.contains("τ")
          || line.contains("size") || line.contains("form = ")
      else { return String(line) }
      return String(line.dropFirst(2))
    }
    try folder.write(
      uncommented.joined(separator: "\n").replacing(
        "# nonlinear-coupling = \"K\"",
        with: "coupling-slopes = [0.0, 1.0]\nnonlinear-coupling = \"K\""),
      to: "m.toml")
    let run = try Certify.run("check", "m.safetensors", "--manifest", "m.toml", in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)\n\(uncommented.joined(separator: "\n"))")
  }

  @Test("a tensor that is not finite is listed, and refused a verdict") func notFinite() throws {
    let folder = TemporaryFolder()
    try folder.model("nan.safetensors", [0, .nan, 0, 0])
    #expect(try Certify.run("inspect", "nan.safetensors", in: folder.path).status == 0)
    let check = try Certify.run("check", "nan.safetensors", in: folder.path)
    #expect(check.status == 3)
    #expect(check.output.contains("nonfinite"))
  }
}

/// Names are compared by their bytes, as other readers of the formats do.
@Suite struct TensorNameTests {
  @Test func composedAndDecomposedNamesAreTwoNames() throws {
    let (composed, decomposed) = ("\u{E9}", "e\u{301}")
    let folder = TemporaryFolder()
    func description(_ name: String) -> String {
      "[network]\nform = \"outside\"\nrecurrent = \"\(name)\"\nactivation = \"relu\"\n"
    }
    let (stable, unstable) = ([0, 0.5, -0.5, 0], [2.0, 0, 0, 0])
    // A file with both: each description means the tensor of its own bytes.
    let tensors = [
      try Tensor(name: composed, shape: [2, 2], doubles: stable),
      try Tensor(name: decomposed, shape: [2, 2], doubles: unstable),
    ]
    for (name, status) in [(composed, Int32(0)), (decomposed, 1)] {
      let path = try folder.safetensors("both.safetensors", tensors, description: description(name))
      let run = try Certify.run("check", path)
      #expect(run.status == status, "\(run.testDescription)")
    }
    // A file with one of them does not have the other.
    let path = try folder.safetensors(
      "one.safetensors", [tensors[1]], description: description(composed))
    let run = try Certify.run("check", path)
    #expect(run.status == 3 && run.output.contains("no tensor"), "\(run.testDescription)")
  }
}
