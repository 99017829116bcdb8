internal import Glibc

/// A small file, read whole.
package enum TextFile {
  /// What keeps a text from being read.
  package enum Fault: Error {
    case missing
    case system(Int32)
    case tooLarge(limit: Int)
    case notUTF8

    package var reason: String {
      switch self {
      case .missing: "no such file"
      case .system(let number):
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
      case .tooLarge(let limit): "it is longer than \(limit) bytes"
      case .notUTF8: "it is not UTF-8"
      }
    }
  }

  /// The text of a regular file of at most 1 MiB, strictly UTF-8.
  package static func read(_ path: String) throws(Fault) -> String {
    let bytes = try bytes(path, limit: ManifestNode.largestText)
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    return text
  }

  /// The bytes of a regular file of at most `limit` bytes.
  package static func bytes(_ path: String, limit: Int) throws(Fault) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw errno == ENOENT ? .missing : .system(errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw .system(errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .system(EINVAL) }
    guard status.st_size <= limit else { throw .tooLarge(limit: limit) }
    // One more than the size, so that a file that grows meanwhile is noticed.
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size) + 1)
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
    guard filled < bytes.count else { throw .tooLarge(limit: Int(status.st_size)) }
    bytes.removeLast(bytes.count - filled)
    return bytes
  }
}
