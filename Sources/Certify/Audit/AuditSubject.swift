public import CertifyKernel

/// What diagnoses look at: a network, what was found of it, and what its file says beyond the equation.
public struct AuditSubject: Sendable {
  public let network: Specification
  /// At most one a scope; the kernel decided each.
  public let findings: [Finding]
  /// The metric that came with the file.
  public var shippedMetric: ProposedMetric?
  /// Index of the hub among the modules.
  public var workspace: Int?
  /// Nil where only slopes are known.
  public var activation: Activation?
  /// How weights were rebuilt from stored pieces.
  public var parametrisations: [Parametrisation] = []

  public init(_ network: Specification, findings: [Finding]) {
    self.network = network
    self.findings = findings
  }

  public init(_ model: Model, findings: [Finding]) {
    self.init(model.specification, findings: findings)
    shippedMetric = model.proposedMetric
    workspace = model.workspace
    activation = model.activation
    parametrisations = model.reconstructions.map(\.parametrisation)
  }

  func finding(_ scope: Scope) -> Finding? { findings.first { $0.scope == scope } }

  /// The flow where there is one, else the map.
  var mainScope: Scope { network.exists(in: .continuous) ? .continuous : .asRun }

  /// The units of each module, in order.
  var modules: [[Int]] {
    var start = 0
    return network.modules.map { size in
      defer { start += size }
      return Array(start..<(start + size))
    }
  }

  /// Whether dense work of size n is affordable.
  var isSmall: Bool { network.units <= 2048 }

  /// All diagnoses, in the order of `DiagnosisKind`.
  ///
  /// Each is raised only where the kernel or an interval evaluation has shown it. Cost: a few dense factorisations
  /// of size n, and a check of each module where modules are coupled.
  public func diagnoses() -> [Diagnosis] {
    let found =
      shippedMetricDiagnoses() + orientation() + identityCoupling() + spectralNorm() + asymmetry()
      + eulerUnstable() + slopeHypothesis() + workspaceEquality()
    let order = DiagnosisKind.allCases
    return found.sorted { a, b in
      let (i, j) = (a.kind.flatMap(order.firstIndex), b.kind.flatMap(order.firstIndex))
      return (i ?? order.count) < (j ?? order.count)
    }
  }
}

/// A unit or a few: "unit 3", "units 0, 2", "17 of 32 units".
func unitsInWords(_ units: [Int32], of n: Int) -> String {
  if units.count == n { return n == 1 ? "the unit" : "all units" }
  if units.isEmpty { return "no unit" }
  if units.count > 6 { return "\(units.count) of \(n) units" }
  return "unit\(units.count == 1 ? "" : "s") " + units.map(String.init).joined(separator: ", ")
}
