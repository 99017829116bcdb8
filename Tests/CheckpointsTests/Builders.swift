// Small builders of valid and invalid files, for tests and as seeds for fuzzing (Fuzz/run.sh
// compiles this file too). Nothing here is used by the library.

/// Little-endian bytes of an integer.
func littleEndian<Word: FixedWidthInteger>(_ word: Word) -> [UInt8] {
  withUnsafeBytes(of: word.littleEndian) { Array($0) }
}

/// Little-endian bytes of floats.
func bytes(of floats: [Float]) -> [UInt8] { floats.flatMap { littleEndian($0.bitPattern) } }

/// A pickle, opcode by opcode (protocol 2).
struct PickleBuilder {
  var bytes: [UInt8] = [0x80, 2]

  static func build(_ body: (inout PickleBuilder) -> Void) -> [UInt8] {
    var builder = PickleBuilder()
    body(&builder)
    return builder.bytes + Array(".".utf8)
  }

  mutating func op(_ text: String) { bytes += text.utf8 }
  mutating func raw(_ more: [UInt8]) { bytes += more }
  mutating func global(_ module: String, _ name: String) { op("c\(module)\n\(name)\n") }
  mutating func string(_ text: String) {
    raw([0x58] + littleEndian(UInt32(text.utf8.count))); op(text)
  }

  mutating func int(_ value: Int) {
    if let small = UInt8(exactly: value) {
      raw([0x4b, small])
    } else if let medium = Int32(exactly: value) {
      raw([0x4a] + littleEndian(medium))
    } else {
      raw([0x8a, 8] + littleEndian(Int64(value)))
    }
  }

  mutating func tuple(_ values: [Int]) {
    op("(")
    for value in values { int(value) }
    op("t")
  }

  mutating func orderedDictionary() {
    global("collections", "OrderedDict")
    op(")R")
  }

  mutating func storage(
    _ key: String, _ type: String = "FloatStorage", count: Int, legacy: Bool = false
  ) {
    op("(")
    string("storage")
    global("torch", type)
    string(key)
    string("cpu")
    int(count)
    op(legacy ? "NtQ" : "tQ")
  }

  mutating func tensor(
    _ key: String = "0", type: String = "FloatStorage", count: Int = 4, offset: Int = 0,
    size: [Int] = [2, 2], stride: [Int] = [2, 1], legacy: Bool = false
  ) {
    global("torch._utils", "_rebuild_tensor_v2")
    op("(")
    storage(key, type, count: count, legacy: legacy)
    int(offset)
    tuple(size)
    tuple(stride)
    raw([0x89])
    orderedDictionary()
    op("tR")
  }

  /// A dictionary with text keys.
  mutating func dictionary(_ items: [(String, (inout PickleBuilder) -> Void)]) {
    op("}(")
    for (key, value) in items {
      string(key)
      value(&self)
    }
    op("u")
  }

  /// `{"w": 2 × 2 tensor}`.
  static func minimal(legacy: Bool = false) -> [UInt8] {
    build { $0.dictionary([("w", { $0.tensor(legacy: legacy) })]) }
  }
}

/// A zip archive whose every field can be made to lie.
struct ZipBuilder {
  struct Entry {
    var name: String
    var data: [UInt8]
    var method: UInt16 = 0
    var flags: UInt16 = 0
    var size: UInt32
    var compressedSize: UInt32
    var crc: UInt32
    var localName: String?
    var localOffset: UInt32?
    var localSize: UInt32?
    /// States sizes and offset in a zip64 field of the central header, as entries over 4 GiB do.
    var zip64Field: [UInt64]?

    init(_ name: String, _ data: [UInt8]) {
      self.name = name
      self.data = data
      size = UInt32(data.count)
      compressedSize = UInt32(data.count)
      crc = ZipBuilder.crc32(data)
    }

    /// A deflated entry: `compressed` inflates to `size` bytes with this CRC.
    init(_ name: String, deflated compressed: [UInt8], size: Int, crc: UInt32) {
      self.init(name, compressed)
      method = 8
      self.size = UInt32(size)
      self.crc = crc
    }
  }

  var entries: [Entry] = []
  var prefix: [UInt8] = []
  var suffix: [UInt8] = []
  var entryCount: UInt16?
  var directoryOffset: UInt32?
  /// Adds the zip64 end record and locator that torch writes; the closure may falsify them.
  var zip64: ((inout [UInt8]) -> Void)?

  static func torch(_ pickle: [UInt8], storages: [[UInt8]], root: String = "archive") -> ZipBuilder
  {
    var zip = ZipBuilder()
    zip.entries.append(Entry(root + "/data.pkl", pickle))
    for (number, data) in storages.enumerated() {
      zip.entries.append(Entry("\(root)/data/\(number)", data))
    }
    zip.entries.append(Entry(root + "/version", Array("3\n".utf8)))
    return zip
  }

  static func minimal() -> ZipBuilder {
    torch(PickleBuilder.minimal(), storages: [bytes(of: [0.5, 0.1, 0.2, 0.3])])
  }

