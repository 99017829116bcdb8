import Synchronization

/// Delivers the canonical bytes of tensors: C order, little endian, in pieces.
///
/// Stored data are read by `pread` in pieces of 1 MiB. A deflated storage is inflated as a whole,
/// and the last one is kept, since the tensors of one storage follow each other.
final class StorageReader: Sendable {
  private let source: ByteSource
  private let archive: ZipArchive?
  private let state = Mutex(State())

  private struct State {
    var verified: Set<Int> = []
    var inflated: (entry: Int, bytes: [UInt8])?
  }

  /// Where the bytes of a region can be read: the file from an offset on, or memory.
  private enum Opened {
    case file(Int)
    case memory([UInt8])
  }

  private static let pieceSize = 1 << 20

  init(_ source: ByteSource, archive: ZipArchive?) {
    self.source = source
    self.archive = archive
  }

  /// Calls `body` with the canonical bytes of a tensor, in order, each piece whole elements.
  ///
  /// Memory: one piece; for a strided view of stored data, its span where that is at most 8 times
  /// the tensor (or 16 MiB); for deflated data the inflated storage.
  func forEachPiece(
    of layout: TensorLayout,
    _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let opened = try open(layout.region)
    guard layout.elementCount > 0 else { return }
    if layout.strides.isEmpty {
      try contiguous(layout, opened, body)
    } else {
      try strided(layout, opened, body)
    }
  }

  // MARK: Regions

  /// Checks the CRC of an archive entry; other regions have none.
  func verify(_ region: StorageRegion) throws(CheckpointError) { _ = try open(region) }

  private func open(_ region: StorageRegion) throws(CheckpointError) -> Opened {
    guard case .entry(let number) = region else {
      guard case .plain(let offset) = region else { return .file(0) }
      return .file(offset)
    }
    guard let archive else { return .file(0) }
    let entry = archive.entries[number]
    guard entry.deflated else {
      if !state.withLock({ $0.verified.contains(number) }) {
        try verify(entry)
        state.withLock { _ = $0.verified.insert(number) }
      }
      return .file(entry.dataOffset)
    }
    let kept = state.withLock { $0.inflated?.entry == number ? $0.inflated?.bytes : nil }
    if let kept { return .memory(kept) }
    state.withLock { $0.inflated = nil }
    let bytes = try archive.bytes(of: entry, limit: .max)
    state.withLock { $0.inflated = (number, bytes) }
    return .memory(bytes)
  }

  /// Checks the CRC of a stored entry, once.
  private func verify(_ entry: ZipEntry) throws(CheckpointError) {
    #if !FUZZING
      var crc = CRC32()
      try pieces(at: entry.dataOffset, count: entry.size) { crc.update(UnsafeRawBufferPointer($0)) }
      try entry.check(crc)
    #endif
  }

  private func pieces(
    at offset: Int, count: Int,
    _ body: (UnsafeMutableRawBufferPointer) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let piece = UnsafeMutableRawBufferPointer.allocate(
      byteCount: min(max(count, 1), Self.pieceSize), alignment: 64)
    defer { piece.deallocate() }
    var done = 0
    while done < count {
      let part = UnsafeMutableRawBufferPointer(rebasing: piece[..<min(piece.count, count - done)])
      try source.read(at: offset + done, into: part)
      try body(part)
      done += part.count
    }
  }

  // MARK: Contiguous

  private func contiguous(
    _ layout: TensorLayout, _ opened: Opened,
    _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let byteCount = layout.elementCount * layout.dtype.size
    switch opened {
    case .file(let base):
      try pieces(at: base + layout.byteOffset, count: byteCount) {
        (piece) throws(CheckpointError) in
        if layout.bigEndian { swapBytes(of: piece, width: layout.dtype.size) }
        try body(UnsafeRawBufferPointer(piece))
      }
    case .memory(let bytes) where !layout.bigEndian:
      try withBytes(of: bytes) { (all) throws(CheckpointError) in
        let end = layout.byteOffset + byteCount
        precondition(end <= all.count)
        try body(UnsafeRawBufferPointer(rebasing: all[layout.byteOffset..<end]))
      }
    case .memory(let bytes):
      var copy = Array(bytes[layout.byteOffset..<layout.byteOffset + byteCount])
      copy.withUnsafeMutableBytes { swapBytes(of: $0, width: layout.dtype.size) }
      try withBytes(of: copy, body)
    }
  }

  // MARK: Strided

  private func strided(
    _ layout: TensorLayout, _ opened: Opened,
    _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    let width = layout.dtype.size
    let span =
      zip(layout.shape, layout.strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 } * width
    switch opened {
    case .memory(let bytes):
      try withBytes(of: bytes) { (all) throws(CheckpointError) in
        precondition(layout.byteOffset + span <= all.count)
        let view = UnsafeRawBufferPointer(
          rebasing: all[layout.byteOffset..<layout.byteOffset + span])
        try gather(layout, from: .memory(view), body)
      }
    case .file(let base):
      guard span <= max(16 << 20, 8 * layout.elementCount * width) else {
        // A thin slice of a large storage: element by element, so that memory stays small.
        return try gather(layout, from: .file(source, base + layout.byteOffset), body)
      }
      let bytes = try source.bytes(at: base + layout.byteOffset, count: span)
      try withBytes(of: bytes) { (view) throws(CheckpointError) in
        try gather(layout, from: .memory(view), body)
      }
    }
  }

  private func withBytes(
    of bytes: [UInt8], _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try bytes.withUnsafeBufferPointer { (buffer) throws(CheckpointError) in
      try body(UnsafeRawBufferPointer(buffer))
    }
  }
}
