internal import CZlib

/// Inflates raw deflate data (RFC 1951) by zlib, never writing more than was asked for.
///
/// The compressed bytes are read in pieces of 64 KiB; the output goes straight into `target`.
/// With `complete`, the stream must fill `target` exactly, end there, and have used exactly
/// `compressedSize` bytes; without it, only the first `target.count` bytes are wanted.
///
/// - Throws: `.zipMalformed` when the data are not a deflate stream of that size.
func inflate(
  _ source: ByteSource, at offset: Int, compressedSize: Int,
  into target: UnsafeMutableRawBufferPointer, complete: Bool
) throws(CheckpointError) {
  // zlib keeps a pointer to the stream, so the structure must not move.
  let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  stream.initialize(to: z_stream())
  defer { stream.deallocate() }
  let windowBits: Int32 = -15  // raw deflate
  guard
    inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  else { throw CheckpointError(.io, nil, "zlib could not be started") }
  defer { inflateEnd(stream) }

  let pieceSize = 64 << 10
  let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: pieceSize, alignment: 16)
  let overflow = UnsafeMutableRawBufferPointer.allocate(byteCount: 1, alignment: 1)
  defer {
    piece.deallocate()
    overflow.deallocate()
  }
  var consumed = 0
  var produced = 0
  var ended = false
  while !ended {
    if stream.pointee.avail_in == 0 {
      let count = min(pieceSize, compressedSize - consumed)
      guard count > 0 else { break }
      let input = UnsafeMutableRawBufferPointer(rebasing: piece[..<count])
      try source.read(at: offset + consumed, into: input)
      consumed += count
      stream.pointee.next_in = piece.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_in = UInt32(count)
    }
    // When the target is full, one spare byte tells "the end" from "more than was declared".
    let room = min(target.count - produced, 1 << 30)
    let out = room > 0 ? target.baseAddress.map { $0 + produced } : overflow.baseAddress
    stream.pointee.next_out = out?.assumingMemoryBound(to: UInt8.self)
    stream.pointee.avail_out = UInt32(max(room, 1))
    let status = CZlib.inflate(stream, Z_NO_FLUSH)
    let wrote = max(room, 1) - Int(stream.pointee.avail_out)
    if room > 0 {
      produced += wrote
      if !complete && produced == target.count { return }
    } else if wrote > 0 {
      throw CheckpointError(
        .zipMalformed, nil, "inflates to more than its declared size", bound: target.count)
    }
    if status == Z_STREAM_END {
      ended = true
    } else if status == Z_BUF_ERROR && stream.pointee.avail_in == 0 {
      continue
    } else if status != Z_OK {
      throw CheckpointError(.zipMalformed, nil, "not valid deflate data", found: Int(status))
    }
  }
  guard produced == target.count else {
    throw CheckpointError(
      .zipMalformed, nil, "inflates to less than its declared size", found: produced,
      bound: target.count)
  }
  guard ended, consumed - Int(stream.pointee.avail_in) == compressedSize else {
    throw CheckpointError(
      .zipMalformed, nil, "deflate data do not end where the entry does", bound: compressedSize)
  }
}

/// The CRC-32 of zip archives (APPNOTE 4.4.7), piece by piece.
struct CRC32 {
  private(set) var value: UInt32 = 0

  mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard let base = bytes.baseAddress else { return }
    value = UInt32(
      truncatingIfNeeded: crc32_z(
        UInt(value), base.assumingMemoryBound(to: UInt8.self), bytes.count))
  }
}
