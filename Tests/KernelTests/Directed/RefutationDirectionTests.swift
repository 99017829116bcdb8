import TestSupport
import Testing

@testable import CertifyKernel

/// What refutations compute before they compare a sign: the number is on the side that refutes less.
@Suite struct RefutationDirectionTests {
  /// A number whose square may underflow, or one of moderate size.
  private static func coordinate(_ generator: inout SplitMix64) -> Double {
    switch generator.integer(in: 0...5) {
    case 0: 0
    case 1: generator.power(-560...(-500))
    case 2: 1
    default: generator.awkwardWeight()
    }
  }

  private static func matrix(
    _ n: Int, _ generator: inout SplitMix64, _ entry: (inout SplitMix64) -> Double
  ) -> Matrix {
    var result = Matrix(rows: n, columns: n)
    for i in 0..<n { for j in 0..<n { result[i, j] = entry(&generator) } }
    return result
  }

  /// xᵀMx, as the claim is refused that it is not positive.
  @Test(arguments: UInt64(0)..<8)
  func formsOfMetrics(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<150 {
      let n = generator.integer(in: 1...2)
      var M = Self.matrix(n, &generator) { $0.awkwardWeight() }
      for i in 0..<n { for j in 0..<i { M[i, j] = M[j, i] } }
      let x = (0..<n).map { _ in Self.coordinate(&generator) }
      guard x.contains(where: { $0 != 0 }) else { continue }
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix(rows: n, columns: n)))
      let claim = Instability(active: [], reason: .inertia(metric: M, direction: x, margin: 0))
      let X = RationalMatrix(x.map { [Rational($0)] })
      let exact = (X.transposed * RationalMatrix(M) * X)[0, 0]
      switch try network.answer(Certificate(scope: .continuous, claim: .unstable(claim))) {
      case .undecided(.signNotShown(let bound)):
        faults.expect(bound, above: exact, "\(M), \(x)")
        if !(bound > 0) { faults.append("refused at \(bound): \(M), \(x)") }
      // Nothing is unstable in this network; the form alone decides what is said of the claim.
      case .refuted: faults.append("refuted: \(M), \(x)")
      default: if exact > 0 { faults.append("\(exact.approximation) passed: \(M), \(x)") }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// A form that is 0 exactly is not positive.
  @Test func aFormThatVanishes() throws {
    let network = try Specification.of([[0, 0], [0, 2]])
    let claim = Instability(
      active: [1],
      reason: .inertia(metric: Matrix(diagonal: [1, -1]), direction: [1, 1], margin: 0))
    #expect(
      try network.answer(Certificate(scope: .continuous, claim: .unstable(claim))) == .refuted)
  }

  /// (2 − h)|x|² − h|Lx|², as the claim is refused.
  @Test(arguments: UInt64(0)..<12)
  func gapsOfSkewSteps(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<150 {
      let n = generator.integer(in: 1...3)
      var L = Matrix(rows: n, columns: n)
      for i in 0..<n {
        for j in 0..<i {
          L[i, j] = generator.awkwardWeight()
          L[j, i] = -L[i, j]
        }
      }
      let x = (0..<n).map { _ in Self.coordinate(&generator) }
      let h = generator.awkwardRatio()
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix(rows: n, columns: n)),
        coupling: generator.isTrue() ? .dense(L) : .sparse(SparseMatrix(L)),
        step: .init(size: h))
      let claim = Instability(active: [], reason: .skew(direction: x))
      let X = RationalMatrix(x.map { [Rational($0)] })
      let image = RationalMatrix(L) * X
      let (size, square) = ((X.transposed * X)[0, 0], (image.transposed * image)[0, 0])
      let gap = (2 - Rational(h)) * size - Rational(h) * square
      let context = "\(L), \(x), \(h)"
      switch try network.answer(Certificate(scope: .asRun, claim: .unstable(claim))) {
      case .undecided(.signNotShown(let bound)):
        faults.expect(bound, above: gap, context)
        if !(bound > 0) { faults.append("refused at \(bound): \(context)") }
      case .refuted: if gap > 0 { faults.append("refuted: \(context)") }
      case .undecided(.notPositive):
        if size > Rational(0x1p-990) { faults.append("no size: \(context)") }
      case let other: faults.append("\(other): \(context)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Forms around 0, whose sign is lost to underflow: nothing is shown of the metric.
  @Test func formsThatUnderflow() throws {
    let M = Matrix(diagonal: [1, -1])
    // The first unit grows, the second decays.
    let network = try Specification.of([[0x1p1000, 0], [0, 0]])
    for x in [[0x1p-599, 0x1p-600], [0x1p-600, 0x1p-599]] {
      let form = try network.evaluate(metric: M, .continuous, active: [0], direction: x)
      let found = try #require(form)
      #expect(found.size.lower < 0 && found.size.upper > 0 && found.growth.lower > 0)
      #expect(try network.fault(ofMetric: M, .continuous, active: [0], direction: x) == nil)
    }
  }

  /// xᵀMAx = w/3 − 1 for w just below 3 has 0 for its upper end.
  @Test func decayThatRoundsToNothing() throws {
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix([[(3.0).nextDown]])),
      slopes: SlopeInterval(.zero, ExactRatio(1, over: 3)))
    let M = Matrix(diagonal: [1])
    let form = try network.evaluate(metric: M, .continuous, active: [0], direction: [1])
    let found = try #require(form)
    #expect(found.growth.lower < 0 && found.growth.upper == 0)
    #expect(try network.fault(ofMetric: M, .continuous, active: [0], direction: [1]) == nil)
  }

