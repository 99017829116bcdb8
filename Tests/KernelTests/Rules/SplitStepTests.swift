import CertifyKernel
import TestSupport
import Testing

/// y⁺ = Q[(I − A)y + A^{1/2} W A^{1/2} φ(y)], judged at every vertex of the slopes in rational numbers: the leaks
/// are squares of rationals.
@Suite struct SplitStepTests {
  private struct Sample {
    var W: [[Double]]
    var L: [[Double]]?
    var roots: [Double]
    var p: [Double]
    var h = 0.5
    var g = 1.0

    func network(leak: [Double]? = nil) throws -> Specification {
      let size = ExactRatio(h)
      return try Specification(
        form: .outside, recurrent: .dense(Matrix(W)), coupling: L.map { .dense(Matrix($0)) },
        slopes: SlopeInterval(.zero, ExactRatio(g)),
        step: .init(scheme: .split, size: size, leak: leak ?? roots.map { $0 * $0 }))
    }

    /// Whether |T(D)e|_P ≤ ρ|e|_P at every vertex D.
    func contracts(_ ρ: Double) throws -> Bool {
      let n = roots.count
      let P = RationalMatrix(diagonal: p.map { Rational($0) })
      let a = RationalMatrix(diagonal: roots.map { Rational($0) })
      let unit = RationalMatrix.identity(n)
      var Q = unit
      if let L {
        let Z = RationalMatrix(Matrix(L)) * Rational(h / 2)
        Q = try #require((unit - Z).inverse) * (unit + Z)
      }
      for vertex in 0..<(1 << n) {
        let d = (0..<n).map { vertex >> $0 & 1 == 1 ? Rational(g) : Rational.zero }
        let T = Q * (unit - a * a + a * RationalMatrix(Matrix(W)) * a * RationalMatrix(diagonal: d))
        let slack = P * (Rational(ρ) * Rational(ρ)) - T.transposed * P * T
        if !slack.isPositiveSemidefinite { return false }
      }
      return true
    }
  }

  private static func claim(_ argument: Argument, _ bound: Double) -> Certificate {
    Certificate(scope: .asRun, claim: .contracts(Proof(argument, bound: bound)))
  }

  /// The factor that the rule works out, or why it declines.
  private static func attained(
    _ network: Specification, _ split: Argument.SplitStep
  ) throws -> (factor: Double?, why: Obstruction) {
    guard
      case .undecided(let why) = try network.certify(using: claim(.splitStep(split), 0))
    else {
      Issue.record("a factor of 0 was accepted")
      return (nil, Obstruction(rule: nil, path: [], .notCovered(.noLeak)))
    }
    if case .boundNotReached(_, let attained) = why.reason { return (attained, why) }
    return (nil, why)
  }

  @Test(arguments: UInt64(0)..<120)
  func factorHoldsAtEveryVertex(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let n = 1 + Int(seed % 4)
    func number() -> Double { (generator.unit() * 64).rounded() / 32 - 1 }
    let p = (0..<n).map { _ in [0.25, 1, 2][Int(generator.next() % 3)] }
    let W = (0..<n).map { _ in (0..<n).map { _ in number() * 0.75 } }
    var L = [[Double]](repeating: [Double](repeating: 0, count: n), count: n)
    for i in 0..<n {
      for j in 0..<i {
        let s = 4 * number()
        (L[i][j], L[j][i]) = (s / p[i], -s / p[j])
        // Every third coupling is not quite skew.
        if seed % 3 == 0 { L[i][j] += 0x1p-6 * number() }
      }
      if seed % 3 == 0 { L[i][i] = 0x1p-7 * number() }
    }
    let sample = Sample(
      W: W, L: seed % 5 == 0 ? nil : L,
      roots: (0..<n).map { _ in [0.25, 0.5, 0.75, 1][Int(generator.next() % 4)] },
      p: p, h: [0.125, 0.5, 4][Int(seed % 3)], g: [1, 0.5][Int(seed % 2)])
    let network = try sample.network()
    for norm in [0.25, 0.5, 0.75, 0.9, 1.25, 2] {
      let split = Argument.SplitStep(
        metric: p, components: [(0..<Int32(n)).map { $0 }], norms: [norm])
      let (factor, _) = try Self.attained(network, split)
      guard let factor, factor < 1 else { continue }
      let certificate = Self.claim(.splitStep(split), factor)
      guard case .certified = try network.certify(using: certificate) else {
        Issue.record("seed \(seed): the attained factor \(factor) is not accepted")
        continue
      }
      #expect(try sample.contracts(factor), "seed \(seed), norm \(norm): factor \(factor)")
    }
  }

