@testable import CertifyKernel
import TestSupport
import Testing

/// The kernel's integers against attaswift/BigInt, which shares no code with them.
@Suite struct BigIntegerTests {
  @Test(arguments: UInt64(0)..<32)
  func ringOperationsAgree(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let a = BigInteger.random(limbs: 12, &generator)
      let b = BigInteger.random(limbs: 12, &generator)
      let (p, q) = (Rational(a), Rational(b))
      #expect(Rational(a + b) == p + q, "\(p) + \(q)")
      #expect(Rational(a - b) == p - q, "\(p) - \(q)")
      #expect(Rational(a * b) == p * q, "\(p) * \(q)")
      #expect((a < b) == (p < q) && (a == b) == (p == q), "\(p) < \(q)")
      #expect((a - a).isZero && Rational(-a) == -p && a.signum == p.signum, "\(p)")
      #expect(a + b - b == a && (a + b) - a == b, "one representation: \(p), \(q)")
    }
  }

  @Test(arguments: UInt64(0)..<16)
  func shiftsAndWidthsAgree(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let a = BigInteger.random(limbs: 6, &generator)
      let count = generator.integer(in: 0...200)
      let power = BigInteger.one << count
      #expect(Rational(a << count) == Rational(a) * Rational(power), "\(a) << \(count)")
      // Rounds toward zero: 0 ≤ |a| − |a >> k| 2^k < 2^k.
      let rest = a.magnitude - (a >> count).magnitude * power
      #expect(rest.signum >= 0 && rest < power, "\(a) >> \(count)")
      #expect((a >> count).isZero || (a >> count).isNegative == a.isNegative)
      guard !a.isZero else { continue }
      #expect(a.magnitude >= BigInteger.one << (a.bitWidth - 1), "\(a)")
      #expect(a.magnitude < BigInteger.one << a.bitWidth, "\(a)")
      let twos = a.trailingZeroBitCount
      #expect((a >> twos) << twos == a && (a >> twos).limbs[0] & 1 == 1, "\(a)")
    }
  }

  @Test(arguments: UInt64(0)..<32)
  func exactDivisionFindsQuotientOrRefuses(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let quotient = BigInteger.random(limbs: 8, &generator)
      let divisor = BigInteger.random(limbs: 8, &generator)
      let product = quotient * divisor
      if divisor.isZero {
        #expect(
          product.dividedExactly(by: divisor) == nil && quotient.dividedExactly(by: .zero) == nil)
        continue
      }
      #expect(product.dividedExactly(by: divisor) == quotient, "\(product) / \(divisor)")
      let other = BigInteger.random(limbs: 17, &generator)
      let expected = Rational(other) / Rational(divisor)
      let found = other.dividedExactly(by: divisor).map { Rational($0) }
      #expect(found == (expected.isWhole ? expected : nil), "\(other) / \(divisor)")
      if divisor.magnitude != .one {
        #expect((product + .one).dividedExactly(by: divisor) == nil, "\(product) + 1 / \(divisor)")
      }
    }
  }

  @Test(arguments: [
    0, -0.0, 1, -3.5, 0.1, .leastNonzeroMagnitude, -.leastNormalMagnitude,
    .leastNormalMagnitude.nextDown, .greatestFiniteMagnitude, .pi,
  ])
  func doublesDecomposeExactly(value: Double) {
    let (mantissa, exponent) = BigInteger.decompose(value)
    #expect(mantissa.bitWidth <= 53)
    #expect(Rational(Dyadic(mantissa, exponent: exponent)) == Rational(value))
    #expect(Rational(Dyadic(value)) == Rational(value))
  }

  /// Among them products that two doubles cannot tell apart and that underflow to the same zero.
  @Test(arguments: UInt64(0)..<32)
  func productsCompareExactly(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    func number() -> Double {
      switch generator.integer(in: 0...4) {
      case 0: generator.anyFiniteDouble()
      case 1: generator.shortDouble()
      case 2: .leastNormalMagnitude * 2 * generator.symmetric()
      case 3: Double(generator.integer(in: -3...3)) * .leastNonzeroMagnitude
      default: generator.symmetric()
      }
    }
    for _ in 0..<100 {
      let (a, b) = (number(), number())
      var (c, d) = (number(), number())
      switch generator.integer(in: 0...3) {
      case 0: (c, d) = (b, a)
      case 1: (c, d) = (b.nextUp, a.nextDown)
      case 2: (c, d) = (a * 2, b / 2)
      default: break
      }
      guard c.isFinite, d.isFinite else { continue }
      let (left, right) = (Rational(a) * Rational(b), Rational(c) * Rational(d))
      let expected = left < right ? -1 : (left == right ? 0 : 1)
      #expect(BigInteger.compareProducts(a, b, c, d) == expected, "\(a) \(b) \(c) \(d)")
    }
  }

  /// The error-free transform cannot see these: both products and their errors underflow.
  @Test func tinyProductsAreNotEqual() {
    let x = 0x1.8p-600
    #expect(BigInteger.compareProducts(x, x, x, x.nextUp) == -1)
    #expect(BigInteger.compareProducts(-x, x, x, x.nextUp) == -1)
    #expect(BigInteger.compareProducts(-x, x.nextUp, -x, x) == -1)
    #expect(BigInteger.compareProducts(0, x, -0.0, x) == 0)
  }
}
