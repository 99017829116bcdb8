internal import CertifyKernel
internal import Markup

/// Weights that were read, and from what.
struct ReadWeights {
  let weights: Weights
  /// Names of the tensors, as in the file.
  let tensors: [String]
  let reconstruction: Reconstruction?
}

/// A parametrised tensor that was put together from stored pieces.
public struct Reconstruction: Sendable, Hashable {
  /// The name the whole tensor would have.
  public let tensor: String
  public let parametrisation: Parametrisation
  /// The names of the pieces in the file.
  public let pieces: [String]
}

extension TensorFile {
  /// The matrix of a source.
  ///
  /// - Throws: `.rejected` with the part, the tensor and both numbers; `.nonFinite` with the index.
  func weights(
    _ source: TensorSource, _ part: String, _ parametrisation: Parametrisation?
  ) throws(ModelError) -> ReadWeights {
    switch source {
    case .dense(let name):
      if let pieces = Pieces(of: name, has: has) {
        return try rebuilt(name, pieces, part, parametrisation)
      }
      let n = try order(name, part)
      let matrix = try matrix(name, part, rows: n, columns: n)
      return ReadWeights(weights: .dense(matrix), tensors: [name], reconstruction: nil)
    case .compressedRows(let indptr, let indices, let values):
      let matrix = try compressedRows(indptr: indptr, indices: indices, values: values, part)
      return ReadWeights(
        weights: .sparse(matrix), tensors: [indptr, indices, values], reconstruction: nil)
    case .layers(let hidden, let input):
      return try layers(hidden: hidden, input: input, part)
    }
  }

  private func rebuilt(
    _ name: String, _ pieces: Pieces, _ part: String, _ parametrisation: Parametrisation?
  ) throws(ModelError) -> ReadWeights {
    guard !has(name) else {
      throw .rejected(
        .ambiguous,
        "\(part): the file has \"\(printable(name))\" whole and in pieces (\(printable(pieces.original)))"
      )
    }
    guard let kind = pieces.kind(parametrisation) else {
      throw .rejected(
        .manifest,
        "\(part): \"\(printable(name))\" is stored in the pieces "
          + pieces.names.map(printable).joined(separator: ", ") + "; "
          + (parametrisation.map { "\($0.rawValue) does not have these" }
            ?? "say parametrisation = \"symmetric\" or \"matsuoka\", which store the same tensors"))
    }
    let n = try order(pieces.original, part)
    let a = try floats(pieces.original, part, expected: [n, n])
    let w: [Float]
    switch pieces.others {
    case .vectors(let u, let v):
      w = Rebuilt.spectral(
        a, u: try floats(u, part, expected: [n]), v: try floats(v, part, expected: [n]))
    case .identity(let id):
      let identity = try floats(id, part, expected: [n, n])
      w =
        kind == .matsuoka
        ? Rebuilt.matsuoka(a, identity: identity, n: n)
        : Rebuilt.symmetric(a, identity: identity, n: n)
    }
    if let index = w.firstIndex(where: { !$0.isFinite }) {
      throw .rejected(
        .nonFinite,
        "\(part): \"\(printable(name))\" rebuilt (\(kind.definition)) has \(w[index]) at "
          + "[\(index / n), \(index % n)]")
    }
    return ReadWeights(
      weights: .dense(Matrix(rows: n, columns: n, values: w.map(Double.init))),
      tensors: pieces.names,
      reconstruction: Reconstruction(tensor: name, parametrisation: kind, pieces: pieces.names))
  }

  private func layers(
    hidden: [String], input: [String], _ part: String
  ) throws(ModelError) -> ReadWeights {
    let n = try order(hidden[0], part)
    var blocks: [BlockMatrix.Block] = []
    for (k, name) in hidden.enumerated() {
      let own = try matrix(name, part, rows: n, columns: n)
      blocks.append(BlockMatrix.Block(row: k, column: k, values: own))
    }
    for (k, name) in input.enumerated() {
      let below = try matrix(name, part, rows: n, columns: n)
      blocks.append(BlockMatrix.Block(row: k + 1, column: k, values: below))
    }
    do {
      let sizes = [Int](repeating: n, count: hidden.count)
      let matrix = try BlockMatrix(sizes: sizes, blocks: blocks)
      return ReadWeights(weights: .blocks(matrix), tensors: hidden + input, reconstruction: nil)
    } catch {
      throw .rejected(.malformed, "\(part): \(error.reason)")
    }
  }
}
