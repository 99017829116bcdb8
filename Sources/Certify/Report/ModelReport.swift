public import CertifyKernel
internal import Foundation

/// What `certify check` says of one model.
public struct ModelReport: Sendable {
  public enum Outcome: Sendable {
    case judged(Judgement)
    /// The file is unsafe, malformed, not finite, or not understood.
    case rejected(code: String, reason: String)
    /// The request cannot be carried out: a manifest, a step or a scope that does not fit.
    case misconfigured(reason: String)
  }

  public struct Judgement: Sendable {
    /// What the file was taken for, in one line.
    public let recognised: String
    public let notes: [String]
    public let specification: Specification
    /// Nil where only slopes are known.
    public let activation: Activation?
    public let findings: [Finding]
    public let sha256: String?
    /// SHA-256 over names, types, shapes and contents of the tensors that the findings speak of.
    public let tensorsDigest: String?
    /// Where the certificate was written.
    public let certificatePath: String?
    /// Why a certificate that was wanted could not be written. The findings stand all the same.
    public let certificateFault: String?
    /// The format in which the network is to run, if the distance of that run was asked for.
    public let floatFormat: FloatTube.Format?

    public func finding(_ scope: Scope) -> Finding? { findings.first { $0.scope == scope } }
  }

  /// The path as given.
  public let path: String
  public let outcome: Outcome
  /// Wall time of reading, searching and checking.
  public let seconds: Double

  /// Why a certificate that was wanted could not be written; nil if it was, or none was wanted.
  package var certificateFault: String? {
    guard case .judged(let judgement) = outcome else { return nil }
    return judgement.certificateFault
  }
}

/// How to check models: the same for all models of a run.
public struct CheckJob: Sendable {
  public var options: ModelOptions
  public var scopes: [Scope]
  /// The folder under which certificates are written; nil writes none.
  public var certificateFolder: String?
  public var checker = Checker()
  /// Whether reports carry the SHA-256 of the file, which costs a pass over it.
  public var hashesFiles = true
  /// Whether reports carry a digest of the tensors, which costs a pass over them.
  public var hashesTensors = false
  /// The format of the float run whose distance from the exact one is reported; nil reports none.
  public var floatFormat: FloatTube.Format?

  public init(options: ModelOptions, scopes: [Scope], certificateFolder: String?) {
    self.options = options
    self.scopes = scopes
    self.certificateFolder = certificateFolder
  }

  /// Reads, searches and checks one model. Safe to call from several threads at once.
  public func run(_ path: String) -> ModelReport { run(.file(path)) }

  /// Reads, searches and checks one model, of a file or in memory. Safe to call from several threads at once.
  package func run(_ source: ModelSource) -> ModelReport {
    let start = DispatchTime.now().uptimeNanoseconds
    let outcome = judge(source)
    let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
    return ModelReport(path: source.name, outcome: outcome, seconds: seconds)
  }

  private func judge(_ source: ModelSource) -> ModelReport.Outcome {
    let model: Model
    do {
      model = try Model.load(source, options: options)
      try model.checkProposedMetric()
    } catch {
      switch error {
      case .rejected(let code, let reason): return .rejected(code: code, reason: reason)
      case .configuration(let reason): return .misconfigured(reason: reason)
      }
    }
    let judged = scopes.filter { model.specification.exists(in: $0) }
    if scopes == [.asRun], judged.isEmpty {
      return .misconfigured(
        reason: "--as-run: neither the model nor --step says how the network is run")
    }
    if scopes == [.continuous], judged.isEmpty {
      return .misconfigured(reason: "--continuous: a map has no flow in continuous time")
    }
    var checker = checker
    checker.shippedMetric = model.proposedMetric
    checker.workspace = model.workspace
    let findings = checker.check(model.specification, judged)
    var written: String?
    var fault: String?
    if let folder = certificateFolder {
      let certificates = findings.compactMap(\.certificate)
      if !certificates.isEmpty {
        do {
          let target = CertificateFile.path(forModel: source.name, in: folder)
          let file = CertificateFile(claims: certificates, binding: try model.binding())
          try file.write(to: target, makingFolders: true)
          written = target
        } catch {
          fault = "no certificate could be written: \(error)"
        }
      }
    }
    return .judged(
      ModelReport.Judgement(
        recognised: model.recognised, notes: model.notes, specification: model.specification,
        activation: model.activation, findings: findings,
        sha256: hashesFiles ? try? model.fileDigest().hex : nil,
        tensorsDigest: hashesTensors ? try? model.binding().digest.hex : nil,
        certificatePath: written,
        certificateFault: fault, floatFormat: floatFormat))
  }
}
