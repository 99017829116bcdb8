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
