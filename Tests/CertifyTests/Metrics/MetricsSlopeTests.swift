import Certify
import CertifyKernel
import Testing

@Suite struct MetricsSlopeTests {
  static let forms: [LureSystem.Form] = [.outside, .inside]

  private func rates(
    _ W: Matrix, _ form: LureSystem.Form, gain: Double = 1, step: Double? = nil,
    effort: SlopeEffort = .thorough
  ) throws -> SlopeCandidate {
    let system = LureSystem(form: form, weights: W, upper: gain, step: step)
    let starts = SlopeStarts(form: form, weights: W, gain: gain, step: step).candidates()
    let best = try #require(proposeSlopeLMI(system, effort: effort, starts: starts).first)
    // Whatever is proposed is definite in plain floating point, with M ≻ 0 and Λ > 0.
    let X = system.inequality(metric: best.metric, multiplier: best.multiplier, rate: best.rate)
    #expect(LAPACKBackend.cholesky(combination(-1, X, 0, X)) != nil)
    #expect(LAPACKBackend.cholesky(best.metric) != nil)
    #expect(best.metric == best.metric.transposed())
    #expect(best.multiplier.allSatisfy { $0 > 0 })
    return best
  }

  @Test(.enabled(if: MetricsVectors.isPresent), arguments: MetricsVectors.cases, forms)
  func vectorsAreDecided(vector: MetricsVectors.Case, form: LureSystem.Form) throws {
    let expected = try #require(vector.lmi as Bool?)
    let best = try rates(vector.matrix, form, gain: vector.gain)
    #expect((best.rate > 0) == expected, "rate \(best.rate)")
  }

  /// ν of the inequality is 1.067 for the network of theory.md §3, and 0.942 over the vertices.
  @Test func theRelaxationGapIsReproduced() throws {
    let W = Matrix(
      rows: 3, columns: 3, values: [-2, -4, -2, -3, -3, 3, -2, -2 - 1, -2].map { $0 * 15 / 16 })
    #expect(abs(try rates(W, .outside).rate - (1 - 1.067)) < 1e-3)
  }

  /// λ*(outside, W) = λ*(inside, W) = λ*(outside, Wᵀ), and ρ* likewise, by inversion of M.
  @Test(arguments: UInt64(0)..<4, [nil, 0.25, 1] as [Double?])
  func dualFormsHaveTheSameRate(seed: UInt64, step: Double?) throws {
    var random = MetricsRandom(seed: seed)
    let n = 2 + 2 * Int(seed)
    let W = random.matrix(n, n, scale: 0.9)
    let outside = try rates(W, .outside, step: step).rate
    let inside = try rates(W, .inside, step: step).rate
    let transposed = try rates(W.transposed(), .outside, step: step).rate
    #expect(abs(outside - inside) < 1e-4)
    #expect(abs(outside - transposed) < 1e-4)
  }

  /// Slopes [l, g] of W are slopes [0, g − l] after W D = lW + W(D − l).
  @Test func lowerSlopesAreAShift() throws {
    var random = MetricsRandom(seed: 5)
    let W = random.matrix(4, 4)
    let leaky = LureSystem(form: .outside, weights: W, lower: 0.2, upper: 1)
    let shifted = LureSystem(
      form: .outside, weights: W, coupling: combination(0.2, W, 0, W), lower: 0, upper: 0.8)
    let first = try #require(proposeSlopeLMI(leaky).first)
    let second = try #require(proposeSlopeLMI(shifted).first)
    #expect(abs(first.rate - second.rate) < 1e-4)
  }

  /// A skew coupling changes nothing at M = I, and time constants divide the rate.
  @Test func couplingAndTimeConstants() throws {
    let W = Matrix(rows: 2, columns: 2, values: [0, -1.5, 1.5, 0])
    let L = Matrix(rows: 2, columns: 2, values: [0, 7, -7, 0])
    let coupled = LureSystem(form: .outside, weights: W, coupling: L, timeConstants: [2, 2])
    let best = try #require(proposeSlopeLMI(coupled).first)
    #expect(best.rate > 0.125 - 1e-6)
    #expect(best.rate < 0.5)
  }

  /// Euler with symmetric W: ρ = max(1 − h, max|1 − h + hz|), and every D in the hull is inside.
  @Test(arguments: [0.1, 0.3, 1])
  func symmetricEulerIsExact(h: Double) throws {
    let W = Matrix(rows: 2, columns: 2, values: [-1.25, 0.75, 0.75, -1.25])  // −0.5 and −2
    let expected = max(1 - h, abs(1 - h - 0.5 * h), abs(1 - h - 2 * h))
    for form in Self.forms {
      let best = try rates(W, form, step: h)
      #expect(best.rate >= expected - 1e-9)
      #expect(best.rate < expected + 2e-3, "form \(form)")
    }
  }

  /// Beyond 14 units the Newton steps are found by conjugate gradients.
  @Test(arguments: forms, [nil, 0.3] as [Double?])
  func largerNetworksAreImproved(form: LureSystem.Form, step: Double?) throws {
    var random = MetricsRandom(seed: 3)
    let n = 20
    let W = random.matrix(n, n, scale: 1.4 / Double(n).squareRoot())
    let system = LureSystem(form: form, weights: W, step: step)
    let starts = SlopeStarts(form: form, weights: W, gain: 1, step: step).candidates()
    let closed = try #require(proposeSlopeLMI(system, effort: .starts, starts: starts).first)
    let best = try #require(proposeSlopeLMI(system, effort: .quick, starts: starts).first)
    #expect(step == nil ? best.rate > closed.rate + 0.01 : best.rate < closed.rate - 0.003)
    // A rate that suffices ends the search; the first start that reaches it is as good as any.
    let enough = try #require(
      proposeSlopeLMI(system, effort: .thorough, starts: starts, sufficient: closed.rate).first)
    #expect(step == nil ? enough.rate >= closed.rate : enough.rate <= closed.rate)
  }

  @Test func extremeInputEnds() {
    var random = MetricsRandom(seed: 9)
    for scale in [1e-300, 1e-30, 1e30, 1e160, 1e300] {
      let W = random.matrix(5, 5, scale: scale)
      for step in [nil, 0.5] as [Double?] {
        let system = LureSystem(form: .outside, weights: W, step: step)
        let starts = SlopeStarts(form: .outside, weights: W, gain: 1, step: step).candidates()
        let best = proposeSlopeLMI(system, starts: starts).first
        if scale < 1 { #expect(best.map { system.isContracting($0.rate) } == true) }
        if scale > 1, let best { #expect(!system.isContracting(best.rate)) }
        _ = VertexSearch.unstableVertices(system)
      }
    }
    let equal = LureSystem(form: .inside, weights: .identity(2), lower: 0.5, upper: 0.5)
    #expect(abs((proposeSlopeLMI(equal).first?.rate ?? 0) - 0.5) < 1e-3)
  }

  @Test func badInputGivesNothing() {
    let broken = Matrix(rows: 1, columns: 1, values: [.nan])
    #expect(proposeSlopeLMI(LureSystem(form: .inside, weights: broken)).isEmpty)
    #expect(SlopeStarts(form: .inside, weights: broken, gain: 1).candidates().isEmpty)
    let system = LureSystem(form: .inside, weights: .identity(1))
    #expect(system.strictness(metric: Matrix(diagonal: [-1]), multiplier: [1]) == nil)
    #expect(system.strictness(metric: .identity(1), multiplier: [.nan]) == nil)
    #expect(system.strictness(metric: .identity(1), multiplier: [0]) == nil)
  }
}
