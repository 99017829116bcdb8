import CertifyKernel
import TestSupport
import Testing

@Suite struct VertexLMITests {
  @Test(arguments: UInt64(0)..<16)
  func boundHoldsInMetricM(seed: UInt64) throws {
    try expectTruth(
      of: .vertexLMI,
      in: [
        .product, .dense, .skew, .coupled, .slopesAboveZero, .unitTimes, .rationalStep, .integers,
      ],
      seed: seed, networks: 8)
  }

  static func argument(_ m: [[Double]], floor: Double = 0x1p-10) -> Argument {
    .vertexLMI(metric: Matrix(m), floor: floor)
  }

  /// sym(M T⁻¹J) + λM ⪯ 0: equality is accepted for λ > 0, one ulp more is not, and λ = 0 never is.
  @Test func boundsAreExactForFewUnits() throws {
    let one = try Specification.of([[0.25]])
    #expect(one.tightestBound(Self.argument([[1]]), .continuous) == 0.75)
    let firm = try Specification.of([[-1]], slopes: .init(ExactRatio(0.5), .one))
    #expect(firm.tightestBound(Self.argument([[1]]), .continuous) == 1.5)
    let skew = try Specification.of([[0, -1], [1, 0]])
    let identity = Self.argument([[1, 0], [0, 1]], floor: 1)
    #expect(skew.tightestBound(identity, .continuous) == 0.5)
    #expect(try skew.overshoot(identity, bound: 0.5) == 1)
    let edge = try Specification.of([[0, -2], [2, 0]])
    #expect(edge.tightestBound(identity, .continuous) == nil)
    // AᵀMA ⪯ ρ²M: h = ½, w = ¼ and slopes 0 and 1 give ½ and ⅝.
    let step = try Specification.of([[0.25]], step: ExactRatio(0.5))
    #expect(step.tightestBound(Self.argument([[1]]), .asRun) == 0.625)
    let map = try Specification.of([[0, -0.5], [0.5, 0]], .map)
    #expect(map.tightestBound(identity, .asRun) == 0.5)
  }

  /// Right at all vertices but one: declined, whichever it is.
  @Test func everyVertexCounts() throws {
    // (1, 1) alone: W = (−4 −4; −4 −4)·… is harmless at single units and not together, and the reverse.
    let together = try Specification.of([[0.75, 0.75], [0.75, 0.75]])
    let identity = Self.argument([[1, 0], [0, 1]])
    #expect(!together.accepts(identity, bound: 0x1p-30, .continuous))
    for k in 0..<2 {
      var W = [[0.0, 0], [0, 0]]
      W[k][k] = 1.25
      #expect(!(try Specification.of(W)).accepts(identity, bound: 0x1p-30, .continuous))
    }
    let firm = try Specification.of([[-2, 0], [0, -2]], slopes: .init(ExactRatio(0.5), .one))
    #expect(firm.accepts(identity, bound: 2, .continuous))
    #expect(!firm.accepts(identity, bound: (2.0).nextUp, .continuous))
  }

  /// [formB_thm3]: a metric of one form is not one of the other; its inverse serves the transposed weights.
  @Test func metricsOfTheWrongForm() throws {
    let W = [[-6.0, -0.5], [-6, -1]]
    let outside = try Specification.of(W)
    let product = Argument.productForm(rowScaling: [12, 1], floor: 0.25)
    let metric = try #require(
      ExactNetwork(outside).metric(of: Proof(product, bound: 1), .continuous))
    var m = Matrix(rows: 2, columns: 2)
    for k in 0..<4 { m[k / 2, k % 2] = metric[k / 2, k % 2].approximation }
    m[1, 0] = m[0, 1]
    let argument = Argument.vertexLMI(metric: m, floor: 0x1p-6)
    #expect(outside.accepts(argument, bound: 0.99, .continuous))
    #expect(!(try outside.with(form: .inside)).accepts(argument, bound: 0x1p-20, .continuous))
  }

  @Test func badMetricsAreRefused() throws {
    let network = try Specification.of([[-1, 0.25], [0.25, -1]], step: ExactRatio(0.5))
    let good = [[1.0, 0.125], [0.125, 1]]
    #expect(network.accepts(Self.argument(good), bound: 0.1, .continuous))
    #expect(
      try network.answer(Self.argument([[1, 0.125], [(0.125).nextUp, 1]]), bound: 0.1)
        == .undecided(
          .notSymmetric(matrix: "M", row: 1, column: 0, entry: 0.125.nextUp, mirror: 0.125)))
    for bad in [
      [[1.0, 2], [2, 1]], [[1, 1], [1, 1]], [[-1, 0], [0, -1]], [[0, 0], [0, 0]],
    ] {
      #expect(!network.accepts(Self.argument(bad), bound: 0.1, .continuous))
    }
    for floor in [0, -1, .nan, .infinity, 0.9] as [Double] {
      #expect(!network.accepts(Self.argument(good, floor: floor), bound: 0.1, .continuous))
    }
    #expect(throws: InputError.shape(.metric, rows: 1, columns: 1, expected: 2)) {
      try network.answer(Self.argument([[1]]), bound: 0.1)
    }
    #expect(throws: InputError.nonFinite(.metric, row: 0, column: 1)) {
      try network.answer(Self.argument([[1, .nan], [.nan, 1]]), bound: 0.1)
    }
  }

  @Test func twelveUnitsAndNoMore() throws {
    for n in [5, 12, 13] {
      let network = try Specification(
        form: .inside, recurrent: .dense(Matrix(diagonal: [Double](repeating: 0.5, count: n))))
      let argument = Argument.vertexLMI(metric: .identity(n), floor: 0.5)
      #expect(network.accepts(argument, bound: 0.49, .continuous) == (n <= 12), "\(n)")
      #expect(!network.accepts(argument, bound: 0.51, .continuous))
    }
  }
}
