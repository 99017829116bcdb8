/// The batches that a network is trained on, and those it is tested on.
///
/// A training batch has B columns, each a chain of fresh trials from step 0 on, cut at T steps, the last trial
/// included; a network starts each column from rest and is not reset between trials. With several tasks, each
/// trial's task is drawn uniformly from all but the one just shown, and a one-hot rule is appended to the inputs.
/// Every batch depends on the seed and its own number only, so training can stop and go on anywhere.
///
/// Three things are ours rather than the authors': the rule input can be left out or put in whatever the number
/// of tasks; each column begins with a modality drawn by a coin, where their environments live on from batch to
/// batch (within a column modalities alternate strictly in each task, as theirs do); and the first task of a column
/// is uniform over all, where their scheduler never begins with task 0.
///
/// Source: Khona et al. 2022, sections 2.4 and A; the stream is that of neurogym's `Dataset`.
public struct TrialStream: Sendable {
  public let tasks: [CognitiveTask]
  public let columns: Int
  public let steps: Int
  public let hasRule: Bool
  public let coding: LabelCoding
  /// Standard deviation of the noise, where a task has noise.
  public let noise: Double
  /// The delays of each task's trials that do not draw them anew, the same in all batches.
  public let delays: [MatchDelays]
  private let root: Seeded

  /// What the seed's generator is split into.
  private enum Branch: UInt64 { case delays, training, evaluation }

  /// A stream.
  ///
  /// - Parameters:
  ///   - tasks: at least one, each once; their order is that of the rule.
  ///   - columns: B, at least 1. The authors use 32 or 64 for one task, 4 for 82.
  ///   - steps: T, at least 1. The authors use 100 for one task, 350 for 82.
  ///   - hasRule: whether the rule is an input; by default, if there are several tasks.
  ///   - delays: those of the match tasks, one for each task; drawn from the seed if nil.
  public init(
    tasks: [CognitiveTask], columns: Int, steps: Int, seed: UInt64, hasRule: Bool? = nil,
    coding: LabelCoding = .authors, noise: Double = TrialSource.standardNoise,
    delays: [MatchDelays]? = nil
  ) {
    precondition(!tasks.isEmpty && Set(tasks).count == tasks.count, "no task, or one twice")
    precondition(columns > 0 && steps > 0, "a batch of \(steps) steps, \(columns) columns")
    precondition(delays == nil || delays?.count == tasks.count, "delays for each task, or none")
    self.tasks = tasks
    self.columns = columns
    self.steps = steps
    self.hasRule = hasRule ?? (tasks.count > 1)
    self.coding = coding
    self.noise = noise
    let root = Seeded(seed: seed)
    self.root = root
    self.delays =
      delays
      ?? tasks.map { task in
        // By the task, not by its place in the list: the same seed gives a task the same delays.
        var generator = root.child(Branch.delays.rawValue).child(UInt64(task.index))
        return MatchDelays(using: &generator)
      }
  }

  /// Input channels: 33, and one for each task if there is a rule.
  public var channels: Int { CognitiveTask.channels + (hasRule ? tasks.count : 0) }

  /// The training batch of a number, 0 or more; every column is full.
  public func batch(_ number: Int) -> SequenceBatch {
    precondition(number >= 0, "batch \(number)")
    var batch = SequenceBatch(
      channels: channels, lengths: [Int](repeating: steps, count: columns))
    let branch = root.child(Branch.training.rawValue).child(UInt64(number))
    for column in 0..<columns {
      var generator = branch.child(UInt64(column))
      var sources = tasks.indices.map { source($0, generator: generator) }
      for index in sources.indices { sources[index].modality = generator.below(2) }
      var shown: Int?
      var start = 0
      while start < steps {
        let index = Self.next(after: shown, of: tasks.count, using: &generator)
        let trial = sources[index].trial(using: &generator)
        batch.write(trial, task: index, column: column, from: start, rule: hasRule ? index : nil)
        start += trial.steps
        shown = index
      }
    }
    return batch
  }

  /// Fresh whole trials of one task, one a column, made of other random numbers than any training batch.
  ///
  /// Modalities alternate, 0 first. Trials first ..< first + count depend on the seed, the task and these
  /// numbers only: large evaluations can be made in pieces, and a longer one begins like a shorter one.
  ///
  /// - Parameters:
  ///   - task: a place in `tasks`.
  ///   - first: number of the first trial.
  ///   - count: trials, and so columns. The authors use 200.
  public func evaluation(task: Int, first: Int = 0, count: Int) -> SequenceBatch {
    Self.batch(
      evaluationTrials(task: task, first: first, count: count), task: task,
      channels: channels, rule: hasRule ? task : nil)
  }

  /// The trials that `evaluation` puts into a batch.
  public func evaluationTrials(task: Int, first: Int = 0, count: Int) -> [Trial] {
    precondition(tasks.indices.contains(task), "task \(task) of \(tasks.count)")
    precondition(first >= 0 && count > 0, "\(count) trials from number \(first) on")
    let branch = root.child(Branch.evaluation.rawValue).child(UInt64(tasks[task].index))
    return (first..<first + count).map { number in
      var source = source(task, generator: branch.child(UInt64(number)))
      source.modality = number % 2
      return source.trial()
    }
  }

  private func source(_ index: Int, generator: Seeded) -> TrialSource {
    TrialSource(
      tasks[index], generator: generator, coding: coding, noise: noise, delays: delays[index])
  }

  /// Whole trials, one a column, padded to the longest.
  private static func batch(
    _ trials: [Trial], task: Int, channels: Int, rule: Int?
  ) -> SequenceBatch {
    var batch = SequenceBatch(channels: channels, lengths: trials.map(\.steps))
    for (column, trial) in trials.enumerated() {
      batch.write(trial, task: task, column: column, from: 0, rule: rule)
    }
    return batch
  }

  /// A task drawn uniformly from all but the one just shown.
  private static func next(
    after shown: Int?, of count: Int, using generator: inout Seeded
  ) -> Int {
    guard let shown, count > 1 else { return generator.below(count) }
    let drawn = generator.below(count - 1)
    return drawn < shown ? drawn : drawn + 1
  }
}
