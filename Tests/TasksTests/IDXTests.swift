import Foundation
import Testing

@testable import Tasks

@Suite("Images: IDX files") struct IDXTests {
  private let files: ImageFiles

  init() throws { files = try ImageFiles() }

  private let pixels = ImageFiles.bytes(3 * 4 * 5)
  private let labels: [UInt8] = [7, 0, 9]

  private var images: [UInt8] { ImageFiles.idx([3, 4, 5], pixels) }
  private var marks: [UInt8] { ImageFiles.idx([3], labels) }

  private func read(
    _ imageBytes: [UInt8], _ labelBytes: [UInt8], budget: Int = ImageSet.standardBudget
  ) throws -> ImageSet {
    try ImageSet.idx(
      images: files.write("images", imageBytes), labels: files.write("labels", labelBytes),
      budget: budget)
  }

  /// The error, with the folder taken out of its paths.
  private func error(
    _ imageBytes: [UInt8], _ labelBytes: [UInt8], budget: Int = ImageSet.standardBudget
  ) -> String {
    do {
      _ = try read(imageBytes, labelBytes, budget: budget)
      return "none"
    } catch {
      return "\(error)".replacingOccurrences(of: files.folder.path + "/", with: "")
    }
  }

  @Test(arguments: [false, true], [false, true])
  func good(compressedImages: Bool, compressedLabels: Bool) throws {
    let set = try read(
      compressedImages ? ImageFiles.gzip(images) : images,
      compressedLabels ? ImageFiles.gzip(marks) : marks)
    #expect((set.count, set.rows, set.columns, set.channels) == (3, 4, 5, 1))
    #expect(set.pixels == pixels)
    #expect(set.labels == labels)
    #expect(Array(set.image(1)) == Array(pixels[20..<40]))
  }

  /// More than zlib is given at once, and more than one block.
  @Test func large() throws {
    let pixels = ImageFiles.bytes(300 * 28 * 28)
    let labels = (0..<300).map { UInt8($0 % 10) }
    let set = try read(
      ImageFiles.gzip(ImageFiles.idx([300, 28, 28], pixels)), ImageFiles.idx([300], labels))
    #expect(set.pixels == pixels)
    #expect(set.labels == labels)
  }

