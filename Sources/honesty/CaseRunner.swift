internal import Dispatch
internal import Foundation
internal import Synchronization

/// What a campaign counts, so that threads can count apart.
protocol Tally: Sendable {
  init()
  mutating func merge(_ other: Self)
  /// Claims accepted so far, and how many of them were false.
  var progress: (accepted: Int, contradicted: Int) { get }
  /// Each false acceptance, with what replays it.
  var contradictions: [String] { get }
}

/// Deals cases out to threads, and says on standard error how far it is: a campaign that is cut short has shown
/// what it has seen.
func runCases<Count: Tally>(
  _ total: Int, threads: Int, _ body: @Sendable (Int, inout Count) -> Void
) -> Count {
  let next = Atomic(0)
  let result = Mutex((done: 0, tally: Count()))
  let stretch = max(1, total / 20)
  DispatchQueue.concurrentPerform(iterations: threads) { _ in
    var (own, cases) = (Count(), 0)
    func hand(_ own: Count, _ cases: Int) {
      result.withLock { shared in
        shared.tally.merge(own)
        for contradiction in own.contradictions {
          FileHandle.standardError.write(Data("FALSE: \(contradiction)\n".utf8))
        }
        let before = shared.done / stretch
        shared.done += cases
        guard total >= 2000, shared.done / stretch > before else { return }
        let (accepted, contradicted) = shared.tally.progress
        let line = "\(shared.done) of \(total): \(accepted) accepted, \(contradicted) false\n"
        FileHandle.standardError.write(Data(line.utf8))
      }
    }
    while true {
      let index = next.add(1, ordering: .relaxed).oldValue
      guard index < total else { break }
      body(index, &own)
      cases += 1
      if cases == 100 {
        hand(own, cases)
        (own, cases) = (Count(), 0)
      }
    }
    hand(own, cases)
  }
  return result.withLock { $0.tally }
}
