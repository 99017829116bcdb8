import CertifyKernel
import TestSupport
import Testing

@Suite struct MetricFaultTests {
  static func network(_ w: [Double], form: Specification.Form = .outside) throws -> Specification {
    let n = Int(Double(w.count).squareRoot())
    return try Specification(
      form: form, recurrent: .dense(Matrix(rows: n, columns: n, values: w)),
      step: form == .map ? nil : .init(size: ExactRatio(0.5)))
  }

  static let identity = Matrix(rows: 2, columns: 2, values: [1, 0, 0, 1])

  @Test func malformedMetricsThrow() throws {
    let network = try Self.network([0, 2, 0, 0])
    let wide = Matrix(rows: 2, columns: 3)
    #expect(throws: InputError.shape(.metric, rows: 2, columns: 3, expected: 2)) {
      try network.fault(ofMetric: wide, .continuous, active: [], direction: [1, 1])
    }
    #expect(throws: InputError.length(.witness, found: 1, expected: 2)) {
      try network.fault(ofMetric: Self.identity, .continuous, active: [], direction: [1])
    }
    #expect(throws: InputError.nonFinite(.witness, row: 1, column: 0)) {
      try network.fault(ofMetric: Self.identity, .continuous, active: [], direction: [1, .nan])
    }
    let infinite = Matrix(rows: 2, columns: 2, values: [1, .infinity, .infinity, 1])
    #expect(throws: InputError.nonFinite(.metric, row: 0, column: 1)) {
      try network.fault(ofMetric: infinite, .continuous, active: [], direction: [1, 1])
    }
  }

  /// Nothing is shown by a zero vector, an asymmetric matrix, a pattern out of order or a scope that is not there.
  @Test func nothingIsShownWithoutAVertexOrAVector() throws {
    let network = try Self.network([0, 2, 0, 0])
    let skewed = Matrix(rows: 2, columns: 2, values: [1, 0.5, 0.25, 1])
    #expect(
      try network.fault(ofMetric: Self.identity, .continuous, active: [0, 1], direction: [0, 0])
        == nil)
    #expect(
      try network.fault(ofMetric: skewed, .continuous, active: [0, 1], direction: [1, 1]) == nil)
    for pattern: [Int32] in [[1, 0], [0, 0], [-1], [2]] {
      #expect(
        try network.fault(
          ofMetric: Self.identity, .continuous, active: pattern, direction: [1, 1]) == nil)
    }
    let map = try Self.network([0, 2, 0, 0], form: .map)
    #expect(
      try map.fault(ofMetric: Self.identity, .continuous, active: [0, 1], direction: [1, 1]) == nil)
  }

  /// W = (0 w; 0 0), M = I, x = (1, 1), slopes 1: xᵀMJx = w − 2.
  @Test(arguments: [1.5, (2.0).nextDown, 2, (2.0).nextUp, 3])
  func theBoundaryIsExact(weight: Double) throws {
    let network = try Self.network([0, weight, 0, 0])
    let fault = try network.fault(
      ofMetric: Self.identity, .continuous, active: [0, 1], direction: [1, 1])
    #expect((fault != nil) == (weight >= 2))
    guard let fault else { return }
    #expect(fault.size == Interval(2))
    #expect(fault.growth == Interval(weight - 2))
    #expect(fault.relativeGrowth == (weight - 2) / 2)
  }

  /// The same network run by steps of 1/2: A = (1/2 w/2; 0 1/2) and |Ax|² ≥ |x|² for x = (1, 1) from w = √7 − 1 on.
  @Test(arguments: [(1.5, false), (1.625, false), (1.6875, true), (2, true)])
  func theMapIsJudgedByItsNorm(weight: Double, isFault: Bool) throws {
    let network = try Self.network([0, weight, 0, 0])
    let fault = try network.fault(
      ofMetric: Self.identity, .asRun, active: [0, 1], direction: [1, 1])
    #expect((fault != nil) == isFault)
  }

  @Test func aMetricMustBePositive() throws {
    let network = try Self.network([0, 0, 0, 0])
    let indefinite = Matrix(rows: 2, columns: 2, values: [1, 2, 2, 1])
    let fault = try network.fault(
      ofMetric: indefinite, .continuous, active: [], direction: [1, -1])
    #expect(fault?.kind == .notPositive)
    #expect(fault?.size == Interval(-2))
    // Semidefinite is not positive either.
    let singular = Matrix(rows: 2, columns: 2, values: [1, 1, 1, 1])
    #expect(
      try network.fault(ofMetric: singular, .continuous, active: [], direction: [1, -1])?.kind
        == .notPositive)
    #expect(
      try network.fault(ofMetric: singular, .continuous, active: [], direction: [1, 1]) == nil)
  }

  /// No fault is found, whatever the direction and the slopes, in a metric that the kernel has certified.
  @Test(arguments: UInt64(0)..<32)
  func certifiedMetricsHaveNoFault(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let n = generator.integer(in: 1...4)
    let entries = (0..<(n * n)).map { _ in generator.symmetric() }
    let network = try Self.network(entries)
    let p = (0..<n).map { _ in 0.5 + generator.unit() }
    let claim = Certificate(
      scope: .continuous, claim: .contracts(Proof(.disk(metric: p), bound: 0x1p-20)))
    guard case .certified = try network.certify(using: claim) else { return }
    for _ in 0..<64 {
      let active = (0..<Int32(n)).filter { _ in generator.next() & 1 == 1 }
      let x = (0..<n).map { _ in generator.symmetric() }
      #expect(
        try network.fault(
          ofMetric: Matrix(diagonal: p), .continuous, active: active, direction: x) == nil)
    }
  }
}

