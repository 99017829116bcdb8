internal import CertifyKernel
internal import Checkpoints
internal import Markup

/// Tensors outside the network that have units along a dimension, as the caller says.
public struct UnitTensors: Sendable, Hashable {
  /// Units along the first dimension: input weights, biases.
  public var rows: [String]
  /// Units along the last dimension: readout weights.
  public var columns: [String]

  public init(rows: [String] = [], columns: [String] = []) {
    self.rows = rows
    self.columns = columns
  }
}

extension TensorSurgery {
  /// Deletes rows and columns in every tensor that is known to have units along it.
  mutating func ablate(_ map: UnitMap, _ given: UnitTensors) throws(ModelError) {
    var handled: Set<String> = []
    for (part, source) in Self.parts(model) {
      guard let weights = part.weights(of: model.specification) else { continue }
      switch source {
      case .dense(let name):
        handled.insert(name)
        try replace(name) { (old) throws(CheckpointError) in
          try old.keeping(map.kept, dimension: 0).keeping(map.kept, dimension: 1)
        }
      case .compressedRows(let indptr, let indices, let values):
        handled.formUnion([indptr, indices, values])
        try replaceRows((indptr, indices, values), weights.sparse(), map) {
          map.place[$0] >= 0 && map.place[$1] >= 0
        }
      case .layers(let hidden, let input):
        handled.formUnion(hidden + input)
        try ablateLayers(hidden, input, map)
      }
    }
    try ablateMetric(map, &handled)
    if let leak = model.manifest?.leak { try keep(leak, map.kept, 0, &handled) }
    try ablateCompanions(map, &handled)
    try ablateGiven(given, map, &handled)
    for tensor in tensors where !handled.contains(tensor.name) {
      note(
        "\(printable(tensor.name)) \(tensor.shape) is carried unchanged; if units run along its rows or "
          + "columns, say so with --rows or --columns")
    }
  }

  private mutating func keep(
    _ name: String, _ kept: [Int], _ dimension: Int, _ handled: inout Set<String>
  ) throws(ModelError) {
    // One tensor may play two parts; it is cut once.
    guard handled.insert(name).inserted else { return }
    try replace(name) { (old) throws(CheckpointError) in
      try old.keeping(kept, dimension: dimension)
    }
  }

  /// The units of each layer that stay, as the layer counts them; every layer keeps the same number.
  private func layers(_ count: Int, _ map: UnitMap) throws(ModelError) -> [[Int]] {
    let n = model.specification.units / count
    let kept = (0..<count).map { layer in
      (0..<n).filter { map.place[layer * n + $0] >= 0 }
    }
    if let other = kept.firstIndex(where: { $0.count != kept[0].count }) {
      throw .configuration(
        reason:
          "--units: layer 0 would keep \(kept[0].count) units and layer \(other) \(kept[other].count); "
          + "the layers of an nn.RNN are of one size, so delete as many units in each")
    }
    return kept
  }

  private mutating func ablateLayers(
    _ hidden: [String], _ input: [String], _ map: UnitMap
  ) throws(ModelError) {
    let kept = try layers(hidden.count, map)
    for (layer, name) in hidden.enumerated() {
      try replace(name) { (old) throws(CheckpointError) in
        try old.keeping(kept[layer], dimension: 0).keeping(kept[layer], dimension: 1)
      }
    }
    for (layer, name) in input.enumerated() {
      try replace(name) { (old) throws(CheckpointError) in
        try old.keeping(kept[layer + 1], dimension: 0).keeping(kept[layer], dimension: 1)
      }
    }
  }

  /// Input weights and biases of a layout, and the readout `fc` of rnns-of-rnns.
  private mutating func ablateCompanions(
    _ map: UnitMap, _ handled: inout Set<String>
  ) throws(ModelError) {
    guard !model.companions.isEmpty else { return }
    let n = model.specification.units
    var kept = [map.kept]
    if case .layers(let hidden, _) = model.sources.recurrent {
      kept = try layers(hidden.count, map)
    }
    for name in model.companions {
      let layer = name.firstRange(of: "_l").flatMap { Int(name[$0.upperBound...]) } ?? 0
      try keep(name, kept[kept.count == 1 ? 0 : layer], 0, &handled)
    }
    guard model.form == .inside else { return }
    for readout in tensors where StateDictionary.stripped(readout.name) == "fc.weight" {
      if readout.shape.count == 2, readout.shape[1] == n {
        try keep(readout.name, map.kept, 1, &handled)
        handled.insert(String(readout.name.dropLast("weight".count)) + "bias")
      }
    }
  }

  private mutating func ablateMetric(
    _ map: UnitMap, _ handled: inout Set<String>
  ) throws(ModelError) {
    switch model.manifest?.metric {
    case nil: return
    case .diagonal(let name): try keep(name, map.kept, 0, &handled)
    case .blocks(let names):
      guard case .blocks(let blocks)? = model.proposedMetric?.keeping(map, of: model.specification),
        Set(names).count == names.count, handled.isDisjoint(with: names)
      else {
        for name in names where !handled.contains(name) { remove(name) }
        metric = nil
        note(
          "the metric that came with the file is left out: no tensor of it is one module's alone")
        return
      }
      let kept = zip(names, model.specification.keptModules(map))
      for (name, module) in kept where module.kept == 0 { remove(name) }
      metric = .blocks(kept.filter { $0.1.kept > 0 }.map(\.0))
      for ((name, module), block) in zip(kept.filter { $0.1.kept > 0 }, blocks) {
        handled.insert(name)
        if module.kept == module.range.count { continue }
        // A principal submatrix keeps its type where its numbers do; a Schur complement is in doubles.
        let local = module.range.filter { map.place[$0] >= 0 }.map { $0 - module.range.lowerBound }
        try replace(name) { (old) throws(CheckpointError) in
          let cut = try old.keeping(local, dimension: 0).keeping(local, dimension: 1)
          if try cut.doubles() == block.values { return cut }
          return try Tensor(name: name, shape: [block.rows, block.rows], doubles: block.values)
        }
      }
    }
  }

  private mutating func ablateGiven(
    _ given: UnitTensors, _ map: UnitMap, _ handled: inout Set<String>
  ) throws(ModelError) {
    let n = model.specification.units
    for (names, option) in [(given.rows, "--rows"), (given.columns, "--columns")] {
      for name in names {
        guard let tensor = tensor(name) else {
          throw .configuration(
            reason: "\(option) \(printable(name)): no such tensor; \(model.file.listing())")
        }
        guard !handled.contains(name) else {
          throw .configuration(
            reason: "\(option) \(printable(name)): its units are deleted already")
        }
        let dimension = option == "--rows" ? 0 : tensor.shape.count - 1
        guard tensor.shape.indices.contains(dimension), tensor.shape[dimension] == n else {
          throw .configuration(
            reason:
              "\(option) \(printable(name)): its shape is \(tensor.shape), the network has \(n) units"
          )
        }
        try keep(name, map.kept, dimension, &handled)
      }
    }
  }
}
