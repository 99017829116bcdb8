extension Contents {
  /// A bare npy file: one array without a name (the empty one).
  init(npy source: ByteSource, limits: Limits) throws(CheckpointError) {
    let prefix = try source.bytes(at: 0, count: min(source.size, 12))
    let length = try NPYHeader.length(prefix, size: source.size, limits: limits)
    let bytes = try source.bytes(at: 0, count: length.total)
    let header = try NPYHeader(bytes, size: source.size, limits: limits)
    self.init(
      format: .npy, records: [TensorRecord(name: "", layout: header.layout(in: .plain(0)))])
  }

  /// NumPy's npz: a zip archive of `NAME.npy`, stored or deflated (`numpy.savez`).
  ///
  /// - Throws: as for npy, with the array's name.
  init(npz archive: ZipArchive, limits: Limits) throws(CheckpointError) {
    guard archive.entries.count <= limits.tensors else {
      throw CheckpointError(
        .limit, nil, "too many arrays", found: archive.entries.count, bound: limits.tensors)
    }
    var records: [TensorRecord] = []
    for (number, entry) in archive.entries.enumerated() {
      do throws(CheckpointError) {
        // numpy pads headers to 64 or 128 bytes: one read is nearly always enough.
        var bytes = try archive.prefix(of: entry, count: 256)
        let length = try NPYHeader.length(bytes, size: entry.size, limits: limits)
        if length.total > bytes.count {
          bytes = try archive.prefix(of: entry, count: length.total)
        }
        let header = try NPYHeader(bytes, size: entry.size, limits: limits)
        records.append(
          TensorRecord(
            name: String(entry.name.dropLast(4)), layout: header.layout(in: .entry(number))))
      } catch {
        throw error.about(entry.name)
      }
    }
    self.init(format: .npz, records: records, archive: archive)
  }
}

extension ZipArchive {
  /// The first bytes of an entry, at most `count`; the CRC is checked when the whole is read.
  func prefix(of entry: ZipEntry, count: Int) throws(CheckpointError) -> [UInt8] {
    let count = min(count, entry.size)
    guard entry.deflated else { return try source.bytes(at: entry.dataOffset, count: count) }
    return try makeArray(of: UInt8.self, count: count) { (target) throws(CheckpointError) in
      try inflate(
        source, at: entry.dataOffset, compressedSize: entry.compressedSize,
        into: UnsafeMutableRawBufferPointer(target), complete: false)
    }
  }
}
