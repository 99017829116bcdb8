import CertifyKernel
import TestSupport
import Testing

/// Random trees of modules at the best bound that the kernel accepts, against every vertex.
@Suite struct TreeTests {
  static func tree(seed: UInt64, kind: RandomTree.Kind, largest: Int = 4) -> RandomTree? {
    var generator = SplitMix64(seed: seed)
    return RandomTree(
      units: generator.integer(in: 2...largest), depth: generator.integer(in: 1...4), kind: kind,
      &generator)
  }

  @Test(arguments: UInt64(0)..<30, RandomTree.Kind.allCases)
  func acceptedTreesAreTrue(seed: UInt64, kind: RandomTree.Kind) {
    guard let tree = Self.tree(seed: seed, kind: kind) else { return }
    let judgement = ExactNetwork(tree.network).judge(tree.certificate, slopeLimit: 12)
    #expect(judgement == .confirmed, "\(tree.network) \(tree.certificate)")
  }

  /// The trees reach every structure, leaves of every kind, and depth.
  @Test func treesAreOfManyKinds() {
    var roots: Set<Rule> = []
    var rules: Set<Rule> = []
    var deepest = 0
    for seed in 0..<UInt64(60) {
      for kind in RandomTree.Kind.allCases {
        guard let tree = Self.tree(seed: seed, kind: kind) else { continue }
        roots.insert(tree.rules[0])
        rules.formUnion(tree.rules)
        deepest = max(deepest, tree.rules.count)
      }
    }
    #expect(
      roots.isSuperset(of: [.feedback, .hierarchy, .globalWorkspace, .interconnection, .step]))
    // No tree draws a metric for all vertices at once; VertexLMITests do.
    #expect(rules == Set(Rule.allCases).subtracting([.vertexLMI, .splitStep]))
    #expect(deepest >= 6)
  }

  /// A module's proof at a weaker bound leaves no more for the whole.
  @Test(arguments: UInt64(0)..<30)
  func combiningClaimsNoMoreThanTheParts(seed: UInt64) throws {
    guard let tree = Self.tree(seed: seed, kind: seed % 2 == 0 ? .flow : .map),
      case .contracts(let proof) = tree.certificate.claim,
      case .assembly(let assembly) = proof.argument
    else { return }
    let scope = tree.certificate.scope
    for (part, child) in assembly.proofs.enumerated() {
      // No better than any module alone.
      let alone = try tree.network.restricted(to: assembly.components[part].map(Int.init))
      #expect(alone.accepts(child.argument, bound: child.bound, scope))
      #expect(scope == .continuous ? proof.bound <= child.bound : proof.bound >= child.bound)
      let best = try #require(alone.tightestBound(child.argument, scope))
      var proofs = assembly.proofs
      proofs[part] = Proof(child.argument, bound: scope.bolder(best))
      #expect(
        !tree.network.accepts(.assembly(assembly.with(proofs: proofs)), bound: proof.bound, scope))
      // A metric may depend on the bound, but a bound that only is weaker takes away.
      guard child.rule != .symmetric, child.rule != .triangular, child.argument.children.isEmpty
      else { continue }
      let weaker = scope == .continuous ? child.bound / 2 : (1 + child.bound) / 2
      proofs[part] = Proof(child.argument, bound: weaker)
      let lame = tree.network.tightestBound(.assembly(assembly.with(proofs: proofs)), scope)
      if let lame {
        #expect(scope == .continuous ? lame <= min(proof.bound, weaker) : lame >= weaker)
      }
    }
  }

  /// Units and components in another order: the same bound up to rounding.
  @Test(arguments: UInt64(0)..<30)
  func orderDoesNotMatter(seed: UInt64) throws {
    guard let tree = Self.tree(seed: seed, kind: seed % 3 == 0 ? .map : .flow),
      case .contracts(let proof) = tree.certificate.claim,
      case .assembly(let assembly) = proof.argument
    else { return }
    var generator = SplitMix64(seed: seed)
    var order = Array(0..<tree.network.units)
    order.shuffle(using: &generator)
    let network = try tree.network.permuted(order)
    var turn = Array(assembly.components.indices)
    if assembly.structure != .hierarchy { turn.shuffle(using: &generator) }
    let structure: Argument.Structure =
      if case .globalWorkspace(let hub) = assembly.structure {
        .globalWorkspace(hub: turn.firstIndex(of: hub) ?? -1)
      } else { assembly.structure }
    let norms = assembly.norms.map { claim -> NormClaim in
      let place = claim.place
      let (a, b) = (
        turn.firstIndex(of: place.first) ?? -1, turn.firstIndex(of: place.second) ?? -1
      )
      let kind: NormClaim.Kind =
        a < b || place.kind == .residual
        ? place.kind : place.kind == .toFirst ? .toSecond : .toFirst
      return NormClaim(
        first: min(a, b), second: max(a, b), kind: kind, bound: claim.bound * (1 + 1e-11))
    }
    let argument = Argument.assembly(
      .init(
        structure,
        components: turn.map { part in
          assembly.components[part].map { Int32(order.firstIndex(of: Int($0)) ?? -1) }
        }, proofs: turn.map { assembly.proofs[$0] },
        columnScaling: turn.map { assembly.columnScaling[$0] },
        rowScaling: turn.map { assembly.rowScaling[$0] }, norms: norms))
    let bound = try #require(
      network.tightestBound(argument, tree.certificate.scope), "\(tree.network) \(proof)")
    #expect((bound - proof.bound).magnitude < 1e-8 * max(1, proof.bound), "\(bound) \(proof.bound)")
  }

  /// All time constants times a power of two: rates divided by it, exactly.
  @Test(arguments: UInt64(0)..<20, [-4, 6])
  func rescaledTime(seed: UInt64, binades: Int) throws {
    guard let tree = Self.tree(seed: seed, kind: .flow),
      case .contracts(let proof) = tree.certificate.claim, proof.rule != .symmetric
    else { return }
    let factor = Double(sign: .plus, exponent: binades, significand: 1)
    let old = tree.network
    let network = try Specification(
      form: old.form, recurrent: old.recurrent, coupling: old.coupling,
      nonlinearCoupling: old.nonlinearCoupling, slopes: old.slopes,
      timeConstants: old.timeConstants.map {
        ExactRatio($0.numerator * factor, over: $0.denominator)
      })
    let scaled = proof.scalingTime(by: factor)
    let uniform = old.timeConstants.count == 1
    // Per-unit time constants scale the metrics of modules alike, and norms of pairs with them.
    guard uniform || !proof.claimsNorms else { return }
    #expect(
      network.accepts(scaled.argument, bound: scaled.bound, .continuous), "\(old) \(proof)")
    #expect(!network.accepts(scaled.argument, bound: scaled.bound.nextUp, .continuous))
  }
}

