extension ImageSet {
  /// The part of a data set that is trained on, or tested on.
  public enum Part: Sendable, Hashable { case train, test }

  /// The most bytes of pixels that are read unless something else is said: 1 GiB.
  public static let standardBudget = 1 << 30

  /// A pair of IDX files: MNIST, Fashion-MNIST and their relatives.
  ///
  /// Big-endian 32-bit words: 0x00000803, images, rows, columns, then a byte for each pixel; 0x00000801,
  /// labels, then a byte for each. Either file may be compressed by gzip. Sizes are compared with each other, with
  /// the files and with the budget before anything is allocated for them; what the file holds must end with the data.
  ///
  /// Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits" (the format); Xiao, Rasul
  /// & Vollgraf, arXiv:1708.07747 (Fashion-MNIST).
  ///
  /// - Parameters:
  ///   - images, labels: paths.
  ///   - classes: labels must be less than this.
  ///   - budget: pixels in bytes, at most.
  /// - Throws: `ImageError`.
  public static func idx(
    images: String, labels: String, classes: Int = 10, budget: Int = standardBudget
  ) throws(ImageError) -> ImageSet {
    let imageFile = try ImageFile(path: images)
    let labelFile = try ImageFile(path: labels)
    let sizes = try header(of: imageFile, dimensions: 3, budget: budget)
    let counts = try header(of: labelFile, dimensions: 1, budget: budget)
    guard sizes[0] == counts[0] else {
      throw .countMismatch(
        images: sizes[0], imagesPath: images, labels: counts[0], labelsPath: labels)
    }
    let labelBytes = try content(of: labelFile, sizes: counts)
    try check(labelBytes, classes: classes, path: labels)
    return try ImageSet(
      rows: sizes[1], columns: sizes[2], channels: 1,
      pixels: try content(of: imageFile, sizes: sizes), labels: labelBytes, classes: classes)
  }

  /// One part of MNIST or Fashion-MNIST in a folder, under the usual names, with or without ".gz".
  ///
  /// The Debian package `dataset-fashion-mnist` puts them into /usr/share/datasets/fashion-mnist.
  public static func mnist(
    folder: String, part: Part, budget: Int = standardBudget
  ) throws(ImageError) -> ImageSet {
    let stem = folder + (part == .train ? "/train" : "/t10k")
    return try idx(
      images: existing(stem + "-images-idx3-ubyte"), labels: existing(stem + "-labels-idx1-ubyte"),
      budget: budget)
  }

  /// The path of the compressed file if there is one and no plain one.
  private static func existing(_ path: String) -> String {
    let isPlain = (try? ImageFile(path: path)) != nil
    return !isPlain && (try? ImageFile(path: path + ".gz")) != nil ? path + ".gz" : path
  }

  private static func header(
    of file: ImageFile, dimensions: Int, budget: Int
  ) throws(ImageError) -> [Int] {
    // Unsigned bytes (08) in so many dimensions.
    let magic = 0x0800 | UInt32(dimensions)
    let found = words(try file.bytes(4, before: 0))[0]
    guard found == magic else {
      throw .wrongMagic(path: file.path, expected: magic, found: found)
    }
    let sizes = words(try file.bytes(4 * dimensions, before: 4)).map(Int.init)
    guard sizes.allSatisfy({ $0 > 0 }) else { throw .empty(path: file.path) }
    guard let product = checkedProduct(sizes), product <= min(budget, .max - 64) else {
      throw .tooLarge(path: file.path, sizes: sizes, budget: budget)
    }
    let expected = 4 + 4 * dimensions + product
    guard expected <= file.largestContent else {
      throw .truncated(path: file.path, expected: expected, found: file.largestContent)
    }
    guard file.isCompressed || expected == file.size else {
      throw .trailingBytes(path: file.path, expected: expected)
    }
    return sizes
  }

  /// Big-endian words.
  private static func words(_ bytes: [UInt8]) -> [UInt32] {
    stride(from: 0, to: bytes.count, by: 4).map { start in
      bytes[start..<start + 4].reduce(0) { $0 << 8 | UInt32($1) }
    }
  }

  /// What follows the header, which the sizes are from.
  private static func content(of file: ImageFile, sizes: [Int]) throws(ImageError) -> [UInt8] {
    let header = 4 + 4 * sizes.count
    let bytes = try file.bytes(sizes.reduce(1, *), before: header)
    try file.end(after: header + bytes.count)
    return bytes
  }
}
