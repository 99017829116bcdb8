import CertifyKernel
import Foundation
import TestSupport
import Testing

@testable import Certify

/// Every diagnosis has a network that has it, and one that only just has not.
@Suite struct AuditDiagnosisTests {
  static func matrix(_ values: [Double]) -> Matrix {
    let n = Int(Double(values.count).squareRoot())
    return Matrix(rows: n, columns: n, values: values)
  }

  static func network(
    _ w: [Double], coupling: [Double]? = nil, form: Specification.Form = .outside,
    modules: [Int]? = nil, step: Double? = nil
  ) throws -> Specification {
    try Specification(
      form: form, recurrent: .dense(matrix(w)), coupling: coupling.map { .dense(matrix($0)) },
      modules: modules, step: step.map { .init(size: ExactRatio($0)) })
  }

  static func subject(_ network: Specification) -> AuditSubject {
    let checker = Checker(findsMaximumStep: false, findsLargestScale: false)
    return AuditSubject(
      network,
      findings: checker.check(network, Scope.allCases.filter { network.exists(in: $0) }))
  }

  static func ids(_ subject: AuditSubject) -> [String] { subject.diagnoses().map(\.id) }

  static func ids(_ network: Specification, metric: ProposedMetric) -> [String] {
    var subject = subject(network)
    subject.shippedMetric = metric
    return ids(subject)
  }

  // MARK: Metrics

