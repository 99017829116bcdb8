extension Checkpoint {
  /// A tensor with its bytes.
  ///
  /// - Throws: `.noSuchTensor`, `.io`, `.zipCRC`, `.zipMalformed`.
  /// - Complexity: one pass over its bytes; memory is the tensor plus 1 MiB, and for a strided view
  ///   its span (``withCanonicalBytes(of:_:)``).
  public func tensor(named name: String) throws(CheckpointError) -> Tensor {
    let record = try record(named: name)
    let layout = record.layout
    let bytes = try read(record, as: UInt8.self, perElement: layout.dtype.size) {
      (piece, _, target) throws(CheckpointError) in
      UnsafeMutableRawBufferPointer(target).copyMemory(from: piece)
    }
    return try Tensor(name: record.name, dtype: layout.dtype, shape: layout.shape, bytes: bytes)
  }

  /// A tensor's elements as doubles, exactly, in C order; never held as bytes as well.
  ///
  /// - Throws: as ``tensor(named:)`` and ``Tensor/doubles()``.
  public func doubles(named name: String) throws(CheckpointError) -> [Double] {
    try read(record(named: name), as: Double.self, Conversion.doubles)
  }

  /// A float32, float16 or bfloat16 tensor's elements, exactly, in C order.
  ///
  /// - Throws: as ``tensor(named:)`` and ``Tensor/floats()``.
  public func floats(named name: String) throws(CheckpointError) -> [Float] {
    try read(record(named: name), as: Float.self, Conversion.floats)
  }

  /// An integer tensor's elements, in C order.
  ///
  /// - Throws: as ``tensor(named:)`` and ``Tensor/int32s()``.
  public func int32s(named name: String) throws(CheckpointError) -> [Int32] {
    try read(record(named: name), as: Int32.self, Conversion.integers)
  }

  /// An integer tensor's elements, in C order.
  ///
  /// - Throws: as ``tensor(named:)`` and ``Tensor/integers()``.
  public func integers(named name: String) throws(CheckpointError) -> [Int] {
    try read(record(named: name), as: Int.self, Conversion.integers)
  }

  /// Hands out a tensor's canonical bytes (C order, little endian) in pieces, for hashing.
  ///
  /// What is hashed does not depend on the container: the same tensor in npz and safetensors gives
  /// the same bytes.
  ///
  /// - Throws: as ``tensor(named:)``.
  /// - Complexity: memory O(1 MiB) for contiguous stored data; a strided view of stored data loads
  ///   its span if that is at most 8 times the tensor (or 16 MiB); a deflated storage is inflated.
  public func withCanonicalBytes(
    of name: String, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(CheckpointError) {
    let record = try record(named: name)
    do throws(CheckpointError) {
      try reader.forEachPiece(of: record.layout) { (piece) throws(CheckpointError) in body(piece) }
    } catch {
      throw error.about(name)
    }
  }

  /// Checks the CRC of every archive entry that holds a tensor; other containers have none.
  ///
  /// - Throws: as ``tensor(named:)``.
  /// - Complexity: one pass over the bytes of a zip archive, none over those of another file.
  public func verifyChecksums() throws(CheckpointError) {
    for record in records {
      do throws(CheckpointError) {
        try reader.verify(record.layout.region)
      } catch {
        throw error.about(record.name)
      }
    }
  }

  private func read<Element: BitwiseCopyable>(
    _ record: TensorRecord, as type: Element.Type, perElement: Int = 1,
    _ convert: (UnsafeRawBufferPointer, DType, UnsafeMutableBufferPointer<Element>)
      throws(CheckpointError) -> Void
  ) throws(CheckpointError) -> [Element] {
    let layout = record.layout
    do throws(CheckpointError) {
      guard let count = Checked.multiply(layout.elementCount, perElement) else {
        throw CheckpointError(.limit, nil, "the tensor does not fit in memory")
      }
      return try makeArray(of: Element.self, count: count) { (target) throws(CheckpointError) in
        var done = 0
        try reader.forEachPiece(of: layout) { (piece) throws(CheckpointError) in
          let next = done + piece.count / layout.dtype.size * perElement
          let part = UnsafeMutableBufferPointer(rebasing: target[done..<next])
          try convert(piece, layout.dtype, part)
          done = next
        }
      }
    } catch {
      throw error.about(record.name)
    }
  }
}
