@testable import CertifyKernel
import TestSupport
import Testing

@Suite struct DyadicTests {
  static func sample(_ generator: inout SplitMix64) -> Dyadic {
    switch generator.integer(in: 0...2) {
    case 0: Dyadic(generator.anyFiniteDouble())
    case 1: Dyadic(generator.shortDouble())
    default:
      Dyadic(.random(limbs: 4, &generator), exponent: generator.integer(in: -1300...1000))
    }
  }

  @Test(arguments: UInt64(0)..<16)
  func ringOperationsAreExact(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let (a, b) = (Self.sample(&generator), Self.sample(&generator))
      let (p, q) = (Rational(a), Rational(b))
      #expect(Rational(a + b) == p + q, "\(a) + \(b)")
      #expect(Rational(a - b) == p - q, "\(a) - \(b)")
      #expect(Rational(a * b) == p * q, "\(a) * \(b)")
      #expect((a < b) == (p < q) && (a == b) == (p == q), "\(a) < \(b)")
      #expect(a.signum == p.signum && Rational(-a) == -p, "\(a)")
      #expect(a + b - b == a, "one representation: \(a), \(b)")
      #expect(a.scaled(byPowerOfTwo: 7) == a * Dyadic(128), "\(a)")
    }
  }

  /// The ends are doubles around the number with no double strictly between them.
  @Test(arguments: UInt64(0)..<32)
  func enclosureIsTightest(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<100 {
      let a = Self.sample(&generator)
      let enclosure = a.enclosure
      #expect(enclosure.contains(Rational(a)), "\(a) in \(enclosure)")
      #expect(
        enclosure.lower == enclosure.upper || enclosure.lower.nextUp == enclosure.upper,
        "\(a) in \(enclosure)")
      let x = generator.anyFiniteDouble()
      #expect(Dyadic(x).enclosure == Interval(x), "\(x)")
    }
  }

  @Test func enclosureAtTheEdgesOfTheFormat() {
    let least = Double.leastNonzeroMagnitude
    let most = Double.greatestFiniteMagnitude
    let half = Dyadic(BigInteger.one, exponent: -1075)
    #expect(half.enclosure == Interval(0, least))
    #expect((-half).enclosure == Interval(-least, 0))
    #expect((Dyadic(least) + half).enclosure == Interval(least, 2 * least))
    let beyond = Dyadic(most) + Dyadic(most.ulp / 2)
    #expect(beyond.enclosure == Interval(most, .infinity))
    #expect((-beyond).enclosure == Interval(-.infinity, -most))
    #expect(Dyadic(BigInteger.one, exponent: 1024).enclosure == Interval(most, .infinity))
    #expect(Dyadic(BigInteger.one, exponent: 5000).enclosure == Interval(most, .infinity))
    #expect(Dyadic.zero.enclosure == Interval(0))
    let carry = Dyadic(1.0.nextUp.nextDown) + Dyadic(1.0.ulp / 4)
    #expect(carry.enclosure == Interval(1, 1.0.nextUp))
  }
}
