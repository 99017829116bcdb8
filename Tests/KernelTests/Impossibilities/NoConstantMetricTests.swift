import CertifyKernel
import TestSupport
import Testing

@Suite struct NoConstantMetricTests {
  /// W = (0 −c; c 0).
  static func skew(
    _ c: Double, _ form: Specification.Form = .outside, step: ExactRatio? = nil
  ) throws -> Specification {
    try .of([[0, -c], [c, 0]], form, step: step)
  }

  static func term(_ active: [Int32], _ column: [Double]) -> MetricDual.Term {
    .init(active: active, .factor(Matrix(rows: column.count, columns: 1, values: column)))
  }

  /// The dual of theory §2: S = 2(c − 2)I.
  static let dual = MetricDual(terms: [term([0], [1, 1]), term([1], [1, -1])], bound: 0)

  static func accepts(
    _ network: Specification, _ dual: MetricDual, _ scope: Scope = .continuous
  ) throws -> Bool {
    let claim = Impossibility.constantMetric(dual)
    let isProved = try network.prove(claim, scope).value != nil
    if isProved {
      #expect(ExactNetwork(network).holds(claim, scope) == true, "\(network), \(dual)")
    }
    return isProved
  }

  /// Equality c = 2 gives S = 0, which is ⪰ 0: no metric. One ulp less, and there is one.
  @Test func skewPair() throws {
    for c in [2.0, (2.0).nextUp, 2049.0 / 1024, 3, 100, 1e300] {
      #expect(try Self.accepts(Self.skew(c), Self.dual), "c = \(c)")
      let inside = MetricDual(terms: Self.dual.terms, isTransposed: true, bound: 0)
      #expect(try Self.accepts(Self.skew(-c, .inside), inside), "c = \(c)")
    }
    for c in [(2.0).nextDown, 1.0, 0, -3] as [Double] {
      #expect(try !Self.accepts(Self.skew(c), Self.dual), "c = \(c)")
    }
    let metric = Argument.vertexLMI(metric: .identity(2), floor: 1)
    #expect(try Self.skew((2.0).nextDown).accepts(metric, bound: 0x1p-53, .continuous))
    #expect(try !Self.skew(2).accepts(metric, bound: .leastNonzeroMagnitude, .continuous))
  }

  @Test func provedImpossibilitySaysWhatWasChecked() throws {
    let network = try Self.skew(3)
    let proved = try #require(try network.prove(.constantMetric(Self.dual), .continuous).value)
    #expect(proved.kind == .noConstantMetric && proved.kind.rawValue == "no-constant-metric")
    #expect(proved.bound == 0 && proved.excludesContraction && proved.specification == network)
    // With J + λI: c = 1 has λ* = ½; the same matrices show λ* ≤ ½, and no less.
    let half = MetricDual(terms: Self.dual.terms, bound: 0.5)
    let limited = try #require(try Self.skew(1).prove(.constantMetric(half), .continuous).value)
    #expect(!limited.excludesContraction)
    let less = MetricDual(terms: Self.dual.terms, bound: (0.5).nextDown)
    #expect(try !Self.accepts(Self.skew(1), less))
  }

