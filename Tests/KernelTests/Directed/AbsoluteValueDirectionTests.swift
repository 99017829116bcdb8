import TestSupport
import Testing

@testable import CertifyKernel

/// Theorem 1's bound, given the sums (N v)_i and (Nᵀ w)_i that the kernel found: one rounding after another.
@Suite struct AbsoluteValueDirectionTests {
  private static func network(
    _ n: Int, _ generator: inout SplitMix64
  ) throws -> Specification {
    let scale = [1.0, 0.25, 0x1p-30, 0x1p-54][generator.integer(in: 0...3)]
    var W = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n { W[i, j] = generator.awkwardWeight(i == j ? 1 : scale) }
    }
    if generator.isTrue() { for i in 0..<n { W[i, i] = 0 } }
    let gain = generator.awkwardRatio()
    let slopes: SlopeInterval = generator.isTrue() ? .unit : try SlopeInterval(.zero, gain)
    if generator.integer(in: 0...4) == 0 {
      return try Specification(form: .map, recurrent: .dense(W), slopes: slopes)
    }
    let count = generator.isTrue() ? 1 : n
    return try Specification(
      form: generator.isTrue() ? .outside : .inside, recurrent: .dense(W), slopes: slopes,
      timeConstants: (0..<count).map { _ in generator.awkwardRatio() },
      step: .init(size: generator.awkwardRatio()))
  }

  @Test(arguments: UInt64(0)..<12)
  func boundsFollowFromTheSums(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<250 {
      let n = generator.integer(in: 1...2)
      let network = try Self.network(n, &generator)
      let (v, w) = (
        (0..<n).map { _ in generator.awkward() }, (0..<n).map { _ in generator.awkward() }
      )
      for scope in network.scopes {
        let comparison = ComparisonMatrix(network)
        let bound = AbsoluteValue.bound(of: network, comparison, scope, v, w)
        let exact = Self.bound(network, comparison, scope, v, w)
        let context = "\(scope), \(network), \(v), \(w)"
        switch scope {
        case .continuous: faults.expect(bound, below: exact, context)
        // exact is ρ².
        case .asRun:
          if bound.isFinite, Rational(bound) * Rational(bound) < exact { faults.append(context) }
          if bound.isNaN { faults.append("NaN: \(context)") }
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Maps whose pace has all 53 bits, and weights that have few: the products with the pace decide.
  @Test(arguments: UInt64(0)..<8)
  func pacesOfManyBits(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let (w, x) = (generator.power(-3...0), generator.power(-3...0))
      let network = try Specification.of(
        [[0, w], [generator.isTrue() ? x : 0, 0]], step: ExactRatio(0.5 + 0.5 * generator.unit()))
      let (v, u) = ([1, generator.power(-2...2)], [1, generator.power(-2...2)])
      let comparison = ComparisonMatrix(network)
      let bound = AbsoluteValue.bound(of: network, comparison, .asRun, v, u)
      if Rational(bound) * Rational(bound) < Self.bound(network, comparison, .asRun, v, u) {
        faults.append("\(network), \(v), \(u)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// One weight w from unit 1 to unit 0, and a third unit that turns over by itself: with h = 3/4, |1 − h + hd| is at
  /// most 1/4, 1/4 and 1/2. Where v or w make the other one small, ρ² is half of 1/4 + hw: one product decides.
  @Test(arguments: [false, true])
  func productsWithThePace(alongColumns: Bool) throws {
    var generator = SplitMix64(seed: alongColumns ? 1 : 0)
    let weights = (0..<600).map { _ in 1.5 + 0.5 * generator.unit() }
    try Self.expectFactors(weights, turning: -1, pace: ExactRatio(0.75), alongColumns)
  }

  /// The same where h is no double and far from the one below it; the weight counts more than the rest.
  @Test(arguments: [false, true])
  func pacesThatAreNoDoubles(alongColumns: Bool) throws {
    var generator = SplitMix64(seed: alongColumns ? 3 : 2)
    for _ in 0..<1500 {
      let k = Double(generator.integer(in: 100...100_000))
      let h = ExactRatio(k + 1, over: 2 * k)
      let ulp = Rational(0x1p-53)
      guard Rational(h) - Rational(h.enclosure.lower) > ulp * Rational(9, over: 10) else {
        continue
      }
      try Self.expectFactors([15 + 16 * generator.unit()], turning: -4, pace: h, alongColumns)
    }
  }

  private static func expectFactors(
    _ weights: [Double], turning own: Double, pace: ExactRatio, _ alongColumns: Bool
  ) throws {
    var faults = Faults()
    for weight in weights {
      let network = try Specification.of(
        [[0, weight, 0], [0, 0, 0], [0, 0, own]], step: pace)
      let (one, small) = ([1.0, 1, 1], [1, 0x1p-10, 1])
      let (v, w) = alongColumns ? (small, one) : (one, [0x1p-10, 1, 1])
      let comparison = ComparisonMatrix(network)
      let bound = AbsoluteValue.bound(of: network, comparison, .asRun, v, w)
      if Rational(bound) * Rational(bound) < Self.bound(network, comparison, .asRun, v, w) {
        faults.append("\(weight), \(pace)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// A map of one unit: |W g| is a little more than 1/2, since the doubles 0.1, 0.05 and 0.025 lie above 1/10, 1/20
  /// and 1/40.
  @Test(
    arguments: [(-5, 0.1), (5, 0.1), (-10, 0.05), (10, 0.05), (-20, 0.025)] as [(Double, Double)])
  func endsOfTheDiagonal(weight: Double, gain: Double) throws {
    let network = try Specification(
      form: .map, recurrent: .dense(Matrix([[weight]])),
      slopes: SlopeInterval(.zero, ExactRatio(gain)))
    let bound = AbsoluteValue.bound(of: network, ComparisonMatrix(network), .asRun, [1], [1])
    #expect(Rational(weight.magnitude) * Rational(gain) > Rational(1, over: 2))
    #expect(Rational(bound) >= Rational(weight.magnitude) * Rational(gain))
  }

  /// λ, or ρ².
  private static func bound(
    _ network: Specification, _ comparison: ComparisonMatrix, _ scope: Scope, _ v: [Double],
    _ w: [Double]
  ) -> Rational {
    let exact = ExactNetwork(network)
    let n = exact.units
    var (right, left) = comparison.offDiagonalProducts(v, w)
    if scope == .asRun, network.timeConstants.count > 1 {
      let paced = w.indices.map {
        w[$0].multiplyingUp(network.pace(scope, unit: $0).upper)
      }
      left = comparison.offDiagonalProducts(v, paced).columns
    }
    let rows = (0..<n).map { Rational(right[$0]) / Rational(v[$0]) }
    let columns = (0..<n).map { Rational(left[$0]) / Rational(w[$0]) }
    let half = Rational(1, over: 2)
    if scope == .continuous {
      let rates = (0..<n).map { i in
        (1 - exact.range(i, i).upper - (rows[i] + columns[i]) * half) / exact.tau[i]
      }
      return rates.reduce(rates[0]) { min($0, $1) }
    }
    var (row, column) = (Rational.zero, Rational.zero)
    for i in 0..<n {
      let h = exact.pace(scope, i)
      let (low, high) = exact.range(i, i)
      let own = max((1 - h + h * low).magnitude, (1 - h + h * high).magnitude)
      row = max(row, own + h * rows[i])
      column = max(column, own + (network.timeConstants.count > 1 ? columns[i] : h * columns[i]))
    }
    return row * column
  }

  /// (N v)_i and (Nᵀ w)_i themselves, where sums and products underflow as well.
  @Test(arguments: UInt64(0)..<6)
  func sumsAreAtLeastTheProducts(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for round in 0..<150 {
      let n = generator.integer(in: 2...3)
      // Products near the least subnormal number, near the least that is inflated alone, and ordinary ones.
      let scale = [0x1p-1074, 0x1p-1070, 0x1p-900, 0x1p-902, 0x1p-30, 1][round % 6]
      var W = Matrix(rows: n, columns: n)
      for i in 0..<n {
        for j in 0..<n {
          W[i, j] =
            scale < 0x1p-1000
            ? scale * Double(generator.integer(in: -3...3)) : generator.awkwardWeight(scale)
        }
      }
      let gain = [ExactRatio(0.125), ExactRatio(1, over: 3), .one, ExactRatio(0x1p-40)][
        generator.integer(in: 0...3)]
      let isSparse = generator.isTrue()
      let network = try Specification(
        form: .outside, recurrent: isSparse ? .sparse(SparseMatrix(W)) : .dense(W),
        slopes: SlopeInterval(.zero, gain))
      let v = (0..<n).map { _ in generator.awkward() * generator.power(-2...0) }
      let w = (0..<n).map { _ in generator.awkward() * generator.power(-2...0) }
      let (right, left) = ComparisonMatrix(network).offDiagonalProducts(v, w)
      let exact = ExactNetwork(network)
      for i in 0..<n {
        let others = (0..<n).filter { $0 != i }
        let context = "\(i), \(network), \(v), \(w)"
        faults.expect(
          right[i],
          above: others.reduce(Rational.zero) { $0 + exact.weight(i, $1) * Rational(v[$1]) },
          context)
        faults.expect(
          left[i],
          above: others.reduce(Rational.zero) { $0 + exact.weight($1, i) * Rational(w[$1]) },
          context)
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Entries of the metric diag(τ w / v) lie in what is said of them.
  @Test(arguments: UInt64(0)..<8)
  func metricsHoldTheirEntries(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix(rows: 2, columns: 2)),
        timeConstants: [generator.awkwardRatio(), generator.awkwardRatio()])
      let (v, w) = (
        (0..<2).map { _ in generator.awkward() }, (0..<2).map { _ in generator.awkward() }
      )
      guard
        case .diagonal(let lower, let upper) = AbsoluteValue.metric(network, .continuous, v, w)
      else {
        faults.append("not diagonal")
        continue
      }
      let exact = ExactNetwork(network)
      for i in 0..<2 {
        let isPaced = network.timeConstants.count > 1
        let entry = (isPaced ? exact.tau[i] : 1) * Rational(w[i]) / Rational(v[i])
        faults.expect(lower[i], below: entry, "\(network), \(v), \(w)")
        faults.expect(upper[i], above: entry, "\(network), \(v), \(w)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }
}
