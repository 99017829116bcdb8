import Foundation

@testable import Tasks

/// A folder of files that a test writes, removed when the last user goes.
final class ImageFiles {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("tasks-tests-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Writes a file and returns its path.
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let url = folder.appendingPathComponent(name)
    try Data(bytes).write(to: url)
    return url.path
  }

  func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  /// An IDX file: the magic number, the sizes, the content.
  static func idx(_ sizes: [UInt32], _ content: [UInt8], magic: UInt32? = nil) -> [UInt8] {
    let words = [magic ?? (0x0800 | UInt32(sizes.count))] + sizes
    return words.flatMap { word in
      [24, 16, 8, 0].map { (shift: UInt32) in UInt8(word >> shift & 255) }
    } + content
  }

  /// Gzip data (RFC 1952) of stored blocks, with a check sum.
  static func gzip(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
    var start = 0
    repeat {
      let end = min(start + 65535, bytes.count)
      let length = end - start
      let low = UInt8(length & 255)
      let high = UInt8(length >> 8)
      result += [end == bytes.count ? 1 : 0, low, high, ~low, ~high]
      result += bytes[start..<end]
      start = end
    } while start < bytes.count
    var check = ~UInt32(0)
    for byte in bytes {
      check ^= UInt32(byte)
      for _ in 0..<8 { check = check & 1 == 1 ? check >> 1 ^ 0xedb8_8320 : check >> 1 }
    }
    for word in [~check, UInt32(bytes.count)] {
      for shift in [0, 8, 16, 24] as [UInt32] { result.append(UInt8(word >> shift & 255)) }
    }
    return result
  }

  /// Bytes without a pattern.
  static func bytes(_ count: Int, seed: UInt64 = 1) -> [UInt8] {
    var generator = Seeded(seed: seed)
    return (0..<count).map { _ in UInt8(generator.below(256)) }
  }

  /// A record of CIFAR-10.
  static func record(_ label: UInt8, seed: UInt64) -> [UInt8] {
    [label] + bytes(3072, seed: seed)
  }
}
