internal import CLAPACK

/// What the allocator does with memory that is given back.
package enum FreedMemory {
  /// Keeps it for the next matrix instead of handing each to the system and asking for it again, page by page: for
  /// programs of our own, as it holds for the whole process. Matrices beyond 32 MiB still go back at once.
  package static func keep() {
    mallopt(M_MMAP_THRESHOLD, 32 << 20)
    mallopt(M_TRIM_THRESHOLD, 256 << 20)
  }
}
