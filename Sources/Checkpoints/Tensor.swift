/// A tensor in memory: its canonical bytes (C order, little endian), element type and shape.
public struct Tensor: Sendable, Hashable {
  /// The name in the file, prefixes such as `_orig_mod.` included.
  public let name: String
  /// The element type.
  public let dtype: DType
  /// Sizes, slowest dimension first; empty for a scalar.
  public let shape: [Int]
  /// `elementCount × dtype.size` bytes, C order, little endian.
  public let bytes: [UInt8]

  /// The number of elements, the product of `shape`.
  public var elementCount: Int { bytes.count / dtype.size }

  /// A tensor from canonical bytes.
  ///
  /// - Throws: `.storageSize` when the number of bytes is not that of the shape; `.badTensor` for a
  ///   negative or overflowing size.
  public init(name: String, dtype: DType, shape: [Int], bytes: [UInt8]) throws(CheckpointError) {
    guard let count = Checked.product(shape), let size = Checked.multiply(count, dtype.size) else {
      throw CheckpointError(.badTensor, name, "impossible shape")
    }
    guard bytes.count == size else {
      throw CheckpointError(
        .storageSize, name, "the bytes are not those of the shape", found: bytes.count, bound: size)
    }
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.bytes = bytes
  }

  /// A float64 tensor. - Throws: as ``init(name:dtype:shape:bytes:)``.
  public init(name: String, shape: [Int], doubles: [Double]) throws(CheckpointError) {
    try self.init(
      name: name, dtype: .f64, shape: shape, bytes: Self.bytes(doubles.map(\.bitPattern)))
  }

  /// A float32 tensor. - Throws: as ``init(name:dtype:shape:bytes:)``.
  public init(name: String, shape: [Int], floats: [Float]) throws(CheckpointError) {
    try self.init(
      name: name, dtype: .f32, shape: shape, bytes: Self.bytes(floats.map(\.bitPattern)))
  }

  /// An int32 tensor. - Throws: as ``init(name:dtype:shape:bytes:)``.
  public init(name: String, shape: [Int], int32s: [Int32]) throws(CheckpointError) {
    try self.init(name: name, dtype: .i32, shape: shape, bytes: Self.bytes(int32s))
  }

  /// An int64 tensor. - Throws: as ``init(name:dtype:shape:bytes:)``.
  public init(name: String, shape: [Int], integers: [Int]) throws(CheckpointError) {
    try self.init(
      name: name, dtype: .i64, shape: shape, bytes: Self.bytes(integers.map { Int64($0) }))
  }

  private static func bytes<Word: FixedWidthInteger>(_ words: [Word]) -> [UInt8] {
    words.map(\.littleEndian).withUnsafeBytes { Array($0) }
  }

  /// The elements as doubles, exactly, in C order. NaN and infinities are passed on.
  ///
  /// - Throws: `.valueOutOfRange` for an integer beyond 2^53; `.badTensor` for a bool not 0 or 1.
  public func doubles() throws(CheckpointError) -> [Double] {
    try convert(Conversion.doubles)
  }

  /// The elements of a float32, float16 or bfloat16 tensor, exactly, in C order.
  ///
  /// - Throws: `.wrongDType` for any other type.
  public func floats() throws(CheckpointError) -> [Float] {
    try convert(Conversion.floats)
  }

  /// The elements of an integer tensor.
  ///
  /// - Throws: `.wrongDType` for floating types and bool; `.valueOutOfRange`.
  public func int32s() throws(CheckpointError) -> [Int32] {
    try convert(Conversion.integers)
  }

  /// The elements of an integer tensor.
  ///
  /// - Throws: `.wrongDType` for floating types and bool; `.valueOutOfRange` beyond 63 bits.
  public func integers() throws(CheckpointError) -> [Int] {
    try convert(Conversion.integers)
  }

  private func convert<Element: BitwiseCopyable>(
    _ conversion: (UnsafeRawBufferPointer, DType, UnsafeMutableBufferPointer<Element>)
      throws(CheckpointError) -> Void
  ) throws(CheckpointError) -> [Element] {
    do throws(CheckpointError) {
      return try makeArray(of: Element.self, count: elementCount) {
        (target) throws(CheckpointError) in
        try bytes.withUnsafeBufferPointer { (source) throws(CheckpointError) in
          try conversion(UnsafeRawBufferPointer(source), dtype, target)
        }
      }
    } catch {
      throw error.about(name)
    }
  }
}
