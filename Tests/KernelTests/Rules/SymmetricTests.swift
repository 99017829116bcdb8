import CertifyKernel
import TestSupport
import Testing

@Suite struct SymmetricTests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsInMetric2aIMinusGWOrItsInverse(seed: UInt64) throws {
    try expectTruth(of: .symmetric, in: [.symmetric], seed: seed, networks: 4)
  }

  /// λ = (1 − a)/τ if aI − gW ≻ 0: for W = ½J − ¼I the rate is 1 − gλmax less what Cholesky asks for.
  @Test func rateFormula() throws {
    let W = [[0.25, 0.5], [0.5, 0.25]]
    for form in [Specification.Form.outside, .inside] {
      let network = try Specification.of(W, form, tau: [ExactRatio(3, over: 10)])
      let rate = try #require(network.tightestBound(.symmetric, .continuous))
      // The supremum is 0.25/0.3 = 5/6, and is not attained.
      #expect(Rational(rate) < Rational(5, over: 6) && rate > 5.0 / 6 - 0x1p-48)
    }
  }

  /// |1 − h| < ρ < 1, and ρ is the largest modulus of 1 − h + hz over the spectrum of gW and 0.
  @Test(arguments: [ExactRatio(3, over: 10), ExactRatio(1), ExactRatio(5, over: 4)])
  func factorFormula(h: ExactRatio) throws {
    // Eigenvalues ¾ and −½ (h = 5/4: −¼ − ⅝ = −⅞, ¾: −¼ + 15/16).
    let network = try Specification.of([[0.125, 0.625], [0.625, 0.125]], .inside, step: h)
    let size = Rational(h)
    let expected = [Rational(3, over: 4), Rational(-1, over: 2), 0]
      .map { (1 - size + size * $0).magnitude }.reduce(0, max)
    let factor = try #require(network.tightestBound(.symmetric, .asRun))
    #expect(Rational(factor) >= expected)
    #expect(Rational(factor) < expected + Rational(0x1p-46))
    #expect(
      try !network.answer(.symmetric, bound: expected.approximation - 0x1p-40, .asRun).isCertified)
  }

  @Test func equalityNeverCertifies() throws {
    let edges = [[[1.0]], [[0, 1], [1, 0]], [[0.5, 0.5], [0.5, 0.5]]]
    for W in edges {
      let network = try Specification.of(W, step: ExactRatio(0.5))
      #expect(network.tightestBound(.symmetric, .continuous) == nil)
      #expect(network.tightestBound(.symmetric, .asRun) == nil)
      #expect(try !network.answer(.symmetric, bound: .leastNonzeroMagnitude).isCertified)
      #expect(try !network.answer(.symmetric, bound: 1.0.nextDown, .asRun).isCertified)
    }
    // The flip: an eigenvalue of exactly −(2 − h)/h.
    let flip = try Specification.of([[-3]], step: ExactRatio(0.5))
    #expect(flip.tightestBound(.symmetric, .asRun) == nil)
    #expect(flip.accepts(.symmetric, bound: 1.0.nextDown, .continuous))
    #expect(!flip.accepts(.symmetric, bound: 1, .continuous), "the supremum of a singular limit")
  }

  @Test(arguments: UInt64(0)..<16)
  func oneUlpOfAsymmetryIsDeclined(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let n = generator.integer(in: 2...5)
    let network = try Ensemble.symmetric.network(units: n, &generator)
    var W = network.recurrent.dense()
    for k in 0..<(n * n) { W[k / n, k % n] *= 0.0625 }
    let (i, j) = (generator.integer(in: 1...(n - 1)), 0)
    let small = try network.with(recurrent: W)
    for scope in small.scopes {
      #expect(small.tightestBound(.symmetric, scope) != nil || scope == .asRun)
      var bent = W
      bent[i, j] = bent[i, j].nextUp
      let answer = try small.with(recurrent: bent).answer(
        .symmetric, bound: scope == .continuous ? 0x1p-20 : 0.9999, scope)
      #expect(
        answer
          == .undecided(
            .notSymmetric(matrix: "W", row: i, column: j, entry: bent[i, j], mirror: W[j, i])))
    }
  }

  /// Without a linear coupling the leak may be treated implicitly: paces ⅓ and 1 − e^{−½} for h = ½.
  @Test func stepsOfAnotherPace() throws {
    // W has the eigenvalue ¾: ρ = 1 − p/4.
    let W = [[0.5, 0.25], [0.25, 0.5]]
    for (scheme, pace) in [
      (.euler, 0.5), (.semiImplicit, 1.0 / 3), (.exponential, 0.39346934028736658),
    ] as [(Specification.Step.Scheme, Double)] {
      let network = try Specification.of(W).with(step: .init(scheme: scheme, size: ExactRatio(0.5)))
      let factor = try #require(network.tightestBound(.symmetric, .asRun))
      #expect((factor - (1 - pace / 4)).magnitude < 1e-14)
      let certificate = Certificate(
        scope: .asRun, claim: .contracts(Proof(.symmetric, bound: factor)))
      #expect(ExactNetwork(network).judge(certificate) == .confirmed)
    }
  }

  @Test func whatTheRuleDoesNotCover() throws {
    let W = [[0.1, 0.2], [0.2, 0.1]]
    let coupled = try Specification.of(W, L: [[0, 1], [-1, 0]])
    #expect(try coupled.answer(.symmetric, bound: 0.1) == .undecided(.notCovered(.linearCoupling)))
    let times = try Specification.of(W, tau: [1, 2].map { ExactRatio($0) })
    #expect(
      try times.answer(.symmetric, bound: 0.1) == .undecided(.notCovered(.timeConstantsDiffer)))
    let still = try Specification.of(W)
    #expect(try still.answer(.symmetric, bound: 0.9, .asRun) == .undecided(.noSuchScope(.asRun)))
    let map = try Specification.of(W, .map)
    #expect(try map.answer(.symmetric, bound: 0.1) == .undecided(.noSuchScope(.continuous)))
    for scheme in Specification.Step.Scheme.allCases where scheme != .euler {
      let other = try still.with(step: .init(scheme: scheme, size: ExactRatio(0.5)))
      #expect(other.accepts(.symmetric, bound: 0.1, .continuous))
      guard [.implicit, .split].contains(scheme) else { continue }
      #expect(try other.answer(.symmetric, bound: 0.9, .asRun) == .undecided(.notCovered(.scheme)))
    }
  }
}
