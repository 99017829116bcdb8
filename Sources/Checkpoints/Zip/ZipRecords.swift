/// The end of central directory record, with its zip64 extension where there is one
/// (APPNOTE 4.3.14 to 4.3.16).
struct ZipEndRecord {
  let entryCount: Int
  let directoryOffset: Int
  let directorySize: Int

  init(_ source: ByteSource, limits: Limits) throws(CheckpointError) {
    guard source.size >= 22 else {
      throw CheckpointError(
        .zipTruncated, nil, "too short for a zip archive", found: source.size, bound: 22)
    }
    let position = source.size - 22
    let end = try source.bytes(at: position, count: 22)
    guard end.littleEndian32(0) == 0x0605_4b50, end.littleEndian16(20) == 0 else {
      throw CheckpointError(
        .zipTruncated, nil,
        "the last 22 bytes are no end record: the file is cut, or something follows the archive")
    }
    let count = end.littleEndian16(10)
    let size = end.littleEndian32(12)
    let offset = end.littleEndian32(16)
    guard end.littleEndian16(4) == 0, end.littleEndian16(6) == 0, end.littleEndian16(8) == count
    else { throw CheckpointError(.zipMalformed, nil, "the archive is split over several disks") }

    let extended = try Self.zip64(source, before: position)
    let saturated = count == 0xffff || size == 0xffff_ffff || offset == 0xffff_ffff
    guard let extended else {
      guard !saturated else {
        throw CheckpointError(.zipMalformed, nil, "the zip64 end record is missing")
      }
      try self.init(
        count: count, size: size, offset: offset, end: position, limits: limits)
      return
    }
    // Both records state the same, unless the classic one says "see zip64".
    guard count == 0xffff || count == extended.count, size == 0xffff_ffff || size == extended.size,
      offset == 0xffff_ffff || offset == extended.offset
    else {
      throw CheckpointError(.zipMalformed, nil, "the two end records contradict each other")
    }
    try self.init(
      count: extended.count, size: extended.size, offset: extended.offset, end: extended.position,
      limits: limits)
  }

  private init(count: Int, size: Int, offset: Int, end: Int, limits: Limits)
    throws(CheckpointError)
  {
    guard size <= limits.centralDirectoryBytes else {
      throw CheckpointError(
        .limit, nil, "the central directory is too long", found: size,
        bound: limits.centralDirectoryBytes)
    }
    guard count <= limits.archiveEntries else {
      throw CheckpointError(
        .limit, nil, "the archive has too many entries", found: count,
        bound: limits.archiveEntries)
    }
    guard offset >= 0, size >= 0, let after = Checked.add(offset, size), after == end else {
      throw CheckpointError(
        .zipMalformed, nil, "the central directory does not end where the end record starts",
        found: offset, bound: end)
    }
    entryCount = count
    directoryOffset = offset
    directorySize = size
  }

  /// The zip64 record that the locator in front of the end record points at.
  private static func zip64(
    _ source: ByteSource, before end: Int
  ) throws(CheckpointError) -> (count: Int, size: Int, offset: Int, position: Int)? {
    guard end >= 20 else { return nil }
    let locator = try source.bytes(at: end - 20, count: 20)
    guard locator.littleEndian32(0) == 0x0706_4b50 else { return nil }
    guard locator.littleEndian32(4) == 0, locator.littleEndian32(16) <= 1,
      let position = Int(exactly: locator.littleEndian64(8)), end >= 76, position == end - 76
    else {
      throw CheckpointError(
        .zipMalformed, nil, "the zip64 locator does not point at the record in front of it")
    }
    let record = try source.bytes(at: position, count: 56)
    guard record.littleEndian32(0) == 0x0606_4b50, record.littleEndian64(4) == 44,
      record.littleEndian32(16) == 0, record.littleEndian32(20) == 0,
      record.littleEndian64(24) == record.littleEndian64(32),
      let count = Int(exactly: record.littleEndian64(32)),
      let size = Int(exactly: record.littleEndian64(40)),
      let offset = Int(exactly: record.littleEndian64(48))
    else { throw CheckpointError(.zipMalformed, nil, "the zip64 end record is not valid") }
    return (count, size, offset, position)
  }
}

/// One record of the central directory (APPNOTE 4.3.12).
struct ZipDirectoryRecord {
  private(set) var name: String
  private(set) var deflated = false
  private(set) var crc: UInt32
  private(set) var compressedSize: Int
  private(set) var size: Int
  private(set) var localOffset: Int
  private let flags: Int
  private let method: Int

