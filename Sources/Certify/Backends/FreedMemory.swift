internal import CLAPACK
internal import Foundation

/// What the allocator does with memory that is given back.
package enum FreedMemory {
  /// The largest file for which memory is kept: a dense network of 1,024 units has 8 MiB, and works in some tens.
  private static let largestFile: UInt64 = 16 << 20

  /// Keeps it for the next matrix instead of handing each to the system and asking for it again, page by page, if all
  /// the files are so small that little is kept: for programs of our own, as it holds for the whole process.
  package static func keep(forFiles paths: [String]) {
    let isSmall = paths.allSatisfy { path in
      let attributes = try? FileManager.default.attributesOfItem(atPath: path)
      return (attributes?[.size] as? UInt64).map { $0 <= largestFile } ?? true
    }
    guard isSmall else { return }
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, 256 << 20)
  }
}
