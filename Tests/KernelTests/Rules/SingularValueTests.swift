import CertifyKernel
import TestSupport
import Testing

@Suite struct SingularValueTests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsInMetricDiagTauP(seed: UInt64) throws {
    try expectTruth(
      of: .singularValue,
      in: [.dense, .skew, .coupled, .slopesAboveZero, .unitTimes, .rationalStep, .integers],
      seed: seed, networks: 7)
  }

  static func argument(_ p: [Double], _ s: Double, drops: Bool = false) -> Argument {
    .singularValue(metric: p, norm: s, dropsInhibitoryDiagonal: drops)
  }

  /// λ = (1 − μ − r s)/τ with μP ⪰ sym(P(cW + L)): the skew pair has μ = 0 and s = c.
  @Test(arguments: [Specification.Form.outside, .inside])
  func rateFormula(form: Specification.Form) throws {
    let s = 1.5 + 0x1p-40
    let skew = try Specification.of([[0, -1.5], [1.5, 0]], form)
    let rate = try #require(skew.tightestBound(Self.argument([1, 1], s), .continuous))
    #expect(rate < 1 - s / 2 && rate > 1 - s / 2 - 0x1p-48)
    // Slopes [½, 1]: c = ¾, r = ¼.
    let narrow = try Specification.of(
      [[0, -1.5], [1.5, 0]], form, slopes: .init(ExactRatio(0.5), .one))
    let better = try #require(narrow.tightestBound(Self.argument([1, 1], s), .continuous))
    #expect(better < 1 - s / 4 && better > 1 - s / 4 - 0x1p-48)
    // L = −I in part, τ = 4: (1 + ½ − s/2)/4.
    let coupled = try Specification.of(
      [[0, -1.5], [1.5, 0]], form, L: [[-0.5, 3], [-3, -0.5]], tau: [ExactRatio(4)])
    let slow = try #require(coupled.tightestBound(Self.argument([1, 1], s), .continuous))
    #expect(slow < (1.5 - s / 2) / 4 && slow > (1.5 - s / 2) / 4 - 0x1p-48)
    // The slowest unit sets the rate.
    let times = try Specification.of(
      [[0, -1.5], [1.5, 0]], form, tau: [1, 8].map { ExactRatio($0) })
    let slowest = try #require(times.tightestBound(Self.argument([1, 1], s), .continuous))
    #expect(slowest < (1 - s / 2) / 8 && slowest > (1 - s / 2) / 8 - 0x1p-48)
  }

  /// ρ = |1 − h| + h g s.
  @Test func factorFormula() throws {
    let s = 0.5 + 0x1p-40
    for (h, gain) in [(0.5, 1.0), (1, 1.5), (1.25, 1)] {
      let network = try Specification.of(
        [[0, -0.5], [0.5, 0]], slopes: .init(.zero, ExactRatio(gain)), step: ExactRatio(h))
      let factor = try #require(network.tightestBound(Self.argument([1, 1], s), .asRun))
      #expect(factor == abs(1 - h) + h * gain * s)
    }
  }

  /// Negative W_ii may be dropped in the flow, not in the map that runs; positive ones never.
  @Test func inhibitoryDiagonal() throws {
    let network = try Specification.of([[-8, -1], [1, -8]], step: ExactRatio(0.5))
    let s = 1 + 0x1p-40
    #expect(network.accepts(Self.argument([1, 1], s, drops: true), bound: 0.499, .continuous))
    #expect(!network.accepts(Self.argument([1, 1], s), bound: 0.499, .continuous))
    #expect(!network.accepts(Self.argument([1, 1], s, drops: true), bound: 0.999, .asRun))
    let positive = try Specification.of([[8, -1], [1, 8]])
    #expect(!positive.accepts(Self.argument([1, 1], s, drops: true), bound: 0.1, .continuous))
    // Slopes above zero: dropping keeps −l T.
    let firm = try Specification.of([[-8, -1], [1, -8]], slopes: .init(.one, .one))
    let rate = try #require(firm.tightestBound(Self.argument([1, 1], s, drops: true), .continuous))
    #expect(rate < 9 && rate > 9 - 0x1p-44)
  }

  @Test func equalityNeverCertifies() throws {
    // A rotation of norm exactly 1, as run; a skew pair of norm exactly 2, in the flow.
    let rotation = try Specification.of([[0, -1], [1, 0]], .map)
    let double = try Specification.of([[0, -2], [2, 0]])
    let one = try Specification.of([[1]])
    for s in [0.5, 1, 1.0.nextUp, 1.5, 2, 2.0.nextUp, 3] {
      #expect(rotation.tightestBound(Self.argument([1, 1], s), .asRun) == nil)
      #expect(double.tightestBound(Self.argument([1, 1], s), .continuous) == nil)
      #expect(one.tightestBound(Self.argument([1], s), .continuous) == nil)
    }
    // The norm itself at the boundary of s²P − WᵀPW ⪰ 0.
    let half = try Specification.of([[0, -0.5], [0.5, 0]], .map)
    #expect(!half.accepts(Self.argument([1, 1], 0.5), bound: 0.9, .asRun))
    #expect(half.accepts(Self.argument([1, 1], 0.5 + 0x1p-45), bound: 0.9, .asRun))
    let zero = try Specification.of([[0]], .map)
    #expect(zero.accepts(Self.argument([1], 0), bound: 0, .asRun))
  }

  @Test func malformedMetrics() throws {
    let network = try Specification.of([[0, -0.5], [0.5, 0]])
    for p in [[1.0], [1, 1, 1]] {
      #expect(throws: InputError.length(.metric, found: p.count, expected: 2)) {
        try network.answer(Self.argument(p, 0.6), bound: 0.1)
      }
      #expect(throws: InputError.length(.metric, found: p.count, expected: 2)) {
        try network.answer(.disk(metric: p), bound: 0.1)
      }
    }
    for bad in [0, -1, .nan, .infinity] as [Double] {
      #expect(!network.accepts(Self.argument([1, bad], 0.6), bound: 0.1, .continuous))
      if bad != 0 {
        #expect(!network.accepts(Self.argument([1, 1], bad), bound: 0.1, .continuous))
      }
    }
  }
}
