import TestSupport
import Testing

@testable import CertifyKernel

/// The block comparison lemma over modules of one unit each, in metrics whose roots may be exact.
@Suite struct AssemblyDirectionTests {
  private struct Sample {
    let network: Specification
    let argument: Argument
    let assembly: Argument.Assembly
    /// The metric and the bound of each module.
    let m: [Rational]
    let bounds: [Rational]

    init?(_ scope: Scope, _ generator: inout SplitMix64) throws {
      let n = generator.integer(in: 2...3)
      let scale = [0x1p-3, 0x1p-20, 0x1p-53][generator.integer(in: 0...2)]
      var (W, L) = (Matrix(rows: n, columns: n), Matrix(rows: n, columns: n))
      for i in 0..<n {
        for j in 0..<n where i != j {
          W[i, j] = generator.integer(in: 0...2) == 0 ? generator.awkwardWeight(scale) : 0
          L[i, j] = generator.isTrue() ? generator.awkwardWeight(scale) : 0
        }
        W[i, i] = generator.integer(in: 0...2) > 0 ? 0 : generator.awkwardWeight(0.125)
      }
      let count = generator.isTrue() ? 1 : n
      let slopes: SlopeInterval =
        generator.isTrue()
        ? .unit
        : try SlopeInterval(
          generator.isTrue() ? .zero : ExactRatio(0.125),
          [ExactRatio(1, over: 3), .one, ExactRatio(0.5)][generator.integer(in: 0...2)])
      let isMap = scope == .asRun && generator.isTrue()
      network = try Specification(
        form: isMap ? .map : .outside, recurrent: .dense(W), coupling: isMap ? nil : .dense(L),
        slopes: slopes,
        timeConstants: isMap ? [.one] : (0..<count).map { _ in generator.awkwardRatio() },
        step: isMap
          ? nil
          : .init(size: [ExactRatio(0.25), ExactRatio(1, over: 3)][generator.integer(in: 0...1)]))
      let roots = (0..<n).map { _ in
        generator.isTrue() ? [1.0, 4, 0.25][generator.integer(in: 0...2)] : generator.awkward()
      }
      var proofs: [Proof] = []
      for i in 0..<n {
        let own = Argument.absoluteValue(columnScaling: [1], rowScaling: [roots[i]])
        guard let best = try network.restricted(to: [i]).tightestBound(own, scope) else {
          return nil
        }
        // A rate of the size of what couplings take, so that the difference of the two comes out exact; any rate
        // below the best will do. A factor of 0 does the same for sums.
        let size = scale * generator.power(-4...1)
        proofs.append(Proof(own, bound: scope == .continuous ? min(best, size) : best))
      }
      func positives() -> [Double] { (0..<n).map { _ in generator.awkward() } }
      assembly = Argument.Assembly(
        .interconnection, components: (0..<Int32(n)).map { [$0] }, proofs: proofs,
        columnScaling: positives(), rowScaling: positives())
      argument = .assembly(assembly)
      bounds = proofs.map { Rational($0.bound) }
      m = roots.map { Rational($0) }
    }

    /// Two modules, couplings of few bits, v and w of all 53 with quotients w_i / v_i that are powers of two: the
    /// norms are exact, and what is done with them rounds.
    init?(fewBits scope: Scope, _ generator: inout SplitMix64) throws {
      func weight() -> Double { Double(generator.integer(in: 1...7)) * generator.power(-6...(-4)) }
      let isMap = scope == .asRun
      let isBoth = generator.isTrue()
      // Often the middle of the slopes is taken back by L, so that nothing linear is left.
      let (w, x) = (isMap || generator.isTrue() ? weight() : 0, isBoth ? weight() : 0)
      let isCentred = generator.isTrue()
      let W = Matrix([[0, w], [x, 0]])
      let L = Matrix([
        [0, isCentred ? -w / 2 : weight()],
        [isCentred ? -x / 2 : generator.isTrue() ? weight() : 0, 0],
      ])
      network = try Specification(
        form: isMap ? .map : .outside, recurrent: .dense(W), coupling: isMap ? nil : .dense(L))
      let roots = (0..<2).map { _ in generator.power(-1...1) }
      let proofs = roots.map { root in
        Proof(
          .absoluteValue(columnScaling: [1], rowScaling: [root * root]),
          bound: isMap ? 0 : generator.power(-8...0))
      }
      let v = (0..<2).map { _ in 0.5 + generator.unit() }
      assembly = Argument.Assembly(
        .interconnection, components: [[0], [1]], proofs: proofs, columnScaling: v,
        rowScaling: v.map { $0 * generator.power(-2...2) })
      argument = .assembly(assembly)
      bounds = proofs.map { Rational($0.bound) }
      m = roots.map { Rational($0 * $0) }
    }
  }

