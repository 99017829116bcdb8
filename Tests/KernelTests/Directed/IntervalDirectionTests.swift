import TestSupport
import Testing

@testable import CertifyKernel

/// Intervals with ends that are infinite, tiny or equal, where the shorter ways of working are not taken.
@Suite struct IntervalDirectionTests {
  /// One infinite end: a product reaches as far, and its other end is a bound still.
  @Test(arguments: UInt64(0)..<4)
  func productsWithOneInfiniteEnd(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<300 {
      let (a, b, more) = (generator.awkward(), generator.awkward(), generator.awkward())
      let exact = Rational(a) * Rational(b)
      // [a, ∞)·[b, b + more] ≥ ab, [a, a + more]·(−∞, −b] ≤ −ab; the factors in either order.
      let wide = Interval(b, b.addingUp(more))
      for product in [Interval(a, .infinity) * wide, wide * Interval(a, .infinity)] {
        faults.expect(product.lower, below: exact, "\(a) · \(b)")
        if product.upper != .infinity { faults.append("upper end of \(a) · \(b)") }
      }
      for product in [wide * Interval(-.infinity, -a), Interval(-.infinity, -a) * wide] {
        faults.expect(product.upper, above: -exact, "−\(a) · \(b)")
        if product.lower != -.infinity { faults.append("lower end of −\(a) · \(b)") }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// 0 times infinity says nothing, at whichever end it is met.
  @Test func zeroTimesInfinity() {
    for (a, b) in [
      (Interval(0, 1), Interval(-.infinity, 1)), (Interval(0, 1), Interval(1, .infinity)),
      (Interval(0, .infinity), Interval(0, 1)), (Interval(-.infinity, 1), Interval(0, 1)),
    ] {
      #expect((a * b).lower.isNaN && (a * b).upper.isNaN, "\(a) · \(b)")
    }
  }

  /// What overflows is bounded by infinity on both sides.
  @Test func overflowFailsClosed() {
    let most = Double.greatestFiniteMagnitude
    let square = Interval(most) * Interval(most)
    #expect(square.lower == -.infinity && square.upper == .infinity)
    #expect((-most).addingUp(-most) == .infinity && most.addingDown(most) == -.infinity)
    #expect((-most).multiplyingUp(2) == .infinity && most.multiplyingDown(2) == -.infinity)
    #expect((-most).dividingUp(0.5) == .infinity && most.dividingDown(0.5) == -.infinity)
    let quotient = Interval.quotient(most, 0.5)
    #expect(quotient.lower == -.infinity && quotient.upper == .infinity)
    #expect(Interval.quotient(1, .infinity).lower.isNaN)
  }

  /// At the threshold of exact errors themselves a bound is the nearest.
  @Test func theThresholdItself() {
    let x = Double.exactProductThreshold
    #expect(x.dividingUp(1) == x && x.dividingDown(1) == x && x.multiplyingUp(1) == x)
    let (up, down) = (x.squareRootUp(), x.squareRootDown())
    #expect(up == down.nextUp || up == down)
    #expect(Rational(down) * Rational(down) <= Rational(x))
    let even = 2 * x
    #expect(even.squareRootUp() == even.squareRoot() && even.squareRootDown() == even.squareRoot())
  }

  /// Quotients of positive numbers of every size, by the short way and by the long one.
  @Test(arguments: UInt64(0)..<8)
  func quotientsOfEverySize(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for round in 0..<300 {
      func number() -> Double {
        switch round % 3 {
        case 0: generator.awkward()
        case 1: abs(generator.anyFiniteDouble())
        default: generator.awkward() * generator.power(-1060...(-900))
        }
      }
      let (x, y) = (number(), round % 3 == 2 ? generator.awkward() : number())
      guard x > 0, y > 0 else { continue }
      let exact = Rational(x) / Rational(y)
      if !Interval.quotient(x, y).contains(exact) { faults.append("\(x) / \(y)") }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  @Test func endsOfUnionsAndRoots() {
    for (a, b) in [(Interval(1, 2), Interval(3, 4)), (Interval(1, 4), Interval(2, 3))] {
      for union in [a.union(b), b.union(a)] { #expect(union == Interval(1, 4)) }
    }
    let root = Interval(-1, 4).squareRoot()
    #expect(root.lower.isNaN && root.upper.isNaN)
    for bad in [Interval(0, .infinity), Interval(-.infinity, 0), Interval(.nan, 0)] {
      #expect(bad.arctangent().lower.isNaN && bad.arctangent().upper.isNaN)
    }
    #expect(Interval(0, 1).naturalLogarithm().upper.isNaN)
  }

  /// m ± r of an enclosed entry.
  @Test(arguments: UInt64(0)..<4)
  func entriesOfEnclosures(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let (m, r) = (generator.awkwardWeight(), generator.awkward() * generator.power(-54...0))
      let entry = EnclosedMatrix(Matrix([[m]]), radius: Matrix([[r]]))[0, 0]
      faults.expect(entry.lower, below: Rational(m) - Rational(r), "\(m) − \(r)")
      faults.expect(entry.upper, above: Rational(m) + Rational(r), "\(m) + \(r)")
      let slopes = try? SlopeInterval(ExactRatio(1, over: 7), ExactRatio(m.magnitude + 1, over: 3))
      if let slopes {
        faults.expect(slopes.enclosure.lower, below: Rational(slopes.lower), "\(slopes)")
        faults.expect(slopes.enclosure.upper, above: Rational(slopes.upper), "\(slopes)")
      }
    }
    // γ_k = ku/(1 − ku).
    for k in 1..<4000 {
      let ku = Rational(k) * Rational(0x1p-53)
      faults.expect(relativeErrorOfSum(terms: k), above: ku / (1 - ku), "γ of \(k)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// A negative number is not below itself.
  @Test func equalNumbersAreNotOrdered() {
    for value in [-3, 0, 3] {
      let (a, b) = (BigInteger(value), BigInteger(value))
      #expect(!(a < b) && a == b)
      let shifted = a << 70
      #expect(!(shifted < shifted))
    }
  }

  @Test func textsAtTheEndOfWholeNumbers() {
    #expect(ExactRatio(0x1p53).description == "9007199254740992.0")
    #expect(ExactRatio(0x1p53 - 1).description == "9007199254740991")
    #expect(ExactRatio(0x1p53, over: 3).exactText == "0x1p+53/0x1.8p+1")
    for text in ["0x1.2.3p+0", "0x1..p+0", "0x1.8.p+0"] {
      #expect(ExactRatio(exactly: text) == nil)
    }
  }
}