  init(_ bytes: [UInt8], at position: inout Int, limits: Limits) throws(CheckpointError) {
    let start = position
    guard bytes.count - start >= 46, bytes.littleEndian32(start) == 0x0201_4b50 else {
      throw CheckpointError(
        .zipMalformed, nil, "the central directory is cut or damaged", found: start,
        bound: bytes.count)
    }
    let nameLength = bytes.littleEndian16(start + 28)
    let extraLength = bytes.littleEndian16(start + 30)
    let commentLength = bytes.littleEndian16(start + 32)
    let nameEnd = start + 46 + nameLength
    let extraEnd = nameEnd + extraLength
    guard extraEnd + commentLength <= bytes.count else {
      throw CheckpointError(
        .zipMalformed, nil, "the central directory is cut", found: extraEnd, bound: bytes.count)
    }
    position = extraEnd + commentLength
    name = try Self.checkedName(bytes[start + 46..<nameEnd], limits: limits)
    flags = bytes.littleEndian16(start + 8)
    method = bytes.littleEndian16(start + 10)
    crc = UInt32(bytes.littleEndian32(start + 16))
    compressedSize = bytes.littleEndian32(start + 20)
    size = bytes.littleEndian32(start + 24)
    localOffset = bytes.littleEndian32(start + 42)
    try readZip64(bytes, from: nameEnd, to: extraEnd)

    // Bit 0: encrypted. Bit 6: strong encryption. Bit 13: masked headers.
    guard flags & (1 | 1 << 6 | 1 << 13) == 0 else {
      throw CheckpointError(.zipEncrypted, name, "the archive entry is encrypted")
    }
    // Bit 5: patched data.
    guard flags & 1 << 5 == 0, method == 0 || method == 8 else {
      throw CheckpointError(
        .zipMethod, name, "compression method is neither stored (0) nor deflated (8)",
        found: method)
    }
    deflated = method == 8
    guard deflated || compressedSize == size else {
      throw CheckpointError(
        .zipMalformed, name, "a stored entry has two different sizes", found: compressedSize,
        bound: size)
    }
    guard !name.hasSuffix("/") || size == 0 else {
      throw CheckpointError(.zipMalformed, name, "a folder holds data", found: size, bound: 0)
    }
  }

  /// APPNOTE 4.5.3: 8-byte values for the fields that read 0xffffffff, in a fixed order.
  private mutating func readZip64(
    _ bytes: [UInt8], from start: Int, to end: Int
  ) throws(CheckpointError) {
    var position = start
    var seen = false
    while end - position >= 4 {
      let id = bytes.littleEndian16(position)
      let length = bytes.littleEndian16(position + 2)
      position += 4
      guard length <= end - position else { break }
      if id == 1 {
        guard !seen else { throw malformed("has two zip64 fields") }
        seen = true
        var at = position
        for field in [\Self.size, \Self.compressedSize, \Self.localOffset]
        where self[keyPath: field] == 0xffff_ffff {
          guard position + length - at >= 8, let value = Int(exactly: bytes.littleEndian64(at))
          else { throw malformed("has a zip64 field that is too short or too large") }
          self[keyPath: field] = value
          at += 8
        }
      }
      position += length
    }
    guard position == end else { throw malformed("has a damaged extra field") }
  }

  private func malformed(_ reason: String) -> CheckpointError {
    CheckpointError(.zipMalformed, name, "the archive entry \(reason)")
  }

  /// The offset of the entry's bytes: local offset + 30 + *local* name and extra lengths.
  ///
  /// - Throws: `.zipMalformed` or `.zipTruncated` when the local header is not there, names another
  ///   entry, or the data would reach into the central directory.
  mutating func locate(in source: ByteSource, before end: Int) throws(CheckpointError) -> Int {
    guard localOffset <= end, end - localOffset >= 30 else {
      throw CheckpointError(
        .zipMalformed, name, "the entry's offset is outside the archive", found: localOffset,
        bound: end)
    }
    let header = try source.bytes(at: localOffset, count: 30)
    let nameLength = header.littleEndian16(26)
    let dataOffset = localOffset + 30 + nameLength + header.littleEndian16(28)
    guard header.littleEndian32(0) == 0x0403_4b50, header.littleEndian16(8) == method,
      header.littleEndian16(6) & 1 == 0, nameLength == name.utf8.count, dataOffset <= end
    else { throw malformed("and its local header do not agree") }
    guard try source.bytes(at: localOffset + 30, count: nameLength).elementsEqual(name.utf8) else {
      throw malformed("has another name in its local header")
    }
    // Without a data descriptor (bit 3) the local sizes are real, or point to zip64.
    if header.littleEndian16(6) & 8 == 0 {
      let sizes = [(header.littleEndian32(18), compressedSize), (header.littleEndian32(22), size)]
      for (local, central) in sizes where local != 0xffff_ffff && local != central {
        throw CheckpointError(
          .zipMalformed, name, "the two headers state different sizes", found: local,
          bound: central)
      }
    }
    guard compressedSize <= end - dataOffset else {
      throw CheckpointError(
        .zipMalformed, name, "the entry is longer than the archive", found: compressedSize,
        bound: end - dataOffset)
    }
    return dataOffset
  }

  /// A relative path of plain components: it is never used as a path, and yet could be.
  private static func checkedName(
    _ bytes: ArraySlice<UInt8>, limits: Limits
  ) throws(CheckpointError) -> String {
    guard bytes.count <= limits.nameBytes else {
      throw CheckpointError(
        .zipName, nil, "an entry name is too long", found: bytes.count, bound: limits.nameBytes)
    }
    guard let name = String(validating: bytes, as: UTF8.self) else {
      throw CheckpointError(.zipName, nil, "an entry name is not UTF-8")
    }
    guard bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") }) else {
      throw CheckpointError(.zipName, name, "entry name with a control character or a backslash")
    }
    // A drive ("C:/x"); other colons occur, since torch.save names its folder after the file.
    guard !(bytes.dropFirst().first == UInt8(ascii: ":")) else {
      throw CheckpointError(.zipName, name, "entry name that starts with a drive")
    }
    var parts = name.split(separator: "/", omittingEmptySubsequences: false)
    if parts.count > 1, parts.last == "" { parts.removeLast() }
    guard parts.allSatisfy({ !$0.isEmpty && $0 != "." && $0 != ".." }) else {
      throw CheckpointError(
        .zipName, name, "entry name that is absolute, or has an empty, . or .. component")
    }
    return name
  }
}
