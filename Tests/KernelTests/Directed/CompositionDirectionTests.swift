import TestSupport
import Testing

@testable import CertifyKernel

/// What couplings between components cost, one function of the kernel at a time.
@Suite struct CompositionDirectionTests {
  private static let networkOfTwo = try? Specification.of([[0, 0], [0, 0]])

  private static func comparison(v: [Double], w: [Double]) throws -> BlockComparison {
    BlockComparison(
      network: try #require(networkOfTwo), scope: .continuous,
      assembly: .init(
        .interconnection, components: [], proofs: [], columnScaling: v, rowScaling: w))
  }

  private static func norm(_ generator: inout SplitMix64) -> Double {
    generator.isTrue() ? generator.awkward() * generator.power(-60 ... -50) : generator.awkward()
  }

  /// Two modules whose metrics are these numbers, and what runs from unit 1 to unit 0 or back.
  private static func set(_ metrics: [Double], _ form: Specification.Form = .outside) -> ModuleSet {
    ModuleSet(
      form: form, units: [[0], [1]], metrics: metrics.map { .diagonal(lower: [$0], upper: [$0]) },
      total: 2)
  }

  private static func pair(_ change: (inout CouplingPair.Entry) -> Void) -> CouplingPair {
    var entry = CouplingPair.Entry(row: 0, column: 1)
    change(&entry)
    return CouplingPair(first: 0, second: 1, entries: [entry])
  }

