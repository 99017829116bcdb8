/// Where a strided view takes its elements from: memory that holds the whole span, or the file.
enum GatherSource {
  case memory(UnsafeRawBufferPointer)
  case file(ByteSource, Int)
}

/// Walks a strided view in C order and hands out its elements little endian, in pieces.
func gather(
  _ layout: TensorLayout, from source: GatherSource,
  _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Void
) throws(CheckpointError) {
  switch layout.dtype.size {
  case 1: try gather(layout, from: source, as: UInt8.self, body)
  case 2: try gather(layout, from: source, as: UInt16.self, body)
  case 4: try gather(layout, from: source, as: UInt32.self, body)
  default: try gather(layout, from: source, as: UInt64.self, body)
  }
}

private func gather<Word: FixedWidthInteger & BitwiseCopyable>(
  _ layout: TensorLayout, from source: GatherSource, as type: Word.Type,
  _ body: (UnsafeRawBufferPointer) throws(CheckpointError) -> Void
) throws(CheckpointError) {
  let width = MemoryLayout<Word>.size
  let capacity = min(layout.elementCount, (1 << 18) / width)
  let piece = UnsafeMutableBufferPointer<Word>.allocate(capacity: capacity)
  defer { piece.deallocate() }
  var filled = 0

  func element(_ index: Int) throws(CheckpointError) -> Word {
    switch source {
    case .memory(let bytes):
      return bytes.loadUnaligned(fromByteOffset: index * width, as: Word.self)
    case .file(let file, let base):
      var word: Word = 0
      var failure: CheckpointError?
      withUnsafeMutableBytes(of: &word) {
        do throws(CheckpointError) { try file.read(at: base + index * width, into: $0) } catch {
          failure = error
        }
      }
      if let failure { throw failure }
      return word
    }
  }

  // The last dimension runs in the inner loop; the others count like an odometer.
  let rank = layout.shape.count
  let inner = rank > 0 ? layout.shape[rank - 1] : 1
  let innerStride = rank > 0 ? layout.strides[rank - 1] : 0
  var counter = [Int](repeating: 0, count: max(rank - 1, 0))
  var start = 0
  for _ in 0..<layout.elementCount / inner {
    var index = start
    for number in 0..<inner {
      let word = try element(index)
      piece[filled] = layout.bigEndian ? word.byteSwapped : word
      filled += 1
      if filled == capacity {
        try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: piece[..<filled])))
        filled = 0
      }
      if number + 1 < inner { index += innerStride }
    }
    for dimension in counter.indices.reversed() {
      counter[dimension] += 1
      start += layout.strides[dimension]
      if counter[dimension] < layout.shape[dimension] { break }
      start -= counter[dimension] * layout.strides[dimension]
      counter[dimension] = 0
    }
  }
  if filled > 0 {
    try body(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: piece[..<filled])))
  }
}

/// Reverses the bytes of each element of `width` 1, 2, 4 or 8.
func swapBytes(of buffer: UnsafeMutableRawBufferPointer, width: Int) {
  func swap<Word: FixedWidthInteger & BitwiseCopyable>(as type: Word.Type) {
    for at in stride(from: 0, to: buffer.count - width + 1, by: width) {
      let word = buffer.loadUnaligned(fromByteOffset: at, as: Word.self)
      buffer.storeBytes(of: word.byteSwapped, toByteOffset: at, as: Word.self)
    }
  }
  switch width {
  case 2: swap(as: UInt16.self)
  case 4: swap(as: UInt32.self)
  case 8: swap(as: UInt64.self)
  default: break
  }
}
