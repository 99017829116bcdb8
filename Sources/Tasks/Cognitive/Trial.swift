/// One trial: what is shown and what is to be answered, in steps of 100 ms.
public struct Trial: Sendable, Hashable {
  public let task: CognitiveTask
  public let steps: Int
  /// 33: fixation, 16 directions in modality 1, 16 in modality 2.
  public let channels: Int
  /// steps × channels, row by row.
  public let inputs: [Float]
  /// The class of each step, 0 to 16.
  public let labels: [UInt8]
  /// What happens when, in order and without gaps; a delay of 0 ms is left out.
  public let periods: [Period]

  /// The channels of channel i of a modality 0 or 1.
  public static func channels(ofRing ring: Int) -> Range<Int> {
    precondition(ring == 0 || ring == 1, "ring \(ring); there are two")
    let first = 1 + ring * Ring.directions
    return first..<first + Ring.directions
  }

  /// A part of a trial.
  public struct Period: Sendable, Hashable {
    public enum Name: String, Sendable, Hashable {
      case fixation, stimulus, stimulus1, stimulus2, sample, delay, test, decision
    }

    public let name: Name
    public let steps: Range<Int>
  }

  /// The steps of a period; empty, if the trial has none of that name.
  public func steps(of name: Period.Name) -> Range<Int> {
    periods.first { $0.name == name }?.steps ?? 0..<0
  }
}

/// A trial that is being written: all 0 but what is drawn on it.
struct TrialCanvas {
  private let periods: [Trial.Period]
  private let steps: Int
  private var inputs: [Float]
  private var labels: [UInt8]

  /// The periods with their lengths in steps.
  init(_ lengths: KeyValuePairs<Trial.Period.Name, Int>) {
    var start = 0
    var periods: [Trial.Period] = []
    for (name, count) in lengths where count > 0 {
      periods.append(Trial.Period(name: name, steps: start..<start + count))
      start += count
    }
    self.periods = periods
    steps = start
    inputs = [Float](repeating: 0, count: start * CognitiveTask.channels)
    labels = [UInt8](repeating: 0, count: start)
  }

  private func steps(of name: Trial.Period.Name) -> Range<Int> {
    periods.first { $0.name == name }?.steps ?? 0..<0
  }

  /// Sets the fixation channel to 1 in every period but the decision.
  mutating func fixate() {
    for period in periods where period.name != .decision {
      for step in period.steps { inputs[step * CognitiveTask.channels] = 1 }
    }
  }

  /// Adds a stimulus to a ring.
  mutating func show(
    _ period: Trial.Period.Name, ring: Int, angle: Double, strength: Double = 1
  ) {
    let bump = Ring.bump(at: angle, strength: strength)
    let first = Trial.channels(ofRing: ring).lowerBound
    for step in steps(of: period) {
      for j in bump.indices { inputs[step * CognitiveTask.channels + first + j] += bump[j] }
    }
  }

  /// Adds independent normal numbers of mean 0 to some channels.
  mutating func addNoise(
    _ period: Trial.Period.Name, channels: Range<Int>, deviation: Double,
    using generator: inout Seeded
  ) {
    guard deviation > 0 else { return }
    for step in steps(of: period) {
      for channel in channels {
        inputs[step * CognitiveTask.channels + channel] += Float(deviation * generator.normal())
      }
    }
  }

  /// Writes the answer, which begins at `direction`, over the decision period.
  mutating func answer(_ direction: Int, drift: Sense?, coding: LabelCoding) {
    for (t, step) in steps(of: .decision).enumerated() {
      labels[step] = coding.label(direction: direction, drift: drift?.rawValue ?? 0, step: t)
    }
  }

  func trial(of task: CognitiveTask) -> Trial {
    Trial(
      task: task, steps: steps, channels: CognitiveTask.channels, inputs: inputs, labels: labels,
      periods: periods)
  }
}
