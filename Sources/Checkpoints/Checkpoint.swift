/// A file of tensors, opened and checked; the tensors are read when they are asked for.
///
/// Opening reads the headers only and checks every number in them against the file; nothing in a
/// file is ever executed. The file stays open as long as the value or a copy of it lives.
/// `Checkpoint` knows nothing of networks: names are given as they stand, and NaN is a number
/// like any other.
///
/// - Note: A value may be used from several threads; each call reads by itself.
public struct Checkpoint: Sendable {
  /// The container formats, told apart by their first bytes.
  public enum Format: String, Sendable, Hashable, CaseIterable {
    /// `torch.save` since 1.6, PyTorch Lightning included.
    case torchZip = "torch-zip"
    /// `torch.save` before 1.6, or with `_use_new_zipfile_serialization=False`.
    case torchLegacy = "torch-legacy"
    /// The safetensors format of Hugging Face.
    case safetensors
    /// One NumPy array.
    case npy
    /// A zip archive of NumPy arrays (`numpy.savez`, `numpy.savez_compressed`).
    case npz
  }

  /// What is known of a tensor without reading it.
  public struct Entry: Sendable, Hashable {
    /// The name in the file; empty for the only array of an npy file.
    public let name: String
    /// The element type in the file.
    public let dtype: DType
    /// Sizes, slowest dimension first; empty for a scalar.
    public let shape: [Int]
    /// The product of `shape`.
    public let elementCount: Int
  }

  /// The container of this file.
  public let format: Format
  /// `__metadata__` of a safetensors file; else empty.
  public let metadata: [String: String]
  /// The tensors in the order of the file.
  public let entries: [Entry]

  let records: [TensorRecord]
  let reader: StorageReader
  private let index: [ExactName: Int]

  /// Opens a file.
  ///
  /// - Throws: ``CheckpointError``; the code names the cause.
  /// - Complexity: linear in the headers; no tensor data are read, except that a legacy file is
  ///   searched for its storages (one small read each).
  public init(contentsOf path: String, limits: Limits = .standard) throws(CheckpointError) {
    try self.init(ByteSource(path: path), path: path, limits: limits)
  }

  /// Opens bytes in memory, for tests and fuzzing.
  package init(
    bytes: [UInt8], path: String = "", limits: Limits = .standard
  ) throws(CheckpointError) {
    try self.init(ByteSource(bytes: bytes), path: path, limits: limits)
  }

  private init(_ source: ByteSource, path: String, limits: Limits) throws(CheckpointError) {
    let format = try Signature(source, path: path)
    var contents: Contents
    switch format {
    case .zip:
      let archive = try ZipArchive(source, limits: limits)
      contents = try Contents(archive, limits: limits)
      try archive.checkInflationWork(contents.records, limits: limits)
    case .torchLegacy: contents = try Contents(legacy: source, limits: limits)
    case .safetensors: contents = try Contents(safetensors: source, limits: limits)
    case .npy: contents = try Contents(npy: source, limits: limits)
    }
    self.format = contents.format
    metadata = contents.metadata
    records = contents.records
    reader = StorageReader(source, archive: contents.archive)
    var index: [ExactName: Int] = [:]
    for (number, record) in records.enumerated() {
      guard record.name.utf8.count <= limits.nameBytes else {
        throw CheckpointError(
          .limit, record.name, "the tensor's name is too long", found: record.name.utf8.count,
          bound: limits.nameBytes)
      }
      guard index.updateValue(number, forKey: ExactName(record.name)) == nil else {
        throw CheckpointError(.duplicateKey, record.name, "two tensors have this name")
      }
    }
    // An npy file does not name its array; "array" can be written where a name must not be empty.
    if format == .npy { index[ExactName("array")] = 0 }
    self.index = index
    entries = records.map {
      Entry(
        name: $0.name, dtype: $0.layout.dtype, shape: $0.layout.shape,
        elementCount: $0.layout.elementCount)
    }
  }

  /// The tensor's description; `nil` when there is none of this name.
  public func entry(named name: String) -> Entry? {
    index[ExactName(name)].map { entries[$0] }
  }

  func record(named name: String) throws(CheckpointError) -> TensorRecord {
    guard let number = index[ExactName(name)] else {
      throw CheckpointError(.noSuchTensor, name, "the file has no tensor of this name")
    }
    return records[number]
  }
}

/// What a container's reader finds.
struct Contents {
  let format: Checkpoint.Format
  var metadata: [String: String] = [:]
  let records: [TensorRecord]
  var archive: ZipArchive?
}

/// The container that the first bytes of a file announce.
enum Signature {
  case zip
  case torchLegacy
  case safetensors
  case npy

  /// - Throws: `.unknownFormat`; `.notTorch` for pickles and archives that torch cannot load safely.
  init(_ source: ByteSource, path: String) throws(CheckpointError) {
    let head = try source.bytes(at: 0, count: min(source.size, 512))
    let named = { (suffix: String) in path.lowercased().hasSuffix(suffix) }
    if head.starts(with: [0x50, 0x4b, 0x03, 0x04]) || head.starts(with: [0x50, 0x4b, 0x05, 0x06]) {
      self = .zip
    } else if head.starts(with: NPYHeader.magic) {
      self = .npy
    } else if LegacyFile.hasMagic(head) {
      self = .torchLegacy
    } else if head.count > 8 && head[8] == UInt8(ascii: "{") || named(".safetensors") {
      self = .safetensors
    } else if head.first == PickleOpcode.proto.rawValue {
      throw CheckpointError(
        .notTorch, nil, "a bare pickle, not a checkpoint; save the dictionary with torch.save")
    } else if head.count > 262, head[257..<262].elementsEqual("ustar".utf8) {
      throw CheckpointError(
        .notTorch, nil, "a tar file (torch 0.1); load it with an old torch and save it again")
    } else {
      throw CheckpointError(
        .unknownFormat, nil,
        "neither a torch checkpoint, nor safetensors, npy or npz, by its first bytes")
    }
  }
}