  /// A margin must be finite.
  @Test func infiniteMargins() throws {
    let network = try Specification.of([[0]])
    let claim = Instability(
      active: [],
      reason: .inertia(metric: Matrix(diagonal: [-1]), direction: [1], margin: .infinity))
    #expect(
      try network.answer(Certificate(scope: .continuous, claim: .unstable(claim)))
        == .undecided(.signNotShown(bound: .infinity)))
  }

  /// Lx, entry by entry: products that are no doubles, and sums that lose their small part.
  @Test(arguments: UInt64(0)..<4)
  func productsOfCouplings(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<150 {
      let n = generator.integer(in: 1...3)
      let L = Self.matrix(n, &generator) {
        $0.awkwardWeight() * [1, 1, 0x1p-60][$0.integer(in: 0...2)]
      }
      let x = (0..<n).map { _ in Self.coordinate(&generator) }
      let exact = RationalMatrix(L) * RationalMatrix(x.map { [Rational($0)] })
      for weights in [Weights.dense(L), .sparse(SparseMatrix(L))] {
        for (i, entry) in weights.enclosedProduct(x).enumerated()
        where !entry.contains(exact[i, 0]) {
          faults.append("\(entry) does not hold entry \(i): \(weights), \(x)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  private static func skew(_ L: Weights, _ x: [Double], h: Double = 1) throws -> Answer {
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix(rows: x.count, columns: x.count)), coupling: L,
      step: .init(size: ExactRatio(h)))
    return try network.answer(
      Certificate(
        scope: .asRun, claim: .unstable(Instability(active: [], reason: .skew(direction: x)))))
  }

  /// Squares that underflow are no proof of a size; entries around 0 take nothing from the rest.
  @Test func squaresNearZero() throws {
    let turn = Weights.dense(Matrix([[0, -1], [1, 0]]))
    #expect(
      try Self.skew(turn, [0x1p-600, 0]) == .undecided(.notPositive(.witness, index: 0, value: 0)))
    let η = Double.leastNonzeroMagnitude
    let almost = Matrix([[0, -1, -η], [1, 0, 0], [η, 0, 0]])
    #expect(try Self.skew(.dense(almost), [0.5, 0, 0]) == .refuted)
    #expect(try Self.skew(.sparse(SparseMatrix(almost)), [0.5, 0, 0]) == .refuted)
  }

  @Test func sparseCouplingsThatAreNotSkew() throws {
    for rows in [
      [[0.0, 2], [2, 0]], [[0, 2], [0, 0]], [[0, -2], [(2.0).nextUp, 0]], [[1, -2], [2, 0]],
    ] {
      #expect(
        try Self.skew(.sparse(SparseMatrix(Matrix(rows))), [1, 0])
          == .undecided(.notCovered(.couplingNotSkew)))
    }
  }

  /// 1 − e^{−h} is no quotient, and what is asked of one gets no sign.
  @Test func flipsNeedAnExactPace() throws {
    for (scheme, isKnown) in [
      (Specification.Step.Scheme.euler, true), (.semiImplicit, true), (.exponential, false),
      (.implicit, false),
    ] {
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix([[-8]])),
        step: .init(scheme: scheme, size: .one))
      guard
        case .accepted(let vertex) = VertexJacobian.make(
          network, .asRun, active: [0], .unstableVertex)
      else {
        Issue.record("no vertex")
        continue
      }
      #expect((vertex.signOfFlip() != nil) == isKnown, "\(scheme)")
    }
  }

  /// Entries of T⁻¹J and I + HJ at a vertex.
  @Test(arguments: UInt64(0)..<8)
  func verticesHoldTheirEntries(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<100 {
      let network = try Specification(
        form: generator.isTrue() ? .outside : .inside,
        recurrent: .dense(Self.matrix(2, &generator) { $0.awkwardWeight() }),
        coupling: generator.isTrue()
          ? .dense(Self.matrix(2, &generator) { $0.awkwardWeight() }) : nil,
        slopes: SlopeInterval(ExactRatio(1, over: 8), ExactRatio(generator.power(0...1))),
        timeConstants: [generator.awkwardRatio(), generator.awkwardRatio()],
        step: .init(size: generator.awkwardRatio()))
      let exact = ExactNetwork(network)
      let isActive = [generator.isTrue(), generator.isTrue()]
      let d = isActive.map { $0 ? exact.slopes.upper : exact.slopes.lower }
      for scope in Scope.allCases {
        let enclosed = VertexJacobian(network: network, scope: scope, isActive: isActive).enclosed()
        for i in 0..<2 {
          for j in 0..<2 {
            let slope = network.form == .outside ? d[j] : d[i]
            let own: Rational = i == j ? 1 : 0
            let entry = exact.W[i, j] * slope + (exact.L?[i, j] ?? 0) - own
            let pace = exact.pace(scope, i)
            if !enclosed[i, j].contains((scope == .asRun ? own : 0) + pace * entry) {
              faults.append("\(scope), \(network)")
            }
          }
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// The limit of a metric on a direction, and how fast it grows: −growth/size rounded up, growth/size down, and
  /// the square of a factor down.
  @Test(arguments: UInt64(0)..<4)
  func limitsOfForms(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<300 {
      let low = generator.awkward()
      let size = Interval(low, generator.isTrue() ? low : low * 1.5)
      let growth = generator.awkwardWeight()
      let form = MetricForm(
        size: size, growth: Interval(growth, growth + (generator.isTrue() ? 0 : 1)))
      for ends in [Rational(size.lower), Rational(size.upper)] {
        let ratio = Rational(form.growth.lower) / ends
        faults.expect(form.limit(.continuous), above: -ratio, "\(form)")
        faults.expect(form.limit(.asRun), below: 1 + ratio, "\(form)")
        if growth >= 0 {
          let fault = MetricFault(
            kind: .notShrinking, scope: .continuous, active: [], direction: [1], size: size,
            growth: form.growth)
          faults.expect(fault.relativeGrowth, below: ratio, "\(form)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
    for size in [Interval(0, 1), Interval(-1, 1), Interval(.nan)] {
      let form = MetricForm(size: size, growth: Interval(1))
      #expect(form.limit(.continuous).isNaN && form.limit(.asRun).isNaN)
    }
  }

  /// |Ax|²/|x|² from below, ℓ²g²q/λ² from below, and differences of mirror images from above.
  @Test(arguments: UInt64(0)..<4)
  func factsOfMatrices(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let A = Self.matrix(2, &generator) { $0.awkwardWeight() }
      let x = [generator.awkward(), generator.isTrue() ? 0 : generator.awkward()]
      let X = RationalMatrix(x.map { [Rational($0)] })
      let image = RationalMatrix(A) * X
      let exact = (image.transposed * image)[0, 0] / (X.transposed * X)[0, 0]
      faults.expect(MatrixFacts.squaredNormLowerBound(A, direction: x), below: exact, "\(A), \(x)")
      let (ℓ, g, λ) = (generator.awkward(), generator.awkwardRatio(), generator.awkwardRatio())
      let q = generator.integer(in: 1...9)
      faults.expect(
        MatrixFacts.workspaceLoad(squaredNorm: ℓ, gain: g, spokes: q, rate: λ),
        below: Rational(ℓ) * Rational(g) * Rational(g) * Rational(q) / (Rational(λ) * Rational(λ)),
        "\(ℓ), \(g), \(q), \(λ)")
      let difference = (Rational(A[0, 1]) - Rational(A[1, 0])).magnitude
      faults.expect(MatrixFacts.asymmetry(A).largest, above: difference, "\(A)")
      let B = Self.matrix(2, &generator) { $0.awkwardWeight() }
      let (residual, scale) = MatrixFacts.residual(A, B)
      let product = RationalMatrix(A) * RationalMatrix(B)
      let weight = RationalMatrix(A.magnitudes()) * RationalMatrix(B.magnitudes())
      var (largest, whole) = (Rational.zero, Rational.zero)
      for i in 0..<2 {
        for j in 0..<2 {
          largest = max(largest, (product[i, j] + product[j, i]).magnitude)
          whole = max(whole, weight[i, j] + weight[j, i])
        }
      }
      if !residual.contains(largest) { faults.append("residual of \(A), \(B)") }
      faults.expect(scale, above: whole, "scale of \(A), \(B)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }
}
