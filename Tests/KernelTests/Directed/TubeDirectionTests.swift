import TestSupport
import Testing

@testable import CertifyKernel

/// The tube of a run in floating point, term by term: r ≤ γ(‖X‖ + κ)/(1 − ρ − γ‖X‖), and what underflow takes.
@Suite struct TubeDirectionTests {
  private static func certified(
    _ network: Specification, _ argument: Argument, _ factor: Double
  ) throws -> Certified<Specification>? {
    guard
      case .certified(let certified) = try network.certify(
        using: Certificate(scope: .asRun, claim: .contracts(Proof(argument, bound: factor))))
    else { return nil }
    return certified
  }

  @Test(arguments: UInt64(0)..<12)
  func tubesAreNotTooNarrow(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    var count = 0
    for _ in 0..<25 {
      let n = generator.integer(in: 1...2)
      var W = Matrix(rows: n, columns: n)
      let scale = [0.25, 0.25, 0x1p-20, 0x1p-54][generator.integer(in: 0...3)]
      for i in 0..<n {
        for j in 0...i {
          W[i, j] = generator.awkwardWeight(scale)
          W[j, i] = W[i, j]
        }
      }
      let gain = [
        ExactRatio(1, over: 3), .one, ExactRatio(0.5), ExactRatio(generator.unit() + 0.5),
      ][
        generator.integer(in: 0...3)]
      let steps = [ExactRatio(0.5), .one, ExactRatio(1, over: 3), ExactRatio(7, over: 10)]
      let network = try Specification(
        form: generator.isTrue() ? .outside : .inside, recurrent: .dense(W),
        slopes: SlopeInterval(.zero, gain), step: .init(size: steps[generator.integer(in: 0...3)]))
      func positives() -> [Double] { (0..<n).map { _ in generator.awkward() } }
      let argument =
        generator.isTrue()
        ? Argument.symmetric : .absoluteValue(columnScaling: positives(), rowScaling: positives())
      let factor = [0.75, 0.875, 1 - 0x1p-10][generator.integer(in: 0...2)]
      guard let certified = try Self.certified(network, argument, factor) else { continue }
      let formats: [(FloatTube.Format, Double, Double)] = [
        (.float64, 0x1p-53, 0x1p-1074), (.float32, 0x1p-24, 0x1p-149),
        (.float16, 0x1p-11, 0x1p-24), (.bfloat16, 0x1p-8, 0x1p-133),
      ]
      for (format, u, η) in formats {
        guard let tube = certified.floatTube(format) else { continue }
        count += 1
        let exact = Self.tube(network, certified.metric, u: u, η: η, factor: factor)
        faults.expect(tube.relative, above: exact.relative, "\(network), \(argument)")
        faults.expect(tube.absolute, above: exact.absolute, "\(network), \(argument)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
    #expect(count > 4)
  }

  /// Lower bounds on both, from the ends of the metric that the kernel states.
  private static func tube(
    _ network: Specification, _ metric: MetricBounds, u: Double, η: Double, factor: Double
  ) -> (relative: Rational, absolute: Rational) {
    let exact = ExactNetwork(network)
    let n = exact.units
    let bounds = metric.diagonalBounds(units: n)
    let (low, high) = (bounds.map { Rational($0.lower) }, bounds.map { Rational($0.upper) })
    let g = exact.slopes.upper
    let least = Rational(η) / Rational(u)
    var X = RationalMatrix.zero(n, n)
    var (longest, spread, squares) = (0, Rational.zero, Rational.zero)
    for i in 0..<n {
      let h = exact.pace(.asRun, i)
      X[i, i] += 1 + h
      var (entries, sum) = (0, 1 + g)
      for j in 0..<n where exact.W[i, j].signum != 0 {
        entries += 1
        sum += exact.W[i, j].magnitude
        X[i, j] += h * g * max(exact.W[i, j].magnitude, least)
      }
      longest = max(longest, entries)
      let lost = sum * Rational(entries + 20) * (1 + h) * (1 + g)
      squares += lost * lost * high[i]
      spread = max(spread, (high[i] / low[i]).squareRootBounds.low)
    }
    func scaled(_ i: Int, _ j: Int) -> Rational {
      X[i, j] * (high[i] / low[j]).squareRootBounds.low
    }
    let rows = (0..<n).map { i in (0..<n).reduce(Rational.zero) { $0 + scaled(i, $1) } }
    let columns = (0..<n).map { j in (0..<n).reduce(Rational.zero) { $0 + scaled($1, j) } }
    let norm =
      (rows.reduce(Rational.zero) { max($0, $1) } * columns.reduce(Rational.zero) { max($0, $1) })
      .squareRootBounds.low
    let k = Rational(longest + 20) * Rational(u)
    let γ = k / (1 - k)
    let slack = 1 - Rational(factor) - γ * norm
    return (
      γ * (norm + spread) / slack, squares.squareRootBounds.low * Rational(η) / slack
    )
  }

  /// A step of just the least size that a format holds to its precision, and one a hair below.
  @Test func theLeastStep() throws {
    let ones = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
    for (step, τ, isHeld) in [
      (ExactRatio(0x1p-13), ExactRatio.one, true), (ExactRatio((0x1p-13).nextDown), .one, false),
      // 3 · fl(1/3) < 1, so the pace is below 2⁻¹³, and its upper end is not.
      (ExactRatio(1.0 / 3), ExactRatio(8192, over: 3), false),
    ] {
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix([[-8192]])),
        slopes: SlopeInterval(.one, .one), timeConstants: [τ], step: .init(size: step))
      let found = try Self.certified(network, ones, 0.75)
      let certified = try #require(found)
      #expect((certified.floatTube(.float16) != nil) == isHeld, "\(step), \(τ)")
      #expect(certified.floatTube(.float32) != nil)
    }
  }

  /// What underflow takes overflows in a metric this large.
  @Test func noTubeWithoutAFiniteBound() throws {
    let network = try Specification.of([[0]], .map)
    for (power, isFinite) in [(510, false), (100, true)] {
      let w = Double(sign: .plus, exponent: power, significand: 1)
      let argument = Argument.absoluteValue(columnScaling: [1 / w], rowScaling: [w])
      let found = try Self.certified(network, argument, 0.5)
      let certified = try #require(found)
      #expect((certified.floatTube(.float32) != nil) == isFinite, "2^\(power)")
    }
  }

  /// (1 − ρ)/h of a map that was certified, rounded down.
  @Test(arguments: UInt64(0)..<4)
  func ratesOfMaps(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let h = generator.isTrue() ? ExactRatio(1, over: 3) : ExactRatio(generator.unit() + 0x1p-9)
      let network = try Specification.of([[0]], step: h)
      let factor = [1 - generator.unit() * 0x1p-12, 1 - 0x1p-53, 1 - 0x1p-20 * generator.unit()][
        generator.integer(in: 0...2)]
      let ones = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
      for factor in [factor, 0x1p-60, 0x1p-54 * generator.awkward(), generator.unit()] {
        guard let certified = try Self.certified(network, ones, factor) else { continue }
        faults.expect(
          certified.guarantee.rate, below: (1 - Rational(factor)) / Rational(h), "\(h), \(factor)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
    let map = try Specification.of([[0]], .map)
    let whole = try Self.certified(
      map, .absoluteValue(columnScaling: [1], rowScaling: [1]), 0x1p-60)
    #expect(whole.map { $0.guarantee.rate < 1 } == true)
  }
}