extension Argument.Assembly {
  func with(proofs: [Proof], norms: [NormClaim]? = nil) -> Argument.Assembly {
    Argument.Assembly(
      structure, components: components, proofs: proofs, columnScaling: columnScaling,
      rowScaling: rowScaling, norms: norms ?? self.norms)
  }
}

extension Proof {
  var claimsNorms: Bool {
    if case .assembly(let assembly) = argument, !assembly.norms.isEmpty { return true }
    return argument.children.contains(where: \.claimsNorms)
  }

  /// The proof for a network whose time constants are `factor` times as long; a power of two.
  func scalingTime(by factor: Double) -> Proof {
    guard case .assembly(let assembly) = argument else {
      guard case .slopeLMI(let m, let multiplier, let floor) = argument else {
        return Proof(argument, bound: bound / factor)
      }
      return Proof(
        .slopeLMI(metric: m, multiplier: multiplier.map { $0 / factor }, floor: floor),
        bound: bound / factor)
    }
    let norms = assembly.norms.map {
      NormClaim(
        first: $0.place.first, second: $0.place.second, kind: $0.place.kind,
        bound: $0.bound / factor)
    }
    let proofs = assembly.proofs.map { $0.scalingTime(by: factor) }
    return Proof(.assembly(assembly.with(proofs: proofs, norms: norms)), bound: bound / factor)
  }
}