@Suite struct MatrixFactsTests {
  @Test func normsFromBelowAreExactWhereTheyAreSimple() {
    let a = Matrix(rows: 2, columns: 2, values: [0.6, -0.8, 0.8, 0.6])
    #expect(MatrixFacts.squaredNormLowerBound(Matrix.identity(3), direction: [1, 2, 2]) == 1)
    #expect(MatrixFacts.squaredNormLowerBound(a, direction: [1, 0]) >= 1 - 0x1p-50)
    #expect(MatrixFacts.squaredNormLowerBound(a, direction: [0, 0]).isNaN)
    #expect(MatrixFacts.squaredNormLowerBound(a, direction: [1]).isNaN)
    #expect(MatrixFacts.squaredNormLowerBound(a, direction: [.nan, 1]).isNaN)
  }

  /// The square of a double is hardly ever a double: the bound must lie on its lower side.
  @Test(arguments: [0.1, 0.3, 0.7, 1.1])
  func normsFromBelowAreRoundedDown(entry: Double) {
    let a = Matrix(rows: 1, columns: 1, values: [entry])
    let bound = MatrixFacts.squaredNormLowerBound(a, direction: [1])
    #expect((-bound).addingProduct(entry, entry) > 0)
    #expect(bound.nextUp >= entry * entry)
  }

  @Test func normsFromAboveAreStrict() {
    let a = Matrix(rows: 2, columns: 2, values: [1, 0, 0, 0.5])
    #expect(!MatrixFacts.isNorm(of: a, below: 1))
    #expect(MatrixFacts.isNorm(of: a, below: 1 + 0x1p-40))
    #expect(!MatrixFacts.isNorm(of: a, below: .nan))
  }

  /// Skew in diag(1, 4), not in its inverse.
  @Test func residualsTellTheOrientation() {
    let m = Matrix(diagonal: [1, 4])
    let l = Matrix(rows: 2, columns: 2, values: [0, -4, 1, 0])
    let inM = MatrixFacts.residual(m, l)
    let inInverse = MatrixFacts.residual(l, m)
    #expect(inM.residual.lower == 0 && inM.residual.upper <= 0x1p-48)
    // LM + MLᵀ has −16 + 1 off the diagonal.
    #expect(inInverse.residual.lower <= 15 && inInverse.residual.upper >= 15)
    #expect(inInverse.residual.lower >= 15 - 0x1p-40)
  }

  /// 2(ap + bq) + c, exactly, where its enclosure reaches to both sides of 0.
  @Test(arguments: UInt64(0)..<4)
  func residualsNearZero(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<100 {
      let x = (0..<4).map { _ in 0.5 + generator.unit() }
      let sum = x[0] * x[2] + x[1] * x[3]
      let exactSum = Rational(x[0]) * Rational(x[2]) + Rational(x[1]) * Rational(x[3])
      for k in -4...4 {
        let c = -2 * sum + Double(k) * (2 * sum).ulp
        let exact = (2 * exactSum + Rational(c)).magnitude
        let found = MatrixFacts.residual(
          Matrix([[x[0], x[1]], [0, 0]]), Matrix([[x[2], 0], [x[3], 0]]),
          plus: Matrix([[c, 0], [0, 0]])
        ).residual
        faults.expect(found.lower, below: exact, "\(x), \(c)")
        faults.expect(found.upper, above: exact, "\(x), \(c)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  @Test func asymmetryIsCountedExactly() {
    var a = Matrix.identity(3)
    #expect(MatrixFacts.asymmetry(a).pairs == 0)
    a[0, 2] = 0.5
    a[2, 0] = (0.5).nextUp
    let found = MatrixFacts.asymmetry(a)
    #expect(found.pairs == 1 && found.largest == 0x1p-53 && (found.row, found.column) == (2, 0))
    a[0, 1] = .nan
    #expect(MatrixFacts.asymmetry(a).pairs == 2)
  }

  /// Equality is exactly 1; one unit in the last place less is below.
  @Test func workspaceLoadsAreExactAtEquality() {
    func load(_ norm: Double, _ q: Int) -> Double {
      MatrixFacts.workspaceLoad(squaredNorm: norm, gain: .one, spokes: q, rate: .one)
    }
    #expect(load(0.25, 4) == 1)
    #expect(load((0.25).nextDown, 4) < 1)
    #expect(load(0.25, 5) > 1)
    #expect(
      MatrixFacts.workspaceLoad(squaredNorm: 1, gain: .one, spokes: 2, rate: .zero).isNaN)
  }
}
