import Dynamics
import TestSupport
import Testing

/// Products in each storage against the matrix written out.
@Suite struct PatternTests {
  static let patterns: [Pattern] = [
    .dense(6, 6),
    .blocks(units: 6, size: 3, [(1, 0), (0, 1), (1, 1)]),
    .blocks(units: 6, size: 2, [(2, 0), (0, 0)]),
    .sparse(columns: 6, [[0, 3], [], [1, 2, 5], [4], [0, 1, 2, 3, 4, 5], [5]]),
  ]

  @Test(arguments: patterns.indices) func productsAreThoseOfTheMatrix(_ k: Int) {
    let pattern = Self.patterns[k]
    var generator = SplitMix64(seed: UInt64(k))
    func random(_ count: Int) -> [Double] { (0..<count).map { _ in 2 * generator.unit() - 1 } }
    let values = random(pattern.entries)
    let matrix = pattern.dense(values)
    let batch = 5
    let (x, δ) = (random(6 * batch), random(6 * batch))
    var (y, yt, g) = (random(6 * batch), random(6 * batch), random(pattern.entries))
    let (y₀, yt₀, g₀) = (y, yt, g)
    pattern.multiply(values, x, into: &y, batch: batch)
    pattern.multiplyTransposed(values, x, into: &yt, batch: batch)
    pattern.outer(δ, x, into: &g, batch: batch)
    for i in 0..<6 {
      for b in 0..<batch {
        var (sum, transposed) = (y₀[i * batch + b], yt₀[i * batch + b])
        for j in 0..<6 {
          sum += matrix[i * 6 + j] * x[j * batch + b]
          transposed += matrix[j * 6 + i] * x[j * batch + b]
        }
        #expect(abs(sum - y[i * batch + b]) < 1e-14)
        #expect(abs(transposed - yt[i * batch + b]) < 1e-14)
      }
    }
    pattern.places { place, i, j in
      var sum = g₀[place]
      for b in 0..<batch { sum += δ[i * batch + b] * x[j * batch + b] }
      #expect(abs(sum - g[place]) < 1e-14)
    }
  }
}
