import TestSupport
import Testing

@testable import CertifyKernel

/// Factors of maps, as the rules say them when they refuse a bound: never below what the numbers give.
@Suite struct StepDirectionTests {
  private static func slopes(_ generator: inout SplitMix64) throws -> SlopeInterval {
    generator.isTrue() ? .unit : try SlopeInterval(.zero, generator.awkwardRatio())
  }

  /// |1 − h| + h g s.
  @Test(arguments: UInt64(0)..<8)
  func singularValue(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<150 {
      let s = generator.awkward()
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix([[0]])), slopes: Self.slopes(&generator),
        timeConstants: [generator.awkwardRatio()], step: .init(size: generator.awkwardRatio()))
      let argument = Argument.singularValue(
        metric: [1], norm: s, dropsInhibitoryDiagonal: false)
      guard let attained = try network.attained(argument, .asRun) else {
        faults.append("declined: \(network)")
        continue
      }
      let exact = ExactNetwork(network)
      let h = exact.pace(.asRun, 0)
      faults.expect(
        attained, above: (1 - h).magnitude + h * exact.slopes.upper * Rational(s),
        "\(network), \(s)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// √(1 + 2hr/(1 − hr/2)²) · max_i √(1 − a_i(1 − g²s²)) with r = max_i Σ_j ½|p_i L_ij + p_j L_ji|/√(p_i p_j).
  @Test(arguments: UInt64(0)..<12)
  func splitStep(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<100 {
      let n = generator.integer(in: 1...3)
      var L = Matrix(rows: n, columns: n)
      let size = [0, 0.125, 0x1p-30, 0x1p-52][generator.integer(in: 0...3)]
      for i in 0..<n {
        for j in 0..<n { L[i, j] = generator.awkwardWeight(size) }
        // Entries without a mirror image.
        for j in 0..<i where generator.isTrue() { L[i, j] = 0 }
      }
      let leak = (0..<n).map { _ in
        [1, 0.5, 0.25, 0.1, 0x1p-20, 0.75 * generator.unit() + 0.125][generator.integer(in: 0...5)]
      }
      let p = (0..<n).map { _ in
        generator.isTrue() ? [1.0, 4, 0.25][generator.integer(in: 0...2)] : generator.awkward()
      }
      let norms = (0..<n).map { _ in generator.awkward() * 0.5 }
      let half = Rational(1, over: 2)
      let P = p.map { Rational($0) }
      let r = (0..<n).map { i in
        (0..<n).reduce(Rational.zero) { sum, j in
          let entry = (P[i] * Rational(L[i, j]) + P[j] * Rational(L[j, i])).magnitude * half
          return sum + entry / (P[i] * P[j]).squareRootBounds.high
        }
      }.reduce(Rational.zero) { max($0, $1) }
      // Near hr = 2 the last bits of r show.
      let near = r.signum == 0 ? 1 : 2 / r.approximation * (1 - generator.power(-40...(-4)))
      let isNear = generator.isTrue() && near.isFinite && near > 0
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix(rows: n, columns: n)), coupling: .dense(L),
        slopes: Self.slopes(&generator),
        step: .init(
          scheme: .split, size: isNear ? ExactRatio(near) : generator.awkwardRatio(), leak: leak))
      let argument = Argument.splitStep(
        .init(metric: p, components: (0..<Int32(n)).map { [$0] }, norms: norms))
      guard let attained = try network.attained(argument, .asRun) else {
        faults.append("declined: \(network)")
        continue
      }
      let exact = ExactNetwork(network)
      let g = exact.slopes.upper
      let hr = Rational(network.step?.size ?? .one) * r
      let loss = 1 - hr * half
      let leaks = (0..<n).map { i -> Rational in
        let gain = g * Rational(norms[i])
        return 1 - Rational(leak[i]) * (1 - gain * gain)
      }.reduce(Rational.zero) { max($0, $1) }
      let context = "\(network), \(p), \(norms)"
      if attained.isNaN { faults.append("NaN: \(context)") }
      guard attained.isFinite else { continue }
      guard loss > 0 else {
        faults.append("no loss: \(context)")
        continue
      }
      let square = (1 + 2 * hr / (loss * loss)) * leaks
      if Rational(attained) * Rational(attained) < square { faults.append(context) }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// One unit in the metric 1: ω = g|w|, ℓ = r = |l|, and λ as claimed of the flow.
  @Test(arguments: UInt64(0)..<24)
  func stepsOfOneUnit(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for round in 0..<80 {
      let scheme = [
        Specification.Step.Scheme.euler, .euler, .semiImplicit, .exponential, .implicit,
      ][
        round % 5]
      let w = generator.awkwardWeight([0.25, 0.25, 0x1p-20, 0x1p-54][generator.integer(in: 0...3)])
      let l = generator.awkwardWeight([0.125, 0x1p-20, 0x1p-54][generator.integer(in: 0...2)])
      let isCoupled = generator.isTrue()
      let network = try Specification(
        form: generator.isTrue() ? .outside : .inside, recurrent: .dense(Matrix([[w]])),
        coupling: isCoupled ? .dense(Matrix([[l]])) : nil, slopes: Self.slopes(&generator),
        timeConstants: [generator.awkwardRatio()],
        step: .init(scheme: scheme, size: generator.awkwardRatio()))
      let own = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
      guard let best = network.tightestBound(own, .continuous) else { continue }
      let rate = generator.isTrue() ? best : min(best, generator.power(-6...(-1)))
      let step = Argument.step(
        .init(
          flow: Proof(own, bound: rate), components: [[0]], columnScaling: [1], rowScaling: [1]))
      guard let attained = try network.attained(step, .asRun) else {
        faults.append("declined: \(network)")
        continue
      }
      let exact = ExactNetwork(network)
      let ω = exact.slopes.upper * exact.W[0, 0].magnitude
      let r = exact.L?[0, 0].magnitude ?? 0
      let size = Rational(network.step?.size ?? .one)
      // What is solved for must be definite: otherwise there is no bound.
      let h = size / exact.tau[0]
      let isDefinite =
        switch scheme {
        case .semiImplicit: 1 + h - h * r > 0
        case .exponential: r + ω < 1
        default: true
        }
      guard isDefinite else {
        if attained < 1 { faults.append("\(attained) without a bound: \(network)") }
        continue
      }
      let least = Self.factor(scheme, h: h, ω, r, size * Rational(rate))
      faults.expect(attained, above: least, "\(network), \(rate)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// A lower bound on the factor of the rule, within 2⁻¹⁸⁰ of it.
  private static func factor(
    _ scheme: Specification.Step.Scheme, h: Rational, _ ω: Rational, _ r: Rational,
    _ advance: Rational
  ) -> Rational {
    switch scheme {
    case .euler:
      let rest = (1 - h).magnitude
      let direct =
        (rest * rest + 2 * rest * h * r + h * h * r * r).squareRootBounds.low + h * ω
      let β = h * ((1 + 2 * r + r * r).squareRootBounds.low + ω)
      let square = 1 - 2 * advance + β * β
      return square.signum < 0 ? 0 : min(direct, square.squareRootBounds.low)
    case .semiImplicit: return (1 + h * ω) / (1 + h - h * r)
    case .exponential:
      let κ = 1 - r
      let decay = ExactStep.exponential(of: RationalMatrix(diagonal: [h * κ])).exponential[0, 0]
      return (decay + (1 - decay) * ω / κ) * (1 - Rational(0x1p-90))
    case .implicit: return 1 / (1 + advance)
    case .split: return 0
    }
  }

  /// ω, ℓ and r of units that are components of their own, in a diagonal metric.
  @Test(arguments: UInt64(0)..<16)
  func sizesOfComponents(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<40 {
      let n = generator.integer(in: 1...3)
      var (W, L) = (Matrix(rows: n, columns: n), Matrix(rows: n, columns: n))
      for i in 0..<n {
        for j in 0..<n {
          W[i, j] = generator.awkwardWeight(0x1p-4)
          L[i, j] = generator.awkwardWeight(0x1p-4)
        }
      }
      let network = try Specification(
        form: .outside, recurrent: .dense(W),
        coupling: generator.isTrue() ? .dense(L) : nil, slopes: Self.slopes(&generator),
        step: .init(size: ExactRatio(0.25)))
      func squares() -> [Double] {
        (0..<n).map { _ in
          generator.isTrue() ? [1.0, 4, 0.25][generator.integer(in: 0...2)] : generator.awkward()
        }
      }
      let m = squares()
      let flow = Argument.absoluteValue(
        columnScaling: [Double](repeating: 1, count: n), rowScaling: m)
      guard
        case .certified(let certified)? = try? network.certify(
          using: Certificate(
            scope: .continuous, claim: .contracts(Proof(flow, bound: 0x1p-20))))
      else { continue }
      let (x, y) = (
        (0..<n).map { _ in generator.awkward() }, (0..<n).map { _ in generator.awkward() }
      )
      let step = Argument.Step(
        flow: Proof(flow, bound: 0x1p-20), components: (0..<Int32(n)).map { [$0] },
        columnScaling: y, rowScaling: x)
      guard let sizes = try certified.stepSizes(of: step).value else {
        faults.append("declined: \(network)")
        continue
      }
      let exact = ExactNetwork(network)
      let context = "\(network), \(m), \(x), \(y)"
      func squaredNorm(_ entry: (Int, Int) -> Rational) -> Rational {
        func largest(_ line: (Int) -> Rational) -> Rational {
          (0..<n).reduce(Rational.zero) { max($0, line($1)) }
        }
        func size(_ i: Int, _ j: Int) -> Rational {
          entry(i, j).magnitude * (Rational(m[i]) / Rational(m[j])).squareRootBounds.low
        }
        let rows = largest { i in
          (0..<n).reduce(Rational.zero) { $0 + size(i, $1) * Rational(y[$1]) } / Rational(x[i])
        }
        let columns = largest { j in
          (0..<n).reduce(Rational.zero) { $0 + size($1, j) * Rational(x[$1]) } / Rational(y[j])
        }
        return rows * columns
      }
      let g = exact.slopes.upper
      faults.expect(
        sizes.load, above: squaredNorm { g * exact.W[$0, $1] }.squareRootBounds.low, context)
      guard let ℓ = exact.L else { continue }
      faults.expect(
        sizes.coupling, above: squaredNorm { ℓ[$0, $1] }.squareRootBounds.low, context)
      let residual = (0..<n).map { i in
        (0..<n).reduce(Rational.zero) { sum, j in
          let (a, b) = (Rational(m[i]), Rational(m[j]))
          return sum
            + (a * ℓ[i, j] + b * ℓ[j, i]).magnitude * Rational(1, over: 2)
            / (a * b).squareRootBounds.high
        }
      }.reduce(Rational.zero) { max($0, $1) }
      faults.expect(sizes.residual, above: residual, context)
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  private static func step(
    _ scheme: Specification.Step.Scheme, size: ExactRatio
  ) throws -> StepOfFlow {
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix([[0]])), step: .init(scheme: scheme, size: size))
    let nothing = Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: 0.5)
    return StepOfFlow(
      network: network,
      argument: .init(
        flow: nothing, components: [[0]], columnScaling: [1], rowScaling: [1]))
  }

  /// ½(|X_ab| + |X_ba|) where no more than bounds of a metric are known.
  @Test(
    arguments: [(1, 0x1p-60), (0x1p-60, 1), (0x1p-1074, 0), (0, 0x1p-1074)] as [(Double, Double)])
  func residualsInMetricsThatAreNotKnown(forward: Double, backward: Double) throws {
    let zero = Weights.dense(Matrix([[0]]))
    let network = try Specification(
      form: .outside, recurrent: zero, coupling: zero, step: .init(size: .one))
    let step = StepOfFlow(network: network, argument: try Self.step(.euler, size: .one).argument)
    let set = ModuleSet(
      form: .outside, units: [[0], [1]],
      metrics: [.full(lower: 1, upper: 1), .full(lower: 1, upper: 1)], total: 2)
    var entry = CouplingPair.Entry(row: 0, column: 1)
    (entry.toFirst, entry.toSecond) = (Interval(forward), Interval(backward))
    let pair = CouplingPair(first: 0, second: 1, entries: [entry])
    let sizes = try #require(step.pairSizes(pair, set, [:]).value)
    let exact = (Rational(forward) + Rational(backward)) * Rational(1, over: 2)
    #expect(Rational(sizes.residual) >= exact)
  }

  /// e^{−hκ} + (1 − e^{−hκ}) q with q = ω/κ a little below 1, where an error of e counts for little.
  @Test(arguments: UInt64(0)..<12)
  func exponentialFactors(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    let step = try Self.step(.exponential, size: .one)
    for _ in 0..<60 {
      var sizes = StepSizes()
      sizes.residual =
        generator.isTrue() ? 0.5 * generator.unit() : generator.power(-60 ... -54)
      let κ = 1 - Rational(sizes.residual)
      sizes.load = κ.approximation * (1 - generator.power(-24 ... -10) * generator.unit())
      let q = Rational(sizes.load) / κ
      // e^{−κ} decreases in κ, and the factor increases in it.
      let e = exponentialBounds((1.0).subtractingUp(sizes.residual)).low
      let factor = step.factor(.exponential, rate: Interval(0.5), sizes)
      faults.expect(factor, above: e + (1 - e) * q, "seed \(seed), \(sizes)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// 1 − 2 · step · λ + β² of a rate that is known to lie in an interval is below 0 at one end of it only.
  @Test func squaresOnBothSidesOfZero() throws {
    var sizes = StepSizes()
    sizes.load = 0.25
    let factor = try Self.step(.euler, size: .one).factor(
      .euler, rate: Interval(1.28, 1.2825), sizes)
    // β = 5/4 and λ = 1.28: 1 − 2.56 + 25/16.
    #expect(factor > 0.0499 && factor < 0.0501)
  }

  /// The rate (1 − ρ)/h of a step whose size is no double, here 1 − ρ in time 3/10, 1/3 and 7/10.
  @Test(arguments: [(3, 10), (1, 3), (7, 10)] as [(Double, Double)])
  func ratesOfSteps(numerator: Double, denominator: Double) throws {
    var generator = SplitMix64(seed: UInt64(denominator))
    var faults = Faults()
    let h = ExactRatio(numerator, over: denominator)
    let network = try Specification.of([[0]], step: h)
    for _ in 0..<100 {
      let ρ = 0.75 + 0.25 * generator.unit()
      let claim = Certificate(
        scope: .asRun,
        claim: .contracts(Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: ρ)))
      guard case .certified(let certified) = try network.certify(using: claim) else {
        faults.append("\(ρ) is not certified")
        continue
      }
      let rate = (1 - Rational(ρ)) / Rational(h)
      faults.expect(certified.guarantee.rate, below: rate, "\(ρ)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }
}
