import CertifyKernel

/// Proposes components, norms and a diagonal metric for a split step.
enum SplitStepProposer {
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    let network = problem.network
    guard problem.scope == .asRun, let step = network.step, !step.leak.isEmpty else { return }
    let components = connectedParts(of: network.recurrent)
    var metrics = [[Double](repeating: 1, count: network.units)]
    // A coupling that is skew in a diagonal metric tells which one.
    if let implied = impliedMetric(network) { metrics.append(implied) }
    if case .diagonal(let p)? = problem.shippedMetric { metrics.append(p) }
    for p in metrics { propose(network, step, components, p, to: &acceptance) }
  }

  private static func propose(
    _ network: Specification, _ step: Specification.Step, _ components: [[Int32]], _ p: [Double],
    to acceptance: inout Acceptance
  ) {
    var norms: [Double] = []
    for units in components {
      let members = units.map(Int.init)
      let block = network.recurrent.submatrix(members, members)
      guard let norm = spectralNorm(inMetric(members.map { p[$0] }, block)) else { return }
      norms.append(norm * (1 + 1e-14 * Double(members.count + 8)) + 1e-300)
    }
    let argument = Argument.splitStep(.init(metric: p, components: components, norms: norms))
    let probe = Certificate(scope: .asRun, claim: .contracts(Proof(argument, bound: 0)))
    guard case .undecided(let why)? = try? network.certify(using: probe, on: .suited(to: network))
    else {
      return
    }
    guard case .boundNotReached(_, let attained) = why.reason else {
      acceptance.note(why, .nan)
      return
    }
    if attained < 1 {
      acceptance.offer(Proof(argument, bound: attained))
    } else {
      acceptance.note(
        Obstruction(rule: why.rule, .boundNotReached(claimed: 1, attained: attained)), attained)
    }
  }

  /// The units that weights connect, whatever their direction, each set in ascending order.
  private static func connectedParts(of weights: Weights) -> [[Int32]] {
    let sparse = weights.sparse()
    var parent = Array(0..<sparse.rows)
    func root(_ i: Int) -> Int {
      var i = i
      while parent[i] != i {
        parent[i] = parent[parent[i]]
        i = parent[i]
      }
      return i
    }
    for i in 0..<sparse.rows {
      for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] where sparse.values[k] != 0 {
        parent[root(i)] = root(Int(sparse.columnIndices[k]))
      }
    }
    var sets: [Int: [Int32]] = [:]
    for i in 0..<sparse.rows { sets[root(i), default: []].append(Int32(i)) }
    return sets.values.sorted { $0[0] < $1[0] }
  }
}
