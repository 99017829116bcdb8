import CertifyKernel
import Glibc
import TestSupport
import Testing

@testable import Certify

/// The counter-examples to what a reader might expect, and what holds of random networks.
@Suite("Surgery: hypotheses") struct SurgeryHypothesesTests {
  /// Each contracts before and does not afterwards; the kernel shows it, and it is true.
  @Test func whatDoesNotSurvive() throws {
    let three = [[Double]](repeating: [-3, -3, -3], count: 3)
    let zero = [[Double]](repeating: [0, 0, 0], count: 3)
    let skew = [[0.0, 2, -2], [-2, 0, 2], [2, -2, 0]]
    let cases: [(Specification, String)] = [
      // Theorem 2: a symmetric pair of W.
      (try Operated.network(three), "W 0 1\nW 1 0"),
      // Theorem 5: an inhibitory autapse.
      (try Operated.network([[0.5, 0.75], [0.75, -0.5]]), "1 1"),
      // Negative feedback: one side only, though the metric is the identity.
      (try Operated.network(zero, coupling: skew), "L 0 2 only\nL 1 0 only\nL 2 1 only"),
    ]
    for (network, edges) in cases {
      let (surgery, finding) = try Operated.pruning(network, edges)
      #expect(finding.before != nil, "\(edges)")
      #expect(finding.isRefuted && finding.isTrue(of: surgery.after) == true, "\(edges)")
    }
  }

  /// Slopes bounded away from 0: no unit can be switched off, and deleting one may do harm.
  @Test func unitsThatCannotBeSwitchedOff() throws {
    let linear = try SlopeInterval(.one, .one)
    let network = try Operated.network([[2, -5], [5, -2]], slopes: linear)
    let (surgery, finding) = try Operated.ablating(network, [1])
    #expect(finding.before != nil)
    #expect(finding.isRefuted && finding.isTrue(of: surgery.after) == true)
  }

  /// Pairs under a full metric: the pair (0, 2) of the coupling of theory §5.
  @Test func aPairUnderAFullMetric() throws {
    let zero = [[Double]](repeating: [0, 0, 0], count: 3)
    let L = [[0.0, 0, -8], [0, 0, -6], [10, -2, 0]]
    let network = try Operated.network(zero, coupling: L, modules: [2, 1])
    let shipped = ProposedMetric.blocks([Operated.matrix([[2, -1], [-1, 1]]), .identity(1)])
    let before = try #require(Operated.known(network, shipped: shipped))
    func removing(_ text: String) throws -> (Surgery, SurgeryFinding) {
      let removal = try EdgeRemoval(EdgeList(text: text), of: network)
      let surgery = try Surgery.pruning(network, removal, shippedMetric: shipped)
      return (surgery, surgery.judge(.continuous, before: before))
    }
    let (surgery, finding) = try removing("L 0 2")
    #expect(finding.isRefuted && finding.isTrue(of: surgery.after) == true)
    let (rest, whole) = try removing("block 0 1")
    #expect(whole.survival == .kept && whole.isTrue(of: rest.after) == true)
  }
}

@Suite("Surgery: random networks") struct SurgeryRandomTests {
  /// How many seeds: CERTIFY_SEEDS, or enough for every ensemble ten times.
  private static let seeds = getenv("CERTIFY_SEEDS").flatMap { UInt64(String(cString: $0)) } ?? 140

  struct Tally { var certified = 0, kept = 0, lost = 0, refuted = 0 }

  private func network(
    _ seed: UInt64, _ generator: inout SplitMix64
  ) throws -> (Ensemble, Specification) {
    let ensemble = Ensemble.allCases[Int(seed) % Ensemble.allCases.count]
    let units = generator.integer(in: 2...(ensemble == .nonlinear ? 3 : 5))
    return (ensemble, try ensemble.network(units: units, &generator))
  }

  private func judged(
    _ surgery: Surgery, _ finding: SurgeryFinding, _ place: String, _ tally: inout Tally
  ) {
    if finding.after.certificate != nil {
      #expect(finding.isTrue(of: surgery.after) == true, "\(place)")
    }
    switch finding.survival {
    case .kept, .rounded: tally.kept += 1
    case .lowered, .searched: tally.lost += 1
    case nil:
      tally.lost += 1
      if finding.isRefuted { tally.refuted += 1 }
    }
  }

