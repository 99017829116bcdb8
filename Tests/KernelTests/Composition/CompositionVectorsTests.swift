import CertifyKernel
import TestSupport
import Testing

/// The rule part of the vectors: modules are taken as (M, λ), and the verdict is that of the rule in this metric.
@Suite(.enabled(if: SharedFolder.isPresent, "needs the shared folder"))
struct CompositionVectorsTests {
  private static func rows(_ value: JSONValue?) throws -> [[Double]] {
    try #require(value?.array).map { row in
      try #require(row.rationals).map(\.approximation)
    }
  }

  /// ¼(‖L_a + L_bᵀ‖ + ‖L_a‖ + ‖L_b‖) by claims: the residual at the middle of the slopes, and half the widths.
  private static func claims(
    _ pair: Int, toLeaf: [[Double]], toHub: [[Double]], gain g: Double,
    roots: (Double, Double) = (1, 1)
  ) -> [NormClaim] {
    let (hub, leaf) = roots
    let a = toHub.map { $0.map { $0 * hub / leaf } }
    let b = a.indices.map { i in a[i].indices.map { toLeaf[$0][i] * leaf / hub } }
    let sum = zip(a, b).map { zip($0, $1).map { $0 + $1 } }
    return claim(0, pair, .residual, above: g / 4 * spectralNorm(sum))
      + claim(0, pair, .toFirst, above: g / 2 * spectralNorm(a))
      + claim(0, pair, .toSecond, above: g / 2 * spectralNorm(b))
  }

  @Test(arguments: Vectors.group("gw"))
  func globalWorkspace(vector: VectorCase) throws {
    let rates = try #require(vector["lambdas"]?.rationals).map(\.approximation)
    let g = try #require(vector["g_psi"]?.rational)
    let toLeaves = try #require(vector["Li0"]?.array).map { try Self.rows($0) }
    let toHub = try #require(vector["L0i"]?.array).map { try Self.rows($0) }
    let given = try vector["M"].map { try Self.rows($0) }
    let sizes = [Int(try #require(vector["hub_size"]?.double))] + toLeaves.map(\.count)
    let metrics = sizes.enumerated().map { k, n in
      given?[k] ?? [Double](repeating: 1, count: n)
    }
    let n = sizes.reduce(0, +)
    var K = Matrix(rows: n, columns: n)
    var start = sizes[0]
    var norms: [NormClaim] = []
    for (k, (leaf, hub)) in zip(toLeaves, toHub).enumerated() {
      for i in leaf.indices {
        for j in 0..<sizes[0] { (K[start + i, j], K[j, start + i]) = (leaf[i][j], hub[j][i]) }
      }
      norms += Self.claims(
        k + 1, toLeaf: leaf, toHub: hub, gain: g.approximation,
        roots: (metrics[0][0].squareRoot(), metrics[k + 1][0].squareRoot()))
      start += sizes[k + 1]
    }
    #expect(g.isWhole)
    let network = try ModuleNetwork(
      metrics.map { .diagonal($0) }, rates: rates, K: K,
      slopesOfK: try SlopeInterval(.zero, ExactRatio(g.approximation)))
    let isCertified = try #require(vector["certified_sharp"]?.flag as Bool?)
    let structure = Argument.Structure.globalWorkspace(hub: 0)
    let scaling = try network.bestScaling(structure, norms: norms)
    let argument = network.argument(structure, v: scaling.v, w: scaling.w, norms: norms)
    let found = confirmedRate(network.specification, argument)
    #expect((found != nil) == isCertified, "\(vector.id)")
    #expect(found?.isTrue != false)
    // The rate is worked out in doubles; that of the kernel is true, and next to it.
    if let found { #expect((found.bound - scaling.rate).magnitude < 1e-9) }
    // No other vector says more in this metric.
    var generator = SplitMix64(seed: 3)
    for _ in 0..<20 where !isCertified {
      let z = rates.map { _ in 0.25 + generator.unit() }
      let other = network.argument(structure, v: z, w: z, norms: norms)
      #expect(network.specification.tightestBound(other, .continuous) == nil)
    }
  }

  @Test(arguments: Vectors.group("negative_feedback"))
  func negativeFeedback(vector: VectorCase) throws {
    let metrics = try #require(vector["M"]?.matrices)
    let rates = try #require(vector["module_rates"]?.rationals).map(\.approximation)
    let L = Matrix(try Self.rows(vector["L"]))
    let W = try vector["W"].map { Matrix(try Self.rows($0)) }
    if let W, W.values.contains(where: { $0 != 0 }) {
      // A whole network whose printed rates are to be disbelieved.
      let network = try Specification(
        form: .outside, recurrent: .dense(W), coupling: .dense(L), slopes: .unit)
      for bound in [0.001, 0.1, 0.5, 1] {
        for w in [0.01, 0.1, 1, 10, 100] {
          for first in [
            Argument.absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1]),
            .triangular(order: [1, 0]),
          ] {
            let argument = Argument.assembly(
              .init(
                .feedback, components: [[0, 1], [2]],
                proofs: [Proof(first, bound: bound), Proof(.triangular(order: [0]), bound: 1)],
                columnScaling: [1, 1], rowScaling: [w, 1]))
            #expect(network.tightestBound(argument, .continuous) == nil)
          }
        }
      }
      return
    }
    let network = try ModuleNetwork(
      metrics.map { m in
        let isDiagonal = (0..<m.rows).allSatisfy { i in
          (0..<m.rows).allSatisfy { i == $0 || m[i, $0].signum == 0 }
        }
        if isDiagonal { return .diagonal((0..<m.rows).map { m[$0, $0].approximation }) }
        return .full(
          Matrix((0..<m.rows).map { i in m.row(i).map(\.approximation) }))
      }, rates: rates, L: L)
    let argument: Argument
    let scaling = try network.bestScaling(.feedback)
    argument = network.argument(.feedback, v: scaling.v, w: scaling.w)
    let found = confirmedRate(network.specification, argument)
    #expect(found?.isTrue != false)
    #expect((found != nil) == (vector["verdict"]?.text == "certified"), "\(vector.id)")
    guard let text = vector["certified_rate"]?.text, let found else { return }
    let expected =
      Rational(text)?.approximation
      ?? (text.split(separator: "=").last.flatMap { Double($0) } ?? .nan)
    #expect(found.bound <= expected && found.bound > expected - 1e-9, "\(vector.id)")
  }

  @Test(arguments: Vectors.group("hierarchical"), [true, false])
  func hierarchical(vector: VectorCase, throughSlopes: Bool) throws {
    let rates = try ["lambda1", "lambda2"].map { try #require(vector[$0]?.rational).approximation }
    let b = try #require(vector["b"]?.rational).approximation
    let ε = try #require(vector["weight_eps"]?.rational).approximation
    let coupling = Matrix([[0, 0], [b, 0]])
    let network = try ModuleNetwork(
      [.diagonal([1]), .diagonal([1])], rates: rates, L: throughSlopes ? nil : coupling,
      K: throughSlopes ? coupling : nil)
    let scaling = try network.bestScaling(.hierarchy, θ: [1, ε])
    let found = confirmedRate(
      network.specification, network.argument(.hierarchy, v: scaling.v, w: scaling.w))
    #expect((found != nil) == vector["certified"]?.flag)
    #expect(found?.isTrue != false)
    let rate = try #require(vector["rate"]?.text.flatMap { Double($0) })
    if let found { #expect(found.bound <= rate && found.bound > rate - 1e-9) }
  }

  @Test(arguments: Vectors.group("pruning"))
  func pruning(vector: VectorCase) throws {
    let isSafe = vector["verdict"]?.text?.hasPrefix("safe") == true
    if let after = vector["W_pruned"] {
      // Theorem 5 with P = I, and its unstable remainder.
      let before = try Specification.of(try Self.rows(vector["W"]))
      let argument = Argument.singularValue(
        metric: [1, 1], norm: 0.91, dropsInhibitoryDiagonal: false)
      #expect(before.tightestBound(argument, .continuous) != nil)
      let pruned = try Specification.of(try Self.rows(after))
      #expect(pruned.tightestBound(argument, .continuous) == nil && !isSafe)
      let claim = Claim.unstable(Instability(active: [0, 1], reason: .determinant))
      #expect(try pruned.answer(Certificate(scope: .continuous, claim: claim)) == .refuted)
      return
    }
    for field in ["L", "L_pruned"] {
      let network = try ModuleNetwork(
        [ModuleNetwork.Metric](repeating: .diagonal([1]), count: 3), rates: [1, 1, 1],
        L: Matrix(try Self.rows(vector[field])))
      let found = confirmedRate(network.specification, network.argument(.feedback))
      #expect(found?.bound == (field == "L" || isSafe ? 1 : nil), "\(vector.id) \(field)")
      #expect(found?.isTrue != false)
    }
  }

  /// The step rule on M = I, λ = 1 and a skew L: √((1 − h)² + h²ℓ²), the spectral radius itself.
  @Test(arguments: Vectors.group("euler"))
  func euler(vector: VectorCase) throws {
    let L = Matrix(try Self.rows(vector["L"]))
    let h = try #require(vector["h"]?.rational)
    let size = ExactRatio(h.numerator == 1 ? 1 : 3, over: h.numerator == 1 ? 32 : 100)
    #expect(Rational(size) == h)
    let network = try ModuleNetwork(
      [ModuleNetwork.Metric](repeating: .diagonal([1]), count: L.rows),
      rates: [Double](repeating: 1, count: L.rows), L: L, step: .init(size: size))
    let ℓ = spectralNorm((0..<L.rows).map { i in (0..<L.rows).map { L[i, $0] } })
    let argument = StepOfFlowTests.step(
      network.specification, Proof(network.argument(.feedback), bound: 1),
      couplingNorm: ℓ * (1 + 1e-12))
    let found = confirmedRate(network.specification, argument, .asRun)
    #expect((found != nil) == (vector["D0_verdict"]?.text == "contracting"))
    #expect(found?.isTrue != false)
    let radius = try #require(vector["spectral_radius_D0"]?.text.flatMap { Double($0) })
    if let found { #expect((found.bound - radius).magnitude < 1e-9) }
  }
}
