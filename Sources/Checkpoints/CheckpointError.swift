/// Why a file was refused: a stable code, the tensor or entry it speaks of, the numbers, and one
/// line of plain words.
///
/// `code` is what programs compare; its spellings never change once released. `subject`, `found`
/// and `bound` are the associated values: which tensor or archive entry, the number met in the
/// file, and the number it was compared with. Text taken from the file is escaped
/// (``CheckpointError/escaped(_:)``) and shortened, so a message is always one bounded line without
/// control characters.
public struct CheckpointError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The stable identifier of a refusal.
  public enum Code: String, Sendable, Hashable, CaseIterable {
    // The file as a whole.
    case io
    case unknownFormat = "unknown_format"
    case limit
    case noSuchTensor = "no_such_tensor"
    case wrongDType = "wrong_dtype"
    case valueOutOfRange = "value_out_of_range"

    // Tensors, whatever the container.
    case badTensor = "bad_tensor"
    case tensorOutOfBounds = "tensor_out_of_bounds"
    case storageSize = "storage_size"
    case badStorage = "bad_storage"
    case missingStorage = "missing_storage"
    case dtypeUnsupported = "dtype_unsupported"
    case duplicateKey = "duplicate_key"

    // Zip archives.
    case zipTruncated = "zip_truncated"
    case zipMalformed = "zip_malformed"
    case zipName = "zip_name"
    case zipMethod = "zip_method"
    case zipEncrypted = "zip_encrypted"
    case zipCRC = "zip_crc"
    case duplicateEntry = "duplicate_entry"

    // Pickles.
    case unsafeGlobal = "unsafe_global"
    case unsafeOpcode = "unsafe_opcode"
    case unsafeReduce = "unsafe_reduce"
    case unsafeBuild = "unsafe_build"
    case pickleTruncated = "pickle_truncated"
    case pickleMalformed = "pickle_malformed"

    // PyTorch checkpoints.
    case notTorch = "not_torch"
    case torchScript = "torchscript"
    case torchVersion = "torch_version"
    case torchByteOrder = "torch_byteorder"
    case noStateDictionary = "no_state_dict"
    case ambiguousStateDictionary = "ambiguous_state_dict"
    case legacyMalformed = "legacy_malformed"
    case legacyTruncated = "legacy_truncated"

    // safetensors.
    case safetensorsTruncated = "st_truncated"
    case safetensorsHeader = "st_header"
    case safetensorsLayout = "st_layout"

    // NumPy.
    case npyHeader = "npy_header"
    case npyVersion = "npy_version"
    case npyObject = "npy_object"
    case npyTruncated = "npy_truncated"
    case npyTrailing = "npy_trailing"
  }

  /// The stable identifier.
  public let code: Code
  /// The tensor, archive entry or path concerned, escaped and at most 120 characters long.
  public let subject: String?
  /// One line: what is wrong and, where something can be done, what to do.
  public let reason: String
  /// The number met in the file, where the cause is a number that fits in an `Int`.
  public let found: Int?
  /// The number `found` was compared with: a limit, or the value that was required.
  public let bound: Int?

  /// Makes an error. `subject` is escaped here; `reason` may hold file text only through `quoted`.
  package init(
    _ code: Code, _ subject: String? = nil, _ reason: String, found: Int? = nil, bound: Int? = nil
  ) {
    self.code = code
    self.subject = subject.map { Self.escaped($0, limit: 120) }
    self.reason = reason
    self.found = found
    self.bound = bound
  }

  /// `code: subject: reason (found F, bound B)`, one line, no control characters.
  public var description: String {
    var text = code.rawValue
    if let subject { text += ": \"\(subject)\"" }
    text += ": \(reason)"
    switch (found, bound) {
    case (let found?, let bound?): text += " (found \(found), against \(bound))"
    case (let found?, nil): text += " (found \(found))"
    case (nil, let bound?): text += " (against \(bound))"
    case (nil, nil): break
    }
    return text
  }

  /// `text` with everything that a terminal or a log could interpret written as `\u{…}`.
  ///
  /// Escaped are control, format (bidirectional overrides, zero-width), separator, private and
  /// unassigned characters, `"` and `\`. At most `limit` characters are kept, then `…`.
  package static func escaped(_ text: String, limit: Int = 80) -> String {
    var result = ""
    var count = 0
    for scalar in text.unicodeScalars {
      guard count < limit else { return result + "…" }
      count += 1
      switch scalar.properties.generalCategory {
      case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse,
        .unassigned:
        result += "\\u{" + String(scalar.value, radix: 16) + "}"
      default:
        if scalar == "\"" || scalar == "\\" { result += "\\" }
        result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// `text` escaped, shortened and put in double quotes, for use inside a reason.
  static func quoted(_ text: String) -> String { "\"" + escaped(text) + "\"" }

  /// A copy that speaks of `subject` if this error names nothing yet.
  func about(_ subject: String) -> CheckpointError {
    guard self.subject == nil else { return self }
    return CheckpointError(code, subject, reason, found: found, bound: bound)
  }
}
