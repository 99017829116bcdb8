public import CertifyKernel

/// What `certify prune` or `certify ablate` made of one model.
public struct SurgeryReport: Sendable {
  public enum Outcome: Sendable {
    case judged(Judgement)
    /// The model or the certificate is unsafe, malformed, or not understood.
    case rejected(code: String, reason: String)
    /// The request cannot be carried out: units, connections, options or a place that do not fit.
    case misconfigured(reason: String)
    /// What was written could not be read back as what was certified.
    case failed(reason: String)
  }

  public struct Judgement: Sendable {
    /// What the file was taken for, in one line.
    public let recognised: String
    public let notes: [String]
    /// What was removed, in one line.
    public let summary: String
    public let before: Specification
    public let after: Specification
    /// The old units that stay, in the order of the new ones; nil if all do.
    public let keptUnits: [Int]?
    public let findings: [SurgeryFinding]
    /// Whether every scope is certified; only then is anything written.
    public var isCertified: Bool { findings.allSatisfy { $0.survival != nil } }
    /// Where model and certificate were written.
    public let written: (model: String, certificate: String)?
  }

  /// The path of the model as given.
  public let path: String
  public let outcome: Outcome
}

/// What is to be done to a model.
public enum SurgeryOperation: Sendable {
  /// Connections that a file names.
  case prune(edges: String)
  case ablate(UnitSelection, UnitTensors)
}
