import CertifyKernel
import TestSupport
import Testing

/// The sizes ω, ℓ and r of a step: claims that are too small, metrics that do not split, rows of residuals.
@Suite struct StepNormTests {
  /// ‖(⅜, ½)ᵀ‖ = ⅝, between components and inside one; the magnitudes say √(½ · ⅞).
  @Test(arguments: [Specification.Step.Scheme.euler, .semiImplicit, .exponential])
  func gainsSlightlyTooSmall(scheme: Specification.Step.Scheme) throws {
    for (rows, toFirst) in [
      ([[0, 0, 0], [0.375, 0, 0], [0.5, 0, 0]], false),
      ([[0, 0, 0.375], [0, 0, 0.5], [0, 0, 0]], true),
    ] {
      let network = try Specification.of(rows).with(
        step: .init(scheme: scheme, size: ExactRatio(0.25)))
      let flow = Proof(
        .absoluteValue(columnScaling: [1, 1, 1], rowScaling: [1, 1, 1]), bound: 0.5)
      for parts in [toFirst ? [[0, 1], [2]] : [[0], [1, 2]], [[0, 1, 2]]] as [[[Int32]]] {
        let second = parts.count - 1
        let kind: NormClaim.Kind = toFirst || second == 0 ? .toFirst : .toSecond
        func argument(_ norm: Double?) -> Argument {
          StepOfFlowTests.step(
            network, flow,
            norms: norm.map { [NormClaim(first: 0, second: second, kind: kind, bound: $0)] } ?? [],
            components: parts)
        }
        for share in [0, -1e-15, -1e-12, -0.5, -1, -2] as [Double] {
          let norm = 0.625 * (1 + share)
          #expect(
            try network.answer(argument(norm), bound: 1 - 0x1p-50, .asRun)
              == .undecided(.normNotShown(first: 0, second: second, bound: norm)),
            "\(parts) \(share)")
        }
        #expect(try !network.answer(argument(.nan), bound: 1 - 0x1p-50, .asRun).isCertified)
        let plain = try #require(confirmedRate(network, argument(nil), .asRun))
        let honest = try #require(confirmedRate(network, argument(0.625 * (1 + 1e-12)), .asRun))
        #expect(plain.isTrue && honest.isTrue && honest.bound < plain.bound)
        // What is known is kept where the claim says less.
        let idle = try #require(confirmedRate(network, argument(0.75), .asRun))
        #expect(idle.bound == plain.bound)
      }
    }
  }

  /// A full block of an assembly's metric belongs to one component, or the step is declined.
  @Test(arguments: [Specification.Form.outside, .inside])
  func blocksOverSeveralComponents(form: Specification.Form) throws {
    let network = try Specification(
      form: form,
      recurrent: .dense(Matrix([[0.125, 0.25, 0], [0.25, 0.125, 0], [0, 0, 0.125]])),
      step: .init(size: ExactRatio(0.5)))
    let flow = Proof(
      .assembly(
        .init(
          .interconnection, components: [[0, 1], [2]],
          proofs: [Proof(.symmetric, bound: 0.5), Proof(.triangular(order: [0]), bound: 0.5)],
          columnScaling: [1, 1], rowScaling: [1, 1])), bound: 0.5)
    for parts in [
      [[0], [1], [2]], [[0], [1, 2]], [[1, 2], [0]], [[0, 2], [1]], [[2, 1], [0]],
    ]
      as [[[Int32]]]
    {
      #expect(
        try network.answer(
          StepOfFlowTests.step(network, flow, components: parts), bound: 1 - 0x1p-50, .asRun)
          == .undecided(.notCovered(.splitMetric)), "\(parts)")
    }
    for parts in [[[0, 1], [2]], [[2], [1, 0]], [[0, 1, 2]], [[2, 0, 1]]] as [[[Int32]]] {
      let argument = StepOfFlowTests.step(network, flow, components: parts)
      let found = try #require(confirmedRate(network, argument, .asRun), "\(parts)")
      #expect(found.isTrue, "\(parts)")
    }
  }

  /// r = max_i Σ_j r_ij: a hub with symmetric couplings ¼ and ⅛, each with norm half of what meets there.
  @Test(arguments: [0, 1, 2])
  func residualsOfARowAreSummed(hub: Int) throws {
    let leaves = [0, 1, 2].filter { $0 != hub }
    for (a, b) in [(0.25, 0.125), (0.125, 0.25)] {
      var L = Matrix(rows: 3, columns: 3)
      for (leaf, size) in zip(leaves, [a, b]) { (L[hub, leaf], L[leaf, hub]) = (size, size) }
      let flow = Proof(
        .assembly(
          .init(
            .feedback, components: [[0], [1], [2]],
            proofs: [1.0, 1, 1].map { Proof(.triangular(order: [0]), bound: $0) },
            columnScaling: [1, 1, 1], rowScaling: [1, 1, 1])), bound: 0.625)
      func run(_ scheme: Specification.Step.Scheme) throws -> (Specification, Argument) {
        let network = try Specification(
          form: .outside, recurrent: .dense(Matrix(rows: 3, columns: 3)), coupling: .dense(L),
          step: .init(scheme: scheme, size: ExactRatio(0.25)))
        return (
          network, StepOfFlowTests.step(network, flow, components: [[0], [1], [2]])
        )
      }
      // r = ⅜: 1/(1 + ¼ − 3/32).
      let (network, argument) = try run(.semiImplicit)
      try StepOfFlowTests.expectFactor(network, argument, Rational(32, over: 37))
      // e^{−5/32} = 0.85534559…
      let (exponential, decaying) = try run(.exponential)
      let decay = try #require(confirmedRate(exponential, decaying, .asRun))
      #expect(decay.isTrue && decay.bound > 0.85534 && decay.bound < 0.85535, "\(decay.bound)")
    }
  }
}
