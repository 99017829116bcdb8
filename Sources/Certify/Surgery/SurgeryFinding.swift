public import CertifyKernel

/// What became of one scope of a network under surgery.
public struct SurgeryFinding: Sendable {
  /// What was known before; nil if the network was not certified.
  public let before: Guarantee?
  /// What holds afterwards.
  public let after: Finding
  /// How the certificate came through; nil unless `after` is certified.
  public let survival: Survival?

  public var scope: Scope { after.scope }
}

/// A change of a network: what it makes of the network, of an argument about it, and of a metric.
public struct Surgery: Sendable {
  /// The network that is left.
  public let after: Specification
  let argument: @Sendable (Argument) -> Argument?
  let shippedMetric: ProposedMetric?

  /// The finding of one scope: the old argument first, without any search; then the same metric at a worse
  /// bound and a search, whichever is better.
  ///
  /// - Precondition: the network has this scope.
  public func judge(
    _ scope: Scope, before: Certified<Specification>?,
    _ checker: Checker = Checker(findsMaximumStep: false, findsLargestScale: false)
  ) -> SurgeryFinding {
    let guarantee = before?.guarantee
    func found(_ certified: Certified<Specification>, _ survival: Survival) -> SurgeryFinding {
      SurgeryFinding(
        before: guarantee, after: Finding(scope: scope, result: .certified(certified)),
        survival: survival)
    }
    let carrier = Carrier(network: after, scope: scope)
    var lowered: Certified<Specification>?
    if case .contracts(let proof)? = before?.certificate.claim,
      let argument = argument(proof.argument)
    {
      if let (certified, survival) = carrier.carry(argument, bound: proof.bound) {
        return found(certified, survival)
      }
      lowered = carrier.lower(argument, bound: proof.bound)
      if let lowered, after.units > 1024 { return found(lowered, .lowered) }
    }
    var checker = checker
    checker.shippedMetric = shippedMetric
    let searched = checker.check(after, scope)
    if case .certified(let certified) = searched.result,
      certified.guarantee.rate > lowered?.guarantee.rate ?? 0
    {
      return found(certified, .searched)
    }
    if let lowered { return found(lowered, .lowered) }
    return SurgeryFinding(before: guarantee, after: searched, survival: nil)
  }

  /// Connections removed: v, w, the order, M and Λ stay as they are.
  ///
  /// `absolute-value` and `triangular` accept the same argument at the same bound for any entries of W: N only
  /// falls, so (Nv)_i/v_i and (Nᵀw)_i/w_i do. `feedback` does for pairs L_ij, L_ji with diagonal metrics and for
  /// whole blocks L_ij, L_ji with any: what is left of L stays skew. For the others there is a network that
  /// does not survive (theory §5), and the kernel decides:
  /// `symmetric`: W = −3·11ᵀ (n = 3) without the pair (0, 1) has an eigenvalue 3(√2 − 1) − 1 = +0.243;
  /// `singular-value`: W = [[½, ¾], [¾, −½]] without W_11 one of +0.0406;
  /// `feedback`: a skew 3-cycle of gain 2 without one of its two directions one of +1, though M = I; and
  /// `slope-lmi` with a full M₁ = [[2, −1], [−1, 1]], L = [[0, 0, −8], [0, 0, −6], [10, −2, 0]] without the pair
  /// (0, 2) one of +2.46.
  static func pruning(
    _ network: Specification, _ places: [NetworkPart: Set<Place>], _ shipped: ProposedMetric?
  ) throws(InputError) -> Surgery {
    Surgery(
      after: try network.removing(places), argument: { $0 }, shippedMetric: shipped)
  }

  /// Connections removed, as a list says.
  public static func pruning(
    _ network: Specification, _ removal: EdgeRemoval, shippedMetric: ProposedMetric? = nil
  ) throws(InputError) -> Surgery {
    try pruning(network, removal.places, shippedMetric)
  }

  /// All units but those given deleted.
  ///
  /// - Precondition: `kept` is ascending and names units of the network, at least one.
  public static func ablation(
    _ network: Specification, keeping kept: [Int], shippedMetric: ProposedMetric? = nil
  ) throws(InputError) -> Surgery {
    try ablation(network, UnitMap(keeping: kept, of: network.units), shippedMetric)
  }

  /// Units deleted; see `Argument.restricted(to:form:)`.
  static func ablation(
    _ network: Specification, _ map: UnitMap, _ shipped: ProposedMetric?
  ) throws(InputError) -> Surgery {
    let form = network.form
    return Surgery(
      after: try network.keeping(map), argument: { $0.restricted(to: map, form: form) },
      shippedMetric: shipped?.keeping(map, of: network))
  }
}

extension ProposedMetric {
  /// The metric of the units that stay; nil where a block is not positive definite.
  func keeping(_ map: UnitMap, of network: Specification) -> ProposedMetric? {
    switch self {
    case .diagonal(let p): return .diagonal(map.keeping(p))
    case .blocks(let blocks):
      var kept: [Matrix] = []
      for (block, module) in zip(blocks, network.keptModules(map)) where module.kept > 0 {
        let local = UnitMap(
          keeping: module.range.indices.filter { map.place[$0] >= 0 }.map {
            $0 - module.range.lowerBound
          }, of: module.range.count)
        guard let metric = block.metric(keeping: local, form: network.form) else { return nil }
        kept.append(metric)
      }
      return .blocks(kept)
    }
  }
}
