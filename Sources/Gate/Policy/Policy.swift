import Certify
public import CertifyKernel

/// What a team asks of its networks: the content of `certify.toml`.
///
/// ```toml
/// [policy]
/// verdict = "certified"            # or "not-refuted"
/// as-run = true                    # certified as the map that runs, not only as a flow
/// required-step = 0.03             # at exactly this step
/// minimum-rate = 0.05              # 1/(unit of time), for every scope judged
/// allowed-rules = ["absolute-value", "symmetric"]
/// forbidden-diagnoses = ["metric-not-valid"]
///
/// [[override]]                     # for some paths, instead of what stands above; the last that matches decides
/// paths = ["legacy/**"]
/// minimum-rate = 0.01
///
/// [[waiver]]                       # a problem that is accepted for a while
/// path = "legacy/anti.safetensors"
/// tensors = "9f86d081…"            # SHA-256 over the tensors, as the report prints it: other weights, no waiver
/// rules = ["unstable-vertex"]
/// until = "2027-03-31"             # the last day, in UTC
/// reason = "retrained in ticket 12"
/// ```
public struct Policy: Sendable, Hashable {
  public enum Verdict: String, Sendable, Hashable, CaseIterable {
    case certified
    case notRefuted = "not-refuted"
  }

  /// A value and the line of the file on which it stands.
  public struct Clause<Value: Sendable & Hashable>: Sendable, Hashable {
    public let key: String
    public let value: Value
    public let line: Int?
  }

  /// What is asked of the models under some paths; nil where a key is absent.
  public struct Demands: Sendable, Hashable {
    public var verdict: Clause<Verdict>?
    public var asRun: Clause<Bool>?
    public var requiredStep: Clause<ExactRatio>?
    public var minimumRate: Clause<Double>?
    public var allowedRules: Clause<Set<String>>?
    public var forbiddenDiagnoses: Clause<Set<String>>?

    public init() {}

    /// These demands, replaced wherever the others say something.
    ///
    /// Who asks that a network is not refuted, and no more, does not ask what only a certified one has; who asks for
    /// that asks for a certified one.
    func overridden(by other: Demands) -> Demands {
      var result = self
      if other.verdict?.value == .notRefuted {
        result = Demands()
        result.forbiddenDiagnoses = forbiddenDiagnoses
      } else if other.asksOfCertified, result.verdict?.value == .notRefuted {
        result.verdict = nil
      }
      if let verdict = other.verdict { result.verdict = verdict }
      if let asRun = other.asRun { result.asRun = asRun }
      if let requiredStep = other.requiredStep { result.requiredStep = requiredStep }
      if let minimumRate = other.minimumRate { result.minimumRate = minimumRate }
      if let allowedRules = other.allowedRules { result.allowedRules = allowedRules }
      if let diagnoses = other.forbiddenDiagnoses { result.forbiddenDiagnoses = diagnoses }
      return result
    }

    private var asksOfCertified: Bool {
      asRun?.value == true || requiredStep != nil || minimumRate != nil || allowedRules != nil
    }
  }

  public struct Override: Sendable, Hashable {
    public let paths: [PathPattern]
    public let demands: Demands
  }

  public struct Waiver: Sendable, Hashable {
    public let path: String
    /// The digest of the tensors it was written for.
    public let tensors: String
    public let rules: Set<String>
    /// The last day, "2027-03-31".
    public let until: String
    public let reason: String
    public let line: Int?
  }

  /// The path of the file, for messages.
  public let path: String
  public let demands: Demands
  public let overrides: [Override]
  public let waivers: [Waiver]

  /// What is asked of the model under a path.
  public func demands(for path: String) -> Demands {
    overrides.reduce(demands) { held, override in
      override.paths.contains { $0.matches(path) } ? held.overridden(by: override.demands) : held
    }
  }

  /// Whether a look for diagnoses is needed for a path.
  public func asksForDiagnoses(_ path: String) -> Bool {
    demands(for: path).forbiddenDiagnoses?.value.isEmpty == false
  }

  /// The file and the line, as messages begin.
  func place(_ line: Int?) -> String { line.map { "\(path):\($0)" } ?? path }
}
