import CertifyKernel
import TestSupport
import Testing

@testable import Certify

/// What surgery makes of small networks, for tests.
enum Operated {
  static let checker = Checker(findsMaximumStep: false, findsLargestScale: false)

  /// The certificate of a network as it is, if the search finds one.
  static func known(
    _ network: Specification, _ scope: Scope = .continuous, shipped: ProposedMetric? = nil
  ) -> Certified<Specification>? {
    var checker = checker
    checker.shippedMetric = shipped
    guard case .certified(let found) = checker.check(network, scope).result else { return nil }
    return found
  }

  static func pruning(
    _ network: Specification, _ text: String, _ scope: Scope = .continuous
  ) throws -> (Surgery, SurgeryFinding) {
    let surgery = try Surgery.pruning(network, EdgeRemoval(EdgeList(text: text), of: network))
    return (surgery, surgery.judge(scope, before: known(network, scope)))
  }

  static func ablating(
    _ network: Specification, _ units: Set<Int>, _ scope: Scope = .continuous,
    shipped: ProposedMetric? = nil
  ) throws -> (Surgery, SurgeryFinding) {
    let kept = (0..<network.units).filter { !units.contains($0) }
    let surgery = try Surgery.ablation(network, keeping: kept, shippedMetric: shipped)
    return (surgery, surgery.judge(scope, before: known(network, scope, shipped: shipped)))
  }

  static func matrix(_ rows: [[Double]]) -> Matrix {
    Matrix(rows: rows.count, columns: rows.first?.count ?? 0, values: rows.flatMap { $0 })
  }

  static func network(
    _ W: [[Double]], coupling L: [[Double]]? = nil, form: Specification.Form = .outside,
    slopes: SlopeInterval = .unit, modules: [Int]? = nil
  ) throws -> Specification {
    try Specification(
      form: form, recurrent: .dense(matrix(W)), coupling: L.map { .dense(matrix($0)) },
      slopes: slopes, modules: modules)
  }
}

extension SurgeryFinding {
  var isRefuted: Bool { if case .refuted = after.result { true } else { false } }

  /// Whether what the kernel accepted is true, in exact arithmetic; nil where it decided nothing.
  func isTrue(of network: Specification) -> Bool? {
    after.certificate.map { ExactNetwork(network).judge($0).isConfirmed }
  }
}

@Suite("Surgery: vectors", .enabled(if: SharedFolder.isPresent, "needs the shared folder"))
struct SurgeryVectorsTests {
  private func rows(_ vector: VectorCase, _ field: String) throws -> [[Double]] {
    try #require(vector[field]?.array).map { row in
      try #require(row.array).map { try #require($0.rational).approximation }
    }
  }

  /// The lines of an edge file that lead from one matrix to the other.
  private func edges(
    from old: [[Double]], to new: [[Double]], _ part: String
  ) -> [(i: Int, j: Int, line: String)] {
    old.indices.flatMap { i in
      old.indices.filter { old[i][$0] != new[i][$0] }.map { (i, $0, "\(part) \(i) \($0)") }
    }
  }

  @Test("pruning", arguments: Vectors.group("pruning"))
  func pruning(vector: VectorCase) throws {
    let W = try rows(vector, "W")
    let L = vector["L"] == nil ? nil : try rows(vector, "L")
    let network = try Operated.network(W, coupling: L, modules: L == nil ? nil : [1, 1, 1])
    #expect(Operated.known(network) != nil, "it contracts before")
    let text: String
    if let L {
      let all = edges(from: L, to: try rows(vector, "L_pruned"), "L")
      let isPairwise = all.allSatisfy { edge in
        all.contains { $0.i == edge.j && $0.j == edge.i }
      }
      text = all.filter { !isPairwise || $0.i < $0.j }
        .map { isPairwise ? $0.line : "\($0.line) only" }.joined(separator: "\n")
    } else {
      text = edges(from: W, to: try rows(vector, "W_pruned"), "W").map(\.line)
        .joined(separator: "\n")
    }
    let (surgery, finding) = try Operated.pruning(network, text)
    let expected =
      L == nil
      ? Operated.matrix(try rows(vector, "W_pruned"))
      : Operated.matrix(try rows(vector, "L_pruned"))
    #expect((L == nil ? surgery.after.recurrent : surgery.after.coupling)?.dense() == expected)
    #expect(finding.isTrue(of: surgery.after) == true)
    if vector["verdict"]?.text?.hasPrefix("unsafe") == true {
      #expect(finding.isRefuted && finding.survival == nil)
    } else {
      #expect(finding.survival == .kept)
    }
  }

  /// The Schur complement is a metric, the principal submatrix is not; and the network survives.
  @Test func ablationInAFullMetric() throws {
    let vector = try #require(Vectors.named("ablate_formA_full_metric"))
    let network = try Operated.network(try rows(vector, "W"))
    let unit = try #require(vector["unit"]?.double.map { Int($0) })
    let map = UnitMap(keeping: (0..<3).filter { $0 != unit }, of: 3)
    let M = Operated.matrix(try rows(vector, "M"))
    let schur = try #require(M.metric(keeping: map, form: .outside))
    let expected = try rows(vector, "schur_complement")
    for i in 0..<2 { for j in 0..<2 { #expect(abs(schur[i, j] - expected[i][j]) < 1e-15) } }
    let (surgery, finding) = try Operated.ablating(network, [unit])
    #expect(surgery.after.recurrent.dense() == Operated.matrix(try rows(vector, "W_ablated")))
    let exact = ExactNetwork(surgery.after)
    #expect(exact.contracts(in: RationalMatrix(schur), .continuous, bound: 0))
    let principal = RationalMatrix(try #require(M.metric(keeping: map, form: .inside)))
    #expect(!exact.contracts(in: principal, .continuous, bound: 0))
    #expect(finding.isTrue(of: surgery.after) == true)
    #expect(finding.survival == .kept)
  }

  @Test func ablationOfAUnitUnderNegativeFeedback() throws {
    let vector = try #require(Vectors.named("ablate_unit_full_metric_negfb_unstable"))
    let L = try rows(vector, "L")
    let zero = [[Double]](repeating: [0, 0, 0], count: 3)
    let network = try Operated.network(zero, coupling: L, modules: [2, 1])
    let blocks = try #require(vector["M"]?.array).map { block in
      Operated.matrix(
        try #require(block.array).map { row in
          try #require(row.array).map { try #require($0.double) }
        })
    }
    let unit = try #require(vector["unit"]?.double.map { Int($0) })
    let (surgery, finding) = try Operated.ablating(network, [unit], shipped: .blocks(blocks))
    #expect(finding.before != nil, "it contracts before, in the metric given")
    #expect(surgery.after.coupling?.dense() == Operated.matrix(try rows(vector, "L_ablated")))
    #expect(finding.isRefuted && finding.isTrue(of: surgery.after) == true)
    // The module as a whole can go.
    for (units, module) in [(Set([0, 1]), 0), (Set([2]), 1)] {
      let (rest, whole) = try Operated.ablating(network, units, shipped: .blocks(blocks))
      #expect(whole.survival == .kept, "module \(module)")
      #expect(whole.isTrue(of: rest.after) == true)
    }
  }
}
