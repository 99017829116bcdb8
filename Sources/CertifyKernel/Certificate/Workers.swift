/// How independent pieces of one check are run: one after the other, or on a caller's threads.
///
/// The kernel imports nothing and so starts no threads. A caller that has some passes them here; what is proved
/// does not depend on them. Pieces share nothing that they write, and each leaves a mark in the kernel's own
/// memory: a check with a piece that did not run is declined.
public struct Workers: Sendable {
  /// How many pieces are worth making.
  public let count: Int
  private let perform: @Sendable (_ pieces: Int, _ piece: @Sendable (Int) -> Void) -> Void

  /// - Parameters:
  ///   - count: pieces that may run at the same time, at least 1.
  ///   - perform: calls `piece` once with each of 0 ..< pieces, in any order and on any threads, and returns
  ///     when all calls have returned.
  public init(
    count: Int,
    perform: @escaping @Sendable (_ pieces: Int, _ piece: @Sendable (Int) -> Void) -> Void
  ) {
    precondition(count >= 1, "\(count) workers")
    self.count = count
    self.perform = perform
  }

  /// The caller's own thread.
  public static let one = Workers(count: 1) { pieces, piece in
    for index in 0..<pieces { piece(index) }
  }

  /// Runs the pieces; false unless every one has run.
  func run(_ pieces: Int, _ piece: @Sendable (Int) -> Void) -> Bool {
    if pieces == 1 {
      piece(0)
      return true
    }
    return withUnsafeTemporaryAllocation(of: Bool.self, capacity: pieces) { hasRun in
      hasRun.initialize(repeating: false)
      nonisolated(unsafe) let hasRun = hasRun
      perform(pieces) { index in
        piece(index)
        hasRun[index] = true
      }
      return hasRun.allSatisfy { $0 }
    }
  }

  /// The results of the pieces in order; nil unless every one has run.
  func map<Result: Sendable>(_ pieces: Int, _ piece: @Sendable (Int) -> Result) -> [Result]? {
    var results = [Result?](repeating: nil, count: pieces)
    let isWhole = results.withUnsafeMutableBufferPointer { results in
      nonisolated(unsafe) let results = results
      return run(pieces) { results[$0] = piece($0) }
    }
    let found = results.compactMap { $0 }
    return isWhole && found.count == pieces ? found : nil
  }
}
