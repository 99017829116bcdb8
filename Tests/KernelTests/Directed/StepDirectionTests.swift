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
}
