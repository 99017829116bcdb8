internal import Markup

/// Why a certificate file cannot be read or written.
public enum CertificateFileError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The system or the tensor reader refused the file.
  case unreadable(path: String, reason: String)
  case unwritable(path: String, reason: String)
  /// Not `certificate/v1`: a field that is missing, unknown, twice there, of the wrong type or not canonical.
  case malformed(field: String, reason: String)
  /// The content is not what its SHA-256 says.
  case digest(field: String, claimed: String, found: String)

  /// The field at fault, such as `claims[0].bound`; nil if the file as a whole is.
  public var field: String? {
    switch self {
    case .unreadable, .unwritable: nil
    case .malformed(let field, _), .digest(let field, _, _): field
    }
  }

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "cannot read \(printable(path)): \(reason)"
    case .unwritable(let path, let reason): "cannot write \(printable(path)): \(reason)"
    case .malformed(let field, let reason): "\(printable(field)): \(reason)"
    case .digest(let field, let claimed, let found):
      "\(printable(field)): claimed SHA-256 \(claimed), the content has \(found)"
    }
  }
}