  /// Σ norm p / q.
  @Test(arguments: UInt64(0)..<8)
  func sumsOfNorms(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      var (sums, exact) = (NormSums(count: 2), Rational.zero)
      for _ in 0..<generator.integer(in: 1...2) {
        let (x, p, q) = (Self.norm(&generator), generator.awkward(), generator.awkward())
        sums.add(x, times: p, over: q, at: 1)
        exact += Rational(x) * Rational(p) / Rational(q)
      }
      faults.expect(sums.values[1], above: exact, "seed \(seed)")
      if sums.values[0] != 0 { faults.append("another component") }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Σ r v_j / w_i + ½ (in v_j / v_i + out w_j / w_i).
  @Test(arguments: UInt64(0)..<8)
  func loadsOfModules(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    let half = Rational(1, over: 2)
    for _ in 0..<200 {
      let v = [generator.awkward(), generator.awkward()]
      let w = [generator.awkward(), generator.awkward()]
      var (pairs, exact) = ([PairLoad](), [Rational.zero, 0])
      for _ in 0..<generator.integer(in: 1...2) {
        var pair = PairLoad(first: 0, second: 1)
        if generator.isTrue() { pair.residual = Self.norm(&generator) }
        if generator.isTrue() { pair.toFirst = Self.norm(&generator) }
        if generator.isTrue() { pair.toSecond = Self.norm(&generator) }
        pairs.append(pair)
        let (r, to, from) = (
          Rational(pair.residual), Rational(pair.toFirst), Rational(pair.toSecond)
        )
        let (V, U) = (v.map { Rational($0) }, w.map { Rational($0) })
        exact[0] += r * V[1] / U[0] + half * (to * V[1] / V[0] + from * U[1] / U[0])
        exact[1] += r * V[0] / U[1] + half * (from * V[0] / V[1] + to * U[0] / U[1])
      }
      let loads = try Self.comparison(v: v, w: w).loads(of: pairs, 2)
      for i in 0..<2 { faults.expect(loads[i], above: exact[i], "\(v), \(w), \(pairs)") }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  @Test func halfOfTheLeastNumberIsNotForgotten() throws {
    var pair = PairLoad(first: 0, second: 1)
    pair.toFirst = .leastNonzeroMagnitude
    let loads = try Self.comparison(v: [1, 1], w: [1, 1]).loads(of: [pair], 2)
    #expect(loads.allSatisfy { $0 > 0 })
  }

  /// ρ² = max_i (ρ_i + (b v)_i / v_i) · max_i (ρ_i + (bᵀ w)_i / w_i), where factors and sums may be exact.
  @Test(arguments: UInt64(0)..<8)
  func factorsOfSteps(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let v = [1, generator.power(-2...2)]
      let w = [1, generator.power(-2...2)]
      let own = [generator.power(-3...0), generator.power(-3...0)]
      var pair = PairLoad(first: 0, second: 1)
      if generator.isTrue() { pair.toFirst = Self.norm(&generator) }
      if generator.isTrue() { pair.toSecond = Self.norm(&generator) }
      let (a, b) = (Rational(pair.toFirst), Rational(pair.toSecond))
      let (p, q) = (Rational(v[1]), Rational(w[1]))
      let (x, y) = (Rational(own[0]), Rational(own[1]))
      let row = max(x + a * p, y + b / p)
      let column = max(x + b * q, y + a / q)
      let (loads, factor) = try Self.comparison(v: v, w: w).step([pair], factors: own)
      let context = "\(v), \(w), \(own), \(pair)"
      if Rational(factor) * Rational(factor) < row * column { faults.append(context) }
      faults.expect(loads[0], above: max(a * p, b * q), context)
      faults.expect(loads[1], above: max(b / p, a / q), context)
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// A linear part of 1 and slopes that add 2⁻⁶⁰ to it: for the step both count.
  @Test func stepsAreChargedWithBothParts() throws {
    let exact = Rational(1) + Rational(0x1p-60)
    let set = Self.set([1, 1])
    let comparison = try Self.comparison(v: [1, 1], w: [1, 1])
    func load(_ pair: CouplingPair) throws -> PairLoad {
      let modules = BlockComparison.CheckedModules(children: [], pairs: [pair], set: set)
      return try #require(comparison.stepLoads(modules).first)
    }
    let there = try load(
      Self.pair {
        $0.toFirst = Interval(1)
        $0.slopesToFirst = Interval(0x1p-60)
      })
    #expect(Rational(there.toFirst) >= exact && there.toSecond == 0)
    let back = try load(
      Self.pair {
        $0.toSecond = Interval(1)
        $0.slopesToSecond = Interval(0x1p-60)
      })
    #expect(Rational(back.toSecond) >= exact && back.toFirst == 0)
  }

  /// The same for the flow, where no more than bounds of a metric are known: gains of 1, and 2⁻⁶⁰ that is linear.
  @Test func linearPartsAreAddedToGains() {
    let pair = Self.pair {
      $0.toFirst = Interval(0x1p-60)
      $0.toSecond = Interval(0x1p-60)
    }
    var load = PairLoad(first: 0, second: 1)
    (load.toFirst, load.toSecond) = (1, 1)
    Self.set([1, 1]).chargeLinearPart(of: pair, to: &load)
    let exact = Rational(1) + Rational(0x1p-60)
    #expect(Rational(load.toFirst) >= exact)
    #expect(Rational(load.toSecond) >= exact)
  }

  /// 5 · 0.1 is a little more than 1/2, since the double 0.1 is a little more than 1/10.
  @Test(arguments: [(5, 0.1, 1), (5, 1, 0.1), (0.1, 5, 1)] as [(Double, Double, Double)])
  func productsOfOneEntry(size: Double, left: Double, right: Double) {
    let entries = ScaledEntries(entries: [(0, 0, size)])
    let bound = entries.bound(rows: 1, columns: 1, left: [left], right: [right])
    let exact = Rational(5) * Rational(0.1)
    #expect(exact > Rational(1, over: 2) && Rational(bound) >= exact)
  }

  /// A norm that is claimed must be a positive number, also of nothing.
  @Test(arguments: [0, -1, .infinity, .nan] as [Double])
  func normsThatAreNone(bound: Double) {
    let none = EnclosedMatrix(Matrix(rows: 0, columns: 0))
    #expect(!none.isBelow(bound, rows: none, columns: none))
    #expect(none.isBelow(1, rows: none, columns: none))
  }

  /// Of X = (1, 1)ᵀ the rows come to 1/√f and 1, and the column to 1 + 1/√f, which may be exact.
  @Test(arguments: UInt64(0)..<8)
  func floorsOfFullMetrics(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    func metric(_ floors: [Double]) throws -> ModuleMetric {
      let blocks = floors.enumerated().map { k, floor in
        MetricBounds.Block(
          units: [Int32(k)], scale: Interval(1),
          metric: .matrix(EnclosedMatrix(Matrix([[floor]])), lower: floor, upper: floor))
      }
      return try #require(ModuleMetric(.blocks(blocks), units: floors.count))
    }
    for _ in 0..<400 {
      let floor = 1 + 3 * generator.unit()
      let bound = ModuleSet.Residual(
        matrix: EnclosedMatrix(Matrix([[1], [1]])), first: try metric([floor, 1]),
        second: try metric([1])
      ).bound()
      let rest = Rational(bound) * Rational(bound) - 1
      if rest * rest * Rational(floor) < 1 { faults.append("\(floor)") }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// The least gain whose lower double is 1/2 and which is none itself: a weight of 1 is worth no less.
  @Test func gainsThatAreNoDoubles() throws {
    let gain = ExactRatio(0x1p52, over: 0x1p53 - 1)
    #expect(gain.enclosure.lower == 0.5 && Rational(gain) > Rational(1, over: 2))
    let network = try Specification.of(
      [[1]], slopes: SlopeInterval(.zero, gain), step: ExactRatio(0.5))
    let flow = Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: 0.25)
    let claim = Certificate(scope: .continuous, claim: .contracts(flow))
    guard case .certified(let certified) = try network.certify(using: claim) else {
      Issue.record("not certified")
      return
    }
    let step = Argument.Step(
      flow: flow, components: [[0]], columnScaling: [1], rowScaling: [1])
    let sizes = try #require(try certified.stepSizes(of: step).value)
    #expect(Rational(sizes.load) >= Rational(gain))
  }

  /// |X| / √(a b) for full metrics of one unit of which a and b are the floors.
  @Test(arguments: UInt64(0)..<8)
  func residualsInFullMetrics(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<400 {
      let known = 0.25 + 3.75 * generator.unit()
      let floors = generator.isTrue() ? [1, known] : [known, 1]
      let metrics = try floors.map {
        try #require(
          ModuleMetric(
            .matrix(EnclosedMatrix(Matrix([[$0]])), lower: $0, upper: $0), units: 1))
      }
      let bound = ModuleSet.Residual(
        matrix: EnclosedMatrix(Matrix([[1]])), first: metrics[0], second: metrics[1]
      ).bound()
      if Rational(bound) * Rational(bound) * Rational(known) < 1 { faults.append("\(floors)") }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Slopes on the rows do not commute with a full metric, of which the largest eigenvalue counts then.
  @Test func slopesBesideFullMetrics() {
    let full = MetricBounds.matrix(
      EnclosedMatrix(Matrix([[2, 0], [0, 0.5]])), lower: 0.5, upper: 2)
    let set = ModuleSet(
      form: .inside, units: [[0, 1], [2]], metrics: [full, .diagonal(lower: [1], upper: [1])],
      total: 3)
    var entry = CouplingPair.Entry(row: 0, column: 2)
    entry.slopesToFirst = Interval(1)
    let pair = CouplingPair(first: 0, second: 1, entries: [entry], slopesOfW: true)
    #expect(!set.gainIsBelow(1, pair, toFirst: true))
    #expect(!set.gainIsBelow((2.0).squareRoot().nextDown, pair, toFirst: true))
    #expect(set.gainIsBelow(1.5, pair, toFirst: true))
  }

  /// The extent of a metric by blocks is that of all of them.
  @Test func extentsOfBlocks() {
    func block(_ unit: Int32, _ scale: Double, _ lower: Double, _ upper: Double)
      -> MetricBounds.Block
    {
      .init(units: [unit], scale: Interval(scale), metric: .full(lower: lower, upper: upper))
    }
    let metric = MetricBounds.blocks([block(0, 2, 0.5, 1), block(1, 1, 0.25, 0.5)])
    #expect(metric.extent.lower == 0.25 && metric.extent.upper == 2)
    #expect(metric.overshoot >= (8.0).squareRoot() && metric.overshoot < 2.83)
    let none = MetricBounds.blocks([block(0, 1, 1, 1), block(1, 1, 0, 1)])
    #expect(none.extent.lower == 0 && none.overshoot == .infinity)
  }

  /// A diagonal metric with bounds on its entries has the same bounds in each of its parts.
  @Test func partsOfADiagonalMetric() throws {
    let metric = MetricBounds.diagonal(lower: [1, 2, 3], upper: [4, 5, 6])
    let parts = try #require(metric.restricted(to: [[2, 0], [1]], home: [0, 1, 0]))
    #expect(parts[0].diagonalBounds(units: 2) == [Interval(3, 6), Interval(1, 4)])
    #expect(parts[1].diagonalBounds(units: 1) == [Interval(2, 5)])
  }

  /// ½|L₀₂| = 1/4 and ½|L₁₂| = 2⁻⁶⁰ both bear upon unit 2.
  @Test(arguments: [false, true])
  func residualsOfAComponentAddUp(isReversed: Bool) throws {
    let L: [[Double]] = [[0, 0, 0.5], [0, 0, 0x1p-59], [0, 0, 0]]
    let order: [Int] = isReversed ? [2, 1, 0] : [0, 1, 2]
    let network = try Specification.of(
      [[0, 0, 0], [0, 0, 0], [0, 0, 0]], L: order.map { i in order.map { L[i][$0] } },
      step: ExactRatio(0.5))
    let flow = Proof(
      .absoluteValue(columnScaling: [1, 1, 1], rowScaling: [1, 1, 1]), bound: 0.5)
    let claim = Certificate(scope: .continuous, claim: .contracts(flow))
    guard case .certified(let certified) = try network.certify(using: claim) else {
      Issue.record("not certified")
      return
    }
    let step = Argument.Step(
      flow: flow, components: [[0], [1], [2]], columnScaling: [1, 1, 1], rowScaling: [1, 1, 1])
    let sizes = try #require(try certified.stepSizes(of: step).value)
    #expect(Rational(sizes.residual) >= Rational(1, over: 4) + Rational(0x1p-60))
  }
}
