extension Contents {
  /// What is in a zip archive: a `torch.save` checkpoint or NumPy's npz.
  init(_ archive: ZipArchive, limits: Limits) throws(CheckpointError) {
    // PyTorch, caffe2/serialize/inline_container.cc: every record stands under one root folder.
    if archive.entries.contains(where: { Self.isPickle($0.name) }) {
      try self.init(torch: archive, limits: limits)
    } else if !archive.entries.isEmpty, archive.entries.allSatisfy({ $0.name.hasSuffix(".npy") }) {
      try self.init(npz: archive, limits: limits)
    } else {
      throw CheckpointError(
        .notTorch, nil, "a zip archive that is neither a torch checkpoint (no data.pkl) nor npz",
        found: archive.entries.count)
    }
  }

  private static func isPickle(_ name: String) -> Bool {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && parts[1] == "data.pkl"
  }

  /// A checkpoint of `torch.save` (torch >= 1.6): `R/data.pkl` and the storages `R/data/N`.
  ///
  /// - Throws: `.notTorch`, `.torchScript`, `.torchVersion`, `.torchByteOrder`, what the pickle
  ///   machine throws, `.missingStorage`, `.storageSize`, `.noStateDictionary`,
  ///   `.ambiguousStateDictionary`, `.limit`.
  private init(torch archive: ZipArchive, limits: Limits) throws(CheckpointError) {
    let pickles = archive.entries.filter { Self.isPickle($0.name) }
    guard pickles.count == 1, let root = pickles[0].name.split(separator: "/").first else {
      throw CheckpointError(
        .notTorch, nil, "the archive holds more than one checkpoint", found: pickles.count, bound: 1
      )
    }
    let prefix = String(root) + "/"
    for entry in archive.entries {
      guard entry.name.hasPrefix(prefix) else {
        throw CheckpointError(
          .notTorch, entry.name, "an archive entry is outside the checkpoint's folder")
      }
      guard !entry.name.hasPrefix(prefix + "code/"), entry.name != prefix + "constants.pkl" else {
        throw CheckpointError(
          .torchScript, entry.name,
          "TorchScript holds a program; save model.state_dict() with torch.save instead")
      }
    }
    let bigEndian = try Self.checkVersion(archive, prefix)

    let bytes = try archive.bytes(of: pickles[0], limit: limits.pickleBytes)
    var machine = PickleMachine(bytes, persistence: .zip, limits: limits)
    let value = try machine.run()
    guard machine.position == bytes.count else {
      throw CheckpointError(
        .pickleMalformed, nil, "bytes follow the end of the pickle", found: machine.position,
        bound: bytes.count)
    }
    let heap = machine.heap
    try heap.checkTree(value, limits: limits)

    let numbers = Dictionary(
      archive.entries.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
    var regions: [StorageRegion] = []
    for storage in heap.storages {
      guard let number = numbers[prefix + "data/" + storage.key] else {
        throw CheckpointError(
          .missingStorage, prefix + "data/" + storage.key,
          "the archive has no entry for this storage")
      }
      let entry = archive.entries[number]
      guard let size = storage.byteCount, size == entry.size else {
        throw CheckpointError(
          .storageSize, entry.name, "the storage has another size than is declared",
          found: entry.size, bound: storage.byteCount)
      }
      regions.append(.entry(number))
    }
    let records = try heap.records(value, regions: regions, bigEndian: bigEndian, limits: limits)
    self.init(format: .torchZip, records: records, archive: archive)
  }

  /// The format version (1 to 10; `torch.save` writes 3) and the byte order.
  private static func checkVersion(
    _ archive: ZipArchive, _ prefix: String
  ) throws(CheckpointError) -> Bool {
    guard
      let entry = archive.entry(named: prefix + "version")
        ?? archive.entry(named: prefix + ".data/version")
    else { throw CheckpointError(.torchVersion, nil, "the archive states no format version") }
    let version = try text(archive, entry)
    guard let number = Int(version), (1...10).contains(number) else {
      throw CheckpointError(
        .torchVersion, entry.name, "format version \(CheckpointError.quoted(version)) is not known",
        found: Int(version), bound: 10)
    }
    guard let entry = archive.entry(named: prefix + "byteorder") else { return false }
    switch try text(archive, entry) {
    case "little": return false
    case "big": return true
    case let order:
      throw CheckpointError(
        .torchByteOrder, entry.name, "byte order \(CheckpointError.quoted(order)) is not known")
    }
  }

  private static func text(
    _ archive: ZipArchive, _ entry: ZipEntry
  ) throws(CheckpointError) -> String {
    let bytes = try archive.bytes(of: entry, limit: 64)
    return String(decoding: bytes.last == 0x0a ? bytes.dropLast() : bytes[...], as: UTF8.self)
  }
}

extension ZipArchive {
  /// Refuses tensors that would make a reader inflate the same storages over and over: views that
  /// alternate between two deflated storages. Views in a row cost nothing, the last is kept.
  func checkInflationWork(_ records: [TensorRecord], limits: Limits) throws(CheckpointError) {
    let once = entries.reduce(0) { $1.deflated ? $0 + $1.size : $0 }
    let budget = Checked.budget(limits.inflatedBytes, ratio: 8, of: once)
    var work = 0
    var last: StorageRegion?
    for record in records where record.layout.region != last {
      last = record.layout.region
      guard case .entry(let number) = record.layout.region, entries[number].deflated else {
        continue
      }
      work += entries[number].size
      guard work <= budget else {
        throw CheckpointError(
          .limit, record.name, "views of deflated storages alternate too often", found: work,
          bound: budget)
      }
    }
  }
}
