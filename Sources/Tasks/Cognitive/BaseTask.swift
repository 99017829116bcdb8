/// The 20 tasks that the others are built from, in the order of Mod-Cog.
///
/// Source: Yang et al., "Task representations in neural networks trained to perform many cognitive tasks",
/// Nature Neuroscience 22 (2019); Khona et al. 2022, section 2.4. The raw value is the authors' name.
public enum BaseTask: String, CaseIterable, Sendable, Hashable {
  case go, rtgo, dlygo, anti, rtanti, dlyanti
  case dm1, dm2, ctxdm1, ctxdm2, multidm
  case dlydm1, dlydm2, ctxdlydm1, ctxdlydm2, multidlydm
  case dms, dnms, dmc, dnmc

  /// What a trial consists of.
  public enum Family: Sendable, Hashable {
    /// One stimulus; answer its direction, or (anti) the opposite one.
    case go
    /// Two directions of different strength, together or (with a delay) one after the other; answer
    /// the stronger one.
    case decision
    /// A sample, a delay, a test; answer the test's direction if the two match, or do not.
    case match
  }

  public var family: Family {
    switch self {
    case .go, .rtgo, .dlygo, .anti, .rtanti, .dlyanti: .go
    case .dm1, .dm2, .ctxdm1, .ctxdm2, .multidm: .decision
    case .dlydm1, .dlydm2, .ctxdlydm1, .ctxdlydm2, .multidlydm: .decision
    case .dms, .dnms, .dmc, .dnmc: .match
    }
  }

  /// Whether an interval variant exists: 11 tasks.
  ///
  /// Khona et al. 2022, section 2.4, counts 12 of them and hence 132 = 20 + 24 + 40 + 48 tasks. There
  /// are 11, in the authors' code too, and 126 = 20 + 22 + 40 + 44 tasks.
  public var hasDelay: Bool {
    switch self {
    case .dlygo, .dlyanti: true
    case .dlydm1, .dlydm2, .ctxdlydm1, .ctxdlydm2, .multidlydm: true
    case .dms, .dnms, .dmc, .dnmc: true
    default: false
    }
  }

  /// The stimulus is shown in the decision period only: there is no waiting.
  var isReactionTime: Bool { self == .rtgo || self == .rtanti }

  /// The answer is opposite to the stimulus.
  var isAnti: Bool { self == .anti || self == .rtanti || self == .dlyanti }

  /// The rings of a decision task that show anything, each with its weight in the decision.
  var evidence: [(ring: Int, weight: Double)] {
    switch self {
    case .dm1, .dlydm1: [(0, 1)]
    case .dm2, .dlydm2: [(1, 1)]
    case .ctxdm1, .ctxdlydm1: [(0, 1), (1, 0)]
    case .ctxdm2, .ctxdlydm2: [(0, 0), (1, 1)]
    case .multidm, .multidlydm: [(0, 1), (1, 1)]
    default: []
    }
  }

  /// Sample and test are compared by category, not by direction.
  var isByCategory: Bool { self == .dmc || self == .dnmc }

  /// A match is answered, and not a non-match.
  var answersMatch: Bool { self == .dms || self == .dmc }
}
