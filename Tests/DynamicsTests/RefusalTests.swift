import Certify
import CertifyKernel
import Dynamics
import TestSupport
import Testing

/// What must not run.
@Suite struct RefusalTests {
  private func certified(_ network: RateNetwork, _ scope: Scope) throws -> Certified<Specification>
  {
    let finding = Checker(findsMaximumStep: false).check(network.specification, scope)
    guard case .certified(let certified) = finding.result else {
      throw NetworkError.notCertified(finding)
    }
    return certified
  }

  @Test func aCertificateForAnotherSchemeOrTheFlowIsRefused() throws {
    let euler = try ContractionTests.network(.init(scheme: .euler), seed: 1)
    let split = try ContractionTests.network(.init(scheme: .split), seed: 1)
    let forEuler = try certified(euler, .asRun)
    _ = try CertifiedStep<EulerStep>(euler, forEuler)
    let wrong = #expect(throws: NetworkError.self) {
      try CertifiedStep<SemiImplicitStep>(euler, forEuler)
    }
    #expect(
      wrong?.description
        == "certified as euler steps, which does not allow to run as semi-implicit steps")
    #expect(throws: NetworkError.self) { try CertifiedStep<MapStep>(euler, forEuler) }
    let flow = #expect(throws: NetworkError.self) {
      try CertifiedStep<EulerStep>(euler, certified(euler, .continuous))
    }
    #expect(flow?.description == "certified as a flow, which does not allow to run as euler steps")
    let other = #expect(throws: NetworkError.self) {
      try CertifiedStep<SplitStep>(split, forEuler)
    }
    #expect(other?.description == "the certificate is that of another network")
  }

  @Test func anUnstableNetworkIsRefused() throws {
    let specification = try Specification(
      form: .outside, recurrent: .dense(Matrix([[2]])), step: .init(size: ExactRatio(0.5)))
    let network = try RateNetwork(specification, activation: .relu)
    let error = #expect(throws: NetworkError.self) { try AnyIntegrator(certifying: network) }
    #expect(error?.description == "the network as it runs is not certified (refuted)")
  }

  @Test func anActivationOutsideTheSlopesIsRefused() throws {
    let half = try Specification(
      form: .outside, recurrent: .dense(Matrix([[0.5]])),
      slopes: SlopeInterval(.zero, ExactRatio(0.5)), step: .init(size: ExactRatio(0.5)))
    #expect(throws: NetworkError.self) { try RateNetwork(half, activation: .relu) }
    _ = try RateNetwork(half, activation: .sigmoid)
    let leaky = try Specification(
      form: .outside, recurrent: .dense(Matrix([[0.5]])),
      slopes: SlopeInterval(ExactRatio(0.25), .one), step: .init(size: ExactRatio(0.5)))
    #expect(throws: NetworkError.self) { try RateNetwork(leaky, activation: .relu) }
    _ = try RateNetwork(leaky, activation: .leakyReLU(negativeSlope: ExactRatio(0.25)))
  }

  @Test func inputsThatDoNotFitAreRefused() throws {
    let network = try ContractionTests.network(.init(scheme: .split), seed: 1)
    let integrator = try AnyIntegrator(certifying: network)
    #expect(throws: NetworkError.self) {
      try integrator.walk(input: [1], steps: 1, batch: 1) { _, _, _, _ in }
    }
    #expect(throws: NetworkError.self) {
      try integrator.walk(input: [1, 1], steps: 1, batch: 1, from: [1]) { _, _, _, _ in }
    }
  }

  @Test func anAssemblyIsTheNetworkOfItsParts() throws {
    var assembly = Assembly(modules: [Matrix([[0.5]]), Matrix([[0, 0.25], [0, 0]])])
    assembly.feedBack(1, 0, Matrix([[2], [3]]), metrics: (row: [1, 4], column: [2]))
    assembly.coupleNonlinearly(0, 1, Matrix([[0.125, 0]]))
    let whole = try assembly.specification()
    #expect(whole.recurrent.dense() == Matrix([[0.5, 0, 0], [0, 0, 0.25], [0, 0, 0]]))
    // M_c⁻¹BᵀM_r = ½(2·1, 3·4).
    #expect(whole.coupling?.dense() == Matrix([[0, -1, -6], [2, 0, 0], [3, 0, 0]]))
    #expect(
      whole.nonlinearCoupling?.weights.dense() == Matrix([[0, 0.125, 0], [0, 0, 0], [0, 0, 0]]))
    #expect(whole.modules == [1, 2])
  }
}

extension Matrix {
  /// Rows written out.
  fileprivate init(_ rows: [[Double]]) {
    self.init(rows: rows.count, columns: rows[0].count, values: rows.flatMap { $0 })
  }
}
