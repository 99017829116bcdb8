internal import CertifyKernel
internal import Checkpoints
internal import Markup

/// Tensors cut along their dimensions, byte by byte: no number changes, whatever the element type.
extension Tensor {
  /// The same tensor with 0 at some places of its two dimensions.
  func zeroing(_ places: Set<Place>) throws(CheckpointError) -> Tensor {
    var bytes = bytes
    let size = dtype.size
    for place in places {
      let start = (place.row * shape[1] + place.column) * size
      for k in start..<(start + size) { bytes[k] = 0 }
    }
    return try Tensor(name: name, dtype: dtype, shape: shape, bytes: bytes)
  }

  /// The slices at the given indices of one dimension, in that order.
  func keeping(_ indices: [Int], dimension: Int) throws(CheckpointError) -> Tensor {
    let outer = shape[..<dimension].reduce(1, *)
    let inner = shape[(dimension + 1)...].reduce(1, *) * dtype.size
    var kept: [UInt8] = []
    kept.reserveCapacity(outer * indices.count * inner)
    for block in 0..<outer {
      for index in indices {
        let start = (block * shape[dimension] + index) * inner
        kept += bytes[start..<(start + inner)]
      }
    }
    var shape = shape
    shape[dimension] = indices.count
    return try Tensor(name: name, dtype: dtype, shape: shape, bytes: kept)
  }

  func renamed(_ name: String) throws(CheckpointError) -> Tensor {
    name == self.name ? self : try Tensor(name: name, dtype: dtype, shape: shape, bytes: bytes)
  }

  /// Offsets or indices in the integer type of another tensor.
  static func integers(_ values: [Int], like other: Tensor) throws(CheckpointError) -> Tensor {
    other.dtype == .i32
      ? try Tensor(name: other.name, shape: [values.count], int32s: values.map(Int32.init))
      : try Tensor(name: other.name, shape: [values.count], integers: values)
  }
}

/// The tensors of a model, with those replaced that surgery changes.
struct TensorSurgery {
  let model: Model
  /// By name, in the order of the file; names that a file may leave empty are filled in.
  private(set) var tensors: [Tensor] = []
  private(set) var notes: [String] = []
  /// The names of the metric that the file proposes, as they are afterwards.
  var metric: Manifest.Metric?

  /// Every tensor as it is, but parametrised ones whole, in the type their numbers are defined in.
  init(_ model: Model) throws(ModelError) {
    self.model = model
    metric = model.manifest?.metric
    try Self.requireOwnTensors(model)
    let pieces = Set(model.reconstructions.flatMap(\.pieces))
    for entry in model.file.checkpoint.entries where !pieces.contains(entry.name) {
      let name = entry.name.isEmpty ? "array" : entry.name
      tensors.append(
        try Self.reading { () throws(CheckpointError) in
          try model.file.checkpoint.tensor(named: name).renamed(name)
        })
    }
    for (part, source) in Self.parts(model) {
      guard case .dense(let name) = source,
        model.reconstructions.contains(where: { $0.tensor == name }),
        let weights = part.weights(of: model.specification)
      else { continue }
      let floats = weights.dense().values.map { Float($0) }
      let n = model.specification.units
      tensors.append(
        try Self.reading { () throws(CheckpointError) in
          try Tensor(name: name, shape: [n, n], floats: floats)
        })
      notes.append("\(printable(name)) is stored whole, as it was rebuilt from its pieces")
    }
  }

  /// The matrices of the network and where they come from.
  static func parts(_ model: Model) -> [(NetworkPart, TensorSource)] {
    let sources: [(NetworkPart, TensorSource?)] = [
      (.recurrent, model.sources.recurrent), (.coupling, model.sources.coupling),
      (.nonlinear, model.sources.nonlinearCoupling),
    ]
    return sources.compactMap { part, source in source.map { (part, $0) } }
  }

  /// A tensor that is in two matrices cannot be changed for one of them.
  private static func requireOwnTensors(_ model: Model) throws(ModelError) {
    var owners: [String: NetworkPart] = [:]
    for (part, source) in parts(model) {
      let names: [String] =
        switch source {
        case .dense(let name): [name]
        case .compressedRows(let indptr, let indices, let values): [indptr, indices, values]
        case .layers(let hidden, let input): hidden + input
        }
      for name in names {
        guard let other = owners.updateValue(part, forKey: name) else { continue }
        throw .configuration(
          reason: "tensor \"\(printable(name))\" is in \(other.rawValue) and \(part.rawValue); "
            + "a file in which each has its own can be changed")
      }
    }
  }

  func tensor(_ name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// Replaces a tensor by what `change` makes of it.
  mutating func replace(
    _ name: String, _ change: (Tensor) throws(CheckpointError) -> Tensor
  ) throws(ModelError) {
    guard let index = tensors.firstIndex(where: { $0.name == name }) else { return }
    let old = tensors[index]
    tensors[index] = try Self.reading { () throws(CheckpointError) in try change(old) }
  }

  mutating func remove(_ name: String) { tensors.removeAll { $0.name == name } }

  mutating func note(_ line: String) { notes.append(line) }

  /// Replaces the three tensors of compressed rows by the entries for which `isKept` says so, rows and columns
  /// renumbered by `map` if there is one.
  mutating func replaceRows(
    _ source: (indptr: String, indices: String, values: String), _ matrix: SparseMatrix,
    _ map: UnitMap?, _ isKept: (Int, Int) -> Bool
  ) throws(ModelError) {
    let order = matrix.keptEntries(isKept)
    let pointers = map.map { [0] + $0.kept.map { order.pointers[$0 + 1] } } ?? order.pointers
    try replace(source.indptr) { (old) throws(CheckpointError) in
      try .integers(pointers, like: old)
    }
    try replace(source.indices) { (old) throws(CheckpointError) in
      try .integers(
        order.entries.map { k in
          let column = Int(matrix.columnIndices[k])
          return map.map { Int($0.place[column]) } ?? column
        }, like: old)
    }
    try replace(source.values) { (old) throws(CheckpointError) in
      try old.keeping(order.entries, dimension: 0)
    }
  }

  private static func reading<Value>(
    _ body: () throws(CheckpointError) -> Value
  ) throws(ModelError) -> Value {
    do { return try body() } catch { throw ModelError(error) }
  }
}
