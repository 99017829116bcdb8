import Dynamics
import TestSupport
import Testing

/// Products in strips of four rows, against the matrix written out. Entries are small whole numbers, so that every order
/// of summation gives the same.
@Suite struct StripsTests {
  /// Units on a grid that is `width` wide, entries between any two at most `radius` apart.
  static func grid(_ height: Int, _ width: Int, radius: Int) -> Pattern {
    let units = height * width
    return .sparse(
      columns: units,
      (0..<units).map { i in
        (0..<units).compactMap { j in
          let (a, b) = (i / width - j / width, i % width - j % width)
          return a * a + b * b <= radius * radius ? Int32(j) : nil
        }
      })
  }

  /// Units that are no multiple of 4, rows that begin and end apart, batches of every width and with a rest.
  @Test(arguments: [1, 2, 3, 7, 8, 16, 21, 33, 64, 100])
  func productsAreThoseOfTheMatrix(batch: Int) throws {
    try products(Double.self, batch)
    try products(Float.self, batch)
  }

  private func products<S: Real>(_: S.Type, _ batch: Int) throws {
    let pattern = Self.grid(6, 7, radius: 4)
    let (n, strips) = (42, try #require(pattern.strips))
    var generator = SplitMix64(seed: UInt64(batch))
    func random(_ count: Int) -> [S] { (0..<count).map { _ in S(generator.integer(in: -8...8)) } }
    let values = random(pattern.entries)
    let (matrix, packed) = (pattern.dense(values), pattern.packed(values))
    #expect(packed.strips.count == strips.count && packed.transposed.isEmpty)
    let (x, y₀) = (random(n * batch), random(n * batch))
    var (y, yt) = (y₀, y₀)
    pattern.multiply(values, x, into: &y, batch: batch, packed: packed)
    pattern.multiplyTransposed(values, x, into: &yt, batch: batch, packed: packed)
    for i in 0..<n {
      for b in 0..<batch {
        var (sum, transposed) = (y₀[i * batch + b], y₀[i * batch + b])
        for j in 0..<n {
          sum += matrix[i * n + j] * x[j * batch + b]
          transposed += matrix[j * n + i] * x[j * batch + b]
        }
        guard sum == y[i * batch + b], transposed == yt[i * batch + b] else {
          Issue.record("\(S.self), batch \(batch), row \(i), column \(b)")
          return
        }
      }
    }
    // More steps than are multiplied at one go, twice.
    let derivative = StripsDerivative<S>(strips, units: n, batch: batch)
    for _ in 0..<2 {
      var (found, expected) = (
        [S](repeating: 1, count: pattern.entries), [S](repeating: 1, count: pattern.entries)
      )
      for _ in 0..<(256 / batch + 3) {
        let (δ, x) = (random(n * batch), random(n * batch))
        derivative.next.update(from: δ, count: n * batch)
        derivative.add(x)
        pattern.outer(δ, x, into: &expected, batch: batch)
      }
      derivative.finish(into: &found)
      #expect(found == expected, "\(S.self), batch \(batch)")
    }
  }

  /// Rows that have nothing in common would be mostly zeros.
  @Test func rowsThatDifferAreNoStrips() {
    let diagonal = Pattern.sparse(columns: 9, (0..<9).map { [Int32($0)] })
    #expect(diagonal.strips == nil)
    #expect(diagonal.packed([Double](repeating: 2, count: 9)).transposed.count == 9)
    #expect(Pattern.sparse(columns: 3, [[], [], []]).strips?.count == 0)
    #expect(Pattern.dense(4, 4).strips == nil)
  }
}
