public import CertifyKernel

/// What `certify audit MODEL` finds out about one model.
public struct ModelAudit: Sendable {
  public struct Result: Sendable {
    public let recognised: String
    public let specification: Specification
    public let findings: [Finding]
    /// One a scope that was judged.
    public let constantMetric: [ConstantMetricAudit]
    public let diagnoses: [Diagnosis]
  }

  /// As given.
  public let path: String
  public let outcome: Swift.Result<Result, ModelError>

  /// Reads, judges and asks. Safe to call from several threads at once.
  public init(path: String, options: ModelOptions) {
    self.path = path
    do {
      let model = try Model.load(path: path, options: options)
      let network = model.specification
      var checker = Checker(findsMaximumStep: false, findsLargestScale: false)
      checker.shippedMetric = model.proposedMetric
      let findings = checker.check(network, Scope.allCases.filter { network.exists(in: $0) })
      let metrics = findings.map { ConstantMetricAudit(network, $0) }
      outcome = .success(
        Result(
          recognised: model.recognised, specification: network, findings: findings,
          constantMetric: metrics,
          diagnoses: metrics.flatMap(\.diagnoses)
            + AuditSubject(model, findings: findings).diagnoses()))
    } catch {
      outcome = .failure(error)
    }
  }
}