  @Test func wrongMagic() {
    #expect(error(marks, marks) == "images: begins with 0x00000801, expected 0x00000803")
    #expect(error(images, images) == "labels: begins with 0x00000803, expected 0x00000801")
    let floats = ImageFiles.idx([3, 4, 5], pixels, magic: 0x0d03)
    #expect(error(floats, marks) == "images: begins with 0x00000d03, expected 0x00000803")
    #expect(
      error(ImageFiles.gzip(floats), marks)
        == "images: begins with 0x00000d03, expected 0x00000803")
  }

  /// Every length short of the right one, and the same compressed.
  @Test func truncated() {
    for length in 0..<images.count {
      let part = Array(images[..<length])
      let expected = length < 4 ? 4 : length < 16 ? 16 : 76
      #expect(error(part, marks) == "images: \(length) bytes, expected \(expected)")
      #expect(error(ImageFiles.gzip(part), marks).hasPrefix("images: "))
    }
    for length in 0..<marks.count {
      let part = Array(marks[..<length])
      #expect(
        error(images, part)
          == "labels: \(length) bytes, expected \(length < 4 ? 4 : length < 8 ? 8 : 11)")
    }
    let short = ImageFiles.gzip(Array(images[..<70]))
    #expect(error(short, marks) == "images: 70 bytes, expected 76")
  }

  @Test func trailingBytes() {
    #expect(error(images + [0], marks) == "images: more than the 76 bytes expected")
    #expect(error(images, marks + [0]) == "labels: more than the 11 bytes expected")
    let long = ImageFiles.gzip(images + [0])
    #expect(error(long, marks) == "images: more than the 76 bytes expected")
    let whole = ImageFiles.gzip(images)
    #expect(error(whole + [0], marks) == "images: more than the \(whole.count) bytes expected")
    // A second gzip member is no part of such a file either.
    #expect(error(whole + whole, marks) == "images: more than the \(whole.count) bytes expected")
  }

  @Test func damagedGzip() {
    let whole = ImageFiles.gzip(images)
    for length in 2..<whole.count {
      let message = error(Array(whole[..<length]), marks)
      #expect(message.hasPrefix("images: "), "\(length): \(message)")
    }
    #expect(
      error(Array(whole.dropLast()), marks)
        == "images: damaged gzip data: it stops before its end")
    // Every byte of the content and of the check sum and size, one at a time.
    for place in 15..<whole.count {
      var damaged = whole
      damaged[place] ^= 0x10
      #expect(error(damaged, marks) != "none", "byte \(place)")
    }
    var checksum = whole
    checksum[whole.count - 6] ^= 1
    #expect(error(checksum, marks) == "images: damaged gzip data: incorrect data check")
    var method = whole
    method[2] = 9
    #expect(error(method, marks).hasPrefix("images: damaged gzip data: "))
  }

  @Test func sizes() {
    let huge = ImageFiles.idx([.max, .max, .max], [])
    #expect(
      error(huge, marks)
        == "images: 4294967295 × 4294967295 × 4294967295 bytes, allowed are 1073741824")
    #expect(
      error(ImageFiles.idx([1 << 20, 64, 64], []), marks)
        == "images: 1048576 × 64 × 64 bytes, allowed are 1073741824")
    // Within the budget, but no file of this size can hold it: nothing is allocated.
    #expect(
      error(ImageFiles.idx([1 << 14, 128, 128], []), marks)
        == "images: 16 bytes, expected 268435472")
    let small = ImageFiles.gzip(ImageFiles.idx([1 << 14, 128, 128], []))
    #expect(
      error(small, marks) == "images: \(small.count * 1032) bytes, expected 268435472")
    #expect(error(images, marks, budget: 59) == "images: 3 × 4 × 5 bytes, allowed are 59")
    #expect(error(images, marks, budget: 60) == "none")
    for sizes in [[0, 4, 5], [3, 0, 5], [3, 4, 0]] as [[UInt32]] {
      #expect(error(ImageFiles.idx(sizes, []), marks) == "images: holds no image")
    }
    #expect(error(images, ImageFiles.idx([0], [])) == "labels: holds no image")
  }

  @Test func counts() {
    let two = ImageFiles.idx([2], [1, 2])
    #expect(error(images, two) == "3 images in images, 2 labels in labels")
    #expect(
      error(images, ImageFiles.idx([3], [1, 10, 2])) == "labels: label 1 is 10, expected 0 to 9")
  }

  @Test func fewerClasses() throws {
    let paths = (try files.write("a", images), try files.write("b", marks))
    #expect(throws: ImageError.labelOutOfRange(path: paths.1, index: 2, label: 9, classes: 9)) {
      try ImageSet.idx(images: paths.0, labels: paths.1, classes: 9)
    }
  }

  @Test func unreadable() throws {
    let good = try files.write("good", marks)
    #expect(
      throws: ImageError.unreadable(
        path: files.path("none"), reason: "cannot open: No such file or directory")
    ) { try ImageSet.idx(images: files.path("none"), labels: good) }
    #expect(
      throws: ImageError.unreadable(path: files.folder.path, reason: "not a regular file")
    ) { try ImageSet.idx(images: files.folder.path, labels: good) }
    #expect(
      throws: ImageError.unreadable(path: "/dev/zero", reason: "not a regular file")
    ) { try ImageSet.idx(images: "/dev/zero", labels: good) }
  }

  @Test func folders() throws {
    _ = try files.write("train-images-idx3-ubyte", images)
    _ = try files.write("train-labels-idx1-ubyte.gz", ImageFiles.gzip(marks))
    #expect(try ImageSet.mnist(folder: files.folder.path, part: .train).labels == labels)
    let missing = files.path("t10k-images-idx3-ubyte")
    let error = #expect(throws: ImageError.self) {
      try ImageSet.mnist(folder: files.folder.path, part: .test)
    }
    #expect(error?.description == "\(missing): cannot open: No such file or directory")
  }

  @Test func inMemory() throws {
    #expect(throws: ImageError.shape(sizes: [2, 1, 2, 2], pixels: 7)) {
      try ImageSet(
        rows: 2, columns: 2, channels: 1, pixels: [UInt8](repeating: 0, count: 7), labels: [1, 2])
    }
    #expect(throws: ImageError.shape(sizes: [0, 1, 0, 2], pixels: 0)) {
      try ImageSet(rows: 0, columns: 2, channels: 1, pixels: [], labels: [])
    }
    #expect(throws: ImageError.shape(sizes: [1, Int.max, 2, 2], pixels: 1)) {
      try ImageSet(rows: 2, columns: 2, channels: .max, pixels: [1], labels: [1])
    }
  }

  @Test(.enabled(if: SharedData.hasMNIST, "needs the shared folder"))
  func mnist() throws {
    let set = try ImageSet.mnist(folder: SharedData.path("data/mnist-t10k"), part: .test)
    #expect((set.count, set.rows, set.columns, set.channels) == (10000, 28, 28, 1))
    #expect(Array(set.labels[..<10]) == [7, 2, 1, 0, 4, 1, 4, 9, 5, 9])
    var counts = [Int](repeating: 0, count: 10)
    for label in set.labels { counts[Int(label)] += 1 }
    #expect(counts == [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009])
    let scale = try Standardisation(of: set)
    #expect(abs(scale.means[0] - 0.1325) < 5e-5)
    #expect(abs(scale.deviations[0] - 0.3105) < 5e-5)
    let parts = try set.split([8000, 2000])
    #expect(parts.map(\.count) == [8000, 2000])
    #expect(parts[1].image(0) == set.image(8000)[...])
    #expect(parts[1].labels.last == set.labels.last)
  }

  @Test(.enabled(if: SharedData.hasFashion, "needs the package dataset-fashion-mnist"))
  func fashion() throws {
    let set = try ImageSet.mnist(folder: SharedData.fashion, part: .test)
    #expect((set.count, set.rows, set.columns, set.channels) == (10000, 28, 28, 1))
    #expect(Array(set.labels[..<10]) == [9, 2, 1, 1, 6, 1, 4, 6, 5, 7])
    var counts = [Int](repeating: 0, count: 10)
    for label in set.labels { counts[Int(label)] += 1 }
    #expect(counts.allSatisfy { $0 == 1000 })
  }
}
