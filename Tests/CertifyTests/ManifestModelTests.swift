import Certify
import CertifyKernel
import Checkpoints
import Testing

/// Manifests against the tensors of a file.
@Suite struct ManifestModelTests {
  let folder = TemporaryFolder()

  private func model() throws -> String {
    let path = folder.file("m.safetensors")
    try writeSafetensors(
      [
        tensor("W", [4, 4]), tensor("L", [4, 4]), tensor("small", [3, 3]), tensor("wide", [4, 5]),
        tensor("m", [4], [1, 2, 3, 4]), tensor("M0", [2, 2], [2, -1, -1, 1]),
        tensor("M1", [2, 2], [1, 0, 0, 3]),
        tensor("bad", [4, 4], [Float](repeating: 0, count: 15) + [.infinity]),
        tensor("v", [16]),
        Tensor(name: "whole", shape: [4, 4], integers: [Int](repeating: 1, count: 16)),
        Tensor(name: "p", shape: [5], integers: [0, 1, 2, 2, 3]),
        Tensor(name: "j", shape: [3], int32s: [1, 0, 3]), tensor("w", [3], [0.5, -0.25, 2]),
        Tensor(name: "down", shape: [5], integers: [0, 1, 0, 2, 3]),
        Tensor(name: "far", shape: [3], int32s: [1, 0, 4]),
        Tensor(name: "same", shape: [3], int32s: [1, 1, 1]),
        Tensor(name: "two", shape: [5], integers: [0, 2, 2, 2, 3]),
      ], to: path)
    return path
  }

  private func manifest(_ rest: String, recurrent: String = "\"W\"", form: String = "outside")
    throws -> ModelOptions
  {
    let text =
      "[network]\nform = \"\(form)\"\nrecurrent = \(recurrent)\nactivation = \"relu\"\n\(rest)"
    return ModelOptions(manifest: try folder.write(text, to: "m.toml"))
  }

  @Test func partsAreReadAndTimeConstantsExpanded() throws {
    let options = try manifest(
      """
      coupling = "L"
      modules = [1, 3]
      time-constant = [1, "1/3"]
      [metric]
      diagonal = "m"
      [step]
      size = 0.03
      """)
    let model = try Model.load(path: try model(), options: options)
    let third = ExactRatio(1, over: 3)
    #expect(model.specification.timeConstants == [.one, third, third, third])
    #expect(model.specification.coupling != nil)
    #expect(model.proposedMetric == .diagonal([1, 2, 3, 4]))
    #expect(model.specification.step?.size == ExactRatio(0.03))
    #expect(model.tensorNames == ["L", "W"])
    let blocks = try manifest("modules = [2, 2]\n[metric]\nblocks = [\"M0\", \"M1\"]")
    let other = try Model.load(path: try self.model(), options: blocks)
    guard case .blocks(let matrices) = other.proposedMetric else { throw TestFault.noError }
    #expect(matrices.map(\.rows) == [2, 2])
  }

  @Test func compressedRowsAreTheMatrixTheySay() throws {
    let source = "{ indptr = \"p\", indices = \"j\", values = \"w\" }"
    let model = try Model.load(path: try model(), options: try manifest("", recurrent: source))
    let w = model.specification.recurrent.dense()
    #expect(w[0, 1] == 0.5 && w[1, 0] == -0.25 && w[3, 3] == 2)
    #expect(w.values.filter { $0 != 0 }.count == 3)
    #expect(model.tensorNames == ["j", "p", "w"])
  }

