internal import Markup

/// What is wrong with a file of images or labels.
public enum ImageError: Error, Sendable, Hashable, CustomStringConvertible {
  case unreadable(path: String, reason: String)
  case damagedGzip(path: String, reason: String)
  /// The first four bytes of an IDX file.
  case wrongMagic(path: String, expected: UInt32, found: UInt32)
  /// Bytes that there should be, and that there are (in a gzip file, at most).
  case truncated(path: String, expected: Int, found: Int)
  /// More follows the bytes that there should be.
  case trailingBytes(path: String, expected: Int)
  /// A CIFAR file is a number of records of one size.
  case notRecords(path: String, bytes: Int, record: Int)
  case empty(path: String)
  /// The sizes multiply to more bytes than are allowed.
  case tooLarge(path: String, sizes: [Int], budget: Int)
  case countMismatch(images: Int, imagesPath: String, labels: Int, labelsPath: String)
  case labelOutOfRange(path: String, index: Int, label: Int, classes: Int)
  /// Images in memory whose sizes do not multiply to the number of pixels.
  case shape(sizes: [Int], pixels: Int)
  case tooFew(images: Int, parts: [Int])

  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(printable(path)): \(reason)"
    case .damagedGzip(let path, let reason): "\(printable(path)): damaged gzip data: \(reason)"
    case .wrongMagic(let path, let expected, let found):
      "\(printable(path)): begins with 0x\(hex(found)), expected 0x\(hex(expected))"
    case .truncated(let path, let expected, let found):
      "\(printable(path)): \(found) bytes, expected \(expected)"
    case .trailingBytes(let path, let expected):
      "\(printable(path)): more than the \(expected) bytes expected"
    case .notRecords(let path, let bytes, let record):
      "\(printable(path)): \(bytes) bytes, expected a multiple of \(record)"
    case .empty(let path): "\(printable(path)): holds no image"
    case .tooLarge(let path, let sizes, let budget):
      "\(printable(path)): \(product(sizes)) bytes, allowed are \(budget)"
    case .countMismatch(let images, let imagesPath, let labels, let labelsPath):
      "\(images) images in \(printable(imagesPath)), \(labels) labels in \(printable(labelsPath))"
    case .labelOutOfRange(let path, let index, let label, let classes):
      "\(printable(path)): label \(index) is \(label), expected 0 to \(classes - 1)"
    case .shape(let sizes, let pixels):
      "\(pixels) pixels, expected \(product(sizes)) (images, channels, rows, columns)"
    case .tooFew(let images, let parts):
      "\(images) images are too few for parts of \(parts.map(String.init).joined(separator: ", "))"
    }
  }

  private func product(_ sizes: [Int]) -> String {
    sizes.map(String.init).joined(separator: " × ")
  }

  private func hex(_ word: UInt32) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
