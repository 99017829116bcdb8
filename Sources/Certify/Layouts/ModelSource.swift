package import Checkpoints

/// Where the bytes of a model are.
package enum ModelSource: Sendable {
  case file(String)
  /// Bytes, and what reports call them.
  case memory([UInt8], name: String)

  /// The path as given, or the name.
  package var name: String {
    switch self {
    case .file(let path): path
    case .memory(_, let name): name
    }
  }

  package func open() throws(CheckpointError) -> Checkpoint {
    switch self {
    case .file(let path): try Checkpoint(contentsOf: path)
    case .memory(let bytes, let name): try Checkpoint(bytes: bytes, path: name)
    }
  }
}
