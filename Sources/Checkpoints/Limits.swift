/// Budgets on every count a file can state, so that a hostile file costs bounded time and memory.
///
/// The defaults are far above what real models need: a model of any number of gigabytes reads with
/// them, since nothing here bounds the size of a tensor that is really in the file. What they bound
/// is what a small file can claim: opcodes, names, headers, inflated bytes, and elements that a
/// stride of zero repeats. A budget that is exceeded is ``CheckpointError/Code/limit``.
public struct Limits: Sendable, Hashable {
  /// The default budgets.
  public static let standard = Limits()

  /// Budgets with the default values.
  public init() {}

  // MARK: Tensors

  /// Largest rank of a tensor.
  public var rank = 8
  /// Most tensors in a file (all of them, the chosen state dictionary or not).
  public var tensors = 100_000
  /// Longest tensor or archive entry name, in UTF-8 bytes.
  public var nameBytes = 1024
  /// Elements that a view may have when that is more than its storage holds (stride 0).
  public var expandedElements = 1 << 20
  /// Elements that all tensors together may have beyond `16 ×` what their storages hold.
  public var expandedTotal = 1 << 22

  // MARK: Pickles

  /// Bytes of a pickle (`data.pkl`, or the five pickles of a legacy file together).
  public var pickleBytes = 64 << 20
  /// Opcodes executed in a pickle.
  public var opcodes = 4_000_000
  /// Values on the pickle stack.
  public var stackDepth = 500_000
  /// Open marks on the pickle stack.
  public var marks = 1_000
  /// Entries in the pickle memo.
  public var memoEntries = 1_000_000
  /// Texts in a pickle.
  public var strings = 1_000_000
  /// Lists and dictionaries made by a pickle.
  public var containers = 500_000
  /// Depth of nesting of the value a pickle builds.
  public var nesting = 200
  /// Values in the tree a pickle builds, shared ones counted each time they occur.
  public var treeValues = 50_000_000

  // MARK: Archives

  /// Entries of a zip archive.
  public var archiveEntries = 100_000
  /// Bytes of a zip central directory.
  public var centralDirectoryBytes = 64 << 20
  /// Bytes that all deflated entries may inflate to, whatever the size of the file.
  public var inflatedBytes = 32 << 20
  /// Inflated bytes allowed in addition for each byte of the file.
  public var inflationRatio = 16

  // MARK: Headers

  /// Bytes of a safetensors header (the reference implementation allows 100 MB).
  public var safetensorsHeaderBytes = 16 << 20
  /// Values in a safetensors header.
  public var jsonValues = 1 << 21
  /// Nesting of a safetensors header (3 are needed).
  public var jsonDepth = 16
  /// Bytes of an npy header.
  public var npyHeaderBytes = 1 << 16
}
