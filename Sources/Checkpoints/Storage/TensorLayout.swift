/// Where the bytes of a storage are.
enum StorageRegion: Sendable, Hashable {
  /// Bytes of the file, starting here.
  case plain(Int)
  /// An entry of the zip archive, by number.
  case entry(Int)
}

/// A tensor as it lies in a file: a strided view of a region. All numbers were checked against the
/// region when the file was opened, so reading cannot leave it.
struct TensorLayout: Sendable {
  let dtype: DType
  let shape: [Int]
  let elementCount: Int
  let region: StorageRegion
  /// Bytes from the start of the region to the view's first element.
  let byteOffset: Int
  /// In elements; empty for a contiguous tensor in C order.
  let strides: [Int]
  var bigEndian = false

  /// `strides`, empty when they say C order without gaps; 0 where a size is 1, so that walking the
  /// view never adds a stride that leads nowhere (and could overflow).
  static func simplified(_ strides: [Int], shape: [Int]) -> [Int] {
    guard !shape.contains(0) else { return [] }
    var expected = 1
    var contiguous = true
    for (size, stride) in zip(shape, strides).reversed() where size != 1 {
      contiguous = contiguous && stride == expected
      expected *= size
    }
    return contiguous ? [] : zip(shape, strides).map { $0 == 1 ? 0 : $1 }
  }
}

/// One tensor of an open file.
struct TensorRecord: Sendable {
  let name: String
  let layout: TensorLayout
}
