import CertifyKernel
import TestSupport
import Testing

/// Norms that are claimed of what the slopes add, in diagonal metrics and where W and K meet.
@Suite struct GainClaimTests {
  private static func expect(
    _ network: Specification, _ norm: Double, _ kind: NormClaim.Kind, isTrue: Bool,
    _ argument: ([NormClaim]) -> Argument, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let claimed = argument([NormClaim(first: 0, second: 1, kind: kind, bound: norm)])
    let answer = try network.answer(claimed, bound: 0x1p-30)
    let isDeclined = answer == .undecided(.normNotShown(first: 0, second: 1, bound: norm))
    #expect(isDeclined != isTrue, "\(norm) \(answer)", sourceLocation: sourceLocation)
    #expect(
      confirmedRate(network, claimed)?.isTrue != false, "\(norm)", sourceLocation: sourceLocation)
  }

  /// Form inside: the slopes turn in the module that is driven, whose diagonal metric p is not 1.
  @Test(arguments: [[4, 0.25], [0.0625, 9], [16, 4], [0.25, 0.0625]])
  func insideAndADiagonalMetric(p: [Double]) throws {
    let q = 4.0
    // From unit 2 to units 0 and 1 and back; half the width of [0, 1].
    var W = Matrix(rows: 3, columns: 3)
    (W[0, 2], W[1, 2], W[2, 0], W[2, 1]) = (3, 4, 2, -1)
    var L = Matrix(rows: 3, columns: 3)
    for i in 0..<3 { L[i, i] = -63 }
    let network = try Specification(form: .inside, recurrent: .dense(W), coupling: .dense(L))
    func argument(_ norms: [NormClaim]) -> Argument {
      .assembly(
        .init(
          .interconnection, components: [[0, 1], [2]],
          proofs: [
            Proof(.absoluteValue(columnScaling: [1, 1], rowScaling: p), bound: 64),
            Proof(.absoluteValue(columnScaling: [1], rowScaling: [q]), bound: 64),
          ], columnScaling: [1, 1], rowScaling: [1, 1], norms: norms))
    }
    let driven = ((9 * p[0] + 16 * p[1]) / q).squareRoot() / 2
    let back = (q * (4 / p[0] + 1 / p[1])).squareRoot() / 2
    for (norm, kind) in [(driven, NormClaim.Kind.toFirst), (back, .toSecond)] {
      for (share, isTrue) in [(1e-9, true), (-1e-9, false), (-0.5, false)] {
        try Self.expect(network, norm * (1 + share), kind, isTrue: isTrue, argument)
      }
    }
    // The norms with p taken for 1, wherever they say too little.
    for (naive, norm, kind) in [
      ((25 / q).squareRoot() / 2, driven, NormClaim.Kind.toFirst),
      ((5 * q).squareRoot() / 2, back, .toSecond),
    ] where naive < norm {
      try Self.expect(network, naive * (1 + 1e-9), kind, isTrue: false, argument)
    }
  }

  /// ‖WD + KD′‖ is no norm of W + K: (1 1; 0 0)/2 and (0 0; 1 −1)/2 add up to √2/2, with other signs to 1.
  @Test func whereWAndKMeet() throws {
    var (W, K, L) = (
      Matrix(rows: 4, columns: 4), Matrix(rows: 4, columns: 4), Matrix(rows: 4, columns: 4)
    )
    // From module {2, 3} to module {0, 1}.
    (W[0, 2], W[0, 3]) = (1, 1)
    (K[1, 2], K[1, 3]) = (1, -1)
    for i in 0..<4 { L[i, i] = -3 }
    let network = try Specification(
      form: .outside, recurrent: .dense(W), coupling: .dense(L),
      nonlinearCoupling: .init(weights: .dense(K), slopes: .unit),
      step: .init(size: ExactRatio(1, over: 16)))
    func argument(_ norms: [NormClaim]) -> Argument {
      .assembly(
        .init(
          .interconnection, components: [[0, 1], [2, 3]],
          proofs: [4.0, 4].map {
            Proof(.absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1]), bound: $0)
          }, columnScaling: [1, 1], rowScaling: [1, 1], norms: norms))
    }
    // By magnitudes the kernel knows 1, the truth; nothing below it is shown.
    for norm in [(0.5).squareRoot() * (1 + 1e-9), 0.75, 1 - 1e-9] {
      try Self.expect(network, norm, .toFirst, isTrue: false, argument)
    }
    let plain = try #require(confirmedRate(network, argument([])))
    #expect(plain.isTrue)
    // The same claims of a step, where nothing is halved and the component may be the whole.
    let flow = Proof(argument([]), bound: 0.5)
    for parts in [[[0, 1], [2, 3]], [[0, 1, 2, 3]]] as [[[Int32]]] {
      for norm in [(2.0).squareRoot() * (1 + 1e-9), 2 - 1e-9] {
        let step = StepOfFlowTests.step(
          network, flow,
          norms: [NormClaim(first: 0, second: parts.count - 1, kind: .toFirst, bound: norm)],
          components: parts)
        #expect(
          try network.answer(step, bound: 1 - 0x1p-50, .asRun)
            == .undecided(.normNotShown(first: 0, second: parts.count - 1, bound: norm)))
      }
    }
  }
}