  @Test(arguments: [Specification.Form.outside, .inside])
  func aMetricAtTheBoundaryIsNone(form: Specification.Form) throws {
    let scaled = ProposedMetric.diagonal([1, 1])
    #expect(
      Self.ids(try Self.network([0, 2, 0, 0], form: form), metric: scaled)
        .contains("metric-not-valid"))
    #expect(Self.ids(try Self.network([0, 1.99, 0, 0], form: form), metric: scaled) == [])
    // The metric of this network; its inverse is none.
    let right = ProposedMetric.diagonal([1, 4])
    let wrong = ProposedMetric.diagonal([4, 1])
    #expect(Self.ids(try Self.network([0, 3, 0, 0], form: form), metric: right) == [])
    #expect(
      Self.ids(try Self.network([0, 3, 0, 0], form: form), metric: wrong) == ["metric-not-valid"])
  }

  @Test func anIndefiniteMatrixIsNoMetric() throws {
    let found = Self.ids(
      try Self.network([0, 0, 0, 0]), metric: .blocks([Self.matrix([1, 2, 2, 1])]))
    #expect(found == ["metric-not-valid"])
  }

  @Test func multiplesOfTheIdentityAreRecognised() throws {
    let network = try Self.network([0, 3, 0, 0])
    for c in [0.5, 1, 7] {
      #expect(
        Self.ids(network, metric: .diagonal([c, c]))
          == ["metric-not-valid", "elementwise-metric-check"])
    }
    #expect(Self.ids(network, metric: .diagonal([0.5, 0.5.nextUp])) == ["metric-not-valid"])
    // Even element by element the check fails where a unit excites itself by 1 or more.
    #expect(
      Self.ids(try Self.network([1, 3, 0, 0]), metric: .diagonal([0.5, 0.5]))
        .contains("elementwise-metric-check") == false)
  }

  /// n3_lyap_counter of the vectors: 0.108 at slopes 1.
  static let lyapunov = [0.5, 0.25, 0.25, 0.25, 2.25, 0.875, 0.25, 0.875, 0.75]
  static let counter: [Double] = [0, 0, 1, 0, 0, 0, 0, -2, 0]

  @Test func lyapunovMetricsAreRecognised() throws {
    let network = try Self.network(Self.counter)
    let m = Self.matrix(Self.lyapunov)
    #expect(Self.ids(network, metric: .blocks([m])) == ["metric-not-valid", "lyapunov-metric"])
    let scaled = Matrix(rows: 3, columns: 3, values: m.values.map { 3 * $0 })
    #expect(
      Self.ids(network, metric: .blocks([scaled])) == ["metric-not-valid", "lyapunov-metric"])
    var other = m
    other[0, 0] += 0x1p-6
    #expect(Self.ids(network, metric: .blocks([other])) == ["metric-not-valid"])
    #expect(Self.ids(network, metric: .diagonal([0.25, 2.25, 0.5])) == [])
  }

  // MARK: Couplings

  @Test func feedbackIsSkewInTheMetricOrInItsInverse() throws {
    let metric = ProposedMetric.diagonal([1, 4])
    func ids(_ l: [Double]) throws -> [String] {
      Self.ids(try Self.network([0, 0, 0, 0], coupling: l, modules: [1, 1]), metric: metric)
    }
    #expect(try ids([0, -4, 1, 0]) == [])
    #expect(try ids([0, -0.25, 1, 0]) == ["feedback-wrong-orientation"])
    // Skew in neither, and a coupling that is 0.
    #expect(try ids([0, -1, 1, 0]) == [])
    #expect(try ids([0, 0, 0, 0]) == [])
  }

  @Test(arguments: [(1.0, false), (1.99, false), (2, true), (3, true), (4, true)])
  func identityCouplingNeedsModulesThatContractInTheIdentity(a: Double, isFound: Bool) throws {
    let audit = try IdentityCouplingAudit(a: a)
    #expect(audit.diagnoses.map(\.id).contains("identity-coupling") == isFound)
  }

  @Test func aCouplingThatIsNotSkewIsNoIdentityCoupling() throws {
    let l: [Double] = [0, 0, -1, 0, 0, 1, 2, -1, 0]
    let found = Self.ids(
      Self.subject(try Self.network([0, 4, 0, 0, 0, 0, 0, 0, 0], coupling: l, modules: [2, 1])))
    #expect(!found.contains("identity-coupling"))
  }

  /// Theory §7: stable below 3, an eigenvalue exactly 0 at 3, 0.1795 at 4.
  @Test func theThreeUnitsChangeAtThree() throws {
    let (two, three, four) = (
      try IdentityCouplingAudit(a: 2), try IdentityCouplingAudit(a: 3),
      try IdentityCouplingAudit(a: 4)
    )
    if case .refuted = two.finding.result { Issue.record("a = 2 is stable at every vertex") }
    for audit in [three, four] {
      guard case .refuted(let witness, _) = audit.finding.result else {
        Issue.record("a = \(audit.a) is unstable at slopes 1")
        continue
      }
      #expect(witness.instability.active == [0, 1, 2])
    }
    #expect(abs(three.leadingEigenvalue) < 1e-12)
    #expect(abs(four.leadingEigenvalue - 0.179509) < 1e-6)
    #expect(throws: AuditError.self) { try IdentityCouplingAudit(a: .nan) }
  }

  // MARK: Weights

  @Test func aSpectralNormMustBeBelowOne() throws {
    func ids(_ w: [Double], spectral: Bool) throws -> [String] {
      var subject = Self.subject(try Self.network(w))
      if spectral { subject.parametrisations = [.spectral] }
      return Self.ids(subject).filter { $0.hasPrefix("spectral") }
    }
    let name = "spectral-norm-not-below-one"
    #expect(try ids([1, 0, 0, 0.5], spectral: true) == [name])
    #expect(try ids([(1.0).nextDown, 0, 0, 0.5], spectral: true) == [])
    #expect(try ids([1.1, 0, 0, 0.5], spectral: true) == [name])
    // Without the parametrisation only a norm that was meant to be 1 counts.
    #expect(try ids([0, 1 + 0x1p-20, 0.5, 0], spectral: false) == [name])
    #expect(try ids([0, 1.1, 0.5, 0], spectral: false) == [])
    #expect(try ids([0, 1, 1, 0], spectral: false) == [])
  }

  @Test func theLastBitOfSymmetry() throws {
    let half = Double(Float(0.5).nextUp)
    func ids(_ w: [Double]) throws -> [String] {
      Self.ids(Self.subject(try Self.network(w))).filter { $0.hasPrefix("not-exactly") }
    }
    #expect(try ids([0, 0.5, half, 0]) == ["not-exactly-symmetric"])
    #expect(try ids([0, 0.5, 0.5.nextUp, 0]) == ["not-exactly-symmetric"])
    #expect(try ids([0, 0.5, 0.5, 0]) == [])
    #expect(try ids([0, 0.5, 0.501, 0]) == [])
    let found = Self.subject(try Self.network([0, 0.5, half, 0])).diagnoses()
    #expect(found.first?.sentence.contains("1 unit in the last place of float32") == true)
  }

  @Test func slopeHypothesesAreAboutActivationsThatAreFlat() throws {
    func ids(_ w: [Double], _ activation: Activation?) throws -> [String] {
      var subject = Self.subject(try Self.network(w))
      subject.activation = activation
      return Self.ids(subject)
    }
    let symmetric = [0, 0.5, 0.5, 0]
    #expect(try ids(symmetric, .relu) == ["slope-hypothesis"])
    #expect(try ids(symmetric, .hardTanh) == ["slope-hypothesis"])
    #expect(try ids(symmetric, .tanh) == [])
    #expect(try ids([0, 0.5, 0.25, 0], .relu) == [])
    #expect(try ids([0.5, 0, 0, 0.25], .relu) == [])
  }

  // MARK: Steps and workspaces

  @Test func eulerStepsCanUndoAFlow() throws {
    let stiff = Self.subject(try Self.network([-8, 0, 0, -8], step: 0.3))
    #expect(Self.ids(stiff) == ["euler-unstable"])
    #expect(stiff.diagnoses().first?.advice?.contains("certified") == true)
    #expect(Self.ids(Self.subject(try Self.network([-8, 0, 0, -8], step: 0.1))) == [])
    // A flow that is refuted itself is not the step's fault.
    #expect(Self.ids(Self.subject(try Self.network([2, 0, 0, -8], step: 0.3))) == [])
  }

  static func star(leaves: Int, _ norm: Double) throws -> AuditSubject {
    let n = leaves + 1
    var k = Matrix(rows: n, columns: n)
    for i in 1..<n {
      k[0, i] = norm
      k[i, 0] = norm
    }
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix(rows: n, columns: n)),
      nonlinearCoupling: .init(weights: .dense(k), slopes: .unit),
      modules: [Int](repeating: 1, count: n))
    return subject(network)
  }

  /// gw_scalar_equality and gw_scalar_p_peripherals of the vectors.
  @Test func workspacesMustStayStrictlyBelow() throws {
    #expect(Self.ids(try Self.star(leaves: 4, (0.5).nextDown)) == [])
    let equal = try Self.star(leaves: 4, 0.5).diagnoses()
    #expect(equal.map(\.id) == ["workspace-equality"])
    #expect(equal.first?.sentence.contains("equality") == true)
    let miscounted = try Self.star(leaves: 5, 0.5).diagnoses()
    #expect(miscounted.map(\.id) == ["workspace-equality"])
    #expect(miscounted.first?.sentence.contains("counted") == true)
  }

  // MARK: The list

  @Test func everyDiagnosisHasAPage() throws {
    for kind in DiagnosisKind.allCases {
      let page = try #require(Diagnosis(kind, "", advice: "").page)
      let text = try TextFile.read(SharedFolder.packageRoot.path + "/" + page)
      for heading in [
        "# \(kind == .metricNotValid ? "The metric" : "")", "`\(kind.rawValue)`",
        "## What it means",
        "## How it arises", "## The smallest counter-example", "## What to do",
      ] { #expect(text.contains(heading), "\(page): \(heading)") }
    }
  }
}
