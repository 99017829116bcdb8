public import CertifyKernel
internal import Checkpoints
internal import Markup

/// How to operate on a model: the old certificate, the scopes, and where the result goes.
public struct SurgeryJob: Sendable {
  public var options: ModelOptions
  public var scopes: [Scope]
  /// A certificate of the model as it is; nil to search for one.
  public var certificate: String?
  public var checker = SurgeryJob.surgeon

  /// A checker that asks for verdicts alone, in the form that survives surgery best.
  static var surgeon: Checker {
    var checker = Checker(findsMaximumStep: false, findsLargestScale: false)
    checker.prefersModules = true
    return checker
  }

  public init(options: ModelOptions, scopes: [Scope], certificate: String? = nil) {
    self.options = options
    self.scopes = scopes
    self.certificate = certificate
  }

  /// Operates on one model and writes the new one with its certificate if, and only if, the kernel certifies
  /// it in every scope.
  public func run(
    _ path: String, _ operation: SurgeryOperation, output: String
  ) -> SurgeryReport {
    SurgeryReport(path: path, outcome: outcome(path, operation, output))
  }

  private func outcome(
    _ path: String, _ operation: SurgeryOperation, _ output: String
  ) -> SurgeryReport.Outcome {
    do {
      let writer = try PairWriter(path: output)
      let model = try Model.load(path: path, options: options)
      let plan = try Plan(model, operation)
      let known = try KnownCertificates(model, scopes, certificate, checker)
      let findings = known.scopes.map { scope in
        plan.surgery.judge(scope, before: known.certified[scope], checker)
      }
      let isCertified = findings.allSatisfy { $0.survival != nil }
      if isCertified {
        let claims = findings.compactMap(\.after.certificate)
        try writer.write(plan.tensors.tensors, metadata: plan.metadata(path)) {
          (written) throws(ModelError) in
          CertificateFile(claims: claims, binding: try written.binding())
        }
      }
      return .judged(
        SurgeryReport.Judgement(
          recognised: model.recognised, notes: plan.notes + known.notes, summary: plan.summary,
          before: model.specification, after: plan.surgery.after, keptUnits: plan.map?.kept,
          findings: findings,
          written: isCertified ? (output, writer.certificatePath) : nil))
    } catch let error as ModelError {
      switch error {
      case .rejected(let code, let reason): return .rejected(code: code, reason: reason)
      case .configuration(let reason): return .misconfigured(reason: reason)
      }
    } catch let error as VerifyError {
      return .rejected(code: "certificate", reason: "\(error)")
    } catch let error as EdgeListError {
      guard case .prune(let edges) = operation else {
        return .misconfigured(reason: "\(error)")
      }
      return .misconfigured(reason: error.description(path: edges))
    } catch let error as PairWriter.Fault {
      if case .unverified(let reason) = error { return .failed(reason: reason) }
      return .misconfigured(reason: "-o \(printable(output)): \(error.reason)")
    } catch {
      return .misconfigured(reason: "\(error)")
    }
  }
}

/// An operation worked out for one model: the network and the tensors that it leaves.
private struct Plan {
  let model: Model
  let surgery: Surgery
  let map: UnitMap?
  var tensors: TensorSurgery
  let summary: String
  private let remarks: [String]

  init(_ model: Model, _ operation: SurgeryOperation) throws {
    self.model = model
    let network = model.specification
    tensors = try TensorSurgery(model)
    switch operation {
    case .prune(let path):
      let removal = try EdgeRemoval(EdgeList(contentsOf: path), of: network)
      surgery = try .pruning(network, removal.places, model.proposedMetric)
      try tensors.prune(removal.places)
      map = nil
      summary = removal.summary
      remarks = removal.notes
    case .ablate(let selection, let given):
      let map = try UnitMap(keeping: selection.kept(in: network), of: network.units)
      surgery = try .ablation(network, map, model.proposedMetric)
      try tensors.ablate(map, given)
      self.map = map
      let (gone, n) = (map.removed.count, network.units)
      summary = "deleted \(gone) of \(n) units; \(n - gone) stay"
      let hub = model.workspace.map { network.keptModules(map)[$0].kept == 0 } ?? false
      remarks = hub ? ["the hub module is deleted; the new model has no workspace"] : []
    }
  }

  var notes: [String] { model.notes + remarks + tensors.notes }

  /// The metadata of the old file, with a description of the new network.
  func metadata(_ path: String) -> [String: String] {
    let network = surgery.after
    var metadata = model.file.checkpoint.metadata
    metadata["certify.network"] =
      ManifestWriter(
        network: network, sources: model.sources, workspace: workspace, metric: tensors.metric,
        leak: model.manifest?.leak, origin: "\(model.recognised); \(summary)"
      ).text
    return metadata
  }

  private var workspace: Int? {
    guard let hub = model.workspace, let map else { return model.workspace }
    let modules = model.specification.keptModules(map)
    return modules[hub].kept == 0 ? nil : modules[..<hub].count { $0.kept > 0 }
  }
}

/// What is known of the network before the operation.
struct KnownCertificates {
  /// The scopes that are judged.
  let scopes: [Scope]
  private(set) var certified: [Scope: Certified<Specification>] = [:]
  private(set) var notes: [String] = []

  /// From a certificate file if there is one, and for the scopes it does not speak of from a search.
  ///
  /// - Throws: `ModelError.configuration` if no scope asked for exists, `.rejected` if the metric that came with
  ///   the file is none; `VerifyError` if the certificate does not hold.
  init(
    _ model: Model, _ asked: [Scope], _ certificate: String?, _ checker: Checker
  ) throws {
    try model.checkProposedMetric()
    let network = model.specification
    scopes = asked.filter { network.exists(in: $0) }
    guard !scopes.isEmpty else {
      throw ModelError.configuration(
        reason: asked == [.asRun]
          ? "--as-run: neither the model nor --step says how the network is run"
          : "--continuous: a map has no flow in continuous time")
    }
    var spoken: Set<Scope> = []
    if let certificate {
      for claim in try CertificateFile.verify(certificatePath: certificate, model: model) {
        guard scopes.contains(claim.scope) else {
          notes.append("the certificate's claim for \(claim.scope.rawValue) is left aside")
          continue
        }
        spoken.insert(claim.scope)
        if case .certified(let found) = claim { certified[claim.scope] = found }
      }
    }
    var checker = checker
    checker.shippedMetric = model.proposedMetric
    checker.workspace = model.workspace
    let open = scopes.filter { !spoken.contains($0) }
    for finding in checker.check(network, open) {
      if case .certified(let found) = finding.result { certified[finding.scope] = found }
    }
  }
}
