import CZlib
import Testing

@testable import Report

/// The image read back, byte by byte as the format has it.
@Suite struct PNGTests {
  private struct Chunk {
    let name: String
    let content: [UInt8]
  }

  private func chunks(_ image: [UInt8]) throws -> [Chunk] {
    #expect(image.prefix(8) == [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
    func number(_ at: Int) -> Int { image[at..<at + 4].reduce(0) { $0 << 8 | Int($1) } }
    var found: [Chunk] = []
    var at = 8
    while at < image.count {
      let length = number(at)
      let body = Array(image[(at + 4)..<(at + 8 + length)])
      #expect(UInt(number(at + 8 + length)) == crc32(0, body, UInt32(body.count)))
      found.append(
        Chunk(
          name: String(decoding: body.prefix(4), as: UTF8.self), content: Array(body.dropFirst(4))))
      at += 12 + length
    }
    return found
  }

  @Test(arguments: [(1, 1), (3, 2), (96, 96)])
  func pixelsComeBack(width: Int, height: Int) throws {
    let pixels = (0..<width * height).map { UInt8($0 % 3) }
    let image = png(
      width: width, height: height, indices: pixels,
      palette: [(0, 0, 0, 0), (213, 94, 0, 17), (0, 114, 178, 255)])
    let chunks = try chunks(image)
    #expect(chunks.map(\.name) == ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"])
    #expect(
      chunks[0].content == [0, 0, 0, UInt8(width), 0, 0, 0, UInt8(height), 8, 3, 0, 0, 0])
    #expect(chunks[1].content == [0, 0, 0, 213, 94, 0, 0, 114, 178])
    #expect(chunks[2].content == [0, 17, 255])
    var size = UInt((width + 1) * height)
    var rows = [UInt8](repeating: 9, count: Int(size))
    #expect(uncompress(&rows, &size, chunks[3].content, UInt(chunks[3].content.count)) == Z_OK)
    #expect(Int(size) == rows.count)
    for row in 0..<height {
      let line = rows[row * (width + 1)..<(row + 1) * (width + 1)]
      #expect(
        line.first == 0 && Array(line.dropFirst()) == Array(pixels[row * width..<(row + 1) * width])
      )
    }
  }
}
