internal import CertifyKernel
internal import Checkpoints
internal import Markup

/// The layers around a network: what drives its units and what is read off them.
public struct ModelLayers: Sendable, Hashable {
  public let inputs: Int
  /// U, n × inputs, row by row.
  public let inputWeights: [Float]
  /// b, n.
  public let inputBias: [Float]
  public let readout: Readout?

  public struct Readout: Sendable, Hashable {
    public let classes: Int
    public let features: Manifest.Readout.Features
    /// F, classes × width, row by row; width is n, or 2n for both.
    public let weights: [Float]
    public let bias: [Float]
  }
}

extension Model {
  /// Reads the layers that the manifest names, or that the recognised layout is known to have; nil where there are
  /// none. Biases that are added to each other are added in binary32.
  ///
  /// - Throws: `.rejected` for tensors that are missing, not finite, or of another shape than n units need.
  public func layers() throws(ModelError) -> ModelLayers? {
    if let input = manifest?.input {
      return try layers(
        weight: input.weight, biases: input.bias.map { [$0] } ?? [], readout: manifest?.readout)
    }
    guard manifest?.form == nil, let weight = companions.first(where: { $0.isInputWeight }) else {
      return nil
    }
    let biases = companions.filter { $0 != weight }
    // The readout of rnns-of-rnns lies beside the network's module.
    let heads = file.checkpoint.entries.map(\.name).filter {
      $0 == "fc.weight" || $0.hasSuffix(".fc.weight")
    }
    let head = heads.count == 1 && form == .inside ? heads[0] : nil
    let readout = head.map { name in
      Manifest.Readout(
        weight: name, bias: String(name.dropLast("weight".count)) + "bias", features: .state)
    }
    return try layers(weight: weight, biases: biases, readout: readout)
  }

  private func layers(
    weight: String, biases: [String], readout: Manifest.Readout?
  ) throws(ModelError) -> ModelLayers {
    let n = specification.units
    let shape = try file.entry(weight, for: "input.weight").shape
    guard shape.count == 2, shape[0] == n else {
      throw .rejected(
        .shape,
        "input.weight: tensor \"\(printable(weight))\" has shape \(shape), expected \(n) rows")
    }
    let inputs = shape[1]
    let U = try file.matrix(weight, "input.weight", rows: n, columns: inputs)
    var b = [Float](repeating: 0, count: n)
    for name in biases {
      let values = try file.vector(name, "input.bias", count: n)
      for i in 0..<n { b[i] += Float(values[i]) }
    }
    var head: ModelLayers.Readout?
    if let readout {
      let width = readout.features == .both ? 2 * n : n
      let shape = try file.entry(readout.weight, for: "readout.weight").shape
      guard shape.count == 2, shape[0] > 0, shape[1] == width else {
        throw .rejected(
          .shape,
          "readout.weight: tensor \"\(printable(readout.weight))\" has shape \(shape), expected "
            + "\(width) columns for \(n) units")
      }
      let F = try file.matrix(readout.weight, "readout.weight", rows: shape[0], columns: width)
      let c =
        try readout.bias.map { (name) throws(ModelError) in
          try file.vector(name, "readout.bias", count: shape[0])
        } ?? [Double](repeating: 0, count: shape[0])
      head = ModelLayers.Readout(
        classes: shape[0], features: readout.features, weights: F.values.map { Float($0) },
        bias: c.map { Float($0) })
    }
    return ModelLayers(
      inputs: inputs, inputWeights: U.values.map { Float($0) }, inputBias: b, readout: head)
  }
}

extension String {
  fileprivate var isInputWeight: Bool {
    hasSuffix("input2h.weight") || hasSuffix("weight_ih_l0") || hasSuffix("weight_ih")
  }
}
