/// Exact conversions from canonical bytes, in tight loops.
///
/// Every finite value of the four floating types is a `Double`, and every value of the two 16-bit
/// types is a `Float`; NaN and infinities are passed on as they are. Integers convert when the
/// target holds them exactly.
enum Conversion {
  /// Appends the elements of `bytes` to `target` from `at` on; returns the next index.
  ///
  /// - Throws: `.valueOutOfRange` for an integer beyond 2^53, `.badTensor` for a bool not 0 or 1.
  static func doubles(
    _ bytes: UnsafeRawBufferPointer, _ dtype: DType, into target: UnsafeMutableBufferPointer<Double>
  ) throws(CheckpointError) {
    switch dtype {
    case .f64: map(bytes, UInt64.self, target) { Double(bitPattern: $0) }
    case .f32: map(bytes, UInt32.self, target) { Double(Float(bitPattern: $0)) }
    case .f16: map(bytes, UInt16.self, target) { Double(Float16(bitPattern: $0)) }
    case .bf16: map(bytes, UInt16.self, target) { Double(Float(bitPattern: UInt32($0) << 16)) }
    case .i32: map(bytes, Int32.self, target) { Double($0) }
    case .i16: map(bytes, Int16.self, target) { Double($0) }
    case .i8: map(bytes, Int8.self, target) { Double($0) }
    case .u32: map(bytes, UInt32.self, target) { Double($0) }
    case .u16: map(bytes, UInt16.self, target) { Double($0) }
    case .u8: map(bytes, UInt8.self, target) { Double($0) }
    case .i64:
      try check(bytes, Int64.self) { $0.magnitude <= 1 << 53 }
      map(bytes, Int64.self, target) { Double($0) }
    case .u64:
      try check(bytes, UInt64.self) { $0 <= 1 << 53 }
      map(bytes, UInt64.self, target) { Double($0) }
    case .bool:
      try checkBools(bytes)
      map(bytes, UInt8.self, target) { Double($0) }
    }
  }

  /// - Throws: `.wrongDType` unless every value of the type is a `Float`.
  static func floats(
    _ bytes: UnsafeRawBufferPointer, _ dtype: DType, into target: UnsafeMutableBufferPointer<Float>
  ) throws(CheckpointError) {
    switch dtype {
    case .f32: map(bytes, UInt32.self, target) { Float(bitPattern: $0) }
    case .f16: map(bytes, UInt16.self, target) { Float(Float16(bitPattern: $0)) }
    case .bf16: map(bytes, UInt16.self, target) { Float(bitPattern: UInt32($0) << 16) }
    default: throw wrongType(dtype, "float32, float16 or bfloat16")
    }
  }

  /// - Throws: `.wrongDType` for floating types, `.valueOutOfRange` for values `Target` lacks.
  static func integers<Target: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ dtype: DType,
    into target: UnsafeMutableBufferPointer<Target>
  ) throws(CheckpointError) {
    switch dtype {
    case .i64: try narrow(bytes, Int64.self, target)
    case .i32: try narrow(bytes, Int32.self, target)
    case .i16: try narrow(bytes, Int16.self, target)
    case .i8: try narrow(bytes, Int8.self, target)
    case .u64: try narrow(bytes, UInt64.self, target)
    case .u32: try narrow(bytes, UInt32.self, target)
    case .u16: try narrow(bytes, UInt16.self, target)
    case .u8: try narrow(bytes, UInt8.self, target)
    case .f64, .f32, .f16, .bf16, .bool: throw wrongType(dtype, "an integer type")
    }
  }

  private static func wrongType(_ dtype: DType, _ wanted: String) -> CheckpointError {
    CheckpointError(.wrongDType, nil, "the tensor is \(dtype.rawValue), not \(wanted)")
  }

  private static func map<Word: BitwiseCopyable, Target: BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ type: Word.Type,
    _ target: UnsafeMutableBufferPointer<Target>, _ convert: (Word) -> Target
  ) {
    guard let from = bytes.baseAddress, let to = target.baseAddress else { return }
    let count = min(bytes.count / MemoryLayout<Word>.size, target.count)
    for index in 0..<count {
      to[index] = convert(
        from.loadUnaligned(fromByteOffset: index &* MemoryLayout<Word>.size, as: Word.self))
    }
  }

  private static func narrow<Word: FixedWidthInteger & BitwiseCopyable, Target>(
    _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, _ target: UnsafeMutableBufferPointer<Target>
  ) throws(CheckpointError) where Target: FixedWidthInteger & BitwiseCopyable {
    try check(bytes, Word.self) { Target(exactly: $0) != nil }
    map(bytes, Word.self, target) { Target(truncatingIfNeeded: $0) }
  }

  private static func check<Word: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeRawBufferPointer, _ type: Word.Type, _ holds: (Word) -> Bool
  ) throws(CheckpointError) {
    let width = MemoryLayout<Word>.size
    for index in 0..<bytes.count / width {
      let word = bytes.loadUnaligned(fromByteOffset: index &* width, as: Word.self)
      guard holds(word) else {
        throw CheckpointError(
          .valueOutOfRange, nil, "an integer does not fit in the type asked for",
          found: Int(exactly: word))
      }
    }
  }

  private static func checkBools(_ bytes: UnsafeRawBufferPointer) throws(CheckpointError) {
    for byte in bytes where byte > 1 {
      throw CheckpointError(.badTensor, nil, "a bool is neither 0 nor 1", found: Int(byte))
    }
  }
}