  /// ρ = √(1 − a(1 − s²)): a = ¼, s = ½ gives √(13/16), whatever the step and the skew coupling.
  @Test func formula() throws {
    let sample = Sample(
      W: [[0, 0.5], [0, 0]], L: [[0, 100], [-100, 0]], roots: [0.5, 1], p: [1, 1], h: 3)
    let split = Argument.SplitStep(metric: [1, 1], components: [[0, 1]], norms: [0.5 + 0x1p-40])
    let factor = try #require(try Self.attained(sample.network(), split).factor)
    let expected = (13.0 / 16).squareRoot()
    #expect(factor >= expected && factor < expected + 0x1p-40)
    #expect(try sample.contracts(factor))
    // One component each: the unit with the leak of 1 does not suffer from the other's norm.
    let alone = Sample(W: [[0.5, 0], [0, 0.25]], roots: [0.5, 1], p: [1, 1])
    let parts = Argument.SplitStep(
      metric: [1, 1], components: [[0], [1]], norms: [0.5 + 0x1p-40, 0.25 + 0x1p-40])
    let best = try #require(try Self.attained(alone.network(), parts).factor)
    #expect(best >= expected && best < expected + 0x1p-40)
  }

  /// A coupling that is skew up to r costs √(1 + 2hr/(1 − hr/2)²).
  @Test func residualIsCharged() throws {
    let r = 0x1p-8
    let sample = Sample(W: [[0]], L: [[r]], roots: [0.5], p: [1], h: 1)
    let split = Argument.SplitStep(metric: [1], components: [[0]], norms: [0x1p-40])
    let factor = try #require(try Self.attained(sample.network(), split).factor)
    // Exactly: Q = (1 + r/2)/(1 − r/2), and ¾ is left of the leak.
    let exact = 0.75 * (1 + r / 2) / (1 - r / 2)
    let rule = (0.75 * (1 + 2 * r / ((1 - r / 2) * (1 - r / 2)))).squareRoot()
    #expect(exact <= factor && factor >= rule * (1 - 1e-15) && factor < rule * (1 + 1e-12))
    // hr ≥ 2: (I − hL/2) may be singular.
    let singular = Sample(W: [[0]], L: [[2]], roots: [0.5], p: [1], h: 1)
    let (none, _) = try Self.attained(singular.network(), split)
    #expect(none == nil || none == .infinity)
  }

  @Test func equalityNeverCertifies() throws {
    let sample = Sample(W: [[1]], roots: [0.5], p: [1])
    let network = try sample.network()
    for norm in [1.0, (1.0).nextUp] {
      let split = Argument.SplitStep(metric: [1], components: [[0]], norms: [norm])
      for bound in [1.0, (1.0).nextDown, 0.5] {
        guard case .undecided = try network.certify(using: Self.claim(.splitStep(split), bound))
        else {
          Issue.record("W = 1 certified at norm \(norm), factor \(bound)")
          continue
        }
      }
    }
  }

  @Test func whatMustBeDeclined() throws {
    let sample = Sample(W: [[0.5, 0.25], [0, 0.5]], roots: [0.5, 0.5], p: [1, 1])
    let network = try sample.network()
    let whole: [[Int32]] = [[0, 1]]
    func why(_ network: Specification, _ split: Argument.SplitStep) throws -> Obstruction.Reason {
      try Self.attained(network, split).why.reason
    }
    // A norm that is too small, components that weights cross, sets that are no partition.
    let small = try why(network, .init(metric: [1, 1], components: whole, norms: [0.6]))
    if case .notDefinite = small {} else { Issue.record("\(small)") }
    let crossing = try why(
      network, .init(metric: [1, 1], components: [[0], [1]], norms: [0.6, 0.6]))
    #expect(crossing == .nonlinearBetween(first: 1, second: 0))
    let partial = try why(network, .init(metric: [1, 1], components: [[0]], norms: [0.6]))
    #expect(partial == .notAPartition(.components, unit: 1))
    let negative = try why(network, .init(metric: [1, -1], components: whole, norms: [0.7]))
    #expect(negative == .notPositive(.metric, index: 1, value: -1))
    // Without its leaks a split step is nothing the rule knows.
    let unknown = try why(
      sample.network(leak: []), .init(metric: [1, 1], components: whole, norms: [0.7]))
    #expect(unknown == .notCovered(.noLeak))
    for bad in [[0.5], [0.5, 0], [0.5, 1.5], [0.5, .nan]] {
      #expect(throws: InputError.self) { try sample.network(leak: bad) }
    }
    #expect(throws: InputError.self) {
      try network.certify(
        using: Self.claim(
          .splitStep(.init(metric: [1], components: whole, norms: [0.7])), 0.9))
    }
    // It says nothing of the flow.
    let flow = Certificate(
      scope: .continuous,
      claim: .contracts(
        Proof(.splitStep(.init(metric: [1, 1], components: whole, norms: [0.7])), bound: 0.1)))
    guard case .undecided = try network.certify(using: flow) else {
      Issue.record("a flow certified by a split step")
      return
    }
  }
}