  static let faults: [(recurrent: String, rest: String, code: String?, text: String)] = [
    ("\"V\"", "", "no_such_tensor", "no tensor \"V\""), ("\"V\"", "", "no_such_tensor", "W [4, 4]"),
    ("\"wide\"", "", "shape", "[4, 5], expected 4 x 4"),
    ("\"v\"", "", "shape", "[16], expected n x n"),
    ("\"whole\"", "", "wrong_dtype", "int64"), ("\"bad\"", "", "nonfinite", "inf at [3, 3]"),
    ("\"W\"", "coupling = \"small\"", "shape", "3 x 3, expected 4 x 4"),
    ("\"W\"", "coupling = \"bad\"", "nonfinite", "network.coupling"),
    ("\"W\"", "modules = [2, 3]", "shape", "add up to 5 units, network.recurrent has 4"),
    ("\"W\"", "[metric]\ndiagonal = \"v\"", "shape", "[16], expected [4]"),
    ("\"W\"", "[metric]\ndiagonal = \"none\"", "no_such_tensor", "metric.diagonal"),
    ("\"W\"", "parametrisation = \"spectral\"", nil, "stored whole"),
    ("{ indptr = \"p\", indices = \"far\", values = \"w\" }", "", "sparse_structure", "column 4"),
    (
      "{ indptr = \"down\", indices = \"j\", values = \"w\" }", "", "sparse_structure",
      "decrease at row 1"
    ),
    (
      "{ indptr = \"two\", indices = \"same\", values = \"w\" }", "", "sparse_structure", "increase"
    ),
    ("{ indptr = \"w\", indices = \"j\", values = \"w\" }", "", "wrong_dtype", "int32 or int64"),
    ("{ indptr = \"p\", indices = \"j\", values = \"m\" }", "", "shape", "[3], expected [4]"),
  ]

  @Test(arguments: faults)
  func aFaultAgainstTheTensorsNamesBoth(
    _ fault: (recurrent: String, rest: String, code: String?, text: String)
  ) throws {
    let options = try manifest(fault.rest, recurrent: fault.recurrent)
    let error = try loadingError(try model(), options)
    #expect(error.code == fault.code, "\(error)")
    #expect(error.description.contains(fault.text), "\(error)")
  }

  @Test func aFaultInTheTextIsOneOfTheConfigurationOnlyOnTheCommandLine() throws {
    let path = try model()
    #expect(try loadingError(path, try manifest("unknown = 1")).code == nil)
    #expect(try loadingError(path, ModelOptions(manifest: folder.file("none"))).code == nil)
    let sidecar = try folder.write("[network]\nunknown = 1", to: "m.safetensors.certify.toml")
    let error = try loadingError(path)
    #expect(error.code == "manifest" && error.description.contains(sidecar), "\(error)")
    let metadata = folder.file("meta.safetensors")
    try writeSafetensors(
      [tensor("W", [2, 2])], metadata: ["certify.network": "[netwerk]"], to: metadata)
    #expect(try loadingError(metadata).description.contains("certify.network: unknown key netwerk"))
  }

  @Test func theFirstDescriptionCounts() throws {
    let text = "[network]\nform = \"inside\"\nrecurrent = \"W\"\nactivation = \"relu\""
    let path = folder.file("order.safetensors")
    try writeSafetensors([tensor("W", [2, 2])], metadata: ["certify.network": text], to: path)
    _ = try folder.write(
      text.replacing("inside", with: "map"), to: "order.safetensors.certify.toml")
    #expect(try Model.load(path: path).form == .inside)
    #expect(try Model.load(path: path).description == .metadata)
    let outside = try folder.write(text.replacing("inside", with: "outside"), to: "o.toml")
    #expect(try Model.load(path: path, options: ModelOptions(manifest: outside)).form == .outside)
    try writeSafetensors([tensor("W", [2, 2])], to: path)
    #expect(try Model.load(path: path).form == .map)
  }

  @Test func stepAndSchemeAreChecked() throws {
    let path = try model()
    var options = try manifest("")
    options.scheme = .implicit
    #expect(try loadingError(path, options).description.contains("--scheme needs a step"))
    options.step = .zero
    #expect(try loadingError(path, options).description.contains("must be above 0"))
    options.step = .one
    #expect(try Model.load(path: path, options: options).specification.step?.scheme == .implicit)
    options.scheme = .split
    #expect(try loadingError(path, options).code == nil)
    let split = try manifest("[step]\nscheme = \"split\"\nsize = 1\nleak = \"m\"")
    let error = try loadingError(path, split).description
    #expect(error.contains("m[1] = 2.0; a leak lies above 0 and is at most 1"))
  }

  @Test func theTemplateListsTheTensorsAndIsNotAManifestYet() throws {
    let text = manifestTemplate(for: try Checkpoint(contentsOf: try model()))
    #expect(text.contains("\"wide\"  [4, 5]  float32"))
    #expect(text.contains("recurrent = \"W\""))
    let error = #expect(throws: ManifestError.self) { try Manifest(text: text) }
    #expect(error?.description.contains("network.form") == true)
    let decided = text.replacing("# form = \"outside\"", with: "form = \"outside\"")
      .replacing("# activation", with: "activation")
    #expect(try Manifest(text: decided).recurrent == .dense("W"))
  }
}
