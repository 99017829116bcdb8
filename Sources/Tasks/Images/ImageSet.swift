/// Labelled images of one size, as the files hold them.
public struct ImageSet: Sendable, Hashable {
  public let count: Int
  public let rows: Int
  public let columns: Int
  /// 1: grey; 3: red, green, blue.
  public let channels: Int
  /// count × channels × rows × columns, 0 to 255, the column running fastest.
  public let pixels: [UInt8]
  /// `count` labels, each below `classes`.
  public let labels: [UInt8]
  public let classes: Int

  /// A set of images that are in memory.
  ///
  /// - Throws: `.shape`, if there are not as many pixels as the sizes say, or a size is not positive;
  ///   `.countMismatch`; `.labelOutOfRange`.
  public init(
    rows: Int, columns: Int, channels: Int, pixels: [UInt8], labels: [UInt8], classes: Int = 10
  ) throws(ImageError) {
    let sizes = [labels.count, channels, rows, columns]
    guard sizes.dropFirst().allSatisfy({ $0 > 0 }), checkedProduct(sizes) == pixels.count else {
      throw .shape(sizes: sizes, pixels: pixels.count)
    }
    try Self.check(labels, classes: classes, path: "labels")
    count = labels.count
    self.rows = rows
    self.columns = columns
    self.channels = channels
    self.pixels = pixels
    self.labels = labels
    self.classes = classes
  }

  /// Pixels of one image.
  public var imageSize: Int { channels * rows * columns }

  /// The pixels of an image: channels × rows × columns.
  public func image(_ index: Int) -> ArraySlice<UInt8> {
    precondition((0..<count).contains(index), "image \(index) of \(count)")
    return pixels[index * imageSize..<(index + 1) * imageSize]
  }

  static func check(_ labels: [UInt8], classes: Int, path: String) throws(ImageError) {
    precondition((1...256).contains(classes), "\(classes) classes")
    for (index, label) in labels.enumerated() where Int(label) >= classes {
      throw .labelOutOfRange(path: path, index: index, label: Int(label), classes: classes)
    }
  }
}

extension ImageSet {
  /// The images from the first on, in parts of the sizes given, without shuffling; the rest is left out.
  ///
  /// `split([8000, 2000])` of the 10,000 test images of MNIST: the first 8,000 to train, the last 2,000 to test.
  ///
  /// - Throws: `.tooFew`, if there are fewer images than the parts need.
  public func split(_ counts: [Int]) throws(ImageError) -> [ImageSet] {
    precondition(counts.allSatisfy { $0 >= 0 }, "parts of \(counts) images")
    guard let wanted = checkedSum(counts), wanted <= count else {
      throw .tooFew(images: count, parts: counts)
    }
    var parts: [ImageSet] = []
    var start = 0
    for size in counts {
      let end = start + size
      parts.append(
        try ImageSet(
          rows: rows, columns: columns, channels: channels,
          pixels: Array(pixels[start * imageSize..<end * imageSize]),
          labels: Array(labels[start..<end]), classes: classes))
      start = end
    }
    return parts
  }
}

/// The product, nil if a factor is negative or it is too large for an `Int`.
func checkedProduct(_ factors: [Int]) -> Int? {
  var product = 1
  for factor in factors {
    let (next, overflow) = product.multipliedReportingOverflow(by: factor)
    guard factor >= 0, !overflow else { return nil }
    product = next
  }
  return product
}

/// The sum, nil if it is too large for an `Int`.
private func checkedSum(_ terms: [Int]) -> Int? {
  var sum = 0
  for term in terms {
    let (next, overflow) = sum.addingReportingOverflow(term)
    guard !overflow else { return nil }
    sum = next
  }
  return sum
}
