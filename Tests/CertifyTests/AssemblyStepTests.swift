import CertifyKernel
import TestSupport
import Testing

@testable import Certify

/// Euler steps of small assemblies.
@Suite struct AssemblyStepTests {
  /// Two modules of twelve units and a coupling between them that is skew up to a little.
  private func assembly(seed: UInt64) throws -> Specification {
    var generator = SplitMix64(seed: seed)
    var (w, l) = (Matrix(rows: 24, columns: 24), Matrix(rows: 24, columns: 24))
    for i in 0..<24 {
      for j in 0..<24 where i / 12 == j / 12 { w[i, j] = 0.4 * (generator.unit() - 0.5) }
      for j in 0..<24 where i < 12 && j >= 12 {
        l[i, j] = generator.unit() - 0.5
        l[j, i] = 0x1p-10 - l[i, j]
      }
    }
    return try Specification(
      form: .outside, recurrent: .dense(w), coupling: .dense(l), modules: [12, 12],
      step: Specification.Step(size: ExactRatio(0.03)))
  }

  /// The inequality of the whole network at that step loses less than the step carried over from the flow.
  @Test(arguments: UInt64(0)..<4)
  func theWholeIsLookedAt(seed: UInt64) throws {
    let network = try assembly(seed: seed)
    let problem = Problem(network, .asRun)
    let flow = Checker().check(try network.with(step: nil), .continuous)
    guard case .certified(let flow) = flow.result else {
      Issue.record("seed \(seed): the flow is not certified")
      return
    }
    var carried = Acceptance(network, .asRun)
    StepProposer.propose(problem, flow: flow, to: &carried)
    guard case .certified(let found) = Checker().check(network, .asRun).result else {
      Issue.record("seed \(seed): the step is not certified")
      return
    }
    let factor = try #require(found.guarantee.factor)
    let step = try #require(carried.best?.guarantee.factor)
    #expect(factor < step, "seed \(seed)")
    #expect(found.guarantee.rate > 0.8 * flow.guarantee.rate, "seed \(seed)")
  }

  /// What is removed later takes less of a proof made of parts, so surgery starts from one.
  @Test func surgeryKeepsTheParts() throws {
    let network = try assembly(seed: 1)
    let finding = SurgeryJob.surgeon.check(network, .asRun)
    guard case .certified(let found) = finding.result else {
      Issue.record("the step is not certified")
      return
    }
    #expect(found.guarantee.rule == .step)
  }
}
