/// The header of an npy file (NumPy Enhancement Proposal 1, `numpy/lib/format.py`).
///
/// The header is the text of a Python dictionary. It is parsed by a fixed grammar: exactly the keys
/// `descr`, `fortran_order` and `shape`, in any order, each once.
struct NPYHeader {
  static let magic: [UInt8] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]

  let dtype: DType
  let bigEndian: Bool
  let fortranOrder: Bool
  let shape: [Int]
  let elementCount: Int
  /// Bytes before the data.
  let length: Int

  /// Bytes of magic, version, length field and header text, from the first 12 bytes of an array.
  ///
  /// - Throws: `.npyTruncated`, `.npyHeader`, `.npyVersion`, `.limit`.
  static func length(
    _ prefix: [UInt8], size: Int, limits: Limits
  ) throws(CheckpointError) -> (start: Int, total: Int) {
    guard prefix.count >= 10 else {
      throw CheckpointError(
        .npyTruncated, nil, "too short for an npy header", found: prefix.count, bound: 10)
    }
    guard prefix.starts(with: magic) else {
      throw CheckpointError(.npyHeader, nil, "does not start with the npy magic")
    }
    guard (1...3).contains(prefix[6]), prefix[7] == 0 else {
      throw CheckpointError(
        .npyVersion, nil, "npy format version is not 1.0, 2.0 or 3.0", found: Int(prefix[6]))
    }
    let wide = prefix[6] > 1
    guard !wide || prefix.count >= 12 else {
      throw CheckpointError(
        .npyTruncated, nil, "too short for an npy header", found: prefix.count, bound: 12)
    }
    let start = wide ? 12 : 10
    let text = wide ? prefix.littleEndian32(8) : prefix.littleEndian16(8)
    guard text <= limits.npyHeaderBytes else {
      throw CheckpointError(
        .limit, nil, "the npy header is too long", found: text, bound: limits.npyHeaderBytes)
    }
    guard text <= size - start else {
      throw CheckpointError(
        .npyTruncated, nil, "the npy header is longer than the file", found: text,
        bound: size - start)
    }
    return (start, start + text)
  }

  /// Parses the header of an array of `size` bytes in all.
  ///
  /// - Throws: as ``length(_:size:limits:)``, `.npyObject`, `.dtypeUnsupported`, `.badTensor`,
  ///   `.npyTrailing`.
  init(_ bytes: [UInt8], size: Int, limits: Limits) throws(CheckpointError) {
    let (start, total) = try Self.length(Array(bytes.prefix(12)), size: size, limits: limits)
    guard bytes.count >= total else {
      throw CheckpointError(.npyTruncated, nil, "the npy header is cut", found: bytes.count)
    }
    var parser = NPYHeaderParser(bytes: Array(bytes[start..<total]))
    let fields = try parser.parse()
    let type = try Self.elementType(fields.descr)
    dtype = type.dtype
    bigEndian = type.bigEndian
    fortranOrder = fields.fortranOrder
    shape = fields.shape
    length = total
    guard shape.count <= limits.rank else {
      throw CheckpointError(
        .limit, nil, "the array has too many dimensions", found: shape.count, bound: limits.rank)
    }
    guard let count = Checked.product(shape), let data = Checked.multiply(count, dtype.size) else {
      throw CheckpointError(.limit, nil, "the array's number of elements overflows")
    }
    elementCount = count
    guard data <= size - total else {
      throw CheckpointError(
        .npyTruncated, nil, "the array's data are cut", found: size - total, bound: data)
    }
    guard data == size - total else {
      throw CheckpointError(
        .npyTrailing, nil, "bytes follow the array's data", found: size - total, bound: data)
    }
  }

  /// The layout of the array in `region`.
  func layout(in region: StorageRegion) -> TensorLayout {
    var strides: [Int] = []
    if fortranOrder {
      var stride = 1
      for size in shape {
        strides.append(stride)
        stride = Checked.multiply(stride, size) ?? 0
      }
      strides = TensorLayout.simplified(strides, shape: shape)
    }
    return TensorLayout(
      dtype: dtype, shape: shape, elementCount: elementCount, region: region,
      byteOffset: length, strides: strides, bigEndian: bigEndian && dtype.size > 1)
  }

  private static func elementType(
    _ descr: String
  ) throws(CheckpointError) -> (dtype: DType, bigEndian: Bool) {
    let kind = descr.dropFirst()
    if kind.first == "O" {
      throw CheckpointError(
        .npyObject, nil, "the array holds Python objects (a pickle); save it as float64")
    }
    let types: [Substring: DType] = [
      "f8": .f64, "f4": .f32, "f2": .f16, "i8": .i64, "i4": .i32, "i2": .i16, "i1": .i8,
      "u8": .u64, "u4": .u32, "u2": .u16, "u1": .u8, "b1": .bool,
    ]
    guard let order = descr.first, let dtype = types[kind],
      order == "<" || order == ">" || (order == "|" && dtype.size == 1)
    else {
      throw CheckpointError(
        .dtypeUnsupported, nil,
        "arrays of type \(CheckpointError.quoted(descr)) are not read; save float64 or float32")
    }
    return (dtype, order == ">")
  }
}

