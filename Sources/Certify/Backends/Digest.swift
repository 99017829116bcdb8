internal import Crypto
internal import Glibc

/// A SHA-256 digest: what binds a certificate to the bytes it speaks of.
public struct Digest: Sendable, Hashable, CustomStringConvertible {
  /// 32 bytes.
  public let bytes: [UInt8]

  /// 64 lower-case hexadecimal digits.
  public var hex: String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    text.reserveCapacity(64)
    for byte in bytes {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }

  public var description: String { hex }

  fileprivate init(bytes: [UInt8]) { self.bytes = bytes }

  /// The digest that `hex` writes; nil for anything but 64 lower-case hexadecimal digits.
  public init?(hex: String) {
    let digits = Array(hex.utf8)
    guard digits.count == 64 else { return nil }
    func value(_ digit: UInt8) -> UInt8? {
      switch digit {
      case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
      case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
      default: nil
      }
    }
    var bytes: [UInt8] = []
    for k in stride(from: 0, to: 64, by: 2) {
      guard let high = value(digits[k]), let low = value(digits[k + 1]) else { return nil }
      bytes.append(high << 4 | low)
    }
    self.bytes = bytes
  }

  /// The digest of bytes in memory.
  public init(of bytes: some Sequence<UInt8>) {
    var digester = Digester()
    let whole: Void? = bytes.withContiguousStorageIfAvailable {
      digester.update(UnsafeRawBufferPointer($0))
    }
    if whole == nil {
      Array(bytes).withUnsafeBytes { digester.update($0) }
    }
    self = digester.finish()
  }

  /// The digest of a text's UTF-8 bytes.
  public init(of text: String) { self.init(of: text.utf8) }

  /// The digest of a regular file, read once from front to back in pieces of 1 MiB.
  ///
  /// - Throws: `FileError` with the system's `errno`.
  public init(ofFileAt path: String) throws(FileError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw FileError(path: path, number: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw FileError(path: path, number: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw FileError(path: path, number: EINVAL) }
    var digester = Digester()
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 20, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = read(descriptor, buffer.baseAddress, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw FileError(path: path, number: errno) }
      if count == 0 { break }
      digester.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    self = digester.finish()
  }

  /// A file that could not be read.
  public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    public let path: String
    /// The system's `errno`.
    public let number: Int32
    public var description: String {
      "cannot read \(path): \(strerror(number).map { String(cString: $0) } ?? "error \(number)")"
    }
  }
}

/// SHA-256 of bytes that come in pieces.
struct Digester {
  private var state = SHA256()

  mutating func update(_ bytes: UnsafeRawBufferPointer) { state.update(bufferPointer: bytes) }

  mutating func update(_ text: String) {
    var text = text
    text.withUTF8 { state.update(bufferPointer: UnsafeRawBufferPointer($0)) }
  }

  consuming func finish() -> Digest { Digest(bytes: Array(state.finalize())) }
}
