import TestSupport
import Testing

@testable import CertifyKernel

/// The vectors of Theorem 4: (N v)_i ≤ slack_i v_i and (Nᵀ w)_i ≤ slack_i w_i, HN for N where a step runs.
@Suite struct TriangularDirectionTests {
  @Test(arguments: UInt64(0)..<12)
  func scalingsSatisfyTheInequalities(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<120 {
      let n = generator.integer(in: 1...3)
      var W = Matrix(rows: n, columns: n)
      for i in 0..<n {
        for j in 0..<i { W[i, j] = generator.awkwardWeight(0.25) }
        W[i, i] = generator.isTrue() ? 0 : generator.awkwardWeight(0.125)
      }
      let network = try Specification(
        form: .outside, recurrent: .dense(W),
        slopes: generator.isTrue() ? .unit : SlopeInterval(.zero, generator.awkwardRatio()),
        timeConstants: (0..<n).map { _ in generator.awkwardRatio() },
        step: .init(size: [ExactRatio(0.25), ExactRatio(1, over: 3)][generator.integer(in: 0...1)]))
      let exact = ExactNetwork(network)
      for scope in network.scopes {
        let bound = scope == .continuous ? generator.power(-4 ... -3) : 0.75 + generator.unit() / 4
        try Self.expectScalings(exact, scope, bound, &faults)
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// A chain of three units in steps of 3/4, with 1/8 to spare at each: of a weight that is a power of two and one
  /// that is not, only the product of the second with 3/4 rounds.
  @Test(arguments: UInt64(0)..<4)
  func productsWithThePace(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<100 {
      func weight() -> Double { generator.isTrue() ? 1 : 1 + generator.unit() }
      let network = try Specification.of(
        [[0, 0, 0], [weight(), 0, 0], [0, weight(), 0]], step: ExactRatio(0.75))
      try Self.expectScalings(ExactNetwork(network), .asRun, 0.375, &faults)
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  private static func expectScalings(
    _ exact: ExactNetwork, _ scope: Scope, _ bound: Double, _ faults: inout Faults
  ) throws {
    let n = exact.units
    let outcome = try Triangular.scalings(
      exact.specification, scope, order: (0..<Int32(n)).map { $0 }, claimed: bound)
    guard case .accepted(let (v, w, slack)) = outcome else { return }
    let context = "\(scope) \(bound), \(exact.specification)"
    let paces = (0..<n).map { scope == .continuous ? 1 : exact.pace(scope, $0) }
    for i in 0..<n {
      faults.expect(slack[i], below: Self.slack(i, exact, scope, Rational(bound)), context)
      let row = (0..<n).filter { $0 != i }.reduce(Rational.zero) {
        $0 + paces[i] * exact.weight(i, $1) * Rational(v[$1])
      }
      let column = (0..<n).filter { $0 != i }.reduce(Rational.zero) {
        $0 + paces[$1] * exact.weight($1, i) * Rational(w[$1])
      }
      if row > Rational(slack[i]) * Rational(v[i]) { faults.append("v: \(context)") }
      if column > Rational(slack[i]) * Rational(w[i]) { faults.append("w: \(context)") }
    }
  }

  /// 1 − sup d W_ii − λτ_i, or ρ − sup |1 − h_i + h_i d W_ii|.
  private static func slack(
    _ i: Int, _ exact: ExactNetwork, _ scope: Scope, _ bound: Rational
  ) -> Rational {
    let (low, high) = exact.range(i, i)
    if scope == .continuous { return 1 - high - bound * exact.tau[i] }
    let h = exact.pace(scope, i)
    return bound - max((1 - h + h * low).magnitude, (1 - h + h * high).magnitude)
  }
}