/// The grammar of an npy header:
/// `{` (key `:` value) separated by `,`, a last `,` allowed, `}`, spaces, and one newline at the end.
struct NPYHeaderParser {
  struct Fields {
    var descr: String
    var fortranOrder: Bool
    var shape: [Int]
  }

  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// - Throws: `.npyHeader` for anything outside the grammar; `.badTensor` for a size that does not
  ///   fit in 63 bits.
  mutating func parse() throws(CheckpointError) -> Fields {
    var descr: String?
    var fortranOrder: Bool?
    var shape: [Int]?
    try expect("{")
    while !take("}") {
      let key = try string()
      try expect(":")
      switch key {
      case "descr" where descr == nil:
        guard !peek("[") else {
          throw CheckpointError(.dtypeUnsupported, nil, "structured arrays are not read")
        }
        descr = try string()
      case "fortran_order" where fortranOrder == nil: fortranOrder = try bool()
      case "shape" where shape == nil: shape = try tuple()
      default: throw malformed("has the key \(CheckpointError.quoted(key)) twice, or wrongly")
      }
      if !take(",") {
        try expect("}")
        break
      }
    }
    while position < bytes.count, bytes[position] == 0x20 { position += 1 }
    if position < bytes.count, bytes[position] == 0x0a { position += 1 }
    guard position == bytes.count else { throw malformed("goes on after its end") }
    guard let descr, let fortranOrder, let shape else {
      throw malformed("lacks descr, fortran_order or shape")
    }
    return Fields(descr: descr, fortranOrder: fortranOrder, shape: shape)
  }

  private func malformed(_ reason: String) -> CheckpointError {
    CheckpointError(.npyHeader, nil, "the npy header \(reason)", found: position)
  }

  private mutating func skipSpaces() {
    while position < bytes.count, bytes[position] == 0x20 { position += 1 }
  }

  private mutating func peek(_ character: Unicode.Scalar) -> Bool {
    skipSpaces()
    return position < bytes.count && UInt32(bytes[position]) == character.value
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek(character) else { return false }
    position += 1
    return true
  }

  private mutating func expect(_ character: Unicode.Scalar) throws(CheckpointError) {
    guard take(character) else { throw malformed("is not a dictionary of three items") }
  }

  /// A string without escapes: printable ASCII between `'` or `"`.
  private mutating func string() throws(CheckpointError) -> String {
    let single = peek("'")
    guard single || peek("\"") else { throw malformed("has something else than a string") }
    let quote = bytes[position]
    position += 1
    let start = position
    while position < bytes.count, bytes[position] != quote {
      guard (0x20..<0x7f).contains(bytes[position]), bytes[position] != UInt8(ascii: "\\") else {
        throw malformed("has a string with other than plain characters")
      }
      position += 1
    }
    guard position < bytes.count else { throw malformed("is cut in a string") }
    defer { position += 1 }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  private mutating func bool() throws(CheckpointError) -> Bool {
    skipSpaces()
    for (text, value) in [("True", true), ("False", false)]
    where bytes[position...].starts(with: text.utf8) {
      position += text.utf8.count
      return value
    }
    throw malformed("has a fortran_order that is neither True nor False")
  }

  /// `()`, `(3,)`, `(3, 4)`, `(3, 4,)`; Python 2 wrote `3L`, which is allowed.
  private mutating func tuple() throws(CheckpointError) -> [Int] {
    try expect("(")
    var sizes: [Int] = []
    var comma = true
    while !take(")") {
      guard comma, sizes.count < 64 else { throw malformed("has a shape that is no tuple") }
      sizes.append(try integer())
      comma = take(",")
    }
    guard sizes.count != 1 || comma else { throw malformed("has a shape that is no tuple") }
    return sizes
  }

  private mutating func integer() throws(CheckpointError) -> Int {
    skipSpaces()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      guard let scaled = Checked.multiply(value, 10),
        let next = Checked.add(scaled, Int(bytes[position] - 0x30))
      else { throw CheckpointError(.badTensor, nil, "a size in the npy header overflows") }
      value = next
      position += 1
    }
    guard position > start, position == start + 1 || bytes[start] != 0x30 else {
      throw malformed("has a size that is no decimal number")
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return value
  }
}
