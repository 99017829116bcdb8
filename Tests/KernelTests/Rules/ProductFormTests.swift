import CertifyKernel
import TestSupport
import Testing

@Suite struct ProductFormTests {
  @Test(arguments: UInt64(0)..<24)
  func rateHoldsInMetricSQInverseSOrQ(seed: UInt64) throws {
    try expectTruth(of: .productForm, in: [.product], seed: seed, networks: 5)
  }

  /// λ = 1/τ, exactly where 1/τ is a double, for every slope bound.
  @Test(arguments: [ExactRatio(1), ExactRatio(0.25), ExactRatio(3, over: 10)])
  func rateFormula(τ: ExactRatio) throws {
    let slopes = try [
      SlopeInterval.unit, .init(.zero, ExactRatio(1e6)), .init(.one, ExactRatio(2)),
    ]
    for (form, slope) in zip([Specification.Form.outside, .inside, .inside], slopes) {
      // −diag(1, 4) W = [[2, 1], [1, 3]].
      let network = try Specification.of(
        [[-2, -1], [-0.25, -0.75]], form, slopes: slope, tau: [τ])
      let argument = Argument.productForm(rowScaling: [1, 4], floor: 1)
      let rate = try #require(network.tightestBound(argument, .continuous))
      let exact = 1 / Rational(τ)
      #expect(Rational(rate) <= exact && Rational(rate.nextUp.nextUp) > exact)
      if τ.denominator == 1 { #expect(Rational(rate) == exact) }
      let certificate = Certificate(
        scope: .continuous, claim: .contracts(Proof(argument, bound: rate)))
      #expect(ExactNetwork(network).judge(certificate) == .confirmed)
    }
  }

  /// M = S Q⁻¹ S is for form outside and Q for form inside, and not the other way round.
  @Test func metricsOfTheWrongForm() throws {
    let proof = Proof(.productForm(rowScaling: [12, 1], floor: 0.25), bound: 1)
    let outside = ExactNetwork(try Specification.of([[-6, -0.5], [-6, -1]]))
    let inside = ExactNetwork(try Specification.of([[-6, -0.5], [-6, -1]], .inside))
    let (a, b) = (outside.metric(of: proof, .continuous), inside.metric(of: proof, .continuous))
    let (forOutside, forInside) = (try #require(a), try #require(b))
    #expect(outside.contracts(in: forOutside, .continuous, bound: 1))
    #expect(inside.contracts(in: forInside, .continuous, bound: 1))
    #expect(!outside.contracts(in: forInside, .continuous, bound: 0))
    #expect(!inside.contracts(in: forOutside, .continuous, bound: 0))
  }

  @Test func equalityNeverCertifies() throws {
    // Q singular: [n2_thm3_singularQ].
    let singular = try Specification.of([[-1, -1], [-1, -1]])
    for floor in [Double.leastNonzeroMagnitude, 0x1p-60, 1] {
      #expect(
        !singular.accepts(.productForm(rowScaling: [1, 1], floor: floor), bound: 0.5, .continuous))
    }
    // The floor at the least eigenvalue, where Q − μI is singular.
    let network = try Specification.of([[-2, -1], [-1, -2]])
    #expect(
      network.accepts(.productForm(rowScaling: [1, 1], floor: 1 - 0x1p-40), bound: 1, .continuous))
    #expect(!network.accepts(.productForm(rowScaling: [1, 1], floor: 1), bound: 1, .continuous))
    for floor in [0, -1, .nan, .infinity] as [Double] {
      #expect(
        !network.accepts(.productForm(rowScaling: [1, 1], floor: floor), bound: 1, .continuous))
    }
  }

  @Test func asymmetryOfOneUlpIsDeclined() throws {
    let network = try Specification.of([[-2, -1], [-0.25, -0.75]])
    for (k, s) in [[(1.0).nextUp, 4], [1, (4.0).nextDown], [1, 4]].enumerated() {
      let accepts = network.accepts(.productForm(rowScaling: s, floor: 0.5), bound: 1, .continuous)
      #expect(accepts == (k == 2))
    }
    // s₀W₀₁ and s₁W₁₀ round to the same double and are not equal.
    let third = 1.0 / 3
    let rounded = try Specification.of([[-2, -1], [-third, -2]])
    #expect(third * 3 == 1)
    #expect(!rounded.accepts(.productForm(rowScaling: [1, 3], floor: 0.1), bound: 1, .continuous))
  }

  @Test func malformedAndUncovered() throws {
    let network = try Specification.of([[-2, -1], [-1, -2]], step: ExactRatio(0.5))
    #expect(throws: InputError.length(.scaling, found: 3, expected: 2)) {
      try network.answer(.productForm(rowScaling: [1, 1, 1], floor: 1), bound: 1)
    }
    for bad in [0, -1, .nan, .infinity] as [Double] {
      #expect(
        !network.accepts(.productForm(rowScaling: [1, bad], floor: 0.5), bound: 1, .continuous))
    }
    let good = Argument.productForm(rowScaling: [1, 1], floor: 0.5)
    #expect(try network.answer(good, bound: 0.9, .asRun) == .undecided(.notCovered(.notEuler)))
    #expect(
      try network.answer(good, bound: 1.0.nextUp)
        == .undecided(.boundNotReached(claimed: 1.0.nextUp, attained: 1)))
    let positive = try Specification.of([[0.5]])
    #expect(!positive.accepts(.productForm(rowScaling: [1], floor: 0.1), bound: 0.1, .continuous))
  }
}
