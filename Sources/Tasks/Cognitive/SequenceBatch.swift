/// Several sequences side by side, as a network is run on them.
public struct SequenceBatch: Sendable, Hashable {
  /// T, steps of the longest column.
  public let steps: Int
  /// 33, and the number of tasks if the rule is among the inputs.
  public let channels: Int
  /// B, sequences side by side.
  public let columns: Int
  /// [T][channels][B], the column running fastest; 0 after a column's end.
  public internal(set) var inputs: [Float]
  /// [T][B]: the class of each step, 0 to 16; `unlabelled` after a column's end.
  public internal(set) var labels: [Int32]
  /// [T][B]: whose trial it is, as a place in the list of tasks; `unlabelled` after a column's end.
  public internal(set) var tasks: [Int32]
  /// Steps of each column, B of them, at most T.
  public let lengths: [Int]

  /// What stands where there is no label.
  public static let unlabelled: Int32 = -1

  init(channels: Int, lengths: [Int]) {
    steps = lengths.max() ?? 0
    self.channels = channels
    columns = lengths.count
    self.lengths = lengths
    inputs = [Float](repeating: 0, count: steps * channels * columns)
    labels = [Int32](repeating: Self.unlabelled, count: steps * columns)
    tasks = labels
  }

  /// Writes a trial into a column from step `start` on, as far as the column goes.
  ///
  /// - Parameter rule: the channel, after the trial's own, that is 1 throughout.
  mutating func write(_ trial: Trial, task: Int, column: Int, from start: Int, rule: Int?) {
    for step in 0..<min(trial.steps, lengths[column] - start) {
      let row = (start + step) * channels
      for channel in 0..<trial.channels {
        inputs[(row + channel) * columns + column] = trial.inputs[step * trial.channels + channel]
      }
      if let rule { inputs[(row + trial.channels + rule) * columns + column] = 1 }
      let place = (start + step) * columns + column
      labels[place] = Int32(trial.labels[step])
      tasks[place] = Int32(task)
    }
  }
}

/// How many answers were right, in the three ways of counting.
///
/// Khona et al. 2022 report the last step only. It says little of the rest: the published networks
/// are right at the last step in 0.85–0.90 of trials, and at every step in 0.54–0.68 of them.
public struct TrialScore: Sendable, Hashable {
  public var trials = 0
  /// Trials whose last step is right.
  public var lastStepRight = 0
  /// Trials that are right at every step.
  public var wholeTrialRight = 0
  public var steps = 0
  public var stepsRight = 0

  public init() {}

  /// Shares of trials and of steps, 0 to 1; NaN if nothing was counted.
  public var lastStep: Double { Double(lastStepRight) / Double(trials) }
  public var wholeTrial: Double { Double(wholeTrialRight) / Double(trials) }
  public var perStep: Double { Double(stepsRight) / Double(steps) }

  public static func += (total: inout TrialScore, part: TrialScore) {
    total.trials += part.trials
    total.lastStepRight += part.lastStepRight
    total.wholeTrialRight += part.wholeTrialRight
    total.steps += part.steps
    total.stepsRight += part.stepsRight
  }
}

extension SequenceBatch {
  /// Compares classes with the labels, each column counting as one trial.
  ///
  /// - Parameter predictions: [T][B]; what stands after a column's end is not looked at.
  public func score(_ predictions: [Int32]) -> TrialScore {
    precondition(
      predictions.count == labels.count,
      "\(predictions.count) predictions for \(steps) steps of \(columns) columns")
    var score = TrialScore()
    for column in 0..<columns where lengths[column] > 0 {
      var right = 0
      var isLastRight = false
      for step in 0..<lengths[column] {
        isLastRight = predictions[step * columns + column] == labels[step * columns + column]
        right += isLastRight ? 1 : 0
      }
      score.trials += 1
      score.lastStepRight += isLastRight ? 1 : 0
      score.wholeTrialRight += right == lengths[column] ? 1 : 0
      score.steps += lengths[column]
      score.stepsRight += right
    }
    return score
  }
}
