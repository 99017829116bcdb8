internal import CZlib

/// An indexed PNG image with transparency (ISO/IEC 15948), as small as zlib makes it.
///
/// - Parameters:
///   - indices: one byte a pixel, row by row, each a place in the palette.
///   - palette: at most 256 colours, red, green, blue and opacity.
func png(
  width: Int, height: Int, indices: [UInt8],
  palette: [(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8)]
) -> [UInt8] {
  precondition(indices.count == width * height && palette.count <= 256)
  var image: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
  func bytes(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
  }
  func chunk(_ name: String, _ content: [UInt8]) {
    let body = Array(name.utf8) + content
    let sum = body.withUnsafeBufferPointer { crc32(0, $0.baseAddress, UInt32($0.count)) }
    image += bytes(UInt32(content.count)) + body + bytes(UInt32(sum))
  }
  // Eight bits a pixel, indexed, no interlacing.
  chunk("IHDR", bytes(UInt32(width)) + bytes(UInt32(height)) + [8, 3, 0, 0, 0])
  chunk("PLTE", palette.flatMap { [$0.red, $0.green, $0.blue] })
  chunk("tRNS", palette.map(\.alpha))
  // Each row begins with its filter, none.
  let rows = (0..<height).flatMap { [0] + indices[($0 * width)..<(($0 + 1) * width)] }
  chunk("IDAT", deflated(rows))
  chunk("IEND", [])
  return image
}

private func deflated(_ bytes: [UInt8]) -> [UInt8] {
  var size = compressBound(UInt(bytes.count))
  var result = [UInt8](repeating: 0, count: Int(size))
  let status = compress2(&result, &size, bytes, UInt(bytes.count), 9)
  precondition(status == Z_OK, "zlib was given all the room that it asks for")
  return Array(result.prefix(Int(size)))
}
