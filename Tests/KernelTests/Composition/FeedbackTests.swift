import CertifyKernel
import TestSupport
import Testing

@Suite struct FeedbackTests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsInMetricBlkdiagOfScaledMetrics(seed: UInt64) throws {
    try expectTruth(
      of: .feedback, in: [.coupled, .sparse, .symmetric, .unitTimes], seed: seed, networks: 8)
  }

  /// If M_i L_ij θ_i = −θ_j L_jiᵀ M_j, λ = min λ_i however strong the coupling is.
  @Test func rateFormula() throws {
    for k in [1.0, 3, 1e6] {
      // M = (4), (1): 4 · (−k) + 1 · 4k = 0.
      let L = Matrix([[0, -k], [4 * k, 0]])
      let metric = try ModuleNetwork([.diagonal([4]), .diagonal([1])], rates: [1, 0.5], L: L)
      let found = try #require(confirmedRate(metric.specification, metric.argument(.feedback)))
      #expect(found.bound == 0.5 && found.isTrue)
      // The same by scales, and from the modules' time constants.
      let scaled = try ModuleNetwork([.diagonal([1]), .diagonal([1])], rates: [1, 0.5], L: L)
      let argument = scaled.argument(.feedback, v: [1, 1], w: [4, 1])
      #expect(scaled.specification.tightestBound(argument, .continuous) == 0.5)
      for (v, w) in [([1.0, 1], [1.0, 4]), ([4, 1], [1, 1]), ([1, 1], [1, 1])] {
        let wrong = scaled.argument(.feedback, v: v, w: w)
        #expect(scaled.specification.tightestBound(wrong, .continuous) == nil, "\(v) \(w)")
      }
    }
  }

  /// What is left of skewness is charged: r = ½|δ| in M = I.
  @Test func residualFormula() throws {
    let δ = 0x1p-10
    let network = try ModuleNetwork(
      [.diagonal([1]), .diagonal([1])], rates: [1, 1], L: Matrix([[0, 8], [-8 + δ, 0]]))
    let found = try #require(confirmedRate(network.specification, network.argument(.feedback)))
    #expect(found.bound == 1 - δ / 2 && found.isTrue)
    // Loads r v_j / w_i: v = (1, 2), w = (2, 1) has θ = (2, ½), in which nothing is skew.
    let other = network.argument(.feedback, v: [1, 2], w: [2, 1])
    #expect(network.specification.tightestBound(other, .continuous) == nil)
  }

  /// θ ∝ τ where modules have time constants of their own: T⁻¹L is what must be skew.
  @Test func timeConstants() throws {
    let network = try Specification.of(
      [[0, 0], [0, 0]], L: [[0, -3], [3, 0]], tau: [ExactRatio(1), ExactRatio(0.25)])
    func argument(_ w: [Double]) -> Argument {
      .assembly(
        .init(
          .feedback, components: [[0], [1]],
          proofs: [1.0, 4].map { Proof(.triangular(order: [0]), bound: $0) },
          columnScaling: [1, 1], rowScaling: w))
    }
    let found = try #require(confirmedRate(network, argument([4, 1])))
    #expect(found.bound == 1 && found.isTrue)
    #expect(network.tightestBound(argument([1, 1]), .continuous) == nil)
    #expect(network.tightestBound(argument([1, 4]), .continuous) == nil)
  }

  /// A residual equal to the rates leaves 0, which is not a rate.
  @Test func equalityNeverCertifies() throws {
    for (a, isCertified) in [(1.0, false), (1 - 0x1p-45, true), ((1.0).nextUp, false)] {
      let network = try ModuleNetwork(
        [.diagonal([1]), .diagonal([1])], rates: [1, 1], L: Matrix([[0, a], [a, 0]]))
      let answers = try [.leastNonzeroMagnitude, 0x1p-60].map { bound in
        try network.specification.answer(network.argument(.feedback), bound: bound).isCertified
      }
      #expect(answers == [isCertified, isCertified], "\(a)")
    }
  }

  @Test func whatMustBeDeclined() throws {
    // L = −Lᵀ, modules contracting in another metric: an eigenvalue +0.18 (theory §7).
    let network = try Specification.of(
      [[0, 4, 0], [0, 0, 0], [0, 0, 0]], L: [[0, 0, -1], [0, 0, 1], [1, -1, 0]])
    func argument(_ first: Argument, _ bound: Double, w: Double) -> Argument {
      .assembly(
        .init(
          .feedback, components: [[0, 1], [2]],
          proofs: [Proof(first, bound: bound), Proof(.triangular(order: [0]), bound: 1)],
          columnScaling: [1, 1], rowScaling: [w, 1]))
    }
    for w in [0.01, 0.1, 0.5, 1, 2, 10, 100] {
      for bound in [0.01, 0.3, 0.9] {
        let triangular = argument(.triangular(order: [1, 0]), bound, w: w)
        #expect(network.tightestBound(triangular, .continuous) == nil)
        let identity = argument(
          .absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1]), bound, w: w)
        #expect(network.tightestBound(identity, .continuous) == nil)
      }
    }
    // Through a nonlinearity it costs its gain, and feedback does not speak of it.
    let W = try Specification.of([[0, -0.5], [0.5, 0]])
    let scalars = Argument.assembly(
      .init(
        .feedback, components: [[0], [1]],
        proofs: [1.0, 1].map { Proof(.triangular(order: [0]), bound: $0) },
        columnScaling: [1, 1], rowScaling: [1, 1]))
    #expect(
      try W.answer(scalars, bound: 0.1) == .undecided(.nonlinearBetween(first: 0, second: 1)))
    let K = try ModuleNetwork(
      [.diagonal([1]), .diagonal([1])], rates: [1, 1], K: Matrix([[0, 0x1p-1074], [0, 0]]))
    #expect(
      try K.specification.answer(K.argument(.feedback), bound: 0.1)
        == .undecided(.nonlinearBetween(first: 0, second: 1)))
  }

  /// Full metrics, known themselves (form inside) or by their inverses (form outside); M for M⁻¹ is declined.
  @Test(arguments: [Specification.Form.outside, .inside], [-1.0, 1])
  func fullMetrics(form: Specification.Form, orientation: Double) throws {
    // Symmetric modules: 2aI − gW with a = 1 − λ = ¾ is [[5/4, −½], [−½, 5/4]] and 3/2, or its inverse.
    let W = Matrix([[0.25, 0.5, 0], [0.5, 0.25, 0], [0, 0, 0]])
    // The inverse metric of module 0 times Z, and −Zᵀ times that of module 1.
    let determinant = 1.25 * 1.25 - 0.25
    let inverse = Matrix([
      [1.25 / determinant, 0.5 / determinant], [0.5 / determinant, 1.25 / determinant],
    ])
    let isInverse = (form == .outside) == (orientation < 0)
    let block = isInverse ? Matrix([[1.25, -0.5], [-0.5, 1.25]]) : inverse
    let (z, last) = ([2.0, -3], isInverse ? 1.5 : 1 / 1.5)
    var L = Matrix(rows: 3, columns: 3)
    for i in 0..<2 {
      L[i, 2] = block[i, 0] * z[0] + block[i, 1] * z[1]
      L[2, i] = -last * z[i]
    }
    let network = try Specification(form: form, recurrent: .dense(W), coupling: .dense(L))
    let argument = Argument.assembly(
      .init(
        .feedback, components: [[0, 1], [2]],
        proofs: [
          Proof(.symmetric, bound: 0.25 - 0x1p-40), Proof(.symmetric, bound: 0.25 - 0x1p-40),
        ],
        columnScaling: [1, 1], rowScaling: [1, 1]))
    let found = confirmedRate(network, argument)
    if orientation < 0 {
      let found = try #require(found)
      #expect(found.bound > 0.25 - 1e-9 && found.isTrue)
    } else {
      #expect(found == nil)
    }
  }

  /// Units inside a component in any order, and nested components, name the same modules.
  @Test func unitsInAnyOrder() throws {
    let M = Matrix([[2, -1], [-1, 1]])
    // M⁻¹ = [[1, 1], [1, 2]]; L_01 = M⁻¹z, L_10 = −zᵀ, z = (10, −3).
    let L = Matrix([[0, 0, 7], [0, 0, 4], [-10, 3, 0]])
    let network = try ModuleNetwork([.full(M), .diagonal([1])], rates: [1, 0.5], L: L)
    let direct = try #require(
      confirmedRate(network.specification, network.argument(.feedback)))
    // Products with a full metric are enclosed with a rounding error, though this L is exactly skew.
    #expect(direct.bound > 0.5 - 1e-12 && direct.isTrue)
    for order in [[2, 0, 1], [1, 2, 0], [1, 0, 2]] {
      let permuted = try network.specification.permuted(order)
      // The places of the old units 0, 1 and 2; the proof still speaks of unit 0 first.
      let place = (0..<3).map { unit in Int32(order.firstIndex(of: unit) ?? -1) }
      let assembly = Argument.Assembly(
        .feedback, components: [[place[0], place[1]], [place[2]]], proofs: network.proofs,
        columnScaling: [1, 1], rowScaling: [1, 1])
      let found = try #require(confirmedRate(permuted, .assembly(assembly)))
      #expect(found.bound > 0.5 - 1e-12 && found.isTrue, "\(order)")
      // The two units of the full metric exchanged: another metric, in which L is not skew.
      let turned = Argument.Assembly(
        .feedback, components: [[place[1], place[0]], [place[2]]], proofs: network.proofs,
        columnScaling: [1, 1], rowScaling: [1, 1])
      #expect(permuted.tightestBound(.assembly(turned), .continuous) == nil)
    }
  }
}
