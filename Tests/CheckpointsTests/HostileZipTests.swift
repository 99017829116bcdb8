import Checkpoints
import Testing

@Suite struct HostileZipTests {
  /// The refusal of the minimal checkpoint after a change.
  private func changed(_ change: (inout ZipBuilder) -> Void) -> CheckpointError.Code? {
    var zip = ZipBuilder.minimal()
    change(&zip)
    return refusal(zip.build())
  }

  private func added(_ name: String) -> CheckpointError.Code? {
    changed { $0.entries.append(.init(name, [1])) }
  }

  @Test func acceptsWhatIsValid() {
    #expect(changed { _ in } == nil)
    #expect(changed { $0.zip64 = { _ in } } == nil)
    #expect(added("archive/.format_version") == nil)
    #expect(changed { $0.entries.append(.init("archive/folder/", [])) } == nil)
    let storage = bytes(of: [0.5, 0.1, 0.2, 0.3])
    #expect(
      changed {
        $0.entries[1] = .init(
          "archive/data/0", deflated: ZipBuilder.storedBlock(storage), size: 16,
          crc: ZipBuilder.crc32(storage))
      } == nil)
  }

  @Test(arguments: [
    "../evil", "archive/../x", "/etc/passwd", "archive/./x", "archive//x", "archive\\x", "C:/x",
    "archive/\u{0}x", "archive/\u{1b}[2J", "", "archive/..",
  ])
  func refusesNames(_ name: String) { #expect(added(name) == .zipName) }

  @Test func refusesOtherRoots() {
    #expect(added("other/x") == .notTorch)
    #expect(added("other/data.pkl") == .notTorch)
    #expect(added("archive/code/x.py") == .torchScript)
    #expect(added("archive/constants.pkl") == .torchScript)
    #expect(changed { $0.entries.removeFirst() } == .notTorch)
    #expect(changed { $0.entries.removeLast() } == .torchVersion)
    #expect(
      changed { $0.entries[2] = .init("archive/version", Array("99\n".utf8)) } == .torchVersion)
    #expect(changed { $0.entries[2] = .init("archive/version", [0x1b, 0x5b]) } == .torchVersion)
    let order = ZipBuilder.Entry("archive/byteorder", Array("middle".utf8))
    #expect(changed { $0.entries.append(order) } == .torchByteOrder)
    #expect(refusal(ZipBuilder().build()) == .notTorch)
  }

  @Test func refusesLies() {
    #expect(changed { $0.entries[1].crc ^= 1 } == .zipCRC)
    #expect(changed { $0.entries[0].crc ^= 1 } == .zipCRC)
    #expect(changed { $0.entries[1].method = 99 } == .zipMethod)
    #expect(changed { $0.entries[1].flags = 1 } == .zipEncrypted)
    #expect(changed { $0.entries[1].size = 20 } == .zipMalformed)
    #expect(changed { $0.entries[1].localSize = 20 } == .zipMalformed)
    #expect(changed { $0.entries[1].localName = "archive/data/1" } == .zipMalformed)
    #expect(changed { $0.entries[1].localOffset = 1 << 31 } == .zipMalformed)
    #expect(changed { $0.entries[1].localOffset = .max } == .zipMalformed)
    #expect(changed { $0.entries.append($0.entries[1]) } == .duplicateEntry)
    #expect(changed { $0.entryCount = 2 } == .zipMalformed)
    #expect(changed { $0.entryCount = 4 } == .zipMalformed)
    #expect(changed { $0.entryCount = .max } == .zipMalformed)
    #expect(changed { $0.directoryOffset = 0 } == .zipMalformed)
    #expect(changed { $0.directoryOffset = .max } == .zipMalformed)
    #expect(changed { $0.suffix = [0] } == .zipTruncated)
    #expect(changed { $0.prefix = [0x4d, 0x5a] } == .unknownFormat)
    #expect(changed { $0.prefix = [0x50, 0x4b, 3, 4] } == .zipMalformed)
    let long = { (zip: inout ZipBuilder) in
      zip.entries[1].size = 1 << 30
      zip.entries[1].compressedSize = 1 << 30
    }
    #expect(changed(long) == .zipMalformed)
  }

  @Test func refusesOverlaps() {
    // A quine-like archive: the last entry's local header stands inside the first entry's data.
    var inner = ZipBuilder()
    inner.entries.append(.init("archive/inner", Array(repeating: 7, count: 8)))
    let local = Array(inner.build().prefix(30 + 13 + 8))
    var zip = ZipBuilder.minimal()
    zip.entries.insert(.init("archive/outer", local), at: 0)
    var entry = ZipBuilder.Entry("archive/inner", Array(repeating: 7, count: 8))
    entry.localOffset = UInt32(30 + "archive/outer".utf8.count)
    zip.entries.append(entry)
    #expect(refusal(zip.build()) == .zipMalformed)
  }

  @Test func refusesZip64Lies() {
    func changed64(_ at: Int, _ value: UInt8) -> CheckpointError.Code? {
      changed { $0.zip64 = { $0[at] = value } }
    }
    #expect(changed64(24, 9) == .zipMalformed)  // entries on this disk
    #expect(changed64(40, 1) == .zipMalformed)  // size of the directory
    #expect(changed64(48, 1) == .zipMalformed)  // its offset
    #expect(changed64(47, 0x80) == .zipMalformed)  // a size of 2^63
    #expect(changed64(4, 45) == .zipMalformed)  // size of the record
    #expect(changed64(16, 1) == .zipMalformed)  // disk
    #expect(changed64(64, 1) == .zipMalformed)  // where the locator points
    #expect(changed64(71, 0xff) == .zipMalformed)
  }

  @Test func readsAndChecksZip64Fields() throws {
    var zip = ZipBuilder()
    zip.entries = [.init("a.npy", npy(header, data: [7])), .init("b.npy", npy(header, data: [9]))]
    let size = UInt64(zip.entries[0].data.count)
    let offset = UInt64(30 + 5) + size
    func first(_ field: [UInt64]) -> CheckpointError.Code? {
      zip.entries[1].zip64Field = field
      return refusal(zip.build())
    }
    #expect(first([size, size, offset]) == nil)
    let checkpoint = try Checkpoint(bytes: zip.build())
    #expect(try checkpoint.doubles(named: "b") == [9])
    #expect(first([size, size]) == .zipMalformed)
    #expect(first([size, size, 0]) == .zipMalformed)
    #expect(first([size, size, 1 << 40]) == .zipMalformed)
    #expect(first([size, size, .max]) == .zipMalformed)
    #expect(first([1 << 40, 1 << 40, offset]) == .zipMalformed)
    #expect(first([.max, .max, offset]) == .zipMalformed)
    #expect(first([size, size + 1, offset]) == .zipMalformed)
    #expect(first([UInt64(Int.max), UInt64(Int.max), UInt64(Int.max)]) == .zipMalformed)
  }

  private let header = "{'descr': '|u1', 'fortran_order': False, 'shape': (), }"

  @Test func refusesBombs() {
    let runs = 1 << 18  // 64 MiB from 416 KiB
    let bomb = ZipBuilder.bomb(runs: runs)
    let size = 1 + 258 * runs
    let honest = ZipBuilder.Entry("archive/data/9", deflated: bomb, size: size, crc: 0)
    #expect(changed { $0.entries.append(honest) } == .limit)
    let short = ZipBuilder.bomb(runs: 4)
    func lying(_ size: Int, _ data: [UInt8]) -> CheckpointError.Code? {
      changed { $0.entries[1] = .init("archive/data/0", deflated: data, size: size, crc: 0) }
    }
    #expect(lying(16, bomb) == .zipMalformed)
    #expect(lying(16, ZipBuilder.storedBlock([UInt8](repeating: 0, count: 15))) == .zipMalformed)
    #expect(lying(16, [0xff, 0xff]) == .zipMalformed)
    #expect(lying(16, []) == .zipMalformed)
    #expect(
      lying(16, ZipBuilder.storedBlock([UInt8](repeating: 0, count: 16)) + [0]) == .zipMalformed)
    // The same bomb with the right size and CRC reads.
    let zeros = [UInt8](repeating: 0, count: 1 + 258 * 4)
    var npz = ZipBuilder()
    npz.entries.append(
      .init("w.npy", deflated: short, size: zeros.count, crc: ZipBuilder.crc32(zeros)))
    #expect(refusal(npz.build()) == .npyHeader)
  }

  @Test func everyCutAndEveryFlippedByteIsSafe() {
    let good = ZipBuilder.minimal().build()
    for length in 0..<good.count { #expect(refusal(Array(good.prefix(length))) != nil) }
    var accepted = 0
    for position in good.indices {
      var changed = good
      changed[position] ^= 0x41
      if refusal(changed) == nil { accepted += 1 }
    }
    // Dates, version numbers and attributes may change; everything that matters may not.
    #expect(accepted < 150)
  }
}
