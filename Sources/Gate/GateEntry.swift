/// What a run says of one model, in the words that all formats share: `Gate` renders and judges, it proves nothing.
public struct GateEntry: Sendable, Hashable {
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    case certified, refuted, undecided, rejected
  }

  /// The path as given on the command line.
  public var path: String
  public var verdict: Verdict
  /// What stands against the model; empty for one that is certified as asked.
  public var problems: [GateProblem]
  /// The verdict in full, as the text report prints it, without escapes for terminals.
  public var lines: [String]
  /// What was certified, one a scope.
  public var guarantees: [GateGuarantee]
  /// SHA-256 over names, types, shapes and contents of the tensors that the verdict speaks of; nil where a file
  /// could not be read that far.
  public var tensors: String?
  /// Wall time in seconds.
  public var seconds: Double

  public init(
    path: String, verdict: Verdict, problems: [GateProblem] = [], lines: [String] = [],
    guarantees: [GateGuarantee] = [], tensors: String? = nil, seconds: Double = 0
  ) {
    self.path = path
    self.verdict = verdict
    self.problems = problems
    self.lines = lines
    self.guarantees = guarantees
    self.tensors = tensors
    self.seconds = seconds
  }

  /// What stands against the model and has not been accepted by a waiver, a policy or a baseline.
  public var openProblems: [GateProblem] { problems.filter { $0.acceptance == nil } }
}

/// A bound that the kernel has checked.
public struct GateGuarantee: Sendable, Hashable {
  /// "continuous" or "as-run".
  public var scope: String
  /// The rule at the root of the proof, and all rules in it.
  public var rule: String
  public var allRules: [String]
  /// A lower bound, in 1/(unit of time).
  public var rate: Double
  /// An upper bound on the factor a step; nil for the flow.
  public var factor: Double?
  /// The step in use, exactly as the specification has it; nil for the flow.
  public var step: String?

  public init(
    scope: String, rule: String, allRules: [String], rate: Double, factor: Double? = nil,
    step: String? = nil
  ) {
    self.scope = scope
    self.rule = rule
    self.allRules = allRules
    self.rate = rate
    self.factor = factor
    self.step = step
  }
}

/// One thing that stands against a model.
public struct GateProblem: Sendable, Hashable {
  /// What kind of failure it is; decides the exit status.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case refuted, undecided, rejected, misconfigured, internalError
    /// A bound that is asked for and not met, by an option, a policy or a baseline.
    case unmet
    /// What an audit names.
    case diagnosis
  }

  public enum Level: String, Sendable, Hashable, CaseIterable { case error, warning, note }

  /// Why a problem does not count.
  public enum Acceptance: Sendable, Hashable {
    /// Somebody has waived it, with a reason, until a day.
    case waived(reason: String, until: String, line: Int?)
    /// An earlier run had it already.
    case known
    /// The policy does not ask for more.
    case allowed(line: Int?)
  }

  /// A stable id of `RuleCatalogue`.
  public var rule: String
  public var kind: Kind
  public var level: Level
  /// "continuous", "as-run", or nil.
  public var scope: String?
  /// Where and by how much, in one sentence.
  public var message: String
  /// What to try, one sentence each.
  public var advice: [String]
  public var acceptance: Acceptance?

  public init(
    rule: String, kind: Kind, level: Level, scope: String? = nil, message: String,
    advice: [String] = [], acceptance: Acceptance? = nil
  ) {
    self.rule = rule
    self.kind = kind
    self.level = level
    self.scope = scope
    self.message = message
    self.advice = advice
    self.acceptance = acceptance
  }
}
