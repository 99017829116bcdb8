/// The delays of a match task (dms, dnms, dmc, dnmc and their sequences), one for each modality.
///
/// As the authors' code has it, they are drawn when the task is made, uniformly from 200, 300, …, 1100 ms,
/// and stay as they are: all trials of a modality have the same delay. Interval tasks draw anew in
/// each trial and do not use these.
public struct MatchDelays: Sendable, Hashable {
  /// Steps of 100 ms in modality 0 and in modality 1, each 2 to 11.
  public let first: Int, second: Int

  /// The lengths that are drawn from, in steps.
  public static let range = 2...11

  public init(_ first: Int, _ second: Int) {
    precondition(
      Self.range.contains(first) && Self.range.contains(second),
      "delays of \(first) and \(second) steps; they are 2 to 11")
    self.first = first
    self.second = second
  }

  /// Two delays, drawn independently.
  public init(using generator: inout Seeded) {
    first = Self.range.lowerBound + generator.below(Self.range.count)
    second = Self.range.lowerBound + generator.below(Self.range.count)
  }

  /// What the authors' seed 42 gives where all 82 tasks are made in order: the published networks' delays.
  ///
  /// numpy's generator draws two numbers for each match task, those with an interval included.
  ///
  /// - Returns: nil for tasks other than dms, dnms, dmc, dnmc and their sequences.
  public static func authorsSeed42(of task: CognitiveTask) -> MatchDelays? {
    guard task.interval == nil else { return nil }
    return switch (task.base, task.sequence) {
    case (.dms, nil): MatchDelays(5, 11)
    case (.dnms, nil): MatchDelays(9, 7)
    case (.dmc, nil): MatchDelays(3, 3)
    case (.dnmc, nil): MatchDelays(2, 10)
    case (.dms, .right): MatchDelays(6, 9)
    case (.dnms, .right): MatchDelays(3, 7)
    case (.dmc, .right): MatchDelays(7, 2)
    case (.dnmc, .right): MatchDelays(8, 3)
    case (.dms, .left): MatchDelays(2, 11)
    case (.dnms, .left): MatchDelays(11, 10)
    case (.dmc, .left): MatchDelays(5, 2)
    case (.dnmc, .left): MatchDelays(8, 6)
    default: nil
    }
  }

  func steps(ring: Int) -> Int { ring == 0 ? first : second }
}
