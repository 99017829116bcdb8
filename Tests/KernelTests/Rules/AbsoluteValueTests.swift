import CertifyKernel
import TestSupport
import Testing

@Suite struct AbsoluteValueTests {
  @Test(arguments: UInt64(0)..<24)
  func boundHoldsAtEveryVertexInMetricDiagTauWOverV(seed: UInt64) throws {
    try expectTruth(
      of: .absoluteValue,
      in: [
        .nonnegative, .sparse, .coupled, .nonlinear, .slopesAboveZero, .unitTimes, .rationalStep,
      ],
      seed: seed, networks: 7)
  }

  /// λ = min_i (1 − N_ii − ½[(N v)_i / v_i + (Nᵀ w)_i / w_i]) / τ_i, where every operation is exact.
  @Test func rateFormula() throws {
    for form in [Specification.Form.outside, .inside] {
      let network = try Specification.of(
        [[-3, 0.25], [0.5, 0.125]], form, tau: [2, 0.5].map { ExactRatio($0) })
      // Unit 0: (1 − 0 − ½(¼·2/1 + ½·4/1))/2 < 0; scaled: v = (1, 1), w = (1, 1).
      let argument = Argument.absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1])
      let rates = [(1 - 0.375) / 2, (1 - 0.125 - 0.375) / 0.5]
      let attained = try #require(network.tightestBound(argument, .continuous))
      #expect(rates.min() == 0.3125 && attained <= 0.3125 && attained > 0.3125 - 0x1p-50)
      #expect(try network.answer(argument, bound: 0.3125.nextUp).isCertified == false)
    }
  }

  /// ρ² = max_i (B v)_i / v_i · max_i (Bᵀ w)_i / w_i.
  @Test func factorFormula() throws {
    let network = try Specification.of([[0, 0.5], [0.25, -1]], step: ExactRatio(0.5))
    // B = [[½, ¼], [⅛, max(½, 0)]]: rows ¾ and ⅝, columns ⅝ and ¾.
    let argument = Argument.absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1])
    let attained = try #require(network.tightestBound(argument, .asRun))
    #expect(attained >= 0.75 && attained < 0.75 + 0x1p-50)
    let map = try Specification.of([[-0.25, 0.5], [0.5, -0.25]], .map)
    let factor = try #require(map.tightestBound(argument, .asRun))
    #expect(factor >= 0.75 && factor < 0.75 + 0x1p-50)
  }

  @Test func equalityNeverCertifies() throws {
    let ones = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
    let edge = try Specification.of([[1]], step: ExactRatio(0.5))
    #expect(edge.tightestBound(ones, .continuous) == nil && edge.tightestBound(ones, .asRun) == nil)
    for bound in [Double.leastNonzeroMagnitude, 0x1p-1000, 0, -1, .nan, .infinity] {
      #expect(try !edge.answer(ones, bound: bound).isCertified)
    }
    let cycle = try Specification.of(
      [[0, 1, 0], [0, 0, 1], [1, 0, 0]], step: ExactRatio(3, over: 10))
    let three = Argument.absoluteValue(columnScaling: [1, 1, 1], rowScaling: [1, 1, 1])
    for scope in [Scope.continuous, .asRun] {
      #expect(cycle.tightestBound(three, scope) == nil)
    }
    #expect(try !cycle.answer(three, bound: 1, .asRun).isCertified)
    let half = try Specification.of([[1]], slopes: SlopeInterval(.zero, ExactRatio(0.5)))
    #expect(half.accepts(ones, bound: 0.5 - 0x1p-50, .continuous))
    #expect(!half.accepts(ones, bound: 0.5.nextUp, .continuous))
  }

  /// A load so small that half of it underflows still costs the rate something.
  @Test(arguments: [1.0, 1e10, 0x1p600])
  func loadsThatUnderflowAreNotForgotten(spread: Double) throws {
    let network = try Specification.of([[0, .leastNonzeroMagnitude], [0, 0]])
    let argument = Argument.absoluteValue(columnScaling: [spread, 1], rowScaling: [1, spread])
    #expect(try !network.answer(argument, bound: 1).isCertified)
    #expect(try network.answer(argument, bound: 1.0.nextDown).isCertified)
    let parts = Argument.assembly(
      .init(
        .hierarchy, components: [[0], [1]],
        proofs: [1, 1].map { Proof(.triangular(order: [0]), bound: $0) },
        columnScaling: [spread, 1], rowScaling: [1, spread]))
    #expect(try !network.answer(parts, bound: 1).isCertified)
  }

  /// A metric beyond the range of doubles has overshoot infinity, as the documentation says, and not NaN.
  @Test func overshootOfUnboundedMetricsIsInfinite() throws {
    let network = try Specification.of([[0, 0], [0, 0]])
    let argument = Argument.absoluteValue(
      columnScaling: [0x1p1000, 1], rowScaling: [0x1p-1000, 1])
    #expect(try network.overshoot(argument, bound: 0.5) == .infinity)
    let chain = (0..<40).map { i in (0..<40).map { $0 + 1 == i ? 0x1p60 : 0 } }
    let order = Argument.triangular(order: (0..<40).map { Int32($0) })
    #expect(try Specification.of(chain).overshoot(order, bound: 0.5) == .infinity)
    let inverse = try Specification.of([[-0x1p1000]])
    let product = Argument.productForm(rowScaling: [0x1p-600], floor: 0x1p300)
    #expect(try inverse.overshoot(product, bound: 1) == .infinity)
  }

  /// Rows that are empty, at either end too, full, and of every length between: storage changes roundings only.
  @Test(arguments: UInt64(0)..<6)
  func sparseStorageSaysWhatDenseStorageSays(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let n = 3 + 59 * Int(seed)
    var W = Matrix(rows: n, columns: n)
    for i in 0..<n where i > 1 && i < n - 1 && i % 5 != 0 {
      let share = i % 7 == 0 ? 1 : 0.1 * generator.unit()
      for j in 0..<n where generator.unit() < share {
        W[i, j] = generator.symmetric() / Double(n)
      }
    }
    let v = (0..<n).map { _ in 1 + generator.unit() }
    let w = (0..<n).map { _ in 1 + generator.unit() }
    let step = Specification.Step(size: ExactRatio(0.25))
    for scope in Scope.allCases {
      let bounds = try [Weights.dense(W), .sparse(SparseMatrix(W))].map { weights in
        let network = try Specification(form: .outside, recurrent: weights, step: step)
        let outcome = try AbsoluteValue.bound(
          of: network, scope: scope, columnScaling: v, rowScaling: w)
        guard case .accepted(let bound) = outcome else { return Double.nan }
        // The same in plain arithmetic.
        var load = 0.0
        var (rows, columns) = (0.0, 0.0)
        for i in 0..<n {
          var (row, column) = (0.0, 0.0)
          for j in 0..<n where j != i {
            row += W[i, j].magnitude * v[j] / v[i]
            column += W[j, i].magnitude * w[j] / w[i]
          }
          load = max(load, max(W[i, i], 0) + (row + column) / 2)
          let own = max(0.75, 0.75 + 0.25 * W[i, i])
          (rows, columns) = (max(rows, own + 0.25 * row), max(columns, own + 0.25 * column))
        }
        let plain = scope == .continuous ? 1 - load : (rows * columns).squareRoot()
        #expect(abs(bound - plain) < 0x1p-40)
        return bound
      }
      #expect(abs(bounds[0] - bounds[1]) < 0x1p-40)
    }
  }

  @Test func malformedScalings() throws {
    let network = try Specification.of([[0, 0.5], [0.5, 0]])
    for (v, w, found) in [([1.0], [1.0, 1], 1), ([1, 1], [1, 1, 1], 3), ([], [1, 1], 0)] {
      #expect(throws: InputError.length(.scaling, found: found, expected: 2)) {
        try network.answer(.absoluteValue(columnScaling: v, rowScaling: w), bound: 0.1)
      }
    }
    for bad in [0, -1, -0.0, .nan, .infinity, -.infinity] as [Double] {
      for k in 0..<4 {
        var x = [1.0, 1, 1, 1]
        x[k] = bad
        let argument = Argument.absoluteValue(
          columnScaling: Array(x[..<2]), rowScaling: Array(x[2...]))
        guard
          case .undecided(.notPositive(.scaling, let index, _)) = try network.answer(
            argument, bound: 0.1)
        else {
          Issue.record("\(bad) was not refused")
          continue
        }
        #expect(index == k % 2)
      }
    }
  }

  /// Unit order changes nothing but roundings; time scales the rate; weaker weights keep a certificate.
  @Test(arguments: UInt64(0)..<24)
  func laws(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let network = try Ensemble.nonnegative.network(units: 4, &generator)
    let (v, w) = (
      (0..<4).map { _ in 1 + generator.unit() }, (0..<4).map { _ in 1 + generator.unit() }
    )
    let argument = Argument.absoluteValue(columnScaling: v, rowScaling: w)
    let order = [2, 0, 3, 1]
    let moved = try network.permuted(order)
    let movedArgument = Argument.absoluteValue(
      columnScaling: order.map { v[$0] }, rowScaling: order.map { w[$0] })
    for scope in network.scopes {
      guard let bound = network.tightestBound(argument, scope) else { continue }
      let other = try #require(moved.tightestBound(movedArgument, scope))
      #expect(abs(other - bound) <= 16 * bound.ulp + 0x1p-48)
      // Smaller |W|, entry by entry, and dropped entries.
      if scope == .continuous || network.form == .map {
        var W = network.recurrent.dense()
        for i in 0..<4 { for j in 0..<4 { W[i, j] *= generator.unit() } }
        W[1, 2] = 0
        #expect(try network.with(recurrent: W).accepts(argument, bound: bound, scope))
      }
    }
    guard network.form != .map else { return }
    let slow = try Specification(
      form: network.form, recurrent: network.recurrent, slopes: network.slopes,
      timeConstants: [ExactRatio(4)])
    let unit = try Specification(
      form: network.form, recurrent: network.recurrent, slopes: network.slopes)
    #expect(
      slow.tightestBound(argument, .continuous)
        == unit.tightestBound(argument, .continuous).map { $0 / 4 })
  }
}
