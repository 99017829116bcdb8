/// Arithmetic on numbers that come from a file: `nil` instead of a trap when they do not fit.
enum Checked {
  static func add(_ a: Int, _ b: Int) -> Int? {
    let (sum, overflow) = a.addingReportingOverflow(b)
    return overflow ? nil : sum
  }

  static func multiply(_ a: Int, _ b: Int) -> Int? {
    let (product, overflow) = a.multipliedReportingOverflow(by: b)
    return overflow ? nil : product
  }

  /// The product of a shape; 0 if any size is 0, `nil` if a size is negative or the rest overflows.
  static func product(_ shape: [Int]) -> Int? {
    guard shape.allSatisfy({ $0 >= 0 }) else { return nil }
    if shape.contains(0) { return 0 }
    var product = 1
    for size in shape {
      guard let next = multiply(product, size) else { return nil }
      product = next
    }
    return product
  }

  /// `base + ratio × count`, or `Int.max` where that does not fit: for budgets only.
  static func budget(_ base: Int, ratio: Int, of count: Int) -> Int {
    guard let scaled = multiply(ratio, count), let sum = add(base, scaled) else { return .max }
    return sum
  }
}

/// Little-endian integers in an array of bytes; the caller has checked that they are inside.
extension [UInt8] {
  func littleEndian16(_ at: Int) -> Int { Int(self[at]) | Int(self[at + 1]) << 8 }

  func littleEndian32(_ at: Int) -> Int { littleEndian16(at) | littleEndian16(at + 2) << 16 }

  func littleEndian64(_ at: Int) -> UInt64 {
    UInt64(littleEndian32(at)) | UInt64(littleEndian32(at + 4)) << 32
  }
}
