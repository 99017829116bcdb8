internal import Glibc

/// A small text file, read whole.
enum TextFile {
  /// What keeps a text from being read.
  enum Fault: Error {
    case missing
    case system(Int32)
    case tooLarge
    case notUTF8

    var reason: String {
      switch self {
      case .missing: "no such file"
      case .system(let number):
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
      case .tooLarge: "it is longer than \(ManifestNode.largestText) bytes"
      case .notUTF8: "it is not UTF-8"
      }
    }
  }

  /// The text of a regular file of at most 1 MiB, strictly UTF-8.
  static func read(_ path: String) throws(Fault) -> String {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw errno == ENOENT ? .missing : .system(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .system(EINVAL) }
    var bytes = [UInt8](repeating: 0, count: ManifestNode.largestText + 1)
    var filled = 0
    while filled < bytes.count {
      let count = bytes.withUnsafeMutableBytes {
        Glibc.read(descriptor, $0.baseAddress! + filled, $0.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .system(errno) }
      if count == 0 { break }
      filled += count
    }
    guard filled < bytes.count else { throw .tooLarge }
    guard let text = String(validating: bytes[..<filled], as: UTF8.self) else { throw .notUTF8 }
    return text
  }
}