  /// λ = min_i [λ_i − Σ_j (r_ij v_j / w_i + ½ k_ij v_j / v_i + ½ k_ji w_j / w_i)], and
  /// ρ² = max_i (ρ_i + (b v)_i / v_i) · max_i (ρ_i + (bᵀ w)_i / w_i).
  @Test(arguments: UInt64(0)..<12)
  func boundsOfTheWhole(seed: UInt64) throws {
    try Self.check(60, seed) { scope, generator in try Sample(scope, &generator) }
  }

  @Test(arguments: UInt64(0)..<12)
  func couplingsOfFewBits(seed: UInt64) throws {
    try Self.check(120, seed) { scope, generator in try Sample(fewBits: scope, &generator) }
  }

  /// Samples of both scopes in turn, some of which may not be drawn.
  private static func check(
    _ count: Int, _ seed: UInt64, _ draw: (Scope, inout SplitMix64) throws -> Sample?
  ) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for round in 0..<count {
      let scope = round % 2 == 0 ? Scope.continuous : .asRun
      guard let sample = try draw(scope, &generator) else { continue }
      try check(sample, scope, &faults)
    }
    #expect(faults.first == nil, "\(faults.count) faults, seed \(seed)")
  }

  /// A gain that is all but lost in the scalings still costs something, also by half.
  @Test func halvesThatUnderflow() throws {
    let η = Double.leastNonzeroMagnitude
    let network = try Specification.of([[0, 2 * η], [0, 0]], L: [[0, -η], [0, 0]])
    for (far, isFar) in [(0x1p300, true), (1, false)] {
      let assembly = Argument.assembly(
        .init(
          .interconnection, components: [[0], [1]],
          proofs: [1.0, 1].map { Proof(.triangular(order: [0]), bound: $0) },
          columnScaling: [far, 1 / far], rowScaling: [1 / far, far]))
      #expect(try !network.answer(assembly, bound: 1).isCertified, "\(isFar)")
      #expect(try network.answer(assembly, bound: (1.0).nextDown).isCertified, "\(isFar)")
    }
  }

  private static func check(_ sample: Sample, _ scope: Scope, _ faults: inout Faults) throws {
    guard let attained = try sample.network.attained(sample.argument, scope) else { return }
    let exact = ExactNetwork(sample.network)
    let n = exact.units
    let (v, w) = (
      sample.assembly.columnScaling.map { Rational($0) },
      sample.assembly.rowScaling.map { Rational($0) }
    )
    let (l, g) = (exact.slopes.lower, exact.slopes.upper)
    let half = Rational(1, over: 2)
    func root(_ i: Int, _ j: Int) -> Rational {
      (sample.m[i] / sample.m[j]).squareRootBounds.low
    }
    let context = "\(scope), \(sample.network), \(sample.argument)"
    if scope == .continuous {
      func linear(_ i: Int, _ j: Int) -> Rational {
        ((exact.L?[i, j] ?? 0) + exact.W[i, j] * (l + g) * half) / exact.tau[i]
      }
      func gain(_ i: Int, _ j: Int) -> Rational {
        exact.W[i, j].magnitude * (g - l) * half / exact.tau[i] * root(i, j)
      }
      let rates = (0..<n).map { i in
        (0..<n).filter { $0 != i }.reduce(sample.bounds[i]) { rate, j in
          let (a, b) = (w[i] / v[i] * sample.m[i], w[j] / v[j] * sample.m[j])
          let residual =
            (a * linear(i, j) + b * linear(j, i)).magnitude * half
            / (sample.m[i] * sample.m[j]).squareRootBounds.high
          let gains = gain(i, j) * v[j] / v[i] + gain(j, i) * w[j] / w[i]
          return rate - residual * v[j] / w[i] - gains * half
        }
      }
      faults.expect(attained, below: rates.reduce(rates[0]) { min($0, $1) }, context)
    } else {
      func whole(_ i: Int, _ j: Int) -> Rational {
        let h = exact.pace(.asRun, i)
        let linear = ((exact.L?[i, j] ?? 0) + exact.W[i, j] * (l + g) * half).magnitude
        return h * (linear + exact.W[i, j].magnitude * (g - l) * half) * root(i, j)
      }
      let rows = (0..<n).map { i in
        sample.bounds[i]
          + (0..<n).filter { $0 != i }.reduce(Rational.zero) { $0 + whole(i, $1) * v[$1] } / v[i]
      }
      let columns = (0..<n).map { j in
        sample.bounds[j]
          + (0..<n).filter { $0 != j }.reduce(Rational.zero) { $0 + whole($1, j) * w[$1] } / w[j]
      }
      let square =
        rows.reduce(rows[0]) { max($0, $1) } * columns.reduce(columns[0]) { max($0, $1) }
      if attained.isNaN || attained.isFinite && Rational(attained) * Rational(attained) < square {
        faults.append(context)
      }
    }
  }
}
