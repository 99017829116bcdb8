@testable import CertifyKernel
import TestSupport
import Testing

@Suite struct ExactRatioTests {
  @Test(arguments: [
    ("3/10", 3.0, 10.0), ("-7", -7, 1), ("0x1.8p-2", 0.375, 1), ("2.5", 2.5, 1), ("0.1", 1, 10),
    ("6/20", 3, 10), ("1/2", 0.5, 1), ("0", 0, 1), ("-0", 0, 1), ("007", 7, 1), ("-2.50", -2.5, 1),
    ("9007199254740992", 0x1p53, 1), ("0x1p-1074", .leastNonzeroMagnitude, 1),
    ("0x1.fffffffffffffp+1023", .greatestFiniteMagnitude, 1), ("-0x0p+0", 0, 1),
    ("0x0.8p+1", 1, 1), ("0x10p-4", 1, 1), ("0x1p+0/0x1.8p+1", 1, 3), ("0.30", 3, 10),
    ("0.5000000000000000000000", 0.5, 1), ("1/3", 1, 3), ("12/4", 3, 1), ("-1/6", -1, 6),
  ])
  func textHasItsExactMeaning(text: String, numerator: Double, denominator: Double) throws {
    let value = try #require(ExactRatio(exactly: text))
    #expect(value.numerator == numerator && value.denominator == denominator)
  }

  @Test(arguments: [
    "", " ", " 1", "1 ", "1\n", "+1", "--1", "-", "nan", "inf", "-inf", "infinity", "NaN", "1e3",
    "1E3", "1/0", "0/0", "1/-3", "1/", "/3", "1/2/3", "1//2", "1.", ".5", ".", "-.5", "1.5/2",
    "1/1.5",
    "1.2.3", "0x", "0x1", "0x1.8", "0xp0", "0x.p0", "0x1p", "0x1p+", "0x1p--1", "0X1p0", "0x1P0",
    "0x1.8p-2 ", "0x1.p0", "0x.8p0", "0x1Fp0", "0xgp0", "0x1p1024", "0x1p-1075", "0x1.8p-1074",
    "0x1.00000000000008p0", "0x1p99999", "0x1p+00001", "0x-1p0", "9007199254740993",
    "18446744073709551617", "99999999999999999999999999", "0.1000000000000000000001",
    "3.14159265358979323846", "1,5", "1_000", "½", "١", "0x1p0/0x0p0", "0x1p0/-0x1p0", "1/0x0p+0",
  ])
  func nearMissesAreRefused(text: String) {
    #expect(ExactRatio(exactly: text) == nil)
  }

  /// Every double has one text, and it reads back bit for bit.
  @Test(arguments: UInt64(0)..<16)
  func doublesSurviveText(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for round in 0..<500 {
      let x =
        round % 3 == 0
        ? Double(bitPattern: generator.next() & 0x800f_ffff_ffff_ffff >> UInt64(round % 50))
        : generator.anyFiniteDouble()
      let text = ExactRatio(x).exactText
      let back = try #require(ExactRatio(exactly: text), "\(text)")
      #expect(back.numerator.bitPattern == x.bitPattern && back.denominator == 1, "\(text)")
      #expect(Double(text) == x, "the standard library reads \(text) differently")
    }
  }

  @Test(arguments: UInt64(0)..<16)
  func quotientsSurviveText(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for round in 0..<100 {
      let short = round % 2 == 0
      let n = short ? Double(generator.integer(in: -99...99)) : generator.anyFiniteDouble()
      let d = short ? Double(generator.integer(in: 1...99)) : generator.anyFiniteDouble().magnitude
      guard d > 0 else { continue }
      let value = ExactRatio(n, over: d)
      #expect(try #require(ExactRatio(exactly: value.exactText)) == value, "\(value.exactText)")
      #expect(Rational(value) == Rational(n) / Rational(d), "\(n) / \(d)")
      #expect(value.enclosure.contains(Rational(n) / Rational(d)), "\(n) / \(d)")
    }
  }

  @Test(arguments: [
    (1.0, "0x1p+0"), (0, "0x0p+0"), (-0.0, "-0x0p+0"), (-0.375, "-0x1.8p-2"),
    (.leastNonzeroMagnitude, "0x1p-1074"), (.leastNonzeroMagnitude * 3, "0x1.8p-1073"),
    (.leastNormalMagnitude, "0x1p-1022"), (0.1, "0x1.999999999999ap-4"),
    (.greatestFiniteMagnitude, "0x1.fffffffffffffp+1023"), (1.0.nextUp, "0x1.0000000000001p+0"),
  ])
  func textOfDoublesIsCanonical(value: Double, text: String) {
    #expect(ExactRatio(value).exactText == text)
  }

  @Test func textOfQuotientsIsCanonical() {
    #expect(ExactRatio(6, over: 20).exactText == "3/10")
    #expect(ExactRatio(0.3, over: 3).exactText == "0x1.3333333333333p-2/0x1.8p+1")
    #expect(ExactRatio(-0.75, over: 9).exactText == "-1/12")
  }

  @Test(arguments: UInt64(0)..<16)
  func orderIsExact(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    func sample() -> ExactRatio {
      switch generator.integer(in: 0...2) {
      case 0: ExactRatio(generator.anyFiniteDouble())
      case 1:
        ExactRatio(
          Double(generator.integer(in: -9...9)), over: Double(generator.integer(in: 1...9)))
      default:
        ExactRatio(
          generator.anyFiniteDouble(), over: generator.symmetric().magnitude + 0x1p-60)
      }
    }
    for _ in 0..<200 {
      let (a, b) = (sample(), sample())
      let (p, q) = (Rational(a), Rational(b))
      #expect(a.isAtMost(b) == (p <= q) && a.isLess(than: b) == (p < q), "\(a), \(b)")
      if p == q { #expect(a == b || a.exactText != b.exactText, "\(a), \(b)") }
    }
  }

  @Test func orderRefusesWhatIsNotFinite() {
    for bad in [Double.nan, .infinity, -.infinity].map({ ExactRatio($0) }) {
      #expect(!bad.isAtMost(.one) && !ExactRatio.one.isAtMost(bad) && !bad.isAtMost(bad))
      #expect(!bad.isLess(than: .one) && !ExactRatio.one.isLess(than: bad))
      #expect(ExactRatio(exactly: bad.exactText) == nil)
    }
  }

  /// A quotient that overflows or underflows keeps its exact value.
  @Test func extremeQuotientsAreKept() {
    let most = Double.greatestFiniteMagnitude
    let least = Double.leastNonzeroMagnitude
    let large = ExactRatio(most, over: least)
    let small = ExactRatio(least, over: most)
    #expect(ExactRatio(most).isLess(than: large) && small.isLess(than: ExactRatio(least)))
    #expect(ExactRatio.zero.isLess(than: small))
    #expect(large.enclosure.upper == .infinity)
    for (n, d) in [
      (least, 2), (3 * least, 2), (-5 * least, 4), (least, 0x1p900), (1, 0x1p1023 * 1.5),
    ] {
      let value = ExactRatio(n, over: d)
      #expect(Rational(value) == Rational(n) / Rational(d) && value.numerator != 0, "\(n) / \(d)")
      #expect(ExactRatio(exactly: value.exactText) == value, "\(n) / \(d)")
    }
  }
}

extension Rational {
  /// - Precondition: the ratio is finite.
  init(_ ratio: ExactRatio) { self = Rational(ratio.numerator) / Rational(ratio.denominator) }
}
