import Checkpoints

/// Networks of modules of 32 units that contract in the identity, coupled by exactly skew matrices.
enum Assembly {
  private static let size = 32
  /// Uniform weights of this range have a spectral norm near 0.8.
  private static let range = 0.1225

  /// One hub and a spoke to each of the other modules, in sparse rows.
  static func workspace(modules: Int, to path: String) throws {
    var random = SplitMix64(state: UInt64(modules))
    let n = size * modules
    let spokes = (1..<modules).map { _ in block(&random, 0.0866) }
    var (indices, values): ([Int32], [Float]) = ([], [])
    var (pointers, linked, links): ([Int32], [Int32], [Float]) = ([0], [], [])
    for module in 0..<modules {
      for row in 0..<size {
        for column in 0..<size {
          indices.append(Int32(module * size + column))
          values.append(Float(range * (2 * random.unit() - 1)))
        }
        if module == 0 {
          for (index, spoke) in spokes.enumerated() {
            for column in 0..<size {
              linked.append(Int32((index + 1) * size + column))
              links.append(-spoke[column * size + row])
            }
          }
        } else {
          for column in 0..<size {
            linked.append(Int32(column))
            links.append(spokes[module - 1][row * size + column])
          }
        }
        pointers.append(Int32(linked.count))
      }
    }
    let tensors = [
      try Tensor(name: "p", shape: [n + 1], int32s: (0...n).map { Int32($0 * size) }),
      try Tensor(name: "j", shape: [indices.count], int32s: indices),
      try Tensor(name: "w", shape: [values.count], floats: values),
      try Tensor(name: "lp", shape: [n + 1], int32s: pointers),
      try Tensor(name: "lj", shape: [linked.count], int32s: linked),
      try Tensor(name: "lw", shape: [links.count], floats: links),
    ]
    let sparse = { (p: String, j: String, w: String) in
      "{ indptr = \"\(p)\", indices = \"\(j)\", values = \"\(w)\" }"
    }
    let manifest = """
      [network]
      form = "outside"
      recurrent = \(sparse("p", "j", "w"))
      coupling = \(sparse("lp", "lj", "lw"))
      activation = "relu"
      modules = \([Int](repeating: size, count: modules))
      workspace = 0
      """
    try writeSafetensors(tensors, metadata: ["certify.network": manifest], to: path)
  }

  /// A Sparse Combo Net of 32 modules, every pair coupled.
  static func combo(coupling: Double, step: String?, to path: String) throws {
    var random = SplitMix64(state: 32)
    let modules = 32
    let n = size * modules
    var w = [Float](repeating: 0, count: n * n)
    var l = w
    for i in 0..<n {
      for j in 0..<n {
        if i / size == j / size {
          w[i * n + j] = Float(range * (2 * random.unit() - 1))
        } else if j < i {
          let entry = Float(coupling * (2 * random.unit() - 1))
          l[i * n + j] = entry
          l[j * n + i] = -entry
        }
      }
    }
    let manifest = """
      [network]
      form = "outside"
      recurrent = "W"
      coupling = "L"
      activation = "relu"
      modules = \([Int](repeating: size, count: modules))
      \(step.map { "[step]\nscheme = \"euler\"\nsize = \($0)" } ?? "")
      """
    try writeSafetensors(
      [
        Tensor(name: "W", shape: [n, n], floats: w), Tensor(name: "L", shape: [n, n], floats: l),
      ], metadata: ["certify.network": manifest], to: path)
  }

  private static func block(_ random: inout SplitMix64, _ range: Double) -> [Float] {
    (0..<size * size).map { _ in Float(range * (2 * random.unit() - 1)) }
  }
}
