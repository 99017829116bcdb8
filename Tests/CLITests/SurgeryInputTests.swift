import Checkpoints
import Foundation
import TestSupport
import Testing

/// Requests that cannot be carried out, and files of every kind that prune and ablate know.
@Suite("CLI: prune and ablate, input") struct SurgeryInputTests {
  @Test(
    "usage errors: status 4, both numbers, nothing written",
    arguments: [
      ("ablate m --units 9 -o new", "unit 9, the network has 2 units"),
      ("ablate m --units 1,1 -o new", "unit 1 is named twice"),
      ("ablate m --units 0-1 -o new", "all 2 of 2 units"),
      ("ablate m --units 1-0 -o new", "1-0 runs backwards"),
      ("ablate m --units x -o new", "expected units and ranges"),
      ("ablate m --module 1 -o new", "module 1, the network has 1 modules"),
      ("ablate m --module 0 -o new", "all 2 of 2 units"),
      ("ablate m --units 0 --module 0 -o new", "one of them"),
      ("ablate m -o new", "say what to delete"), ("ablate m --units 0", "-o OUT"),
      ("ablate m --units 0 --rows V -o new", "no such tensor"),
      ("ablate m --units 0 --rows b -o new", "its shape is [3], the network has 2 units"),
      ("ablate m --units 0 --rows W -o new", "deleted already"),
      ("ablate m --units 0 -o no/such/folder/new", "-o no/such/folder/new"),
      ("ablate m --units 0 -o .", "-o ."),
      ("ablate m --report --units 0", "--report deletes nothing"),
      ("ablate m --units 0 --as-run -o new", "--as-run"),
      ("prune m --edges edges --as-run --continuous -o new", "exclude each other"),
      ("prune m --edges nowhere -o new", "no such file"),
      ("prune m --edges bad -o new", "line 2: unit 7, the network has 2 units"),
      ("prune m --edges none -o new", "no connection is named"),
      ("prune m --edges L -o new", "the network has no linear coupling L"),
      ("prune m -o new", "--edges FILE"), ("prune m --edges edges", "-o OUT"),
      ("prune m --report --edges edges", "--report removes nothing"),
    ])
  func usage(command: String, message: String) throws {
    let folder = TemporaryFolder()
    try folder.safetensors(
      "m",
      [
        Tensor(name: "W", shape: [2, 2], doubles: Sample.certified),
        Tensor(name: "b", shape: [3], doubles: [1, 2, 3]),
      ], description: Sample.outside)
    try folder.write("0 1\n", to: "edges")
    try folder.write("0 1\n1 7\n", to: "bad")
    try folder.write("# none\n", to: "none")
    try folder.write("L 0 1\n", to: "L")
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    let run = try Certify.run(command.split(separator: " ").map(String.init), in: folder.path)
    #expect(run.status == 4 && run.output.isEmpty, "\(run.testDescription)")
    #expect(run.errors.contains(message), "\(run.testDescription)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == before)
  }

  @Test("a file that is no model is rejected") func rejected() throws {
    let folder = TemporaryFolder()
    try folder.write("not a model", to: "m")
    let run = try Certify.run(
      "ablate", "m", "--units", "0", "-o", "new", "--format", "json", in: folder.path)
    #expect(run.status == 3)
    #expect(try run.objects()[0]["verdict"] == .string("rejected"))
    #expect(!folder.exists("new"))
  }

