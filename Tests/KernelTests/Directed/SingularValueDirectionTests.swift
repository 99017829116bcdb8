import TestSupport
import Testing

@testable import CertifyKernel

/// The measure that Theorem 5⁺ asks for: μ ≤ 1 − λ/pace − r s.
@Suite struct SingularValueDirectionTests {
  /// One of λ/pace and r s is just above a quarter, a half or nothing, and the other is exact; or both
  /// are anything.
  @Test(arguments: UInt64(0)..<4)
  func measures(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let (pace, r) = (generator.awkward(), generator.awkward())
      let target = generator.power(-2...(-1))
      let cases: [(λ: Double, s: Double)] = [
        ((target * pace).nextUp, 0), (0x1p-60 * pace, 0), (0.5 * pace, (target / r).nextUp),
        (0.5 * pace, target / r), (0, 0x1p-60 / r),
        (pace * generator.awkward(), generator.awkward()),
      ]
      for (λ, s) in cases {
        let exact = 1 - Rational(λ) / Rational(pace) - Rational(r) * Rational(s)
        let μ = SingularValue.measure(rate: λ, pace: pace, spread: r, norm: s)
        faults.expect(μ, below: exact, "\(λ), \(pace), \(r), \(s)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
    #expect(SingularValue.measure(rate: 0.25, pace: 1, spread: 0.5, norm: 1) == 0.25)
  }

  /// [[2μ, −cw], [−cw, 2μ]] ≻ 0 with c = r = g/2 a little above 1/2 and no double: μ = 1 − λ − r is a little below
  /// 2⁻¹⁰, and w = 2⁻⁸(1 − 2⁻⁴⁵) is too much for it, though not for 2⁻¹⁰ itself.
  @Test func slopesThatAreNoDoubles() throws {
    let gain = ExactRatio(0x1p53 - 1, over: 0x1p53 - 2)
    #expect(gain.enclosure.lower == 1 && Rational(gain) > 1)
    let (r, λ) = (Rational(gain) * Rational(1, over: 2), 0.5 - 0x1p-10)
    for (w, isBelow) in [(0x1p-8 * (1 - 0x1p-45), false), (0x1p-8 * (1 - 0x1p-40), true)] {
      #expect((r * Rational(w) < 2 * (1 - Rational(λ) - r)) == isBelow)
      let network = try Specification.of([[0, w], [0, 0]], slopes: SlopeInterval(.zero, gain))
      let argument = Argument.singularValue(
        metric: [1, 1], norm: 1, dropsInhibitoryDiagonal: false)
      let claim = Certificate(
        scope: .continuous, claim: .contracts(Proof(argument, bound: λ)))
      let verdict = try network.certify(using: claim)
      if case .certified = verdict { #expect(isBelow) } else { #expect(!isBelow) }
    }
  }
}
