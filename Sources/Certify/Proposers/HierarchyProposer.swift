import CertifyKernel

/// Takes a network apart into strongly connected components, certifies each by the best rule for it, and
/// chooses how the components' metrics are weighed.
enum HierarchyProposer {
  /// How strongly one component drives a later one.
  private struct Gain {
    let to: Int
    let from: Int
    let bound: Double
  }

  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    guard problem.components.count > 1, problem.components.count <= 20_000,
      problem.components.largestSize <= 4096
    else { return }
    let components = Array(problem.components)
    let scope = problem.scope
    var proofs: [Proof] = []
    for (index, units) in components.enumerated() {
      guard let part = try? problem.network.restricted(to: units.map(Int.init)) else { return }
      let alone = Problem(part, scope)
      var found = Acceptance(part, scope)
      proposeCheaply(alone, to: &found)
      if found.best == nil || units.count <= 16 { SlopeLMIProposer.propose(alone, to: &found) }
      guard case .contracts(let proof)? = found.best?.certificate.claim else {
        if let nearest = found.nearest {
          acceptance.note(
            Obstruction(
              rule: nearest.obstruction.rule, path: [index] + nearest.obstruction.path,
              nearest.obstruction.reason),
            scope == .continuous ? -nearest.missedBy : 1 + nearest.missedBy)
        }
        return
      }
      proofs.append(proof)
    }
    join(problem, components: components, proofs: proofs, to: &acceptance)
  }

  /// Chooses how the metrics of components are weighed, upstream first, and hands the hierarchy to the kernel.
  static func join(
    _ problem: Problem, components: [[Int32]], proofs: [Proof], to acceptance: inout Acceptance
  ) {
    let scope = problem.scope
    let ones = [Double](repeating: 1, count: components.count)
    let unweighed = Argument.Assembly(
      .hierarchy, components: components, proofs: proofs, columnScaling: ones, rowScaling: ones)
    guard case .accepted(let loads)? = try? problem.network.pairLoads(of: unweighed, scope) else {
      return
    }
    // Everything runs from first to second; the linear part has the same norm both ways of counting it.
    let gains = loads.map {
      Gain(to: $0.second, from: $0.first, bound: $0.toSecond + 2 * $0.residual)
    }
    // The worst component sets the limit; the distance kept from it is paid for in overshoot.
    let bounds = proofs.map(\.bound)
    let limit = scope == .continuous ? bounds.min() ?? 0 : bounds.max() ?? 1
    func proof(_ share: Double) -> Certified<Specification>? {
      let target = scope == .continuous ? limit * (1 - share) : limit + (1 - limit) * share
      let (v, w) = weights(gains, bounds, target)
      guard (v + w).allSatisfy({ $0 > 0 && $0 < .infinity }) else { return nil }
      let argument = Argument.assembly(
        .init(
          .hierarchy, components: components, proofs: proofs, columnScaling: v, rowScaling: w))
      var trial = Acceptance(problem.network, scope)
      trial.offer(argument, estimate: target)
      return trial.best
    }
    let share = nearestShare { proof($0)?.guarantee.overshoot }
    if case .contracts(let best)? = proof(share)?.certificate.claim { acceptance.offer(best) }
  }

  /// v forward and w backward along the hierarchy, so that each component's load equals its distance from
  /// the target.
  private static func weights(
    _ gains: [Gain], _ bounds: [Double], _ target: Double
  ) -> (v: [Double], w: [Double]) {
    let slack = bounds.map { abs($0 - target) }
    var v = [Double](repeating: 0, count: bounds.count)
    var w = v
    let incoming = Dictionary(grouping: gains, by: \.to)
    let outgoing = Dictionary(grouping: gains, by: \.from)
    for part in bounds.indices {
      let load = (incoming[part] ?? []).reduce(0) { $0 + $1.bound * v[$1.from] }
      v[part] = load == 0 ? 1 : load / slack[part]
    }
    for part in bounds.indices.reversed() {
      let load = (outgoing[part] ?? []).reduce(0) { $0 + $1.bound * w[$1.to] }
      w[part] = load == 0 ? 1 : load / slack[part]
    }
    return (v, w)
  }
}
