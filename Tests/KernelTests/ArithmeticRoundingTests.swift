@testable import CertifyKernel
import TestSupport
import Testing

/// Directed rounding, walked through the 16-bit format: its sums, products and quotients compare exactly
/// in Double, and its edges are near enough to be met by every walk.
@Suite struct RoundingTests {
  /// Half of all exponents, and the mantissas around the powers of two and some others; both signs.
  static let samples: [Float16] = {
    let mantissas: [UInt16] = [0, 1, 2, 3, 0x155, 0x1ff, 0x200, 0x201, 0x2aa, 0x3fd, 0x3fe, 0x3ff]
    let exponents: [UInt16] =
      Array(0...14) + [15, 16, 17, 20, 21, 24, 25, 26, 27, 28, 29, 30, 31]
    let positive = exponents.flatMap { e in
      (e == 31 ? [0, 1] : mantissas).map { Float16(bitPattern: e << 10 | $0) }
    }
    return positive + positive.map { -$0 }
  }()

  /// Operands for one shard of the walk: every eighth sample against further random numbers.
  static func pairs(_ shard: Int) -> [(Float16, Float16)] {
    var generator = SplitMix64(seed: UInt64(shard))
    let left = stride(from: shard, to: samples.count, by: 8).map { samples[$0] }
    return left.flatMap { a in
      samples.map { (a, $0) }
        + (0..<1000).map { _ in (a, Float16(bitPattern: UInt16(generator.next() & 0xffff))) }
    }
  }

  /// The smallest 16-bit number that is at least `exact`.
  static func nearestAbove(_ exact: Double) -> Float16 {
    var result = Float16(exact)
    while Double(result) < exact { result = result.nextUp }
    while Double(result.nextDown) >= exact { result = result.nextDown }
    return result
  }

  /// What is wrong with `up` as a bound above `exact`, if anything. Overflow may go to infinity.
  static func faultAbove(_ up: Float16, _ exact: Double, tight: Bool) -> String? {
    if !exact.isFinite { return Double(up) >= exact ? nil : "\(up) is not above \(exact)" }
    guard Double(up) >= exact else { return "\(up) is not above \(exact)" }
    let nearest = nearestAbove(exact)
    if tight && exact.magnitude <= 65504 && up != nearest { return "\(up), nearest \(nearest)" }
    if exact.magnitude <= 65504 && up > nearest.nextUp.nextUp { return "\(up) is far away" }
    return nil
  }

  static let threshold = Double(Float16.exactProductThreshold)

  @Test func walkIsLongEnough() {
    let count = (0..<8).reduce(0) { $0 + Self.pairs($1).count }
    #expect(count >= 1_000_000, "\(count) pairs")
  }

  @Test(arguments: 0..<8)
  func sumIsNearestBound(shard: Int) {
    check(shard) { a, b in
      let exact = Double(a) + Double(b)
      // Beside the largest numbers a step of two-sum may overflow; then the bound is one step wider.
      let tight = max(a.magnitude, b.magnitude) <= .greatestFiniteMagnitude / 2
      return (
        a.addingUp(b), a.addingDown(b), a.subtractingUp(-b), a.subtractingDown(-b), exact, tight
      )
    }
  }

  @Test(arguments: 0..<8)
  func productIsNearestBoundAboveThreshold(shard: Int) {
    check(shard) { a, b in
      let exact = Double(a) * Double(b)
      let tight = exact.magnitude >= Self.threshold || exact == 0
      return (
        a.multiplyingUp(b), a.multiplyingDown(b), b.multiplyingUp(a), b.multiplyingDown(a), exact,
        tight
      )
    }
  }

