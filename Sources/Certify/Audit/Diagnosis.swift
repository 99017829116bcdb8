/// What an audit can name. The raw value is the stable id, and the name of the page that explains it.
public enum DiagnosisKind: String, Sendable, Hashable, CaseIterable {
  case metricNotValid = "metric-not-valid"
  case feedbackWrongOrientation = "feedback-wrong-orientation"
  case identityCoupling = "identity-coupling"
  case elementwiseMetricCheck = "elementwise-metric-check"
  case lyapunovMetric = "lyapunov-metric"
  case spectralNorm = "spectral-norm-not-below-one"
  case notExactlySymmetric = "not-exactly-symmetric"
  case eulerUnstable = "euler-unstable"
  case slopeHypothesis = "slope-hypothesis"
  case workspaceEquality = "workspace-equality"

  /// How much is at stake.
  public enum Severity: String, Sendable, Hashable, CaseIterable {
    /// A hypothesis of a theorem as printed fails; another theorem may serve.
    case note
    /// What was meant to make the network contract does not.
    case warning
    /// Something that was claimed of this network is false.
    case error
  }

  /// One line, without numbers.
  public var title: String {
    switch self {
    case .metricNotValid: "the metric that comes with the file is no metric of this network"
    case .feedbackWrongOrientation: "the feedback is skew in the inverse of the metric"
    case .identityCoupling: "couplings L = -L^T between modules that need another metric"
    case .elementwiseMetricCheck: "a multiple of the identity, as an element-wise check accepts it"
    case .lyapunovMetric: "a Lyapunov metric of a linear comparison system"
    case .spectralNorm: "a spectral norm that is not below one"
    case .notExactlySymmetric: "weights that are symmetric only up to rounding"
    case .eulerUnstable: "the flow contracts, the map that runs does not"
    case .slopeHypothesis: "slopes above 0 are assumed, slope 0 occurs"
    case .workspaceEquality: "a workspace coupling at or above its bound"
    }
  }

  public var severity: Severity {
    switch self {
    case .metricNotValid, .feedbackWrongOrientation, .elementwiseMetricCheck, .lyapunovMetric,
      .eulerUnstable:
      .error
    case .identityCoupling, .spectralNorm, .workspaceEquality: .warning
    case .notExactlySymmetric, .slopeHypothesis: .note
    }
  }
}

/// Something an audit has found, shown by the kernel or by an interval evaluation.
public struct Diagnosis: Sendable, Hashable {
  /// The stable id, such as "metric-not-valid".
  public let id: String
  /// Nil for ids of the kernel's own obstructions and refutations.
  public let kind: DiagnosisKind?
  /// Where and by how much, with the numbers.
  public let sentence: String
  /// What to try.
  public let advice: String?

  public init(_ kind: DiagnosisKind, _ sentence: String, advice: String) {
    id = kind.rawValue
    self.kind = kind
    self.sentence = sentence
    self.advice = advice
  }

  /// A finding that the kernel names itself.
  public init(id: String, sentence: String) {
    self.id = id
    kind = DiagnosisKind(rawValue: id)
    self.sentence = sentence
    advice = nil
  }

  public var title: String { kind?.title ?? sentence }
  public var severity: DiagnosisKind.Severity { kind?.severity ?? .warning }

  /// The page that explains it, relative to the root of the package; nil for the kernel's own names.
  public var page: String? {
    kind.map { "Sources/Certify/Certify.docc/Diagnoses/\($0.rawValue).md" }
  }
}

/// Why an audit cannot be carried out.
public enum AuditError: Error, Sendable, Hashable, CustomStringConvertible {
  /// An argument that has no meaning: status 4.
  case argument(String)
  /// A file that is not what it should be: status 3.
  case rejected(String)

  public var description: String {
    switch self {
    case .argument(let text), .rejected(let text): text
    }
  }
}
