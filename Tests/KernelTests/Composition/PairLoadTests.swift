@testable import CertifyKernel
import TestSupport
import Testing

@Suite struct PairLoadTests {
  /// Two random modules, coupled in every way, and what the kernel says the couplings cost: exact norms.
  @Test(arguments: UInt64(0)..<60)
  func loadsAreAtLeastTheNorms(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    guard
      let tree = RandomTree(units: generator.integer(in: 2...4), depth: 1, kind: .flow, &generator),
      case .contracts(let proof) = tree.certificate.claim,
      case .assembly(let assembly) = proof.argument
    else { return }
    let exact = ExactNetwork(tree.network)
    guard case .accepted(let loads) = try tree.network.pairLoads(of: assembly, .continuous) else {
      Issue.record("loads of an accepted assembly")
      return
    }
    for load in loads { try expectNorms(load, assembly, exact) }
  }

  private func expectNorms(
    _ load: PairLoad, _ assembly: Argument.Assembly, _ exact: ExactNetwork
  ) throws {
    let (a, b) = (load.first, load.second)
    let units = [a, b].map { assembly.components[$0].map(Int.init) }
    let metrics = try [a, b].enumerated().map { k, part in
      try #require(exact.restricted(to: units[k])?.metric(of: assembly.proofs[part], .continuous))
    }
    let θ = [a, b].map { Rational(assembly.rowScaling[$0]) / Rational(assembly.columnScaling[$0]) }
    func block(_ to: Int, _ from: Int, _ entry: (Int, Int) -> Rational) -> RationalMatrix {
      RationalMatrix(rows: units[to].count, columns: units[from].count) {
        entry(units[to][$0], units[from][$1]) / exact.tau[units[to][$0]]
      }
    }
    let (l, g) = (exact.slopes.lower, exact.slopes.upper)
    func middle(_ i: Int, _ j: Int) -> Rational {
      var x = (exact.L?[i, j] ?? 0) + exact.W[i, j] * (l + g) / 2
      if let K = exact.K { x += K.weights[i, j] * (K.slopes.lower + K.slopes.upper) / 2 }
      return x
    }
    let R =
      (metrics[0] * block(0, 1, middle) * θ[0]
        + (metrics[1] * block(1, 0, middle) * θ[1]).transposed) * Rational(1, over: 2)
    // ‖M_a^{-1/2} R M_b^{-1/2}‖ ≤ r.
    let r = Rational(load.residual)
    let (m, n) = (units[0].count, units[1].count)
    let bordered = RationalMatrix(rows: m + n, columns: m + n) { i, j in
      switch (i < m, j < m) {
      case (true, true): metrics[0][i, j] * r
      case (true, false): R[i, j - m]
      case (false, true): R[j, i - m]
      case (false, false): metrics[1][i - m, j - m] * r
      }
    }
    #expect(bordered.isPositiveSemidefinite, "residual \(load), \(exact.specification)")
    for (to, from, gain) in [(0, 1, load.toFirst), (1, 0, load.toSecond)] {
      let k = Rational(gain)
      let count = exact.specification.form == .outside ? units[from].count : units[to].count
      for mask in 0..<(1 << (exact.K == nil ? count : 2 * count)) {
        func sign(_ k: Int) -> Rational { mask >> k & 1 == 1 ? 1 : -1 }
        let X = RationalMatrix(rows: units[to].count, columns: units[from].count) { x, y in
          let (i, j) = (units[to][x], units[from][y])
          let own = exact.specification.form == .outside ? sign(y) : sign(x)
          var entry = own * exact.W[i, j] * (g - l) / 2
          if let K = exact.K {
            entry += sign(count + y) * K.weights[i, j] * (K.slopes.upper - K.slopes.lower) / 2
          }
          return entry / exact.tau[i]
        }
        let slack = metrics[from] * (k * k) - X.transposed * metrics[to] * X
        #expect(slack.isPositiveSemidefinite, "gain \(load), \(exact.specification)")
      }
    }
  }

  private static func checked(_ metric: MetricBounds, units: Int) -> Checked {
    Checked(rule: .symmetric, bound: 1, units: units, metric: metric)
  }

