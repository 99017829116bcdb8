import Testing

@testable import Tasks

@Suite("Seeded: the generator") struct SeededTests {
  /// The numbers that the reference implementations give.
  @Test func referenceWords() throws {
    var generator = try Seeded(state: [1, 2, 3, 4, 0, 0])
    let words = (0..<6).map { _ in generator.next() }
    #expect(
      words == [
        11520, 0, 1_509_978_240, 1_215_971_899_390_074_240, 1_216_172_134_540_287_360,
        607_988_272_756_665_600,
      ])
    var spread = SplitMix64(state: 1_234_567)
    #expect(
      (0..<3).map { _ in spread.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
    #expect(
      Array(Seeded(seed: 1_234_567).state[..<3]) == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test(arguments: [1, 2, 3, 7, 16, 1000])
  func belowIsUniform(n: Int) {
    var generator = Seeded(seed: UInt64(n))
    let draws = 200 * n
    var counts = [Int](repeating: 0, count: n)
    for _ in 0..<draws { counts[generator.below(n)] += 1 }
    // χ² has n − 1 degrees of freedom: mean n − 1, deviation √(2n − 2).
    let chiSquare = counts.reduce(0.0) { $0 + Double(($1 - 200) * ($1 - 200)) / 200 }
    #expect(chiSquare <= Double(n - 1) + 5 * Double(2 * n).squareRoot())
  }

  /// Where the rejection of Lemire's method matters: a third of all words are rejected.
  @Test func belowAHugeNumber() {
    var generator = Seeded(seed: 5)
    let n = 3 << 61
    var low = 0
    for _ in 0..<3000 where generator.below(n) < n / 3 { low += 1 }
    #expect(abs(low - 1000) < 130)
  }

  @Test(arguments: UInt64(0)..<4)
  func moments(seed: UInt64) {
    var generator = Seeded(seed: seed)
    let count = 100_000
    let normal = (0..<count).map { _ in generator.normal() }
    let mean = normal.reduce(0, +) / Double(count)
    let square = normal.reduce(0) { $0 + $1 * $1 } / Double(count)
    let fourth = normal.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(count)
    #expect(abs(mean) < 0.016)
    #expect(abs(square - 1) < 0.023)
    #expect(abs(fourth - 3) < 0.16)
    let tail = normal.filter { abs($0) > 1.959964 }.count
    #expect(abs(Double(tail) / Double(count) - 0.05) < 0.0035)
    let pairs = zip(normal, normal.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 } / Double(count)
    #expect(abs(pairs) < 0.016)

    let units = (0..<count).map { _ in generator.unit() }
    #expect(units.allSatisfy { $0 >= 0 && $0 < 1 })
    #expect(abs(units.reduce(0, +) / Double(count) - 0.5) < 0.005)
  }

  @Test(arguments: 0..<5)
  func stateRestores(draws: Int) throws {
    var generator = Seeded(seed: 11)
    for _ in 0..<draws { _ = generator.normal() }
    var restored = try Seeded(state: generator.state)
    #expect(restored == generator)
    #expect((generator.state[4] == 1) == (draws % 2 == 1))
    for _ in 0..<7 { #expect(restored.normal() == generator.normal()) }
    #expect(restored.next() == generator.next())
  }

  @Test(
    arguments: [
      ([1, 2, 3], SeededStateError.wrongCount(found: 3)), ([], .wrongCount(found: 0)),
      ([0, 0, 0, 0, 0, 0], .allZero),
      ([1, 0, 0, 0, 0, 1], .notANormalNumber(flag: 0, bits: 1)),
      ([1, 0, 0, 0, 2, 0], .notANormalNumber(flag: 2, bits: 0)),
      (
        [1, 0, 0, 0, 1, Double.nan.bitPattern],
        .notANormalNumber(flag: 1, bits: Double.nan.bitPattern)
      ),
      (
        [1, 0, 0, 0, 1, Double.infinity.bitPattern],
        .notANormalNumber(flag: 1, bits: Double.infinity.bitPattern)
      ),
    ] as [([UInt64], SeededStateError)])
  func stateIsChecked(state: [UInt64], error: SeededStateError) {
    #expect(throws: error) { try Seeded(state: state) }
    #expect(error.description.hasPrefix("random state: "))
  }

  @Test func children() {
    let parent = Seeded(seed: 3)
    let before = parent.state
    let firsts = (0..<2000).map { stream in
      var child = parent.child(UInt64(stream))
      return child.next()
    }
    #expect(Set(firsts).count == 2000)
    #expect(parent.state == before)
    #expect(parent.child(7) == parent.child(7))
    #expect(parent.child(7) != Seeded(seed: 4).child(7))
    #expect(parent.child(1).child(2) != parent.child(2).child(1))
    var moved = parent
    _ = moved.next()
    #expect(moved.child(7) != parent.child(7))
  }
}
