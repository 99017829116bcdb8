/// A maker of trials of one task, which keeps what the authors' code keeps from trial to trial.
///
/// That is: the modality, which alternates strictly 0, 1, 0, 1 in the Go and Match families, and
/// the two delays of a match task. Everything else is drawn anew; `TrialSource+Go.swift`,
/// `+Decision.swift` and `+Match.swift` say what.
///
/// Source: Yang et al. 2019; Khona et al. 2022, section 2.4, as coded in Mod-Cog.
public struct TrialSource: Sendable {
  public let task: CognitiveTask
  public let coding: LabelCoding
  /// Standard deviation of the noise in each channel and step that has noise.
  public let noise: Double
  public let delays: MatchDelays
  /// The modality of the next trial, 0 or 1; decision tasks have none.
  public internal(set) var modality: Int
  private var generator: Seeded

  /// 1/√(100 ms), as coded.
  public static let standardNoise = 0.1

  /// A source of trials.
  ///
  /// - Parameters:
  ///   - generator: a copy of it makes all that is random here.
  ///   - coding: how labels are written.
  ///   - noise: standard deviation, finite and at least 0. The Go family has no noise whatever is said.
  ///   - modality: of the first trial, 0 or 1.
  ///   - delays: of a match task; drawn if nil.
  public init(
    _ task: CognitiveTask, generator: Seeded, coding: LabelCoding = .authors,
    noise: Double = standardNoise, modality: Int = 0, delays: MatchDelays? = nil
  ) {
    precondition(noise >= 0 && noise.isFinite, "a standard deviation of \(noise)")
    precondition(modality == 0 || modality == 1, "modality \(modality); there are two")
    self.task = task
    self.coding = coding
    self.noise = noise
    self.modality = modality
    self.generator = generator
    self.delays = delays ?? MatchDelays(using: &self.generator)
  }

  /// The next trial.
  public mutating func trial() -> Trial {
    var advanced = generator
    defer { generator = advanced }
    return trial(using: &advanced)
  }

  /// The next trial, made of another generator's numbers.
  mutating func trial(using generator: inout Seeded) -> Trial {
    defer { if task.base.family != .decision { modality = 1 - modality } }
    return switch task.base.family {
    case .go: goTrial(using: &generator)
    case .decision: decisionTrial(using: &generator)
    case .match: matchTrial(using: &generator)
    }
  }

  /// Steps of the delay of an interval task: 0, 100, …, 1100 ms, each equally likely.
  func drawnDelay(using generator: inout Seeded) -> Int {
    generator.below(12)
  }
}