  /// Of one metric only bounds are known: the linear part is charged whatever is claimed of the slopes.
  @Test func claimsDoNotForgetTheLinearPart() throws {
    let network = try Specification.of([[0, 0.0], [0, 0]], L: [[0, 0], [6, 0]])
    let assembly = Argument.Assembly(
      .interconnection, components: [[0], [1]], proofs: [], columnScaling: [1, 1],
      rowScaling: [1, 1],
      norms: [
        NormClaim(first: 0, second: 1, kind: .toSecond, bound: 0x1p-20),
        NormClaim(first: 0, second: 1, kind: .toFirst, bound: 0x1p-20),
      ])
    let metrics = [
      MetricBounds.full(lower: 1, upper: 1), .diagonal(lower: [1], upper: [1]),
    ]
    let modules = BlockComparison.CheckedModules(
      children: metrics.map { Self.checked($0, units: 1) },
      pairs: try #require(
        CouplingPair.all(
          of: network, paces: network.paces(.continuous), home: [0, 1], .splitBetweenModules,
          on: .one)),
      set: ModuleSet(form: .outside, units: [[0], [1]], metrics: metrics, total: 2))
    let comparison = BlockComparison(network: network, scope: .continuous, assembly: assembly)
    let loads = try #require(comparison.pairLoads(modules).value)
    #expect(loads.count == 1 && loads[0].toSecond >= 6 && loads[0].toFirst == 0)
  }

  /// The split of T⁻¹(L + WD + KD′): the middle of the slopes is linear, half the width is left.
  @Test func partsOfAPair() throws {
    let slopes = try SlopeInterval(ExactRatio(0.25), .one)
    let third = try SlopeInterval(.zero, ExactRatio(1, over: 3))
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix([[9, 2], [-4, 9]])),
      coupling: .dense(Matrix([[9, 1], [0, 9]])),
      nonlinearCoupling: .init(weights: .dense(Matrix([[9, 3], [0, 9]])), slopes: third),
      slopes: slopes, timeConstants: [ExactRatio(0.5), .one])
    let pairs = try #require(
      CouplingPair.all(
        of: network, paces: network.paces(.continuous), home: [1, 0], .splitBetweenModules,
        on: .one))
    #expect(pairs.count == 1 && pairs[0].first == 0 && pairs[0].second == 1)
    let pair = pairs[0]
    #expect(pair.slopesOfW && pair.slopesOfK && pair.hasSlopes && pair.runsToFirst)
    let entry = try #require(pair.entries.first)
    #expect(pair.entries.count == 1 && entry.row == 1 && entry.column == 0)
    // Unit 1, in the first module, is driven by −4: middle 5/8, half width 3/8.
    #expect(entry.toFirst == Interval(-2.5) && entry.slopesToFirst.magnitude == 1.5)
    // Unit 0: twice 1 + 2 · ⅝ + 3/6, and 2 · (2 · ⅜ + 3/6).
    #expect(entry.toSecond.contains(Rational(11, over: 2)))
    #expect(entry.toSecond.upper - entry.toSecond.lower < 1e-14)
    #expect(Rational(entry.slopesToSecond.magnitude) >= Rational(5, over: 2))
    #expect(entry.slopesToSecond.magnitude < 2.5 + 1e-14)
    // Everything, the slopes whole and the linear part alone.
    let whole = try #require(
      CouplingPair.all(
        of: network, paces: network.paces(.continuous), home: [0, 0], .wholeEverywhere, on: .one))
    #expect(whole.count == 1 && whole[0].entries.count == 4)
    let own = try #require(whole[0].entries.first { $0.row == 0 && $0.column == 1 })
    #expect(own.toFirst == Interval(2) && own.toSecond == Interval(0))
    #expect(Rational(own.slopesToFirst.magnitude) >= Rational(6))
    #expect(own.slopesToFirst.magnitude < 6 + 1e-14 && own.slopesToSecond.magnitude == 4)
  }

  @Test func noCouplingIsNoPair() throws {
    let network = try Specification.of([[1, 0], [0, 1]], L: [[0, -0.0], [0, 0]])
    let pairs = try #require(
      CouplingPair.all(
        of: network, paces: network.paces(.continuous), home: [0, 1], .splitBetweenModules,
        on: .one))
    #expect(pairs.isEmpty)
  }

  /// ‖U^{-1/2} Y V^{-1/2}‖ < σ at the norm itself, and on both sides of it.
  @Test func normOnTheBoundary() throws {
    // ‖diag(2, 1)^{-1/2}…‖: U = (4, 1), V = (1), Y = (6, 4)ᵀ: √(9 + 16) = 5.
    let Y = EnclosedMatrix(Matrix([[6], [4]]))
    let U = EnclosedMatrix(diagonal: [Interval(4), Interval(1)])
    let V = EnclosedMatrix(diagonal: [Interval(1)])
    #expect(!Y.isBelow(5, rows: U, columns: V) && !Y.isBelow((5.0).nextDown, rows: U, columns: V))
    #expect(Y.isBelow(5 * (1 + 1e-13), rows: U, columns: V))
    for σ in [0, -5, .nan, .infinity] as [Double] { #expect(!Y.isBelow(σ, rows: U, columns: V)) }
    let doubtful = EnclosedMatrix(Matrix([[6], [4]]), radius: Matrix([[0.1], [0]]))
    #expect(!doubtful.isBelow(5 * (1 + 1e-13), rows: U, columns: V))
    #expect(doubtful.isBelow(5.2, rows: U, columns: V))
  }

  @Test func notANumberIsNoBound() {
    var entries = ScaledEntries()
    #expect(entries.bound(rows: 3, columns: 3, left: [1, 1, 1], right: [1, 1, 1]) == 0)
    entries.entries = [(0, 0, 3), (0, 1, 4), (2, 2, .nan)]
    #expect(entries.bound(rows: 3, columns: 3, left: [1, 1, 1], right: [1, 1, 1]).isNaN)
    entries.entries.removeLast()
    #expect(entries.bound(rows: 3, columns: 3, left: [1, 1, .nan], right: [1, 1, 1]) > 5)
    #expect(entries.bound(rows: 3, columns: 3, left: [.nan, 1, 1], right: [1, 1, 1]).isNaN)
    // Few entries of many places.
    let many = [Double](repeating: 1, count: 1000)
    let dense = entries.bound(rows: 3, columns: 3, left: many, right: many)
    #expect(entries.bound(rows: 1000, columns: 1000, left: many, right: many) == dense)
  }
}
