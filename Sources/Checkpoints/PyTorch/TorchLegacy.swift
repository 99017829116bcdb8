/// The format of `torch.save` before 1.6 (`torch/serialization.py`, `_legacy_save`).
enum LegacyFile {
  /// 0x1950a86a20f9469cfc6c as LONG1, then STOP.
  static let magic: [UInt8] = [
    0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
  ]

  /// PROTO, perhaps a FRAME (protocol 4), and the magic number.
  static func magicStart(_ head: [UInt8]) -> Int? {
    guard head.first == PickleOpcode.proto.rawValue, head.count > 2 else { return nil }
    for start in [2, 11] where head.dropFirst(start).starts(with: magic) {
      guard start == 2 || head[2] == PickleOpcode.frame.rawValue else { continue }
      return start
    }
    return nil
  }

  static func hasMagic(_ head: [UInt8]) -> Bool { magicStart(head) != nil }

  /// What the five pickles say, and where the storages start.
  struct Header {
    var heap: PickleHeap
    let root: PickleValue
    let keys: [String]
    let end: Int
  }

  /// Reads the five pickles: magic number, protocol 1001, system information, the object, keys.
  static func header(_ bytes: [UInt8], limits: Limits) throws(CheckpointError) -> Header {
    guard let start = magicStart(bytes) else {
      throw CheckpointError(.legacyMalformed, nil, "the magic number is missing")
    }
    var protocolMachine = PickleMachine(
      bytes, at: start + magic.count, persistence: .none, limits: limits)
    guard case .int(1001) = try protocolMachine.run() else {
      throw CheckpointError(.legacyMalformed, nil, "the protocol version is not 1001", bound: 1001)
    }
    var systemMachine = PickleMachine(
      bytes, at: protocolMachine.position, persistence: .none, limits: limits)
    guard case .dictionary(let system) = try systemMachine.run(),
      case .bool(true)? = systemMachine.heap.value(in: system, "little_endian")
    else {
      throw CheckpointError(
        .legacyMalformed, nil, "the file does not say that it was written little endian")
    }
    var machine = PickleMachine(
      bytes, at: systemMachine.position, persistence: .legacy, limits: limits)
    let root = try machine.run()
    try machine.heap.checkTree(root, limits: limits)
    var keyMachine = PickleMachine(
      bytes, at: machine.position, persistence: .none, limits: limits)
    guard case .list(let list) = try keyMachine.run() else {
      throw CheckpointError(.legacyMalformed, nil, "the storage keys are not a list")
    }
    var keys: [String] = []
    for item in keyMachine.heap.lists[list] {
      guard let key = keyMachine.heap.string(item) else {
        throw CheckpointError(.legacyMalformed, nil, "a storage key is not text")
      }
      keys.append(key)
    }
    return Header(heap: machine.heap, root: root, keys: keys, end: keyMachine.position)
  }
}

extension Contents {
  /// A legacy torch file: five pickles, then per key an int64 count and the raw storage.
  ///
  /// - Throws: what the pickle machine throws, `.legacyMalformed`, `.legacyTruncated`,
  ///   `.missingStorage`, `.storageSize`, and as for zip checkpoints.
  init(legacy source: ByteSource, limits: Limits) throws(CheckpointError) {
    let header = try Self.legacyHeader(source, limits: limits)
    let heap = header.heap
    var regions = [StorageRegion?](repeating: nil, count: heap.storages.count)
    var position = header.end
    for key in header.keys {
      guard let number = heap.storageOfKey[key] else {
        throw CheckpointError(.legacyMalformed, key, "data for a storage that nothing refers to")
      }
      guard regions[number] == nil else {
        throw CheckpointError(.duplicateKey, key, "a storage key occurs twice")
      }
      let storage = heap.storages[number]
      guard source.size - position >= 8, let size = storage.byteCount else {
        throw CheckpointError(
          .legacyTruncated, key, "the file ends before this storage", found: source.size,
          bound: position + 8)
      }
      let count = try source.bytes(at: position, count: 8).littleEndian64(0)
      guard count == UInt64(storage.count) else {
        throw CheckpointError(
          .storageSize, key, "the storage has another size than is declared",
          found: Int(exactly: count), bound: storage.count)
      }
      position += 8
      guard size <= source.size - position else {
        throw CheckpointError(
          .legacyTruncated, key, "the file ends inside this storage",
          found: source.size - position, bound: size)
      }
      regions[number] = .plain(position)
      position += size
    }
    guard position == source.size else {
      throw CheckpointError(
        .legacyMalformed, nil, "bytes follow the last storage", found: source.size, bound: position)
    }
    var located: [StorageRegion] = []
    for (storage, region) in zip(heap.storages, regions) {
      guard let region else {
        throw CheckpointError(.missingStorage, storage.key, "the file has no data for this storage")
      }
      located.append(region)
    }
    let records = try heap.records(header.root, regions: located, bigEndian: false, limits: limits)
    self.init(format: .torchLegacy, records: records)
  }

  /// The pickles stand at the start of the file, their length is not stated: more is read until
  /// they are complete.
  private static func legacyHeader(
    _ source: ByteSource, limits: Limits
  ) throws(CheckpointError) -> LegacyFile.Header {
    var length = min(source.size, limits.pickleBytes, 1 << 20)
    while true {
      let bytes = try source.bytes(at: 0, count: length)
      do throws(CheckpointError) {
        return try LegacyFile.header(bytes, limits: limits)
      } catch {
        guard error.code == .pickleTruncated, length < source.size else { throw error }
        guard length < limits.pickleBytes else {
          throw CheckpointError(
            .limit, nil, "the pickles at the start of the file are too long",
            bound: limits.pickleBytes)
        }
        length = min(source.size, limits.pickleBytes, length * 8)
      }
    }
  }
}