  private func operate(_ folder: TemporaryFolder, _ arguments: String...) throws -> Checkpoint {
    let run = try Certify.run(arguments + ["-o", "new"], in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    let verify = try Certify.run("verify", "new.cert.json", "new", in: folder.path)
    #expect(verify.status == 0, "\(verify.testDescription)")
    return try Checkpoint(contentsOf: folder.file("new"))
  }

  @Test("compressed rows lose entries, rows and columns, and keep their types") func sparse() throws
  {
    let folder = TemporaryFolder()
    // [[0, 1/8, 1/4], [0, 0, 1/2], [1/16, 0, 0]].
    try folder.safetensors(
      "m",
      [
        Tensor(name: "p", shape: [4], int32s: [0, 2, 3, 4]),
        Tensor(name: "j", shape: [4], integers: [1, 2, 2, 0]),
        Tensor(name: "v", shape: [4], floats: [0.125, 0.25, 0.5, 0.0625]),
      ],
      description: "[network]\nform = \"map\"\nactivation = \"tanh\"\n"
        + "recurrent = { indptr = \"p\", indices = \"j\", values = \"v\" }\n")
    try folder.write("0 2\n", to: "edges")
    let pruned = try operate(folder, "prune", "m", "--edges", "edges")
    #expect(try pruned.int32s(named: "p") == [0, 1, 2, 3])
    #expect(try pruned.tensor(named: "p").dtype == .i32 && pruned.tensor(named: "j").dtype == .i64)
    #expect(try pruned.integers(named: "j") == [1, 2, 0])
    #expect(try pruned.floats(named: "v") == [0.125, 0.5, 0.0625])
    let ablated = try operate(folder, "ablate", "m", "--units", "1")
    #expect(try ablated.int32s(named: "p") == [0, 1, 2])
    #expect(try ablated.integers(named: "j") == [1, 0])
    #expect(try ablated.floats(named: "v") == [0.25, 0.0625])
  }

  @Test("the layers of an nn.RNN are cut alike, or not at all") func layers() throws {
    let folder = TemporaryFolder()
    func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
      let count = shape.reduce(1, *)
      return try Tensor(
        name: name, shape: shape, floats: (0..<count).map { Float($0 % 5 - 2) * 0x1p-4 })
    }
    try folder.safetensors(
      "m",
      [
        tensor("weight_ih_l0", [3, 2]), tensor("weight_hh_l0", [3, 3]), tensor("bias_ih_l0", [3]),
        tensor("bias_hh_l0", [3]), tensor("weight_ih_l1", [3, 3]), tensor("weight_hh_l1", [3, 3]),
        tensor("bias_ih_l1", [3]), tensor("bias_hh_l1", [3]),
      ])
    try folder.write("0 1\n4 2\n", to: "edges")
    let pruned = try operate(folder, "prune", "m", "--edges", "edges")
    #expect(try pruned.floats(named: "weight_hh_l0")[1] == 0)
    #expect(try pruned.floats(named: "weight_ih_l1")[5] == 0)
    let ablated = try operate(folder, "ablate", "m", "--units", "0,4")
    let shapes = Dictionary(uniqueKeysWithValues: ablated.entries.map { ($0.name, $0.shape) })
    #expect(shapes["weight_ih_l0"] == [2, 2] && shapes["weight_hh_l1"] == [2, 2])
    #expect(shapes["weight_ih_l1"] == [2, 2] && shapes["bias_hh_l1"] == [2])
    let whole = try Checkpoint(contentsOf: folder.file("m"))
    let bias = try whole.floats(named: "bias_ih_l1")
    #expect(try ablated.floats(named: "bias_ih_l1") == [bias[0], bias[2]])
    let uneven = try Certify.run("ablate", "m", "--units", "0", "-o", "other", in: folder.path)
    #expect(
      uneven.status == 4 && uneven.errors.contains("layer 0 would keep 2 units and layer 1 3"))
    #expect(!folder.exists("other"))
  }

  @Test("one tensor in two matrices cannot be changed for one") func shared() throws {
    let folder = TemporaryFolder()
    try folder.model(
      "m", Sample.certified, description: Sample.outside + "coupling = \"W\"\n")
    try folder.write("0 1\n", to: "edges")
    for command in ["prune m --edges edges -o new", "ablate m --units 0 -o new"] {
      let run = try Certify.run(command.split(separator: " ").map(String.init), in: folder.path)
      #expect(run.status == 4 && run.errors.contains("is in W and L"), "\(run.testDescription)")
    }
  }

  @Test("metrics of modules: Schur complements outside, submatrices inside") func metrics() throws {
    for (form, expected) in [("outside", [1.5]), ("inside", [2.0])] {
      let folder = TemporaryFolder()
      try folder.safetensors(
        "m",
        [
          Tensor(name: "W", shape: [3, 3], doubles: [0, 0.1, 0, -0.1, 0, 0.1, 0, 0, 0.1]),
          Tensor(name: "M0", shape: [2, 2], floats: [2, 1, 1, 2]),
          Tensor(name: "M1", shape: [1, 1], floats: [3]),
        ],
        description: "[network]\nform = \"\(form)\"\nrecurrent = \"W\"\nactivation = \"relu\"\n"
          + "modules = [2, 1]\n[metric]\nblocks = [\"M0\", \"M1\"]\n")
      let one = try operate(folder, "ablate", "m", "--units", "0")
      #expect(try one.doubles(named: "M0") == expected)
      #expect(try one.tensor(named: "M1").dtype == .f32)
      let module = try operate(folder, "ablate", "m", "--module", "0")
      #expect(module.entry(named: "M0") == nil && module.entry(named: "M1") != nil)
    }
  }
}

@Suite(
  "CLI: ablation of published networks",
  .enabled(if: SharedFolder.isPresent, "needs the shared folder"))
struct PublishedAblationTests {
  /// Random units of networks with a spectral constraint: same metric, same rate, input and readout cut too.
  @Test(arguments: [UInt64(1), 2]) func spectral(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let root = SharedFolder.file("checkpoints/spectral").path
    let tasks = try FileManager.default.contentsOfDirectory(atPath: root).sorted()
    let model = "\(root)/\(tasks[generator.integer(in: 0...(tasks.count - 1))])"
    let file = try #require(
      try FileManager.default.contentsOfDirectory(atPath: model).sorted().first)
    let folder = TemporaryFolder()
    let all = try Checkpoint(contentsOf: "\(model)/\(file)")
    let n = try #require(all.entry(named: "rnn.h2h.bias")?.shape[0])
    var units: Set<Int> = []
    while units.count < n / 8 { units.insert(generator.integer(in: 0...(n - 1))) }
    let list = units.sorted().map(String.init).joined(separator: ",")
    let run = try Certify.run(
      "ablate", "\(model)/\(file)", "--units", list, "--step", "0.3", "-o", "new", in: folder.path)
    #expect(run.status == 0, "\(run.testDescription)")
    #expect(run.output.contains("continuous: same metric, same rate"), "\(run.testDescription)")
    #expect(run.output.contains("as run: same metric, same rate"), "\(run.testDescription)")
    let verify = try Certify.run("verify", "new.cert.json", "new", in: folder.path)
    #expect(verify.status == 0, "\(verify.testDescription)")
    let new = try Checkpoint(contentsOf: folder.file("new"))
    let kept = n - n / 8
    #expect(new.entry(named: "rnn.h2h.weight")?.shape == [kept, kept])
    #expect(new.entry(named: "rnn.input2h.weight")?.shape[0] == kept)
    #expect(new.entry(named: "rnn.h2h.bias")?.shape == [kept])
    #expect(new.entry(named: "fc.weight")?.shape[1] == kept)
    #expect(try new.tensor(named: "fc.bias") == all.tensor(named: "fc.bias"))
  }
}
