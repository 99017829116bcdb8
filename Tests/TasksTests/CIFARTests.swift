import Foundation
import Testing

@testable import Tasks

@Suite("Images: CIFAR files") struct CIFARTests {
  private let files: ImageFiles

  init() throws { files = try ImageFiles() }

  private func error(_ bytes: [UInt8], budget: Int = ImageSet.standardBudget) throws -> String {
    let path = try files.write("batch", bytes)
    do {
      _ = try ImageSet.cifar10(files: [path], budget: budget)
      return "none"
    } catch {
      return error.description.replacingOccurrences(of: files.folder.path + "/", with: "")
    }
  }

  @Test(arguments: [false, true])
  func good(isCompressed: Bool) throws {
    let records = (0..<4).map { ImageFiles.record(UInt8($0 + 6), seed: UInt64($0)) }
    let first = records[0] + records[1] + records[2]
    let paths = [
      try files.write("one", isCompressed ? ImageFiles.gzip(first) : first),
      try files.write("two", records[3]),
    ]
    let set = try ImageSet.cifar10(files: paths)
    #expect((set.count, set.rows, set.columns, set.channels) == (4, 32, 32, 3))
    #expect(set.labels == [6, 7, 8, 9])
    for (index, record) in records.enumerated() {
      #expect(Array(set.image(index)) == Array(record[1...]))
    }
  }

  @Test func folder() throws {
    for number in 1...5 {
      _ = try files.write("data_batch_\(number).bin", ImageFiles.record(UInt8(number), seed: 1))
    }
    _ = try files.write("test_batch.bin", ImageFiles.record(9, seed: 2))
    let folder = files.folder.path
    #expect(try ImageSet.cifar10(folder: folder, part: .train).labels == [1, 2, 3, 4, 5])
    #expect(try ImageSet.cifar10(folder: folder, part: .test).labels == [9])
  }

  @Test func bad() throws {
    let record = ImageFiles.record(3, seed: 1)
    #expect(try error([]) == "batch: holds no image")
    #expect(try error(ImageFiles.gzip([])) == "batch: holds no image")
    #expect(try error(Array(record.dropLast())) == "batch: 3072 bytes, expected a multiple of 3073")
    #expect(try error(record + [0]) == "batch: 3074 bytes, expected a multiple of 3073")
    #expect(
      try error(ImageFiles.gzip(record + [0])) == "batch: 3074 bytes, expected a multiple of 3073")
    let wrong = record + ImageFiles.record(10, seed: 1)
    #expect(try error(wrong) == "batch: label 1 is 10, expected 0 to 9")
    #expect(
      try error(record + record, budget: 6143) == "batch: 2 × 3 × 32 × 32 bytes, allowed are 6143")
    #expect(
      try error(ImageFiles.gzip(record + record), budget: 6143)
        == "batch: 2 × 3 × 32 × 32 bytes, allowed are 6143")
    #expect(try error(record + record, budget: 6144) == "none")
    var damaged = ImageFiles.gzip(record)
    damaged[100] ^= 1
    #expect(try error(damaged) == "batch: damaged gzip data: incorrect data check")
    #expect(
      throws: ImageError.unreadable(
        path: files.path("none"), reason: "cannot open: No such file or directory")
    ) { try ImageSet.cifar10(files: [files.path("none")]) }
  }
}
