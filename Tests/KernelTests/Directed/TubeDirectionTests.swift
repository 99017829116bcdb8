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

  /// A double that is at least the number, next to it, and the excess relative to it.
  private static func roundedUp(_ x: Rational, near guess: Double) -> (Double, excess: Rational) {
    var result = guess
    while Rational(result) < x { result = result.nextUp }
    while Rational(result.nextDown) >= x { result = result.nextDown }
    return (result, (Rational(result) - x) / x)
  }

  /// A row that is so long that rounding γ up adds next to nothing.
  private static func row(
    u: Double, _ generator: inout SplitMix64
  ) -> (length: Int, rounded: Double, γ: Rational) {
    while true {
      let length = generator.integer(in: 0...(1 << 20))
      let k = Double(length + 20) * u
      let γ = Rational(k) / (1 - Rational(k))
      let (rounded, excess) = roundedUp(γ, near: k / (1 - k))
      if excess < Rational(0x1p-57) { return (length, rounded, γ) }
    }
  }

  /// γ(‖X‖ + κ)/(1 − ρ − γ‖X‖) and the share of underflow from numbers that are given.
  ///
  /// γ has next to no error, and beside one operation the others are exact: without ‖X‖ there is 1 − ρ
  /// alone; with γ‖X‖ just above a quarter the slack is a half; with ‖X‖ a power of two it is exact too.
  @Test(arguments: UInt64(0)..<6)
  func quotientsOfTubes(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    var count = 0
    let u = 0x1p-24
    for _ in 0..<60 {
      let (length, rounded, γ) = Self.row(u: u, &generator)
      let whole = Double(sign: .plus, exponent: -2 - Int(rounded.exponent), significand: 1)
      let quarter = 0.25 / rounded
      let spreads = [
        whole, whole * 0x1p-53 * (1 + generator.unit()), whole * 0x1p-53, whole * generator.unit(),
      ]
      var cases: [(norm: Double, spread: Double, factor: Double)] = [
        (0, 1, 0.5), (0, 1, generator.unit()), (0, 1, generator.unit()), (0, 1, 0x1p-60),
        (quarter, quarter, 0.25), (quarter.nextUp, quarter, 0.25), (whole, whole, 0.9375),
      ]
      cases += spreads.map { (whole, $0, 0.25) }
      for (norm, spread, ρ) in cases {
        let lost = generator.awkward()
        let error = FloatError(norm: norm, spread: spread, longestRow: length, underflow: lost)
        let slack = 1 - Rational(ρ) - γ * Rational(norm)
        let context = "\(error), \(ρ)"
        guard let tube = error.tube(.float32, factor: ρ) else {
          if slack > Rational(0x1p-50) { faults.append("no tube: \(context)") }
          continue
        }
        count += 1
        guard slack > 0 else {
          faults.append("a tube without slack: \(context)")
          continue
        }
        let relative = γ * (Rational(norm) + Rational(spread)) / slack
        faults.expect(tube.relative, above: relative, context)
        faults.expect(tube.absolute, above: Rational(lost) * Rational(0x1p-149) / slack, context)
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
    #expect(count > 300)
  }

  /// γ = k/(1 − k), rounded up, for rows of any length.
  @Test func gammas() {
    var faults = Faults()
    for length in 0..<200 {
      let error = FloatError(norm: 0, spread: 1, longestRow: length, underflow: 1)
      for (format, u) in [(FloatTube.Format.float64, 0x1p-53), (.float16, 0x1p-11)] {
        let k = Rational(length + 20) * Rational(u)
        guard let tube = error.tube(format, factor: 0.5) else {
          faults.append("no tube: \(length), \(format)")
          continue
        }
        faults.expect(tube.relative, above: 2 * k / (1 - k), "\(length), \(format)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// The entries of the bracket, and what underflow takes, where gains, steps and weights are 1 or next
  /// to nothing.
  @Test(arguments: UInt64(0)..<6)
  func bracketsOfSteps(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    let third = ExactRatio(1, over: 3)
    for _ in 0..<150 {
      let n = generator.integer(in: 1...2)
      let gains = [.one, .one, third, ExactRatio(0x1p-60), ExactRatio(generator.awkward())]
      let steps = [.one, .one, third, ExactRatio(0x1p-60), ExactRatio(generator.awkward())]
      var W = Matrix(rows: n, columns: n)
      for k in 0..<(n * n) {
        let weights = [0, 0, 1, 0x1p-60, generator.awkwardWeight()]
        W[k / n, k % n] = weights[generator.integer(in: 0...4)]
      }
      let network = try Specification(
        form: .outside, recurrent: .dense(W),
        slopes: SlopeInterval(.zero, gains[generator.integer(in: 0...4)]),
        step: .init(size: steps[generator.integer(in: 0...4)]))
      let ones = [Double](repeating: 1, count: n)
      let error = FloatError(network, .diagonal(lower: ones, upper: ones), .float64)
      let exact = ExactNetwork(network)
      let (g, h) = (exact.slopes.upper, exact.pace(.asRun, 0))
      var entries: [Rational] = []
      var (squares, longest) = (Rational.zero, 0)
      for i in 0..<n {
        entries.append(1 + h)
        let weights = exact.W.row(i).filter { $0.signum != 0 }.map(\.magnitude)
        entries += weights.map { h * g * $0 }
        longest = max(longest, weights.count)
        let lost =
          weights.reduce(1 + g, +) * Rational(weights.count + 20) * (1 + h) * (1 + g)
        squares += lost * lost
      }
      if error.bracket.entries.count != entries.count || error.longestRow < longest {
        faults.append("entries left out: \(network)")
      }
      for (entry, wanted) in zip(error.bracket.entries, entries) {
        faults.expect(entry.magnitude, above: wanted, "entry of \(network)")
      }
      faults.expect(
        error.underflow, above: squares.squareRootBounds.low, "underflow of \(network)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// What one row may lose, the root of a sum of squares, and κ: each by itself.
  @Test(arguments: UInt64(0)..<6)
  func partsOfTheError(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    let network = try Specification.of([[0]], step: .one)
    for _ in 0..<200 {
      let factors = (0..<4).map { _ in generator.awkward() }
      let operations = [32, generator.integer(in: 20...40)][generator.integer(in: 0...1)]
      faults.expect(
        FloatError.loss(
          factors[0], operations: operations, factors[1], factors[2], factor: factors[3]),
        above: factors.reduce(Rational(operations)) { $0 * Rational($1) },
        "\(factors), \(operations)")
      let x = (0..<generator.integer(in: 1...4)).map { _ in
        generator.isTrue() ? generator.awkward() : generator.power(-35...0)
      }
      let norm = FloatError.euclideanNorm(x)
      let squares = x.reduce(Rational.zero) { $0 + Rational($1) * Rational($1) }
      if Rational(norm) * Rational(norm) < squares { faults.append("norm \(norm) of \(x)") }
      // Ratios just above the square of a number of few bits: their roots are just above it.
      let root = Double(generator.integer(in: 2...15)) / 2
      let low = generator.awkward()
      for high in [root * root * low, (root * root * low).nextUp, root * low] {
        let error = FloatError(network, .diagonal(lower: [low], upper: [high]), .float64)
        if Rational(error.spread) * Rational(error.spread) < Rational(high) / Rational(low) {
          faults.append("κ of \(low), \(high)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
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
