import CertifyKernel
import TestSupport
import Testing

@testable import Certify

/// Assemblies and steps under surgery: a hub and two leaves, skew linear feedback, certified by hand.
@Suite("Surgery: assemblies") struct SurgeryAssemblyTests {
  private let components: [[Int32]] = [[0, 1], [2, 3], [4]]

  /// W block diagonal, L skew between the hub (module 0) and each leaf.
  private func network(step: Specification.Step? = nil) throws -> Specification {
    var W = Matrix(rows: 5, columns: 5)
    var L = W
    for (i, j, x) in [(0, 1, 0.5), (1, 0, -0.25), (2, 3, 0.25), (3, 3, -2), (4, 4, 0.5)] {
      W[i, j] = x
    }
    for (i, j, x) in [(0, 2, 3.0), (1, 3, -2), (0, 4, 1), (1, 4, 5)] {
      L[i, j] = x
      L[j, i] = -x
    }
    return try Specification(
      form: .outside, recurrent: .dense(W), coupling: .dense(L), modules: [2, 2, 1], step: step)
  }

  private func argument(
    _ network: Specification, _ structure: Argument.Structure
  ) throws -> Argument {
    let proofs = try components.map { units in
      let ones = [Double](repeating: 1, count: units.count)
      let own = Argument.absoluteValue(columnScaling: ones, rowScaling: ones)
      let part = try network.restricted(to: units.map(Int.init))
      return Proof(own, bound: try #require(part.tightestBound(own, .continuous)))
    }
    return .assembly(
      .init(
        structure, components: components, proofs: proofs, columnScaling: [1, 1, 1],
        rowScaling: [1, 1, 1]))
  }

  private func certified(
    _ network: Specification, _ argument: Argument, _ scope: Scope
  ) throws -> Certified<Specification> {
    let bound = try #require(network.tightestBound(argument, scope))
    let certificate = Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound)))
    guard case .certified(let found) = try network.certify(using: certificate) else {
      throw TestFault.noError
    }
    return found
  }

  private func expectKept(
    _ surgery: Surgery, _ before: Certified<Specification>, _ rule: Rule, _ place: String
  ) {
    let finding = surgery.judge(before.guarantee.scope, before: before)
    #expect(finding.survival == .kept, "\(place)")
    #expect(finding.isTrue(of: surgery.after) == true, "\(place)")
    guard case .contracts(let proof)? = finding.after.certificate?.claim else { return }
    #expect(proof.rule == rule, "\(place)")
  }

  @Test(arguments: [
    Argument.Structure.feedback, .globalWorkspace(hub: 0), .interconnection,
  ])
  func units(structure: Argument.Structure) throws {
    let network = try network()
    let before = try certified(network, argument(network, structure), .continuous)
    let rule = before.guarantee.rule
    let withoutHub: Rule = structure == .feedback ? .feedback : .interconnection
    let cases: [([Int], Rule)] = [
      ([1, 2, 3, 4], rule), ([0, 1, 3], rule), ([0, 1, 4], rule), ([2, 3, 4], withoutHub),
      ([0, 1], .absoluteValue), ([4], .absoluteValue), ([1, 3], rule),
    ]
    for (kept, expected) in cases {
      let surgery = try Surgery.ablation(network, keeping: kept)
      #expect(surgery.after.modules.reduce(0, +) == kept.count)
      expectKept(surgery, before, expected, "\(structure) \(kept)")
    }
  }

  @Test(arguments: ["L 0 2", "L 4 1\nL 1 3", "block 0 1", "block 2 0\nW 0 1", "0 1\n3 3"])
  func connections(text: String) throws {
    let network = try network()
    let before = try certified(network, argument(network, .feedback), .continuous)
    let removal = try EdgeRemoval(EdgeList(text: text), of: network)
    expectKept(try Surgery.pruning(network, removal), before, .feedback, text)
  }

  /// One side of a pair is no longer skew: the metric may stay, the rate does not.
  @Test func oneSide() throws {
    let network = try network()
    let before = try certified(network, argument(network, .feedback), .continuous)
    let removal = try EdgeRemoval(EdgeList(text: "L 4 0 only"), of: network)
    let surgery = try Surgery.pruning(network, removal)
    let finding = surgery.judge(.continuous, before: before)
    #expect(finding.survival != .kept)
    if finding.after.certificate != nil { #expect(finding.isTrue(of: surgery.after) == true) }
  }

  /// An implicit step takes its factor from the rate alone.
  @Test func steps() throws {
    let step = Specification.Step(scheme: .implicit, size: ExactRatio(1, over: 10))
    let network = try network(step: step)
    let flow = argument
    let proof = try certified(network, flow(network, .feedback), .continuous)
    guard case .contracts(let inner) = proof.certificate.claim else { return }
    let argument = Argument.step(
      .init(flow: inner, components: components, columnScaling: [1, 1, 1], rowScaling: [1, 1, 1]))
    let before = try certified(network, argument, .asRun)
    for kept in [[0, 2, 3, 4], [2, 3], [0, 1, 4]] {
      let surgery = try Surgery.ablation(network, keeping: kept)
      let finding = surgery.judge(.asRun, before: before)
      #expect(finding.survival == .kept, "\(kept)")
    }
  }
}
