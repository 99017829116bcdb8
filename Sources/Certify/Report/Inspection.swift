public import Checkpoints

/// What `certify inspect` says of a file: its tensors and what they are taken for.
public struct Inspection: Sendable {
  public let path: String
  public let format: Checkpoint.Format
  public let entries: [Checkpoint.Entry]
  /// What the file is recognised as, or why it is not.
  public let recognised: Result<String, ModelError>

  public init(path: String, checkpoint: Checkpoint, options: ModelOptions) {
    self.init(.file(path), checkpoint, options)
  }

  package init(_ source: ModelSource, _ checkpoint: Checkpoint, _ options: ModelOptions) {
    path = source.name
    format = checkpoint.format
    entries = checkpoint.entries
    do {
      recognised = .success(try Model.load(source, options: options).recognised)
    } catch {
      recognised = .failure(error)
    }
  }
}
