import CertifyKernel

/// Proofs for the flow behind a step, in metrics that suit steps rather than rates: the metric that came with the
/// file, the identity, and the one in which the coupling is skew.
enum FlowProposer {
  /// Cost: that of certifying the flow, once a metric; nothing is tried above 4,096 units.
  static func flows(_ problem: Problem) -> [Certified<Specification>] {
    guard problem.isSmall, let network = try? problem.network.with(step: nil) else { return [] }
    let flow = Problem(network, .continuous)
    flow.shippedMetric = problem.shippedMetric
    flow.workspace = problem.workspace
    var found: [Certified<Specification>] = AssemblyProposer.all(flow)
    guard problem.units <= 256 else { return found }
    var metrics = [[Double](repeating: 1, count: network.units)]
    if let implied = impliedMetric(network) { metrics.append(implied) }
    if case .diagonal(let p)? = problem.shippedMetric { metrics.append(p) }
    for p in metrics {
      var acceptance = Acceptance(network, .continuous)
      SlopeLMIProposer.propose(flow, in: Matrix(diagonal: p), to: &acceptance)
      if let best = acceptance.best { found.append(best) }
    }
    return found
  }
}