  /// Forged: nothing of this is accepted.
  @Test func forgedDuals() throws {
    let network = try Self.skew(2.5)
    let (a, b) = (Self.dual.terms[0], Self.dual.terms[1])
    let forged: [(String, [MetricDual.Term])] = [
      ("nothing", []), ("zero", [Self.term([0], [0, 0])]), ("one half", [a]),
      ("the other half", [b]), ("wrong vertex", [Self.term([1], [1, 1]), b]),
      ("both up", [Self.term([0, 1], [1, 1]), b]), ("none up", [Self.term([], [1, 1]), b]),
      ("swapped", [Self.term([0], [1, -1]), Self.term([1], [1, 1])]),
      ("an extra -I", [a, b, Self.term([], [100, 100]), Self.term([], [100, -100])]),
      ("indefinite Z", [a, .init(active: [1], .matrix(Matrix([[1, -1.5], [-1.5, 1]])))]),
      ("asymmetric Z", [a, .init(active: [1], .matrix(Matrix([[1, -1], [-1.5, 1]])))]),
      ("negative Z", [.init(active: [], .matrix(Matrix([[-1, 0], [0, -1]])))]),
      ("no such unit", [a, Self.term([2], [1, -1])]), ("twice", [a, Self.term([1, 1], [1, -1])]),
    ]
    for (what, terms) in forged {
      #expect(try !Self.accepts(network, MetricDual(terms: terms, bound: 0)), "\(what)")
    }
    for bound in [-0.5, .nan, .infinity] as [Double] {
      #expect(try !Self.accepts(network, MetricDual(terms: [a, b], bound: bound)))
    }
    for x in [Double.nan, .infinity] {
      #expect(throws: InputError.nonFinite(.dual, row: 1, column: 0)) {
        try Self.accepts(network, MetricDual(terms: [Self.term([0], [1, x])], bound: 0))
      }
    }
    #expect(throws: InputError.shape(.dual, rows: 1, columns: 1, expected: 2)) {
      try Self.accepts(network, MetricDual(terms: [Self.term([0], [1])], bound: 0))
    }
  }

  /// S indefinite by one part in 2⁵²: the enclosure cannot tell, exact arithmetic can.
  @Test func slightlyIndefinite() throws {
    let bent = MetricDual(
      terms: [Self.term([0], [1, 1]), Self.term([1], [1, (-1.0).nextUp])], bound: 0)
    #expect(try !Self.accepts(Self.skew(2), bent))
    #expect(try Self.accepts(Self.skew(2.0000001), bent))
    // As matrices, exact: Z = (1 1; 1 1) and, singular, one ulp less on the diagonal.
    let ones = Matrix([[1, 1], [1, 1]])
    let turned = Matrix([[1, -1], [-1, 1]])
    func matrices(_ z: Matrix) -> MetricDual {
      MetricDual(
        terms: [.init(active: [0], .matrix(ones)), .init(active: [1], .matrix(z))], bound: 0)
    }
    #expect(try Self.accepts(Self.skew(2), matrices(turned)))
    #expect(
      try !Self.accepts(Self.skew(2), matrices(Matrix([[(1.0).nextDown, -1], [-1, 1]]))))
  }

  /// Slopes [l, g], a gain that is no double, time constants, couplings, Euler steps and maps.
  @Test func everyKindOfNetwork() throws {
    let third = try SlopeInterval(.zero, ExactRatio(1, over: 3))
    #expect(try Self.accepts(.of([[0, -6], [6, 0]], slopes: third), Self.dual))
    #expect(try !Self.accepts(.of([[0, -6], [(6.0).nextDown, 0]], slopes: third), Self.dual))
    let firm = try SlopeInterval(ExactRatio(0.125), .one)
    #expect(try Self.accepts(.of([[0, -4], [4, 0]], slopes: firm), Self.dual))
    #expect(try !Self.accepts(.of([[0, -2], [2, 0]], slopes: firm), Self.dual))
    let slow = [ExactRatio(1, over: 10), ExactRatio(1, over: 10)]
    #expect(try Self.accepts(.of([[0, -3], [3, 0]], tau: slow), Self.dual))
    // One unit ten times slower: x₂ counts √10 times more.
    let mixed = [ExactRatio(1), ExactRatio(3, over: 10)]
    let scaled = MetricDual(
      terms: [Self.term([0], [1, 1.8]), Self.term([1], [1, -1.8])], bound: 0)
    #expect(try Self.accepts(.of([[0, -6], [6, 0]], tau: mixed), scaled))
    #expect(try !Self.accepts(.of([[0, -2], [2, 0]], tau: mixed), scaled))
    // Linear coupling alone: L = 1 leaves J = 0.
    let marginal = try Specification.of([[0]], L: [[1]])
    #expect(try Self.accepts(marginal, MetricDual(terms: [Self.term([], [1])], bound: 0)))
    // As run.
    let map = try Specification.of([[0, -1], [1, 0]], .map)
    let both = MetricDual(
      terms: [Self.term([0, 1], [1, 0]), Self.term([0, 1], [0, 1])], bound: 1)
    #expect(try Self.accepts(map, both, .asRun))
    #expect(try !Self.accepts(.of([[0, -1], [(1.0).nextDown, 0]], .map), both, .asRun))
    let euler = try Self.skew(3, step: ExactRatio(1, over: 10))
    let stepped = MetricDual(terms: Self.dual.terms, bound: 1)
    #expect(try Self.accepts(euler, stepped, .asRun))
    #expect(try !Self.accepts(Self.skew(1, step: ExactRatio(1, over: 10)), stepped, .asRun))
    #expect(try !Self.accepts(Self.skew(3), stepped, .asRun), "nothing runs")
  }

  /// Random matrices: what the kernel accepts holds exactly, and excludes every random metric.
  @Test(arguments: UInt64(0)..<12)
  func acceptedDualsHold(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var accepted = 0
    for k in 0..<60 {
      let ensembles: [Ensemble] = [.dense, .integers, .coupled, .unitTimes, .slopesAboveZero]
      let n = 1 + k % 3
      let network = try ensembles[k % ensembles.count].network(units: n, &generator)
        .scalingWeights(by: 3)
      for scope in network.scopes {
        let terms = (0..<(1 << n)).map { mask in
          let values = (0..<n).map { _ in Double(generator.integer(in: -2...2)) }
          return Self.term((0..<Int32(n)).filter { mask >> Int($0) & 1 == 1 }, values)
        }
        let dual = MetricDual(
          terms: terms, isTransposed: generator.integer(in: 0...1) == 1,
          bound: scope == .continuous ? 0 : 1)
        guard try Self.accepts(network, dual, scope) else { continue }
        accepted += 1
        for rule in Rule.allCases {
          let argument = rule.randomArgument(for: network, scope, &generator)
          #expect(network.tightestBound(argument, scope) == nil, "\(network) \(dual) \(argument)")
        }
      }
    }
    #expect(accepted > 2)
  }
}
