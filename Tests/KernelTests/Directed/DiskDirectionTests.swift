import TestSupport
import Testing

@testable import CertifyKernel

/// The norm that the disk test asks for: k² ≤ 4(1 − λ/pace), and k² ≤ (ρ² − (1 − h)²)(2 − h)/h.
@Suite struct DiskDirectionTests {
  /// Rates for which 1 − λ/pace is just below a square of few bits, just below 1, or anything.
  @Test(arguments: UInt64(0)..<4)
  func normsOfRates(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<100 {
      let pace = generator.awkward()
      let root = Double(generator.integer(in: 1...7)) / 8
      let rate = (1 - root * root) * pace
      for λ in [rate, rate.nextUp, pace * 0x1p-60, pace * generator.awkward()] {
        let exact = 4 * (1 - Rational(λ) / Rational(pace))
        if let k = Disk.norm(rate: λ, pace: pace) {
          if Rational(k) * Rational(k) > exact { faults.append("\(k) at \(λ), \(pace)") }
        } else if exact > Rational(0x1p-50) {
          faults.append("none at \(λ), \(pace)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
    #expect(Disk.norm(rate: 0.75, pace: 1) == 1)
    #expect(Disk.norm(rate: 1, pace: 1) == nil)
    #expect(Disk.norm(rate: 2, pace: 1) == nil)
    #expect(Disk.norm(rate: 1, pace: .nan) == nil)
  }

  /// Steps and factors of few bits, whose k² is exact and whose k is not, and others.
  @Test(arguments: UInt64(0)..<4)
  func normsOfFactors(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let h = generator.isTrue() ? ExactRatio(generator.power(-2...0)) : generator.awkwardRatio()
      guard Rational(h) < 2 else { continue }
      let factors = [Double(generator.integer(in: 1...15)) / 16, 1 - generator.unit() / 2]
      let ρ = factors[generator.integer(in: 0...1)]
      let (step, rest) = (Rational(h), 1 - Rational(h))
      let exact = (Rational(ρ) * Rational(ρ) - rest * rest) * (2 - step) / step
      if let k = Disk.norm(factor: ρ, step: h.enclosure) {
        if Rational(k) * Rational(k) > exact { faults.append("\(k) at \(ρ), \(h)") }
      } else if exact > Rational(0x1p-40) {
        faults.append("none at \(ρ), \(h)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
    #expect(Disk.norm(factor: 0.75, step: Interval(1)) == 0.75)
    #expect(Disk.norm(factor: 0.5, step: Interval(0.5)) == nil)
    #expect(Disk.norm(factor: 0.25, step: Interval(0.5)) == nil)
    // ρ is the lower end of 1 − h: the lower end of k² is negative, and the upper end positive.
    #expect(Disk.norm(factor: 2.0 / 3, step: ExactRatio(1, over: 3).enclosure) == nil)
  }
}