  func build() -> [UInt8] {
    var output = prefix
    var directory: [UInt8] = []
    for entry in entries {
      let offset = entry.localOffset ?? UInt32(output.count)
      let localName = Array((entry.localName ?? entry.name).utf8)
      let local = entry.localSize ?? entry.size
      output += littleEndian(UInt32(0x0403_4b50)) + [20, 0]
      output += littleEndian(entry.flags) + littleEndian(entry.method) + [0, 0, 0, 0]
      output += littleEndian(entry.crc) + littleEndian(entry.compressedSize) + littleEndian(local)
      output += littleEndian(UInt16(localName.count)) + [0, 0] + localName + entry.data
      let name = Array(entry.name.utf8)
      directory += littleEndian(UInt32(0x0201_4b50)) + [20, 0, 20, 0]
      directory += littleEndian(entry.flags) + littleEndian(entry.method) + [0, 0, 0, 0]
      let extra = (entry.zip64Field ?? []).flatMap { littleEndian($0) }
      let field =
        extra.isEmpty ? [] : littleEndian(UInt16(1)) + littleEndian(UInt16(extra.count)) + extra
      let large: UInt32? = extra.isEmpty ? nil : .max
      directory += littleEndian(entry.crc) + littleEndian(large ?? entry.compressedSize)
      directory += littleEndian(large ?? entry.size) + littleEndian(UInt16(name.count))
      directory += littleEndian(UInt16(field.count)) + [UInt8](repeating: 0, count: 10)
      directory += littleEndian(large ?? offset) + name + field
    }
    let start = directoryOffset ?? UInt32(output.count)
    output += directory
    let count = entryCount ?? UInt16(entries.count)
    if let zip64 {
      let position = UInt64(output.count)
      var record = littleEndian(UInt32(0x0606_4b50)) + littleEndian(UInt64(44))
      record += [45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      record += littleEndian(UInt64(count)) + littleEndian(UInt64(count))
      record += littleEndian(UInt64(directory.count)) + littleEndian(UInt64(start))
      record += littleEndian(UInt32(0x0706_4b50)) + [0, 0, 0, 0] + littleEndian(position)
      record += littleEndian(UInt32(1))
      zip64(&record)
      output += record
    }
    output += littleEndian(UInt32(0x0605_4b50)) + [0, 0, 0, 0]
    output += littleEndian(count) + littleEndian(count)
    output += littleEndian(UInt32(directory.count)) + littleEndian(start) + [0, 0]
    return output + suffix
  }

  /// CRC-32, bit by bit.
  static func crc32(_ bytes: [UInt8]) -> UInt32 {
    var crc = UInt32.max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
    }
    return ~crc
  }

  /// Deflate data in one stored block (at most 65,535 bytes).
  static func storedBlock(_ data: [UInt8]) -> [UInt8] {
    [1] + littleEndian(UInt16(data.count)) + littleEndian(~UInt16(data.count)) + data
  }

  /// A deflate bomb: `1 + 258 × runs` zeros, 13 bits per 258 bytes (fixed Huffman codes).
  static func bomb(runs: Int) -> [UInt8] {
    var output: [UInt8] = []
    var current: UInt8 = 0
    var used = 0
    func bit(_ one: Bool) {
      if one { current |= 1 << UInt8(used) }
      used += 1
      if used == 8 {
        output.append(current)
        current = 0
        used = 0
      }
    }
    func code(_ text: String) { for character in text { bit(character == "1") } }
    code("110" + "00110000")  // last block, fixed codes; literal 0
    for _ in 0..<runs { code("11000101" + "00000") }  // length 258, distance 1
    code("0000000")
    if used > 0 { output.append(current) }
    return output
  }
}

/// A safetensors file from header text and data.
func safetensors(_ header: String, data: [UInt8] = []) -> [UInt8] {
  littleEndian(UInt64(header.utf8.count)) + Array(header.utf8) + data
}

/// An npy file, version 1.0, from header text and data.
func npy(_ header: String, data: [UInt8] = []) -> [UInt8] {
  var text = Array(header.utf8)
  while (11 + text.count) % 64 != 0 { text.append(0x20) }
  text.append(0x0a)
  return [0x93] + Array("NUMPY".utf8) + [1, 0] + littleEndian(UInt16(text.count)) + text + data
}

/// A legacy torch file with one float32 tensor `w`.
func legacyTorch(
  pickle: [UInt8] = PickleBuilder.minimal(legacy: true), keys: [String] = ["0"],
  storages: [[UInt8]] = [bytes(of: [0.5, 0.1, 0.2, 0.3])]
) -> [UInt8] {
  var output: [UInt8] = [0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8]
  output += [0x50, 0x19, 0x2e, 0x80, 2, 0x4d, 0xe9, 3, 0x2e]
  output += PickleBuilder.build { $0.dictionary([("little_endian", { $0.raw([0x88]) })]) }
  output += pickle
  output += PickleBuilder.build { builder in
    builder.op("](")
    for key in keys { builder.string(key) }
    builder.op("e")
  }
  for storage in storages { output += littleEndian(Int64(storage.count / 4)) + storage }
  return output
}
