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
}
