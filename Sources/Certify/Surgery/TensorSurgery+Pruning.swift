internal import CertifyKernel
internal import Checkpoints

extension TensorSurgery {
  /// Sets entries to 0 in the tensors that hold them; compressed rows lose the entries.
  mutating func prune(_ places: [NetworkPart: Set<Place>]) throws(ModelError) {
    for (part, source) in Self.parts(model) {
      guard let own = places[part], !own.isEmpty,
        let weights = part.weights(of: model.specification)
      else { continue }
      switch source {
      case .dense(let name):
        try replace(name) { (old) throws(CheckpointError) in try old.zeroing(own) }
      case .compressedRows(let indptr, let indices, let values):
        try replaceRows((indptr, indices, values), weights.sparse(), nil) {
          !own.contains(Place(row: $0, column: $1))
        }
      case .layers(let hidden, let input):
        let n = model.specification.units / hidden.count
        for (layer, name) in hidden.enumerated() {
          try zero(name, own, row: layer * n, column: layer * n, size: n)
        }
        for (layer, name) in input.enumerated() {
          try zero(name, own, row: (layer + 1) * n, column: layer * n, size: n)
        }
      }
    }
  }

  /// The places that lie in one block, in the block's own tensor.
  private mutating func zero(
    _ name: String, _ places: Set<Place>, row: Int, column: Int, size n: Int
  ) throws(ModelError) {
    let inside = places.filter {
      (row..<(row + n)).contains($0.row) && (column..<(column + n)).contains($0.column)
    }
    let own = Set(inside.map { Place(row: $0.row - row, column: $0.column - column) })
    try replace(name) { (old) throws(CheckpointError) in try old.zeroing(own) }
  }
}
