internal import CZlib
internal import Glibc

/// A file that is read once from its beginning, plain or compressed by gzip (RFC 1952).
///
/// Which of the two it is, its first two bytes say. Only regular files are opened. What is read goes
/// straight into the caller's buffer, never more than fits it; beside it there are 64 KiB.
final class ImageFile {
  let path: String
  /// Bytes of the file as it lies there.
  let size: Int
  let isCompressed: Bool
  private let descriptor: Int32
  private var offset = 0
  // zlib keeps a pointer to the stream, so the structure must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  private let piece: UnsafeMutableRawBufferPointer
  private var hasEnded = false

  init(path: String) throws(ImageError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.systemError("cannot open", path) }
    var status = stat()
    var magic = [UInt8](repeating: 0, count: 2)
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      close(descriptor)
      throw .unreadable(path: path, reason: "not a regular file")
    }
    self.path = path
    self.descriptor = descriptor
    size = Int(status.st_size)
    isCompressed = pread(descriptor, &magic, 2, 0) == 2 && magic == [0x1f, 0x8b]
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    piece = .allocate(byteCount: 64 << 10, alignment: 16)
    if isCompressed {
      let gzipOnly: Int32 = 15 + 16
      guard
        inflateInit2_(stream, gzipOnly, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
      else { throw .unreadable(path: path, reason: "zlib could not be started") }
    }
  }

  deinit {
    // Of a stream that was not started, this is an error that does nothing.
    inflateEnd(stream)
    stream.deallocate()
    piece.deallocate()
    close(descriptor)
  }

  /// The most bytes that the file can stand for: deflate makes at most 1032 of one.
  var largestContent: Int {
    let (most, overflow) = size.multipliedReportingOverflow(by: isCompressed ? 1032 : 1)
    return overflow ? .max : most
  }

  /// Fills `target` from where the last call stopped, as far as the content goes.
  ///
  /// - Returns: the number of bytes written; less than there is room for at the end of the content only.
  /// - Throws: `.unreadable`, `.damagedGzip`, and `.trailingBytes` if the file goes on after its gzip data.
  func read(into target: UnsafeMutableRawBufferPointer) throws(ImageError) -> Int {
    var done = 0
    while done < target.count, !hasEnded {
      let rest = UnsafeMutableRawBufferPointer(rebasing: target[done...])
      let count = isCompressed ? try inflated(into: rest) : try readPlain(into: rest)
      if !isCompressed && count == 0 { hasEnded = true }
      done += count
    }
    return done
  }

  /// One call of `read`: 0 at the end of the file.
  private func readPlain(into target: UnsafeMutableRawBufferPointer) throws(ImageError) -> Int {
    while true {
      let count = pread(descriptor, target.baseAddress, target.count, off_t(offset))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.systemError("cannot read", path) }
      offset += count
      return count
    }
  }

  /// One call of zlib's `inflate`, after more compressed bytes if it has used all.
  private func inflated(into target: UnsafeMutableRawBufferPointer) throws(ImageError) -> Int {
    if stream.pointee.avail_in == 0 {
      let count = try readPlain(into: piece)
      guard count > 0 else { throw .damagedGzip(path: path, reason: "it stops before its end") }
      stream.pointee.next_in = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_in = UInt32(count)
    }
    let room = min(target.count, 1 << 30)
    stream.pointee.next_out = target.baseAddress?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(room)
    let status = inflate(stream, Z_NO_FLUSH)
    switch status {
    case Z_OK, Z_BUF_ERROR: break
    case Z_STREAM_END:
      hasEnded = true
      let used = offset - Int(stream.pointee.avail_in)
      guard used == size else { throw .trailingBytes(path: path, expected: used) }
    default:
      let reason = stream.pointee.msg.map { String(cString: $0) } ?? "zlib status \(status)"
      throw .damagedGzip(path: path, reason: reason)
    }
    return room - Int(stream.pointee.avail_out)
  }

  /// The next `count` bytes, all of them.
  ///
  /// - Parameter before: bytes that were read already, for the message.
  /// - Throws: `.truncated`, if there are fewer.
  func bytes(_ count: Int, before: Int) throws(ImageError) -> [UInt8] {
    guard count <= largestContent else {
      throw .truncated(path: path, expected: before + count, found: largestContent)
    }
    var failure: ImageError?
    var found = 0
    let result = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      do throws(ImageError) {
        found = try read(
          into: UnsafeMutableRawBufferPointer(start: buffer.baseAddress, count: count))
      } catch {
        failure = error
      }
      initialized = found
    }
    if let failure { throw failure }
    guard found == count else {
      throw .truncated(path: path, expected: before + count, found: before + found)
    }
    return result
  }

  /// Checks that the content ends here, and in a compressed file its check sum.
  func end(after expected: Int) throws(ImageError) {
    var more: UInt8 = 0
    var failure: ImageError?
    var found = 0
    withUnsafeMutableBytes(of: &more) { byte in
      do throws(ImageError) { found = try read(into: byte) } catch { failure = error }
    }
    if let failure { throw failure }
    guard found == 0 else { throw .trailingBytes(path: path, expected: expected) }
  }

  private static func systemError(_ operation: String, _ path: String) -> ImageError {
    let number = errno
    let text = strerror(number).map { String(cString: $0) } ?? "error \(number)"
    return .unreadable(path: path, reason: "\(operation): \(text)")
  }
}
