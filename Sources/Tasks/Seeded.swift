internal import Glibc

/// A generator of random numbers that a seed, or a saved state, replays exactly.
///
/// xoshiro256**, 256 bits of state, period 2²⁵⁶ − 1; a seed is spread over the state by SplitMix64.
/// Numbers that are drawn depend on nothing but the state: not on the machine's random source, and
/// not on algorithms of the standard library that may change. (`normal()` calls `log` of the C library.)
///
/// Source: Blackman & Vigna, "Scrambled Linear Pseudorandom Number Generators", ACM Trans. Math. Softw.
/// 47 (2021); Steele, Lea & Flood, OOPSLA 2014 (SplitMix64).
public struct Seeded: RandomNumberGenerator, Sendable, Hashable {
  private var words: (UInt64, UInt64, UInt64, UInt64)
  /// The second number of a pair that `normal()` has made and not handed out.
  private var spare: Double?

  public init(seed: UInt64) {
    var spread = SplitMix64(state: seed)
    words = (spread.next(), spread.next(), spread.next(), spread.next())
  }

  public mutating func next() -> UInt64 {
    let result = Self.rotated(words.1 &* 5, by: 7) &* 9
    let shifted = words.1 << 17
    words.2 ^= words.0
    words.3 ^= words.1
    words.1 ^= words.2
    words.0 ^= words.3
    words.2 ^= shifted
    words.3 = Self.rotated(words.3, by: 45)
    return result
  }

  /// A multiple of 2⁻⁵³ in [0, 1), each equally likely.
  public mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A whole number of 0 ..< n, each equally likely, n > 0.
  ///
  /// Source: Lemire, "Fast Random Integer Generation in an Interval", ACM TOMACS 29 (2019).
  public mutating func below(_ n: Int) -> Int {
    precondition(n > 0, "below(\(n)): there is no such number")
    let bound = UInt64(n)
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let rejected = (0 &- bound) % bound
      while product.low < rejected { product = next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// A standard normal number: mean 0, standard deviation 1.
  ///
  /// The polar method, which makes two at a time; the second is kept for the next call.
  /// Source: Marsaglia & Bray, "A Convenient Method for Generating Normal Variables", SIAM Review 6 (1964).
  public mutating func normal() -> Double {
    if let spare {
      self.spare = nil
      return spare
    }
    while true {
      let x = 2 * unit() - 1
      let y = 2 * unit() - 1
      let square = x * x + y * y
      guard square < 1, square > 0 else { continue }
      let factor = (-2 * log(square) / square).squareRoot()
      spare = y * factor
      return x * factor
    }
  }

  /// Another generator, which depends on this one's state and on `stream` only.
  ///
  /// This one is not advanced. Children of different streams, and children of children, are meant to be
  /// independent: 64 bits of the state and the stream are hashed, so two of k children coincide with a
  /// probability of about k²/2⁶⁵.
  public func child(_ stream: UInt64) -> Seeded {
    var hash = SplitMix64(state: stream)
    for word in [words.0, words.1, words.2, words.3] {
      hash = SplitMix64(state: hash.next() ^ word)
    }
    return Seeded(seed: hash.next())
  }

  public static func == (a: Seeded, b: Seeded) -> Bool { a.state == b.state }

  public func hash(into hasher: inout Hasher) { hasher.combine(state) }

  private static func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
    word << count | word >> (64 - count)
  }
}

/// The state, to be saved and restored: training goes on with the same numbers.
extension Seeded {
  /// Six words: the four of xoshiro256**, 1 or 0 for whether `normal()` holds a number back, and that
  /// number's bit pattern (0 if none).
  public var state: [UInt64] {
    [words.0, words.1, words.2, words.3, spare == nil ? 0 : 1, spare?.bitPattern ?? 0]
  }

  /// The generator that had this state.
  ///
  /// - Throws: `SeededStateError`, if no generator can have it.
  public init(state: [UInt64]) throws(SeededStateError) {
    guard state.count == 6 else { throw .wrongCount(found: state.count) }
    guard state[..<4].contains(where: { $0 != 0 }) else { throw .allZero }
    words = (state[0], state[1], state[2], state[3])
    let held = Double(bitPattern: state[5])
    switch state[4] {
    case 0 where state[5] == 0: spare = nil
    case 1 where abs(held) < 64: spare = held
    default: throw .notANormalNumber(flag: state[4], bits: state[5])
    }
  }
}

/// What is wrong with the saved state of a `Seeded`.
public enum SeededStateError: Error, Sendable, Hashable, CustomStringConvertible {
  case wrongCount(found: Int)
  /// The one state that xoshiro256** cannot leave.
  case allZero
  /// The words that say what `normal()` holds back.
  case notANormalNumber(flag: UInt64, bits: UInt64)

  public var description: String {
    switch self {
    case .wrongCount(let found): "random state: \(found) words, expected 6"
    case .allZero: "random state: the first four words are all 0"
    case .notANormalNumber(let flag, let bits):
      "random state: \(flag), 0x\(String(bits, radix: 16)) is not what normal() holds back"
    }
  }
}

/// The generator that spreads a seed.
struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }
}
