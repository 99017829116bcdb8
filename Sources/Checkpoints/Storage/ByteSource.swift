import Glibc

/// The bytes of a file, read by `pread`, or bytes in memory (tests and fuzzing).
///
/// The file is opened once; the descriptor is closed when the last user goes. Only regular files
/// are opened: a pipe or a device would give other bytes the second time.
final class ByteSource: Sendable {
  private let descriptor: Int32
  private let memory: [UInt8]
  private let path: String
  /// Size in bytes when the file was opened.
  let size: Int

  init(path: String) throws(CheckpointError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Self.systemError("cannot open", path) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      let error = Self.systemError("cannot stat", path)
      close(descriptor)
      throw error
    }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size >= 0 else {
      close(descriptor)
      throw CheckpointError(.io, path, "not a regular file")
    }
    self.descriptor = descriptor
    self.memory = []
    self.path = path
    self.size = Int(status.st_size)
  }

  init(bytes: [UInt8]) {
    descriptor = -1
    memory = bytes
    path = "memory"
    size = bytes.count
  }

  deinit {
    if descriptor >= 0 { close(descriptor) }
  }

  /// Fills `target` with the bytes from `offset` on.
  ///
  /// - Throws: `.io` when the range is not in the file, or the file shrank since it was opened.
  func read(at offset: Int, into target: UnsafeMutableRawBufferPointer) throws(CheckpointError) {
    guard offset >= 0, offset <= size, target.count <= size - offset else {
      throw CheckpointError(.io, path, "read past the end of the file", found: offset, bound: size)
    }
    guard let base = target.baseAddress, target.count > 0 else { return }
    guard descriptor >= 0 else {
      memory.withUnsafeBytes {
        target.copyMemory(from: .init(rebasing: $0[offset..<offset + target.count]))
      }
      return
    }
    var done = 0
    while done < target.count {
      let count = pread(descriptor, base + done, target.count - done, off_t(offset + done))
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw Self.systemError("cannot read", path) }
      guard count > 0 else {
        throw CheckpointError(
          .io, path, "the file became shorter while it was read", found: offset + done, bound: size)
      }
      done += count
    }
  }

  /// The `count` bytes from `offset` on.
  func bytes(at offset: Int, count: Int) throws(CheckpointError) -> [UInt8] {
    guard count >= 0, offset >= 0, offset <= size, count <= size - offset else {
      throw CheckpointError(.io, path, "read past the end of the file", found: offset, bound: size)
    }
    return try makeArray(of: UInt8.self, count: count) { (target) throws(CheckpointError) in
      try read(at: offset, into: UnsafeMutableRawBufferPointer(target))
    }
  }

  /// The error of the last failed system call.
  static func systemError(_ operation: String, _ path: String) -> CheckpointError {
    let number = errno
    let text = strerror(number).map { String(cString: $0) } ?? "error"
    return CheckpointError(.io, path, "\(operation): \(text)")
  }
}

/// An array of `count` elements that `fill` initialises completely, or throws.
///
/// Arrays of 4 MiB and more ask for huge pages first: page faults, not copying, are what reading a
/// large tensor spends its time on.
func makeArray<Element: BitwiseCopyable>(
  of type: Element.Type, count: Int,
  fill: (UnsafeMutableBufferPointer<Element>) throws(CheckpointError) -> Void
) throws(CheckpointError) -> [Element] {
  var failure: CheckpointError?
  let result = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
    adviseHugePages(UnsafeMutableRawBufferPointer(buffer))
    do throws(CheckpointError) {
      try fill(UnsafeMutableBufferPointer(rebasing: buffer[..<count]))
      initialized = count
    } catch {
      failure = error
      initialized = 0
    }
  }
  if let failure { throw failure }
  return result
}

/// Asks the kernel for huge pages inside `buffer`. Advice only: a refusal changes nothing.
func adviseHugePages(_ buffer: UnsafeMutableRawBufferPointer) {
  let page = 2 << 20
  guard buffer.count >= 2 * page, let base = buffer.baseAddress else { return }
  let start = (UInt(bitPattern: base) + UInt(page - 1)) & ~UInt(page - 1)
  let end = (UInt(bitPattern: base) + UInt(buffer.count)) & ~UInt(page - 1)
  guard end > start, let address = UnsafeMutableRawPointer(bitPattern: start) else { return }
  let madviseHugePage: Int32 = 14  // MADV_HUGEPAGE, <linux/mman.h>
  _ = madvise(address, Int(end - start), madviseHugePage)
}
