extension ImageSet {
  /// CIFAR-10 in its binary version: 32 × 32 pixels, red, green and blue.
  ///
  /// Records of 3073 bytes: the label, 1024 of red, 1024 of green, 1024 of blue, each row by row. The
  /// original files hold 10,000 records each, which is not asked for. They may be compressed by gzip one by one,
  /// but the archive they come in is not read.
  ///
  /// Source: Krizhevsky, "Learning Multiple Layers of Features from Tiny Images" (2009), and its data's page.
  ///
  /// - Parameters:
  ///   - files: paths; their images follow each other.
  ///   - budget: pixels in bytes, at most, of all files.
  /// - Throws: `ImageError`.
  public static func cifar10(
    files: [String], budget: Int = standardBudget
  ) throws(ImageError) -> ImageSet {
    precondition(!files.isEmpty, "no file")
    var pixels: [UInt8] = []
    var labels: [UInt8] = []
    for path in files {
      let file = try ImageFile(path: path)
      guard file.size > 0 else { throw .empty(path: path) }
      if !file.isCompressed {
        let records = file.size / cifarRecord
        guard records * cifarRecord == file.size else {
          throw .notRecords(path: path, bytes: file.size, record: cifarRecord)
        }
        let sizes = [labels.count + records, 3, 32, 32]
        guard let bytes = checkedProduct(sizes), bytes <= budget else {
          throw .tooLarge(path: path, sizes: sizes, budget: budget)
        }
        pixels.reserveCapacity(bytes)
      }
      try append(file, to: &pixels, &labels, budget: budget)
    }
    return try ImageSet(rows: 32, columns: 32, channels: 3, pixels: pixels, labels: labels)
  }

  /// One part of CIFAR-10 in a folder, under the usual names.
  public static func cifar10(
    folder: String, part: Part, budget: Int = standardBudget
  ) throws(ImageError) -> ImageSet {
    let names =
      part == .train ? (1...5).map { "data_batch_\($0).bin" } : ["test_batch.bin"]
    return try cifar10(files: names.map { folder + "/" + $0 }, budget: budget)
  }

  private static let cifarRecord = 1 + 3 * 32 * 32

  /// Reads record after record to the end of the file, whose content's size gzip does not tell.
  private static func append(
    _ file: ImageFile, to pixels: inout [UInt8], _ labels: inout [UInt8], budget: Int
  ) throws(ImageError) {
    let record = UnsafeMutableRawBufferPointer.allocate(byteCount: cifarRecord, alignment: 1)
    defer { record.deallocate() }
    var index = 0
    while true {
      let found = try file.read(into: record)
      if found == 0 { break }
      guard found == cifarRecord else {
        throw .notRecords(
          path: file.path, bytes: index * cifarRecord + found, record: cifarRecord)
      }
      guard pixels.count + cifarRecord - 1 <= budget else {
        throw .tooLarge(path: file.path, sizes: [labels.count + 1, 3, 32, 32], budget: budget)
      }
      guard record[0] < 10 else {
        throw .labelOutOfRange(path: file.path, index: index, label: Int(record[0]), classes: 10)
      }
      labels.append(record[0])
      pixels.append(contentsOf: record[1...])
      index += 1
    }
    guard index > 0 else { throw .empty(path: file.path) }
  }
}
