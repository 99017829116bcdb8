/// The sense of a displacement or drift on the ring of directions.
public enum Sense: Int, CaseIterable, Sendable, Hashable {
  /// Towards higher direction indices, "r".
  case right = 1
  /// Towards lower direction indices, "l".
  case left = -1

  var letter: String { self == .right ? "r" : "l" }
}

/// One of the 126 tasks of Mod-Cog: a base task, with an interval or a sequence added, or both.
///
/// An interval ("int") displaces the answer by an amount that depends on the length of the delay; a
/// sequence ("seq") lets the answer drift by one direction a step while it is given. Trials are made as
/// the authors' code makes them, which differs from the paper's text; `TrialSource` says how.
///
/// Source: Khona et al. 2022, section 2.4, on the 20 tasks of Yang et al. 2019.
public struct CognitiveTask: Sendable, Hashable, CustomStringConvertible {
  public let base: BaseTask
  /// Not nil only where `base.hasDelay`.
  public let interval: Sense?
  public let sequence: Sense?

  /// A task; an interval needs a base task with a delay.
  public init(_ base: BaseTask, interval: Sense? = nil, sequence: Sense? = nil) {
    precondition(interval == nil || base.hasDelay, "\(base.rawValue) has no delay to measure")
    self.base = base
    self.interval = interval
    self.sequence = sequence
  }

  /// The base task's name, then "intr" or "intl", then "seqr" or "seql": "dlygointlseqr".
  public var name: String {
    base.rawValue + (interval.map { "int" + $0.letter } ?? "")
      + (sequence.map { "seq" + $0.letter } ?? "")
  }

  public var description: String { name }

  /// Input channels without the rule: fixation, then 16 directions in each of two modalities.
  public static let channels = 1 + 2 * Ring.directions

  /// Classes of a label: 0 is "fixate", 1 to 16 are directions.
  public static let classes = 1 + Ring.directions

  /// Length of a step in milliseconds.
  public static let stepMilliseconds = 100
}

extension CognitiveTask {
  /// The 20 base tasks.
  public static let yang20: [CognitiveTask] = BaseTask.allCases.map { CognitiveTask($0) }

  /// The 22 interval tasks: each base task with a delay, right and left.
  static let intervals22: [CognitiveTask] = BaseTask.allCases.filter(\.hasDelay).flatMap { base in
    Sense.allCases.map { CognitiveTask(base, interval: $0) }
  }

  /// The 40 sequence tasks: 20 to the right, then 20 to the left.
  static let sequences40: [CognitiveTask] = Sense.allCases.flatMap { sense in
    BaseTask.allCases.map { CognitiveTask($0, sequence: sense) }
  }

  /// The 44 tasks with both; the authors' code has the 11 of them that are right, right.
  static let composed44: [CognitiveTask] = intervals22.flatMap { task in
    Sense.allCases.map { CognitiveTask(task.base, interval: task.interval, sequence: $0) }
  }

  /// Mod-Cog as its authors train it, in their order: the place in this list is the rule's index.
  ///
  /// The base tasks, the interval tasks, the sequence tasks. Six are duplicates as coded: dlygo of go,
  /// dlyanti of anti, and the two sequences of each; the other 76 differ.
  public static let modCog82: [CognitiveTask] = yang20 + intervals22 + sequences40

  /// All tasks that the definitions give: `modCog82`, then the 44 with interval and sequence.
  public static let all126: [CognitiveTask] = modCog82 + composed44

  /// The place in `all126`.
  var index: Int { Self.indices[self] ?? 0 }

  private static let indices = Dictionary(
    uniqueKeysWithValues: all126.enumerated().map { ($1, $0) })
}
