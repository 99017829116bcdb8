import Checkpoints
import Foundation
import Testing

/// Descriptions and tensors that are nearly right: status 3 or 4, with the name and both numbers.
@Suite("CLI: near misses") struct NearMissTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let what: String
    let network: String
    let says: [String]
    var testDescription: String { what }
  }

  static let network = "[network]\nform = \"outside\"\nrecurrent = \"W\"\nactivation = \"relu\"\n"

  static let cases = [
    Case(what: "the good case", network: network, says: []),
    Case(
      what: "a missing tensor", network: network.replacing("\"W\"", with: "\"V\""),
      says: ["V", "W"]),
    Case(
      what: "a tensor that is not square", network: network.replacing("\"W\"", with: "\"R\""),
      says: ["R", "3", "2"]),
    Case(
      what: "a vector as weights", network: network.replacing("\"W\"", with: "\"m\""),
      says: ["m", "[3]"]),
    Case(
      what: "integers as weights", network: network.replacing("\"W\"", with: "\"N\""),
      says: ["N", "int64"]),
    Case(what: "no unit", network: network.replacing("\"W\"", with: "\"E\""), says: ["E", "0"]),
    Case(
      what: "a NaN", network: network.replacing("\"W\"", with: "\"X\""), says: ["X", "nan", "1, 2"]),
    Case(
      what: "an infinity", network: network.replacing("\"W\"", with: "\"Y\""), says: ["Y", "inf"]),
    Case(
      what: "a coupling of another size", network: network + "coupling = \"L\"\n",
      says: ["coupling", "2", "3"]),
    Case(what: "an unknown key", network: network + "gain = 1\n", says: ["gain", "slopes"]),
    Case(
      what: "an unknown table", network: network + "[units]\nn = 3\n", says: ["units", "metric"]),
    Case(
      what: "an unknown form", network: network.replacing("outside", with: "sideways"),
      says: ["sideways", "inside"]),
    Case(
      what: "an unknown activation", network: network.replacing("relu", with: "gelu"),
      says: ["gelu", "softplus"]),
    Case(
      what: "slopes reversed",
      network: network.replacing("activation = \"relu\"", with: "slopes = [1.0, 0.5]"),
      says: ["slopes", "[1", "0.5"]),
    Case(
      what: "a negative slope",
      network: network.replacing("activation = \"relu\"", with: "slopes = [-0.5, 1.0]"),
      says: ["slopes", "-0.5"]),
    Case(what: "τ = 0", network: network + "time-constant = 0.0\n", says: ["time-constant", "0"]),
    Case(
      what: "τ < 0", network: network + "time-constant = -2.0\n", says: ["time-constant", "-2"]),
    Case(
      what: "τ = nan", network: network + "time-constant = nan\n", says: ["time-constant", "nan"]),
    Case(
      what: "modules that do not add up", network: network + "modules = [2, 2]\n",
      says: ["modules", "4", "3"]),
    Case(
      what: "more time constants than modules",
      network: network + "modules = [2, 1]\ntime-constant = [1, 2, 3]\n",
      says: ["time-constant", "3", "2"]),
    Case(
      what: "a hub that is not there", network: network + "workspace = 1\n",
      says: ["workspace", "1"]),
    Case(what: "a step of 0", network: network + "[step]\nsize = 0\n", says: ["step.size", "0"]),
    Case(
      what: "an unknown scheme", network: network + "[step]\nscheme = \"heun\"\nsize = 1\n",
      says: ["heun", "euler"]),
    Case(
      what: "a metric of another length", network: network + "[metric]\ndiagonal = \"short\"\n",
      says: ["short", "2", "3"]),
    Case(
      what: "a metric that is not there", network: network + "[metric]\ndiagonal = \"p\"\n",
      says: ["p"]),
    Case(
      what: "a metric that is not positive", network: network + "[metric]\ndiagonal = \"bad\"\n",
      says: ["bad", "-1"]),
    Case(
      what: "a metric with a NaN", network: network + "[metric]\ndiagonal = \"nan\"\n",
      says: ["nan"]),
  ]

  private func tensors() throws -> [Tensor] {
    let zero = [Double](repeating: 0, count: 9)
    var nan = zero
    nan[5] = .nan
    var infinite = zero
    infinite[3] = -.infinity
    return [
      try Tensor(name: "W", shape: [3, 3], doubles: zero),
      try Tensor(name: "X", shape: [3, 3], doubles: nan),
      try Tensor(name: "Y", shape: [3, 3], doubles: infinite),
      try Tensor(name: "R", shape: [3, 2], doubles: [Double](repeating: 0, count: 6)),
      try Tensor(name: "L", shape: [2, 2], doubles: [0, 0, 0, 0]),
      try Tensor(name: "E", shape: [0, 0], doubles: []),
      try Tensor(name: "N", shape: [3, 3], integers: [Int](repeating: 0, count: 9)),
      try Tensor(name: "m", shape: [3], doubles: [1, 1, 1]),
      try Tensor(name: "short", shape: [2], doubles: [1, 1]),
      try Tensor(name: "bad", shape: [3], doubles: [1, -1, 1]),
      try Tensor(name: "nan", shape: [3], doubles: [1, .nan, 1]),
    ]
  }

  @Test("a manifest, a sidecar and metadata say the same", arguments: cases)
  func nearMiss(example: Case) throws {
    let folder = TemporaryFolder()
    try folder.safetensors("manifest.safetensors", tensors())
    try folder.safetensors("sidecar.safetensors", tensors())
    try folder.safetensors("metadata.safetensors", tensors(), description: example.network)
    try folder.write(example.network, to: "m.toml")
    try folder.write(example.network, to: "sidecar.safetensors.certify.toml")
    for arguments in [
      ["manifest.safetensors", "--manifest", "m.toml"], ["sidecar.safetensors"],
      ["metadata.safetensors"],
    ] {
      let run = try Certify.run(["check"] + arguments, in: folder.path)
      if example.says.isEmpty {
        #expect(run.status == 0, "\(run.testDescription)")
      } else {
        refused(run, saying: example.says)
      }
    }
  }

  /// The verdict and one line of reason.
  private func refused(_ run: Run, saying words: [String]) {
    #expect([3, 4].contains(run.status), "\(run.testDescription)")
    #expect(run.lines.count == 2 && run.errors.isEmpty, "\(run.testDescription)")
    let reason = run.lines.last ?? ""
    for word in words { #expect(reason.contains(word), "\(word) in \(reason)") }
  }

  /// Rows of a 3 × 3 network in compressed form, one fault at a time.
  static let sparse: [(what: String, indptr: [Int], indices: [Int], says: [String])] = [
    ("the good case", [0, 1, 2, 3], [1, 2, 0], []),
    ("too few pointers", [0, 3], [1, 2, 0], ["row 0"]),
    ("pointers that decrease", [0, 2, 1, 3], [1, 2, 0], ["row"]),
    ("pointers past the end", [0, 1, 2, 4], [1, 2, 0], ["4", "3"]),
    ("a column out of range", [0, 1, 2, 3], [1, 3, 0], ["3"]),
    ("a negative column", [0, 1, 2, 3], [1, -1, 0], ["-1"]),
    ("columns that do not increase", [0, 2, 2, 3], [1, 1, 0], ["row 0"]),
  ]

  @Test("compressed rows", arguments: sparse.indices) func compressedRows(index: Int) throws {
    let example = Self.sparse[index]
    let folder = TemporaryFolder()
    let pointers = example.indptr.count
    for wide in [false, true] {
      let integers: (String, [Int]) throws -> Tensor = { name, values in
        try wide
          ? Tensor(name: name, shape: [values.count], integers: values)
          : Tensor(name: name, shape: [values.count], int32s: values.map(Int32.init))
      }
      try folder.safetensors(
        "m.safetensors",
        [
          integers("p", example.indptr), integers("j", example.indices),
          Tensor(name: "w", shape: [3], floats: [0.5, 0.5, 0.5]),
        ],
        description:
          "[network]\nform = \"outside\"\nactivation = \"relu\"\n"
          + "recurrent = { indptr = \"p\", indices = \"j\", values = \"w\" }\n")
      let run = try Certify.run("check", "m.safetensors", in: folder.path)
      #expect(run.status == (example.says.isEmpty ? 0 : 3), "\(pointers): \(run.testDescription)")
      for word in example.says { #expect(run.output.contains(word), "\(run.testDescription)") }
    }
  }
}
