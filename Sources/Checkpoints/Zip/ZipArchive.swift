/// One file in a zip archive, as the central directory describes it.
struct ZipEntry: Sendable {
  let name: String
  let deflated: Bool
  let crc: UInt32
  let compressedSize: Int
  /// Uncompressed size in bytes.
  let size: Int
  let localOffset: Int
  /// Where the entry's bytes start in the file.
  let dataOffset: Int
}

/// A zip archive read from its central directory alone (PKWARE APPNOTE 6.3.10).
///
/// Local headers of `torch.save` carry neither sizes nor CRC, so nothing is believed from them
/// except their own length. Two readers must not see two archives in one file, therefore: the end
/// record stands in the last 22 bytes, the directory ends where the end records start, the first
/// entry starts at 0, names are unique and the same in both headers, and no two entries overlap.
struct ZipArchive: Sendable {
  let entries: [ZipEntry]
  private let index: [ExactName: Int]
  let source: ByteSource

  /// Reads the directory of `source`; no entry's data are read.
  ///
  /// - Throws: `.zipTruncated`, `.zipMalformed`, `.zipName`, `.zipMethod`, `.zipEncrypted`,
  ///   `.duplicateEntry`, `.limit`.
  init(_ source: ByteSource, limits: Limits) throws(CheckpointError) {
    self.source = source
    let end = try ZipEndRecord(source, limits: limits)
    let directory = try source.bytes(at: end.directoryOffset, count: end.directorySize)
    var entries: [ZipEntry] = []
    var index: [ExactName: Int] = [:]
    var position = 0
    var inflated = 0
    let inflationBudget = Checked.budget(
      limits.inflatedBytes, ratio: limits.inflationRatio, of: source.size)
    for _ in 0..<end.entryCount {
      var record = try ZipDirectoryRecord(directory, at: &position, limits: limits)
      guard index[ExactName(record.name)] == nil else {
        throw CheckpointError(.duplicateEntry, record.name, "two archive entries have this name")
      }
      let dataOffset = try record.locate(in: source, before: end.directoryOffset)
      if record.deflated {
        guard let sum = Checked.add(inflated, record.size), sum <= inflationBudget else {
          throw CheckpointError(
            .limit, record.name, "the archive inflates to more than is allowed",
            found: record.size, bound: inflationBudget)
        }
        inflated = sum
      }
      index[ExactName(record.name)] = entries.count
      entries.append(
        ZipEntry(
          name: record.name, deflated: record.deflated, crc: record.crc,
          compressedSize: record.compressedSize, size: record.size,
          localOffset: record.localOffset, dataOffset: dataOffset))
    }
    guard position == directory.count else {
      throw CheckpointError(
        .zipMalformed, nil, "the central directory holds more than its entries", found: position,
        bound: directory.count)
    }
    try Self.checkLayout(entries)
    // A directory entry ("name/") carries nothing; it is checked like the others and dropped.
    let files = entries.filter { !$0.name.hasSuffix("/") }
    self.entries = files
    self.index = Dictionary(
      files.enumerated().map { (ExactName($1.name), $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// The entry with this name.
  func entry(named name: String) -> ZipEntry? {
    index[ExactName(name)].map { entries[$0] }
  }

  /// All bytes of an entry, its CRC checked.
  ///
  /// - Throws: `.limit` when it is longer than `limit`; `.zipCRC`; `.zipMalformed`.
  func bytes(of entry: ZipEntry, limit: Int) throws(CheckpointError) -> [UInt8] {
    guard entry.size <= limit else {
      throw CheckpointError(
        .limit, entry.name, "the archive entry is too long", found: entry.size, bound: limit)
    }
    do throws(CheckpointError) {
      let bytes = try makeArray(of: UInt8.self, count: entry.size) {
        (target) throws(CheckpointError) in
        let target = UnsafeMutableRawBufferPointer(target)
        if entry.deflated {
          try inflate(
            source, at: entry.dataOffset, compressedSize: entry.compressedSize, into: target,
            complete: true)
        } else {
          try source.read(at: entry.dataOffset, into: target)
        }
      }
      var crc = CRC32()
      bytes.withUnsafeBytes { crc.update($0) }
      try entry.check(crc)
      return bytes
    } catch {
      throw error.about(entry.name)
    }
  }

  /// "Entries start at 0 and do not overlap."
  private static func checkLayout(_ entries: [ZipEntry]) throws(CheckpointError) {
    var end = 0
    for (number, entry) in entries.sorted(by: { $0.localOffset < $1.localOffset }).enumerated() {
      guard number > 0 || entry.localOffset == 0 else {
        throw CheckpointError(
          .zipMalformed, entry.name, "bytes stand before the first entry",
          found: entry.localOffset, bound: 0)
      }
      guard entry.localOffset >= end else {
        throw CheckpointError(
          .zipMalformed, entry.name, "overlaps the archive entry before it",
          found: entry.localOffset, bound: end)
      }
      end = entry.dataOffset + entry.compressedSize
    }
  }
}

extension ZipEntry {
  /// Compares the CRC of the bytes read with that of the directory.
  func check(_ crc: CRC32) throws(CheckpointError) {
    #if !FUZZING
      guard crc.value == self.crc else {
        throw CheckpointError(
          .zipCRC, name, "the bytes do not have the CRC-32 that the archive states",
          found: Int(crc.value), bound: Int(self.crc))
      }
    #endif
  }
}