  /// Calls the two upward and the two downward results for each pair and compares them with the exact one.
  func check(
    _ shard: Int,
    _ body: (Float16, Float16) -> (
      up: Float16, down: Float16, up2: Float16, down2: Float16, exact: Double, tight: Bool
    )
  ) {
    var faults = Faults()
    for (a, b) in Self.pairs(shard) {
      let r = body(a, b)
      if r.exact.isNaN {
        if ![r.up, r.down, r.up2, r.down2].allSatisfy(\.isNaN) {
          faults.append("\(a), \(b): not NaN")
        }
        continue
      }
      for up in [r.up, r.up2, -r.down, -r.down2].enumerated() {
        let exact = up.offset < 2 ? r.exact : -r.exact
        if let fault = Self.faultAbove(up.element, exact, tight: r.tight) {
          faults.append("\(a), \(b): \(fault)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// A quotient q is at least a/b exactly when q·b is at least a (b > 0), and q·b is exact in Double.
  @Test(arguments: 0..<8)
  func quotientIsNearestBoundAboveThreshold(shard: Int) {
    var faults = Faults()
    for (a, b) in Self.pairs(shard) {
      let (up, down) = (a.dividingUp(b), a.dividingDown(b))
      if a.isNaN || !b.isFinite || b == 0 {
        if !up.isNaN || !down.isNaN { faults.append("\(a) / \(b) = [\(down), \(up)], not NaN") }
        continue
      }
      guard a.isFinite else {
        if up != .infinity || down != -.infinity { faults.append("\(a) / \(b)") }
        continue
      }
      for (bound, n) in [(up, Double(a)), (-down, -Double(a))] {
        let (numerator, divisor) = b > 0 ? (n, Double(b)) : (-n, -Double(b))
        func isAbove(_ q: Float16) -> Bool { q == .infinity || Double(q) * divisor >= numerator }
        if !isAbove(bound) { faults.append("\(bound) is not above \(numerator)/\(divisor)") }
        let overflows = numerator.magnitude > 65504 * divisor
        if n.magnitude >= Self.threshold && !overflows && isAbove(bound.nextDown) {
          faults.append("\(bound) is not the nearest above \(numerator)/\(divisor)")
        }
        if !overflows && isAbove(bound.nextDown.nextDown.nextDown) {
          faults.append("\(bound) is far above \(numerator)/\(divisor)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// All 65,536 numbers.
  @Test func squareRootIsNearestBoundAboveThreshold() {
    var faults = Faults()
    for pattern in UInt16.min...UInt16.max {
      let x = Float16(bitPattern: pattern)
      let (up, down) = (x.squareRootUp(), x.squareRootDown())
      guard x >= 0 else {
        if !up.isNaN || !down.isNaN { faults.append("√\(x) is not NaN") }
        continue
      }
      guard x.isFinite else {
        if up != .infinity || !(down <= .greatestFiniteMagnitude) { faults.append("√\(x)") }
        continue
      }
      let (d, u, value) = (Double(down), Double(up), Double(x))
      // √0 may be enclosed by a negative number, never by a positive one from below.
      if !((d <= 0 || d * d <= value) && u >= 0 && u * u >= value) {
        faults.append("√\(x) in [\(down), \(up)]")
      }
      guard value >= Self.threshold else { continue }
      let (above, below) = (Double(down.nextUp), Double(up.nextDown))
      if above * above <= value || below * below >= value { faults.append("√\(x) not nearest") }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// The format that counts, over its whole range of exponents, against rational numbers.
  @Test(arguments: UInt64(0)..<16)
  func doubleBoundsEncloseExactly(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    for round in 0..<200 {
      let near = round % 2 == 0
      let a = near ? generator.shortDouble() : generator.anyFiniteDouble()
      let b = near ? generator.symmetric() : generator.anyFiniteDouble()
      let (p, q) = (Rational(a), Rational(b))
      #expect(
        Interval(a.addingDown(b), a.addingUp(b)).contains(p + q), "\(a) + \(b)")
      #expect(
        Interval(a.subtractingDown(b), a.subtractingUp(b)).contains(p - q), "\(a) - \(b)")
      #expect(
        Interval(a.multiplyingDown(b), a.multiplyingUp(b)).contains(p * q), "\(a) * \(b)")
      if b != 0 {
        #expect(Interval(a.dividingDown(b), a.dividingUp(b)).contains(p / q), "\(a) / \(b)")
      }
      let x = a.magnitude
      let (down, up) = (x.squareRootDown(), x.squareRootUp())
      let lowerHolds = down <= 0 || Rational(down) * Rational(down) <= p.magnitude
      #expect(lowerHolds && p.magnitude <= Rational(up) * Rational(up), "√\(x)")
    }
  }

  /// Where the sum of two doubles is finite but a step of two-sum is not, the bound must still hold.
  @Test func sumsNearOverflowStayBounds() {
    let most = Double.greatestFiniteMagnitude
    let edges = [most, most.nextDown, most / 2, most.ulp, most.ulp / 2, most.ulp / 4, 1, 0]
    for a in edges.flatMap({ [$0, -$0] }) {
      for b in edges.flatMap({ [$0, -$0] }) {
        let enclosure = Interval(a.addingDown(b), a.addingUp(b))
        #expect(enclosure.contains(Rational(a) + Rational(b)), "\(a) + \(b) in \(enclosure)")
      }
    }
  }
}
