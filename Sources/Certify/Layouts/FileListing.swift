internal import Checkpoints

/// What is in a model file, without a word about what it means: for `certify inspect`.
public struct FileListing: Sendable {
  /// "torch-zip", "safetensors" and so on.
  public let format: String
  public let metadata: [String: String]
  /// In the order of the file.
  public let tensors: [Tensor]
  private let checkpoint: Checkpoint

  public struct Tensor: Sendable, Hashable {
    public let name: String
    public let dtype: String
    public let shape: [Int]
  }

  /// Reads the headers only.
  ///
  /// - Throws: `.rejected` for a file that is unsafe or malformed.
  public init(path: String) throws(ModelError) {
    checkpoint = try TensorFile(path: path).checkpoint
    format = checkpoint.format.rawValue
    metadata = checkpoint.metadata
    tensors = checkpoint.entries.map {
      Tensor(name: $0.name, dtype: $0.dtype.rawValue, shape: $0.shape)
    }
  }

  /// A commented manifest for this file; see `manifestTemplate(for:)`.
  public func manifestTemplate() -> String { Certify.manifestTemplate(for: checkpoint) }
}
