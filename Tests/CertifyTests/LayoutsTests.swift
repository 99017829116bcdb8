import Certify
import CertifyKernel
import Checkpoints
import Testing

@Suite struct LayoutsTests {
  let folder = TemporaryFolder()

  private func save(
    _ tensors: [Tensor], _ metadata: [String: String] = [:], _ name: String = "m.safetensors"
  ) throws -> String {
    try writeSafetensors(tensors, metadata: metadata, to: folder.file(name))
    return folder.file(name)
  }

  static func firingRate(_ prefix: String, _ weights: [Tensor], n: Int = 3) throws -> [Tensor] {
    try weights + [
      tensor(prefix + "input2h.weight", [n, 2]), tensor(prefix + "input2h.bias", [n]),
      tensor(prefix + "h2h.bias", [n]), tensor("fc.weight", [4, n]), tensor("fc.bias", [4]),
    ]
  }

  @Test(arguments: ["rnn.", "", "model.rnn.", "_orig_mod.module.rnn."])
  func aPlainFiringRateNetworkIsRecognised(_ prefix: String) throws {
    let w = try tensor(prefix + "h2h.weight", [3, 3])
    let path = try save(try Self.firingRate(prefix, [w]))
    let model = try Model.load(path: path, options: ModelOptions(step: ExactRatio(0.3)))
    #expect(model.form == .inside)
    #expect(
      model.specification.recurrent == .dense(Matrix(rows: 3, columns: 3, values: try w.doubles())))
    #expect(model.specification.step == Specification.Step(size: ExactRatio(0.3)))
    #expect(model.tensorNames == [prefix + "h2h.weight"])
    #expect(model.recognised.contains("plain weights") && model.recognised.contains("3 units"))
    #expect(try model.tensors()[0].sha256 == Digest(of: w.bytes))
    #expect(try model.fileDigest() == Digest(of: contents(of: path)))
    #expect(try Model.load(path: path).specification.step == nil)
  }

  @Test(arguments: [true, false])
  func aSpectralNetworkIsRebuiltLeftToRight(_ isNew: Bool) throws {
    let stem = isNew ? "rnn.h2h.parametrizations.weight" : "rnn.h2h.weight"
    let names =
      isNew
      ? ["\(stem).original", "\(stem).0._u", "\(stem).0._v"]
      : ["\(stem)_orig", "\(stem)_u", "\(stem)_v"]
    let a = try tensor(names[0], [3, 3], [1, 1e8, -1e8, 4, 5, 6, 7, 8, 10])
    let u = try tensor(names[1], [3], [0.1, 0.2, 0.7])
    let v = try tensor(names[2], [3], [1, 1, 1])
    let model = try Model.load(path: try save(try Self.firingRate("rnn.", [a, u, v])))
    var σ: Float = 0
    let (A, U, V) = (try a.floats(), try u.floats(), try v.floats())
    for i in 0..<3 {
      var row: Float = 0
      for j in 0..<3 { row += A[3 * i + j] * V[j] }
      σ += U[i] * row
    }
    let expected = A.map { Double($0 / σ) }
    #expect(model.specification.recurrent == .dense(Matrix(rows: 3, columns: 3, values: expected)))
    #expect(model.reconstructions.map(\.parametrisation) == [.spectral])
    #expect(model.tensorNames == names.sorted())
    #expect(model.notes.count == 1 && model.notes[0].contains("BLAS"))
  }

  @Test func symmetricAndMatsuokaDifferOnlyByTheManifest() throws {
    let stem = "rnn.h2h.parametrizations.weight"
    let identity: [Float] = [1, 0, 0, 1]
    let a = try tensor("\(stem).original", [2, 2], [0.5, 0.25, -1, 0.1])
    let path = try save(
      try Self.firingRate("rnn.", [a, tensor("\(stem).0.Id", [2, 2], identity)], n: 2))
    let A = try a.floats()
    func entry(_ i: Int, _ j: Int) -> Float {
      let square = A[i] * A[j] + A[2 + i] * A[2 + j]
      return (identity[2 * i + j] - square) - 1e-5 * identity[2 * i + j]
    }
    let symmetric = [entry(0, 0), entry(0, 1), entry(1, 0), entry(1, 1)]
    let plain = try Model.load(path: path)
    #expect(
      plain.specification.recurrent
        == .dense(Matrix(rows: 2, columns: 2, values: symmetric.map(Double.init))))
    #expect(plain.recognised.contains("matsuoka stores the same tensors"))
    let manifest = try folder.write(
      "[network]\nparametrisation = \"matsuoka\"\n[step]\nsize = \"3/10\"", to: "m.toml")
    let other = try Model.load(path: path, options: ModelOptions(manifest: manifest))
    let matsuoka = [
      symmetric[0], (symmetric[1] + A[1]) - A[2], (symmetric[2] + A[2]) - A[1],
      symmetric[3],
    ]
    #expect(
      other.specification.recurrent
        == .dense(Matrix(rows: 2, columns: 2, values: matsuoka.map(Double.init))))
    #expect(other.specification.step?.size == ExactRatio(3, over: 10))
    let wrong = try folder.write("[network]\nparametrisation = \"spectral\"", to: "w.toml")
    #expect(
      try loadingError(path, ModelOptions(manifest: wrong)).description.contains(
        "spectral does not have"))
  }

  /// 1 + 10⁸ − 10⁸ is 0 from the left and 1 from the right.
  @Test func theSquareIsSummedLeftToRight() throws {
    let stem = "rnn.h2h.parametrizations.weight"
    let a = try tensor("\(stem).original", [3, 3], [1, 1, 0, 1e4, 1e4, 0, 1e4, -1e4, 0])
    let id = try tensor("\(stem).0.Id", [3, 3], [1, 0, 0, 0, 1, 0, 0, 0, 1])
    let model = try Model.load(path: try save(try Self.firingRate("rnn.", [a, id])))
    let w = model.specification.recurrent.dense()
    #expect(w[0, 1] == 0 && w[1, 0] == 0)
    #expect(w[2, 2] == Double(1 - 1e-5 as Float))
  }

  private func recurrentModule(_ prefix: String, layers: Int, rows: Int = 3) throws -> [Tensor] {
    try (0..<layers).flatMap { k in
      try [
        tensor("\(prefix)weight_ih_l\(k)", [rows, k == 0 ? 2 : 3]),
        tensor("\(prefix)weight_hh_l\(k)", [rows, 3]),
        tensor("\(prefix)bias_ih_l\(k)", [rows]), tensor("\(prefix)bias_hh_l\(k)", [rows]),
      ]
    }
  }

  @Test func layersOfAnRNNAreOneBlockTriangularMap() throws {
    let path = try save(
      try recurrentModule("model.rnn.", layers: 2) + [tensor("head.weight", [1, 3])])
    let model = try Model.load(path: path)
    #expect(model.form == .map)
    #expect(model.specification.modules == [3, 3])
    let w = model.specification.recurrent.dense()
    let checkpoint = try Checkpoint(contentsOf: path)
    let own = try checkpoint.doubles(named: "model.rnn.weight_hh_l1")
    let below = try checkpoint.doubles(named: "model.rnn.weight_ih_l1")
    for i in 0..<3 {
      for j in 0..<3 {
        #expect(
          w[3 + i, 3 + j] == own[3 * i + j] && w[3 + i, j] == below[3 * i + j] && w[i, 3 + j] == 0)
      }
    }
    #expect(
      model.tensorNames == [
        "model.rnn.weight_hh_l0", "model.rnn.weight_hh_l1", "model.rnn.weight_ih_l1",
      ])
    let error = try loadingError(path, ModelOptions(step: .one))
    #expect(error.code == nil && error.description.contains("takes no --step"))
  }

  @Test func anRNNCellIsAMap() throws {
    let path = try save([
      tensor("cell.weight_ih", [3, 2]), tensor("cell.weight_hh", [3, 3]),
      tensor("cell.bias_hh", [3]),
    ])
    let model = try Model.load(path: path)
    #expect(model.form == .map && model.specification.units == 3)
    #expect(model.recognised.contains("nn.RNNCell"))
  }

  @Test func whatIsNotThisTheoryIsRejectedWithTheReason() throws {
    func expect(_ tensors: [Tensor], _ code: String, _ text: String) throws {
      let error = try loadingError(try save(tensors))
      #expect(error.code == code && error.description.contains(text), "\(error)")
    }
    try expect(try recurrentModule("", layers: 1, rows: 12), "unsupported_layout", "an LSTM")
    try expect(try recurrentModule("", layers: 1, rows: 9), "unsupported_layout", "a GRU")
    try expect(try recurrentModule("", layers: 1, rows: 6), "shape", "[6, 3], expected 3 x 3")
    try expect(
      try recurrentModule("", layers: 1) + [tensor("weight_hh_l0_reverse", [3, 3])],
      "unsupported_layout", "bidirectional")
    try expect(
      try recurrentModule("a.", layers: 1) + recurrentModule("b.", layers: 1), "ambiguous_layout",
      "2 layouts fit")
    try expect([tensor("x", [3, 3])], "unrecognised_layout", "x [3, 3] float32")
    try expect([tensor("x", [3, 3])], "unrecognised_layout", "--manifest-template")
    let w = try tensor("rnn.h2h.weight", [3, 3])
    try expect(
      try Self.firingRate("rnn.", [w, tensor("rnn.L_hat.bias", [3])]), "unsupported_layout",
      "global-workspace")
    try expect(
      try Self.firingRate("rnn.", [tensor("rnn.h2h.weight", [3, 4])]), "shape", "[3, 4]")
    try expect(
      try recurrentModule("", layers: 1) + [tensor("weight_hh_l2", [3, 3])], "shape", "weight_hh_l2"
    )
    try expect(
      try Self.firingRate("rnn.", [w, tensor("module.rnn.h2h.weight", [3, 3])]), "ambiguous_layout",
      "one name")
  }

  @Test func whatIsNotFiniteIsRejectedWithItsIndex() throws {
    var values = [Float](repeating: 0.5, count: 9)
    values[5] = .nan
    let error = try loadingError(
      try save(try Self.firingRate("rnn.", [tensor("rnn.h2h.weight", [3, 3], values)])))
    #expect(error.code == "nonfinite" && error.description.contains("nan at [1, 2]"), "\(error)")
    let w = try tensor("h2h.weight", [1, 1])
    let bias = try tensor("h2h.bias", [1], [.infinity])
    let other = try loadingError(try save([w, bias, tensor("input2h.weight", [1, 1])]))
    #expect(other.code == "nonfinite" && other.description.contains("inf at [0]"), "\(other)")
  }
}
