/// Writes a little-endian .npy file (version 1.0, C order) piece by piece, atomically (``AtomicFile``): the file is
/// complete or not there. Memory is that of a piece.
package struct NPYWriter: ~Copyable {
  private var file: AtomicFile
  private var left: Int

  /// - Parameters:
  ///   - shape: sizes; their product is the number of elements to come.
  ///   - isDouble: float64, else float32.
  /// - Throws: `.io`; `.badTensor` for a shape whose size overflows.
  package init(path: String, shape: [Int], isDouble: Bool) throws(CheckpointError) {
    guard let count = Checked.product(shape), Checked.multiply(count, 8) != nil else {
      throw CheckpointError(.badTensor, path, "impossible shape \(shape)")
    }
    let sizes = shape.map(String.init).joined(separator: ", ") + (shape.count == 1 ? "," : "")
    var header =
      "{'descr': '\(isDouble ? "<f8" : "<f4")', 'fortran_order': False, 'shape': (\(sizes)), }"
    // Magic, version, length and header make a multiple of 64 bytes, with a newline at the end.
    while (10 + header.utf8.count + 1) % 64 != 0 { header += " " }
    header += "\n"
    var file = try AtomicFile(path: path)
    let length = header.utf8.count
    try file.write(
      [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(length & 255), UInt8(length >> 8)]
        + Array(header.utf8))
    self.file = file
    left = count * (isDouble ? 8 : 4)
  }

  /// The next elements, in C order.
  package mutating func write(_ values: [Float]) throws(CheckpointError) {
    try write(values.map(\.bitPattern.littleEndian))
  }

  /// The next elements, in C order.
  package mutating func write(_ values: [Double]) throws(CheckpointError) {
    try write(values.map(\.bitPattern.littleEndian))
  }

  private mutating func write<Word: FixedWidthInteger>(_ words: [Word]) throws(CheckpointError) {
    let bytes = words.withUnsafeBytes { Array($0) }
    left -= bytes.count
    precondition(left >= 0, "more elements than the shape has")
    try file.write(bytes)
  }

  /// Puts the file in its place. - Precondition: all elements were written.
  package consuming func commit() throws(CheckpointError) {
    precondition(left == 0, "\(left) bytes of the array are missing")
    try file.commit()
  }
}
