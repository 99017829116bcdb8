import Checkpoints

/// The networks that are measured: the same bytes at every run.
enum Network {
  static func write(_ kind: String, to path: String) throws {
    switch kind {
    case "sparse32": try sparse(to: path, wide: false)
    case "sparse64": try sparse(to: path, wide: true)
    case "dense": try dense(to: path)
    case let kind where kind.hasPrefix("workspace-"):
      guard let modules = Int(kind.dropFirst(10)), modules > 1 else {
        throw Failure("no such network: \(kind)")
      }
      try Assembly.workspace(modules: modules, to: path)
    case "combo": try Assembly.combo(coupling: 0.05, step: nil, to: path)
    case "combo-fast": try Assembly.combo(coupling: 0.35, step: "0.03", to: path)
    default: throw Failure("no such network: \(kind)")
    }
  }

  private static func description(_ recurrent: String) -> [String: String] {
    [
      "certify.network":
        "[network]\nform = \"outside\"\nrecurrent = \(recurrent)\nactivation = \"tanh\"\n"
    ]
  }

  /// 10^6 units with four inputs each, anywhere; weights in ±[0.05, 0.25), so that |W| has no more than row
  /// sum 1 and a Perron root near 0.6.
  private static func sparse(to path: String, wide: Bool) throws {
    let n = 1_000_000
    var random = SplitMix64(state: 2106_08928)
    var indptr = [0]
    var indices: [Int32] = []
    var values: [Float] = []
    indices.reserveCapacity(4 * n)
    for _ in 0..<n {
      var columns: Set<Int32> = []
      while columns.count < 4 { columns.insert(Int32(random.next() % UInt64(n))) }
      for column in columns.sorted() {
        let size = 0.05 + 0.2 * random.unit()
        indices.append(column)
        values.append(Float(random.next() & 1 == 0 ? size : -size))
      }
      indptr.append(indices.count)
    }
    let entries = indices.count
    let tensors =
      wide
      ? [
        try Tensor(name: "indptr", shape: [n + 1], integers: indptr),
        try Tensor(name: "indices", shape: [entries], integers: indices.map(Int.init)),
        try Tensor(name: "values", shape: [entries], doubles: values.map(Double.init)),
      ]
      : [
        try Tensor(name: "indptr", shape: [n + 1], int32s: indptr.map(Int32.init)),
        try Tensor(name: "indices", shape: [entries], int32s: indices),
        try Tensor(name: "values", shape: [entries], floats: values),
      ]
    let recurrent = "{ indptr = \"indptr\", indices = \"indices\", values = \"values\" }"
    try writeSafetensors(tensors, metadata: description(recurrent), to: path)
  }

  /// n = 2048, float64, entries in ±0.9 · 2/n: |W| has a Perron root near 0.9, and row sums about it.
  private static func dense(to path: String) throws {
    let n = 2048
    var random = SplitMix64(state: 2048)
    let scale = 1.8 / Double(n)
    let values = (0..<n * n).map { _ in scale * (2 * random.unit() - 1) }
    try writeSafetensors(
      [Tensor(name: "W", shape: [n, n], doubles: values)], metadata: description("\"W\""), to: path)
  }
}

/// Steele, Lea, Flood 2014. The sequence depends on the seed alone.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// In [0, 1).
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }
}
