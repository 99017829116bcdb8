import Checkpoints
import Foundation
import TestSupport
import Testing

/// Descriptions of modules that contradict the tensors: status 3 or 4, the file, the key and both numbers, and
/// nothing written.
@Suite("CLI: modules that do not fit") struct ModuleInputTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let lines: String
    let status: Int32
    let says: [String]
    var testDescription: String { lines }

    init(_ lines: String, _ status: Int32, _ says: String...) {
      self.lines = lines
      self.status = status
      self.says = says
    }
  }

  static let cases = [
    // Sizes that do not cover the units, or that no partition has; lists of units would overlap.
    Case("modules = [2, 1]", 3, "network.modules add up to 3 units, network.recurrent has 4"),
    Case("modules = [2, 3]", 3, "network.modules add up to 5 units, network.recurrent has 4"),
    Case("modules = [4, 4]", 3, "network.modules add up to 8 units, network.recurrent has 4"),
    Case("modules = [1, 5]", 3, "network.modules[1] = 5 units, network.recurrent has 4 in all"),
    Case(
      "modules = [4611686018427387904, 4611686018427387904, 4611686018427387904, 4611686018427387908]",
      3, "network.modules[0] = 4611686018427387904 units, network.recurrent has 4 in all"),
    Case("modules = [2, 0, 2]", 4, "network.modules[1] = 0", "at least one unit"),
    Case("modules = [-1, 5]", 4, "network.modules[0] = -1", "at least one unit"),
    Case("modules = [[0, 1], [1, 2, 3]]", 4, "network.modules[0]", "not an array of 2"),
    Case("modules = []", 4, "network.modules", "not an array of 0"),
    Case("modules = [2.0, 2.0]", 4, "network.modules[0]", "not the number 2.0"),
    // Blocks of other shapes.
    Case("modules = [2, 2]\ncoupling = \"L3\"", 3, "network.coupling is 3 x 3, expected 4 x 4"),
    Case(
      "modules = [2, 2]\nnonlinear-coupling = \"L3\"\ncoupling-slopes = [0, 1]", 3,
      "network.nonlinear-coupling is 3 x 3, expected 4 x 4"),
    Case(
      "modules = [2, 2]\n[metric]\nblocks = [\"M2\", \"M3\"]", 3,
      "metric.blocks[1]: tensor \"M3\" has shape [3, 3], expected [2, 2]"),
    Case(
      "modules = [3, 1]\n[metric]\nblocks = [\"M2\", \"M2\"]", 3,
      "metric.blocks[0]: tensor \"M2\" has shape [2, 2], expected [3, 3]"),
    Case(
      "modules = [2, 2]\n[metric]\nblocks = [\"M2\"]", 4, "metric.blocks = 1 tensors",
      "one for each of the 2 modules"),
    Case(
      "modules = [2, 2]\n[metric]\nblocks = [\"M2\", \"M2\", \"M2\"]", 4,
      "metric.blocks = 3 tensors", "one for each of the 2 modules"),
    // Blocks that are no metric.
    Case(
      "modules = [2, 2]\n[metric]\nblocks = [\"indefinite\", \"M2\"]", 3,
      "metric.blocks[0]: indefinite is not positive definite", "about -1, and must be above 0"),
    Case(
      "modules = [2, 2]\n[metric]\nblocks = [\"M2\", \"indefinite\"]", 3,
      "metric.blocks[1]: indefinite is not positive definite", "about -1, and must be above 0"),
    Case(
      "modules = [2, 2]\n[metric]\nblocks = [\"M2\", \"skewed\"]", 3,
      "metric.blocks[1]: skewed[1, 0] = 0.25 but [0, 1] = 0.5"),
    // A hub that is none, and couplings past the hub: in W, L and K.
    Case("modules = [2, 2]\nworkspace = 2", 4, "network.workspace = 2", "numbered 0 to 1"),
    Case(
      "modules = [1, 1, 2]\nworkspace = 0\ncoupling = \"L\"", 3,
      "network.workspace = 0: network.coupling[1, 2] = 0.5 couples modules 1 and 2"),
    Case(
      "modules = [1, 1, 1, 1]\nworkspace = 3\nnonlinear-coupling = \"L\"\ncoupling-slopes = [0, 1]",
      3,
      "network.workspace = 3: network.nonlinear-coupling[1, 2] = 0.5 couples modules 1 and 2"),
    Case(
      "modules = [2, 1, 1]\nworkspace = 0", 3,
      "network.workspace = 0: network.recurrent[3, 2] = 0.25 couples modules 2 and 1"),
    // Keys that belong to recipes.
    Case("modules = [2, 2]\nstructure = \"workspace\"", 4, "unknown key network.structure"),
    Case("modules = [2, 2]\nadjacency = [[0, 0]]", 4, "unknown key network.adjacency"),
    Case("modules = [2, 2]\nedges = [[1, 1]]", 4, "unknown key network.edges"),
  ]

  /// W[3, 2] = ¼, and L[1, 2] = −L[2, 1] = ½.
  private func model(_ folder: TemporaryFolder, _ lines: String? = nil) throws {
    func tensor(_ name: String, _ n: Int, _ entries: [Int: Double]) throws -> Tensor {
      try Tensor(
        name: name, shape: [n, n], doubles: (0..<(n * n)).map { entries[$0] ?? 0 })
    }
    try folder.safetensors(
      "m.safetensors",
      [
        tensor("W", 4, [14: 0.25]), tensor("L", 4, [6: 0.5, 9: -0.5]), tensor("L3", 3, [:]),
        tensor("M2", 2, [0: 1, 3: 1]), tensor("M3", 3, [0: 1, 4: 1, 8: 1]),
        tensor("indefinite", 2, [0: 1, 1: 2, 2: 2, 3: 1]),
        tensor("skewed", 2, [0: 1, 1: 0.5, 2: 0.25, 3: 1]),
      ], description: lines.map { Sample.outside + $0 + "\n" })
  }

  @Test("in a manifest and in the file's own metadata", arguments: cases)
  func refused(example: Case) throws {
    let folder = TemporaryFolder()
    try model(folder)
    try folder.write(Sample.outside + example.lines + "\n", to: "m.toml")
    let manifest = try Certify.run(
      "check", "m.safetensors", "--manifest", "m.toml", "--certificates", "out", in: folder.path)
    expect(manifest, example, status: example.status)
    #expect(try certificates(folder).isEmpty)
    // What is wrong with the text is the file's fault, not the caller's, where the file has it.
    try model(folder, example.lines)
    let metadata = try Certify.run(
      "check", "m.safetensors", "--certificates", "out", in: folder.path)
    expect(metadata, example, status: 3)
    #expect(try certificates(folder).isEmpty)
  }

  /// What lies in the folder of certificates, which is made before any model is read.
  private func certificates(_ folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.file("out"))
  }

  private func expect(_ run: Run, _ example: Case, status: Int32) {
    #expect(run.status == status, "\(run.testDescription)")
    #expect(run.lines.count == 2 && run.errors.isEmpty, "\(run.testDescription)")
    #expect(run.lines.first?.hasPrefix("m.safetensors: s REJECTED") == true)
    for words in example.says {
      #expect(run.lines.last?.contains(words) == true, "\(words) in \(run.testDescription)")
    }
  }

  @Test("what is nearly one of them is a network") func good() throws {
    let folder = TemporaryFolder()
    for lines in [
      "modules = [2, 2]", "modules = [1, 1, 1, 1]\ncoupling = \"L\"",
      "modules = [1, 2, 1]\nworkspace = 1\ncoupling = \"L\"",
      "modules = [1, 1, 2]\nworkspace = 2\ncoupling = \"L\"",
      "modules = [2, 2]\nworkspace = 0\ncoupling = \"L\"", "workspace = 0",
      "modules = [2, 2]\n[metric]\nblocks = [\"M2\", \"M2\"]",
    ] {
      try model(folder, lines)
      let run = try Certify.run("check", "m.safetensors", in: folder.path)
      #expect(run.status == 0, "\(run.testDescription)")
    }
  }

  /// A new model would carry the block on, and could not be read again.
  @Test(
    "prune and ablate refuse an indefinite block too; audit explains it",
    arguments: [
      "prune m.safetensors --edges edges -o new", "prune m.safetensors --report",
      "ablate m.safetensors --units 0 -o new", "ablate m.safetensors --module 0 -o new",
      "ablate m.safetensors --report",
    ])
  func surgery(command: String) throws {
    let folder = TemporaryFolder()
    try model(folder, "modules = [2, 2]\n[metric]\nblocks = [\"M2\", \"indefinite\"]")
    try folder.write("3 2\n", to: "edges")
    let run = try Certify.run(command.split(separator: " ").map(String.init), in: folder.path)
    #expect(run.status == 3, "\(run.testDescription)")
    #expect(
      run.output.contains("metric.blocks[1]: indefinite is not positive definite"),
      "\(run.testDescription)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "edges", "m.safetensors",
      ])
    let audit = try Certify.run("audit", "m.safetensors", in: folder.path)
    #expect(audit.status == 1 && audit.output.contains("metric-not-valid"), "\(audit)")
  }

  @Test(
    "connections that do not exist: the list, the line and both numbers",
    arguments: [
      ("3 2\n0 4\n", "edges list.txt, line 2: unit 4, the network has 4 units, 0 to 3"),
      ("W 4 0\n", "edges list.txt, line 1: unit 4, the network has 4 units, 0 to 3"),
      ("L 1 9\n", "edges list.txt, line 1: unit 9, the network has 4 units, 0 to 3"),
      ("# a\n\nblock 0 2\n", "edges list.txt, line 3: module 2, the network has 2 modules, 0 to 1"),
      ("block 1 1\n", "edges list.txt, line 1: block 1 1 is the inside of a module"),
      ("L 1 1\n", "edges list.txt, line 1: L 1 1 is no pair"),
      ("K 0 1\n", "edges list.txt, line 1: the network has no nonlinear coupling K"),
      ("L 1 2\nL 2 1\n", "edges list.txt, line 2: L[2, 1] is removed by line 1 already"),
      ("-1 2\n", "edges list.txt, line 1: \"-1 2\""),
      ("99999999999999999999 2\n", "edges list.txt, line 1: \"99999999999999999999 2\""),
      ("", "edges list.txt: no connection is named"),
    ]) func edges(list: String, says: String) throws
  {
    let folder = TemporaryFolder()
    try model(folder, "modules = [2, 2]\ncoupling = \"L\"")
    try folder.write(list, to: "list.txt")
    let run = try Certify.run(
      "prune", "m.safetensors", "--edges", "list.txt", "-o", "new", in: folder.path)
    #expect(run.status == 4 && run.output.isEmpty, "\(run.testDescription)")
    #expect(run.errors.contains(says), "\(run.testDescription)")
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == [
        "list.txt", "m.safetensors",
      ])
  }

  @Test(
    "units and modules that do not exist cannot be deleted",
    arguments: [
      ("--units 4", "unit 4, the network has 4 units, 0 to 3"),
      ("--units 0,2-7", "unit 4, the network has 4 units, 0 to 3"),
      ("--module 2", "module 2, the network has 2 modules, 0 to 1"),
    ]) func units(selection: String, says: String) throws
  {
    let folder = TemporaryFolder()
    try model(folder, "modules = [2, 2]\ncoupling = \"L\"")
    let run = try Certify.run(
      ["ablate", "m.safetensors", "-o", "new"] + selection.split(separator: " ").map(String.init),
      in: folder.path)
    #expect(run.status == 4 && run.errors.contains(says), "\(run.testDescription)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m.safetensors"])
  }

  /// `audit recipe` draws no network from an adjacency that cannot be.
  @Test(
    "recipes",
    arguments: [
      ("edges = [[0, 1], [2, 2]]", "coupling.edges[1] = [2, 2]", "not coupled with itself"),
      ("edges = [[0, 3]]", "coupling.edges[0] = 3", "the 3 modules are numbered 0 to 2"),
      ("edges = [[-1, 0]]", "coupling.edges[0] = -1", "the 3 modules are numbered 0 to 2"),
      ("edges = [[0, 1], [1, 0]]", "coupling.edges[1] = [1, 0]", "there already"),
      ("edges = [[0, 1, 2]]", "coupling.edges[0]", "a pair of modules"),
      ("adjacency = \"workspace\"\nhub = 3", "coupling.hub = 3", "numbered 0 to 2"),
      ("adjacency = \"all\"\nhub = 0", "coupling.hub", "belongs to adjacency = \"workspace\""),
      ("adjacency = \"fraction\"\nfraction = 1.5", "coupling.fraction = 1.5", "0 to 1"),
    ]) func recipe(lines: String, key: String, says: String) throws
  {
    let folder = TemporaryFolder()
    try folder.write(
      AuditRecipeTests.recipe.replacing("adjacency = \"all\"", with: lines), to: "r.toml")
    let run = try Certify.run("audit", "recipe", "r.toml", in: folder.path)
    #expect(run.status == 4 && run.output.isEmpty, "\(run.testDescription)")
    for words in ["r.toml", key, says] {
      #expect(run.errors.contains(words), "\(words): \(run.testDescription)")
    }
    #expect(run.errors.split(separator: "\n").count == 1)
  }
}
