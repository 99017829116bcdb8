/// A generator of 64-bit words that a seed replays exactly, on every machine.
///
/// Source: Steele, Lea & Flood, OOPSLA 2014 (the constants of the public-domain `splitmix64`).
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  public init(seed: UInt64) { state = seed }

  public mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A multiple of 2⁻⁵³ in [0, 1), each equally likely.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A number in [−1, 1), a multiple of 2⁻⁵².
  public mutating func symmetric() -> Double { 2 * unit() - 1 }

  /// A whole number of the range. The bias is below range/2⁶⁴.
  public mutating func integer(in range: ClosedRange<Int>) -> Int {
    let count = UInt64(range.upperBound - range.lowerBound) + 1
    return range.lowerBound + Int(next() % count)
  }

  /// A standard normal number by the sum of twelve uniform ones: near enough for test matrices.
  public mutating func roughlyNormal() -> Double {
    var sum = -6.0
    for _ in 0..<12 { sum += unit() }
    return sum
  }

  /// Any finite double: every exponent, the subnormal one included, equally likely.
  public mutating func anyFiniteDouble() -> Double {
    let word = next()
    let exponent = UInt64(integer(in: 0...2046))
    return Double(bitPattern: (word & 0x800f_ffff_ffff_ffff) | exponent << 52)
  }

  /// A whole number times a small power of two, so that sums and products often come out exact or tie.
  public mutating func shortDouble() -> Double {
    Double(integer(in: -64...64))
      * Double(sign: .plus, exponent: integer(in: -6...2), significand: 1)
  }
}