  /// A certificate of a single network with slopes from 0 survives the deletion of any units, rates included.
  @Test func ablation() throws {
    var tally = Tally()
    for seed in 0..<Self.seeds {
      var generator = SplitMix64(seed: 5000 + seed)
      let (ensemble, network) = try network(seed, &generator)
      for scope in network.scopes {
        guard let before = Operated.known(network, scope) else { continue }
        tally.certified += 1
        let gone = Set((0..<network.units).filter { _ in generator.unit() < 0.4 })
        let kept = (0..<network.units).filter { !gone.contains($0) }
        guard !gone.isEmpty, !kept.isEmpty else { continue }
        let surgery = try Surgery.ablation(network, keeping: kept)
        let finding = surgery.judge(scope, before: before)
        let place = "seed \(seed) \(ensemble.rawValue) \(before.guarantee.rule) \(scope) \(kept)"
        judged(surgery, finding, place, &tally)
        guard network.coupling == nil, network.slopes.startsAtZero,
          network.nonlinearCoupling?.slopes.startsAtZero != false
        else { continue }
        switch finding.survival {
        case .kept, .rounded: break
        default: Issue.record("\(place): \(String(describing: finding.survival))")
        }
      }
    }
    print("ablation: \(tally)")
    #expect(tally.certified > 60 && tally.kept > 40 && tally.lost > 0, "\(tally)")
  }

  /// Connections of W: any can go where absolute values or an order are the reason; elsewhere the kernel
  /// decides, and what it says is true.
  @Test func pruning() throws {
    var tally = Tally()
    for seed in 0..<Self.seeds {
      var generator = SplitMix64(seed: 6000 + seed)
      let (ensemble, network) = try network(seed, &generator)
      let n = network.units
      for scope in network.scopes {
        guard let before = Operated.known(network, scope) else { continue }
        tally.certified += 1
        var places: Set<Place> = []
        for i in 0..<n {
          for j in 0..<n where generator.unit() < 0.3 { places.insert(Place(row: i, column: j)) }
        }
        let surgery = try Surgery.pruning(network, [.recurrent: places], nil)
        let finding = surgery.judge(scope, before: before)
        let place = "seed \(seed) \(ensemble.rawValue) \(before.guarantee.rule) \(scope)"
        judged(surgery, finding, place, &tally)
        let rules: [Rule] = [.absoluteValue, .triangular]
        if rules.contains(before.guarantee.rule), network.coupling == nil,
          network.nonlinearCoupling == nil, network.slopes.startsAtZero
        {
          #expect(finding.survival == .kept, "\(place)")
        }
      }
    }
    print("pruning: \(tally)")
    #expect(
      tally.certified > 60 && tally.kept > 20 && tally.lost > 5 && tally.refuted > 0, "\(tally)")
  }

  /// Pairs of a skew L in a diagonal metric leave metric and rate alone.
  @Test(arguments: UInt64(0)..<12) func pairs(seed: UInt64) throws {
    var generator = SplitMix64(seed: 7000 + seed)
    let n = 4
    var L = Matrix(rows: n, columns: n)
    var W = L
    for i in 0..<n {
      for j in 0..<n where j != i { W[i, j] = 0.2 * generator.symmetric() }
      for j in 0..<i {
        L[i, j] = generator.roughlyNormal()
        L[j, i] = -L[i, j]
      }
    }
    let network = try Specification(form: .outside, recurrent: .dense(W), coupling: .dense(L))
    let identity = [Double](repeating: 1, count: n)
    let shipped = ProposedMetric.diagonal(identity)
    let before = try #require(Operated.known(network, shipped: shipped))
    guard [.singularValue, .disk, .feedback].contains(before.guarantee.rule) else { return }
    let (i, j) = (Int(seed) % 3, 3)
    let removal = try EdgeRemoval(EdgeList(text: "L \(i) \(j)"), of: network)
    let surgery = try Surgery.pruning(network, removal)
    let finding = surgery.judge(.continuous, before: before)
    switch finding.survival {
    case .kept, .rounded, .lowered, .searched: break
    case nil: Issue.record("a skew pair went and stability with it")
    }
    #expect(finding.isTrue(of: surgery.after) == true)
    #expect(surgery.after.coupling?[i, j] == 0 && surgery.after.coupling?[j, i] == 0)
  }
}
