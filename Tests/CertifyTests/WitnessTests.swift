import CertifyKernel
import TestSupport
import Testing

@testable import Certify

@Suite struct WitnessTests {
  static func refuted(
    _ w: [Double], coupling: [Double]? = nil, form: Specification.Form = .outside,
    scope: Scope = .continuous, step: Double? = nil, slopes: SlopeInterval = .unit
  ) throws -> (Specification, Witness) {
    let n = Int(Double(w.count).squareRoot())
    func matrix(_ values: [Double]) -> Weights {
      .dense(Matrix(rows: n, columns: n, values: values))
    }
    let network = try Specification(
      form: form, recurrent: matrix(w), coupling: coupling.map(matrix), slopes: slopes,
      step: step.map { .init(size: ExactRatio($0)) })
    guard case .refuted(let witness, _) = Checker().check(network, scope).result else {
      throw Missing()
    }
    return (network, witness)
  }

  struct Missing: Error {}

  /// J = −I + 2 at the first unit: x = (1, −1), u = x − Wφ(x) = (−1, −1), eigenvalue 1.
  @Test func reluStatesAreExact() throws {
    let (network, witness) = try Self.refuted([2, 0, 0, 0])
    let realised = try RealisedWitness(network, witness, activation: .relu)
    #expect(realised.state == [1, -1])
    #expect(realised.input == [-1, -1])
    #expect(realised.slopesAreExact && realised.holdsNearby == nil)
    #expect(realised.eigenvalue == (1, 0))
    let replay = realised.replay()
    #expect(replay.factor >= 10)
    #expect(replay.samples.first?.time == 0)
    #expect(replay.samples.count <= 33)
  }

  /// Form inside with W = (2): p = 1, h = 1, u = p − 2h = −1. A map likewise.
  @Test(arguments: [Specification.Form.inside, .map])
  func statesOfFormInside(form: Specification.Form) throws {
    let scope: Scope = form == .map ? .asRun : .continuous
    let (network, witness) = try Self.refuted([2, 0, 0, 0], form: form, scope: scope)
    let realised = try RealisedWitness(network, witness, activation: nil)
    #expect(realised.state == [1, 0])
    #expect(realised.input == [-1, -1])
    #expect(realised.eigenvalue.real == (form == .map ? 2 : 1))
    #expect(realised.replay().factor >= 10)
  }

  @Test func couplingsEnterTheState() throws {
    let coupling: [Double] = [0, -1, 1, 0]
    for form in [Specification.Form.outside, .inside] {
      let (network, witness) = try Self.refuted([4, 0, 0, 4], coupling: coupling, form: form)
      let realised = try RealisedWitness(network, witness, activation: .relu)
      let system = realised.system
      #expect(system.change(realised.state, realised.input).allSatisfy { abs($0) < 1e-14 })
      #expect(realised.replay().factor >= 10)
    }
  }

  /// The slopes of tanh are reached in the limit; the kernel refutes the network nearby as well.
  @Test func saturatedStatesAreSaidToBeLimits() throws {
    let (network, witness) = try Self.refuted([2, 0, 0, 0])
    for activation in [Activation.tanh, .softplus] {
      let realised = try RealisedWitness(network, witness, activation: activation)
      #expect(!realised.slopesAreExact)
      #expect(realised.holdsNearby == true)
      #expect(realised.replay().factor >= 10)
    }
    // At the boundary itself a tanh network is only marginal: nothing holds nearby, nothing grows.
    let (edge, marginal) = try Self.refuted([1, 0, 0, 0])
    let realised = try RealisedWitness(edge, marginal, activation: .tanh)
    let replay = realised.replay(budget: 100_000)
    #expect(replay.factor < 10 && replay.finalFactor > 0.99)
  }

  @Test func givenSlopesAreRealisedByTwoPieces() throws {
    let slopes = try SlopeInterval(ExactRatio(0.5), ExactRatio(8))
    let (network, witness) = try Self.refuted([0.25, 0, 0, -1], slopes: slopes)
    let realised = try RealisedWitness(network, witness, activation: nil)
    #expect(realised.slopesAreExact)
    #expect(realised.replay().factor >= 10)
  }

  /// The Euler map of step 0.3 has slope 1 − 2.7 at slope 1, and is run as it is.
  @Test func mapsAreRunAsTheyAre() throws {
    let (network, witness) = try Self.refuted([-8], scope: .asRun, step: 0.3)
    let realised = try RealisedWitness(network, witness, activation: .relu)
    #expect(abs(realised.eigenvalue.real + 1.7) < 1e-12)
    let replay = realised.replay()
    #expect(replay.factor >= 10 && replay.steps == 5)
  }

  @Test func whatCannotBeRealisedIsSaid() throws {
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix(rows: 2, columns: 2, values: [2, 0, 0, 0])),
      nonlinearCoupling: .init(
        weights: .dense(Matrix(rows: 2, columns: 2, values: [0, 1, 0, 0])), slopes: .unit))
    guard case .refuted(let witness, _) = Checker().check(network, .continuous).result else {
      throw Missing()
    }
    #expect(throws: RealisedWitness.Failure.nonlinearCoupling) {
      try RealisedWitness(network, witness, activation: .relu)
    }
  }
}
