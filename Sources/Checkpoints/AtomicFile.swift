import Glibc

/// A file that appears under its name complete, or not at all.
///
/// The bytes go to a new file in the same folder (`O_EXCL`), which is synced and renamed over the
/// name; then the folder is synced. Whatever fails, and when the writer is dropped without
/// ``commit()``, the old file is untouched and the temporary one removed.
package struct AtomicFile: ~Copyable {
  private let path: String
  private let temporary: String
  private let descriptor: Int32

  /// Creates the temporary file.
  ///
  /// - Throws: `.io`, when the folder does not exist or cannot be written.
  package init(path: String) throws(CheckpointError) {
    let split = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = split.map { String(path[...$0]) } ?? ""
    let base = split.map { String(path[path.utf8.index(after: $0)...]) } ?? path
    guard !base.isEmpty else { throw CheckpointError(.io, path, "not the name of a file") }
    // An existing file keeps its permissions; a new one gets what the umask leaves.
    var status = stat()
    let exists = stat(path, &status) == 0
    guard !exists || status.st_mode & S_IFMT == S_IFREG else {
      throw CheckpointError(.io, path, "exists and is not a regular file")
    }
    for attempt in 0..<100 {
      let name = "\(folder).\(base.prefix(64)).\(getpid()).\(attempt).tmp"
      let descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o666)
      if descriptor >= 0 {
        if exists { fchmod(descriptor, status.st_mode & 0o777) }
        self.path = path
        self.temporary = name
        self.descriptor = descriptor
        return
      }
      guard errno == EEXIST else { throw ByteSource.systemError("cannot create", name) }
    }
    throw CheckpointError(.io, path, "cannot find a free name for the temporary file")
  }

  /// Appends bytes.
  ///
  /// - Throws: `.io`, for instance when the disk is full.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    guard let base = bytes.baseAddress else { return }
    var done = 0
    while done < bytes.count {
      let count = Glibc.write(descriptor, base + done, bytes.count - done)
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw ByteSource.systemError("cannot write", path) }
      done += count
    }
  }

  /// Appends bytes. - Throws: `.io`.
  package mutating func write(_ bytes: [UInt8]) throws(CheckpointError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(CheckpointError) in
      try write(UnsafeRawBufferPointer(buffer))
    }
  }

  /// Puts the file in its place.
  ///
  /// - Throws: `.io`; the old file is then still in place, except when only syncing the folder
  ///   failed: then the new one is, and may be lost in a power cut.
  package consuming func commit() throws(CheckpointError) {
    guard fsync(descriptor) == 0 else { throw ByteSource.systemError("cannot sync", path) }
    guard rename(temporary, path) == 0 else { throw ByteSource.systemError("cannot rename", path) }
    let split = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = open(
      split.map { String(path[...$0]) } ?? ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard folder >= 0 else { throw ByteSource.systemError("cannot open the folder of", path) }
    defer { close(folder) }
    // Some file systems cannot sync a folder; they say EINVAL.
    guard fsync(folder) == 0 || errno == EINVAL else {
      throw ByteSource.systemError("cannot sync the folder of", path)
    }
  }

  deinit {
    close(descriptor)
    // After a rename the name is gone, and this does nothing.
    unlink(temporary)
  }

  /// Writes a whole file. - Throws: `.io`; the old file is then untouched.
  package static func write(_ bytes: [UInt8], to path: String) throws(CheckpointError) {
    var file = try AtomicFile(path: path)
    try file.write(bytes)
    try file.commit()
  }
}
