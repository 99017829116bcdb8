import Foundation
import TestSupport
import Testing

@testable import CertifyKernel

@Suite struct SeriesTests {
  private func decimal(_ digits: String) -> Rational {
    let parts = digits.split(separator: ".")
    let scale = Rational("1" + String(repeating: "0", count: parts[1].count)) ?? 1
    return (Rational(parts[0] + parts[1] == "" ? "0" : String(parts[0] + parts[1])) ?? 0) / scale
  }

  private func expect(_ interval: Interval, _ digits: String, ulps: Double = 40) {
    #expect(interval.contains(decimal(digits)), "\(interval) misses \(digits)")
    #expect(interval.upper - interval.lower <= ulps * interval.upper.ulp, "\(interval)")
  }

  /// To thirty digits.
  @Test func knownValues() {
    expect(Interval(2).naturalLogarithm(), "0.693147180559945309417232121458")
    expect(Interval(10).naturalLogarithm(), "2.302585092994045684017991454684")
    expect(Interval(0x1p-1074).naturalLogarithm() * Interval(-1), "744.440071921381262314107298447")
    expect(Interval(1).arctangent(), "0.785398163397448309615660845819")
    expect(Interval(0.5).arctangent(), "0.463647609000806116214256231461")
    expect(Interval(3).arctangent(), "1.249045772398254425829917077281")
    #expect(Interval(1).naturalLogarithm().contains(0) && Interval(0).arctangent() == Interval(0))
  }

  /// The library's value, which is good to an ulp or so, never lies far outside; functional equations hold.
  @Test(arguments: UInt64(0)..<20)
  func anyArgument(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<100 {
      let x = abs(generator.anyFiniteDouble())
      guard x > 0 else { continue }
      let ln = Interval(x).naturalLogarithm()
      #expect(ln.lower <= log(x) + 2 * log(x).ulp && ln.upper >= log(x) - 2 * log(x).ulp, "\(x)")
      #expect(ln.upper - ln.lower <= 64 * max(abs(log(x)), 1e-3).ulp, "\(x): \(ln)")
      let y = 8 * generator.symmetric()
      let arc = Interval(y).arctangent()
      #expect(arc.lower <= atan(y) + 2 * atan(y).ulp && arc.upper >= atan(y) - 2 * atan(y).ulp)
      // arctan y + arctan 1/y = ±π/2, the sum of two enclosures of which holds 2 arctan 1.
      if y > 0.01 {
        let sum = arc + (Interval(1) / Interval(y)).arctangent()
        let right = Interval(2) * Interval(1).arctangent()
        #expect(sum.lower <= right.upper && right.lower <= sum.upper)
      }
    }
  }

  @Test func intervalsHoldTheirInside() {
    let wide = Interval(1.5, 3)
    for x in [1.5, 2, 2.75, 3] {
      let (ln, arc) = (Interval(x).naturalLogarithm(), Interval(x).arctangent())
      #expect(
        wide.naturalLogarithm().lower <= ln.lower && ln.upper <= wide.naturalLogarithm().upper)
      #expect(wide.arctangent().lower <= arc.lower && arc.upper <= wide.arctangent().upper)
    }
    for bad in [0, -1, .nan, .infinity] as [Double] {
      #expect(Interval(bad).naturalLogarithm().lower.isNaN)
    }
    #expect(Interval(.nan).arctangent().lower.isNaN)
  }

  /// [diag_stability_not_contracting]: c* to thirty digits.
  @Test func threshold() {
    let threshold = SkewPair.threshold
    #expect(threshold.contains(decimal("2.88344738895051690254")))
    #expect(threshold.upper - threshold.lower < 0x1p-44)
    #expect(
      SkewPair.fate(threshold.lower) == .contracts && SkewPair.fate(threshold.upper) == .diverges)
    for c in [0, .leastNonzeroMagnitude, 1, 2, 2.5, 2.883447] {
      #expect(SkewPair.fate(c) == .contracts)
    }
    for c in [2.883448, 3, 4, 16, 1e9, 1e300] { #expect(SkewPair.fate(c) == .diverges) }
    #expect(SkewPair.fate(2.8834473889505169) == .undecided)
    let rate = SkewPair.worstCaseRate(2.5)
    #expect(rate.lower < 0.13298227337871 && rate.upper > 0.13298227337867)
  }
}
