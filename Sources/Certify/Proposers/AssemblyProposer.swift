import CertifyKernel

/// Takes a network apart into modules, certifies each alone, and joins them: those that drive each other by
/// feedback, workspace or interconnection, what is left by hierarchy. A tree of depth two.
enum AssemblyProposer {
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    guard problem.scope == .continuous, let modules = modules(of: problem) else { return }
    let search = ModuleSearch(network: problem.network, modules: modules)
    for basis in bases(problem, modules) {
      switch search.candidates(basis) {
      case .failure(let failure):
        guard let nearest = failure.nearest else { continue }
        acceptance.note(
          Obstruction(
            rule: nearest.obstruction.rule, path: [failure.module] + nearest.obstruction.path,
            nearest.obstruction.reason), -nearest.missedBy)
      case .success(let candidates): join(problem, candidates, to: &acceptance)
      }
      // A large network is not certified twice for a better rate.
      if acceptance.best != nil, problem.units > 256 { return }
    }
  }

  /// What is accepted in each kind of metric, the best of each.
  static func all(_ problem: Problem) -> [Certified<Specification>] {
    guard problem.scope == .continuous, let modules = modules(of: problem) else { return [] }
    let search = ModuleSearch(network: problem.network, modules: modules)
    return bases(problem, modules).compactMap { basis in
      guard case .success(let candidates) = search.candidates(basis) else { return nil }
      var acceptance = Acceptance(problem.network, .continuous)
      join(problem, candidates, to: &acceptance)
      return acceptance.best
    }
  }

  /// The modules that the description names, or else the parts of W that only couplings connect.
  static func modules(of problem: Problem) -> [[Int32]]? {
    let network = problem.network
    if network.modules.count > 1 {
      var start: Int32 = 0
      return network.modules.map { size in
        defer { start += Int32(size) }
        return (start..<(start + Int32(size))).map { $0 }
      }
    }
    guard !problem.isPlain else { return nil }
    let parts = connectedParts(network.recurrent.sparse())
    return parts.count > 1 && parts.count <= 4096 ? parts : nil
  }

  private static func bases(_ problem: Problem, _ modules: [[Int32]]) -> [ModuleSearch.Basis] {
    var bases: [ModuleSearch.Basis] = []
    switch problem.shippedMetric {
    case .diagonal(let p)?:
      bases.append(.given(modules.map { .diagonal($0.map { p[Int($0)] }) }))
    case .blocks(let blocks)? where blocks.count == modules.count:
      bases.append(.given(blocks.map { .full($0) }))
    default: break
    }
    bases.append(.identity)
    if let m = impliedMetric(problem.network), m.contains(where: { $0 != m[0] }) {
      bases.append(.given(modules.map { .diagonal($0.map { m[Int($0)] }) }))
    }
    bases.append(.own)
    return bases
  }

  /// Joins modules that drive each other, then the groups along the order in which they do.
  private static func join(
    _ problem: Problem, _ candidates: [ModuleCandidate], to acceptance: inout Acceptance
  ) {
    let network = problem.network
    let groups = strongGroups(problem, candidates)
    if groups.count == 1 {
      Cluster(network: network, modules: candidates, hub: problem.workspace).join(&acceptance)
      return
    }
    var joined: [(units: [Int32], proof: Proof)] = []
    for group in groups {
      guard group.count > 1 else {
        joined.append((candidates[group[0]].units, candidates[group[0]].proof))
        continue
      }
      let units = group.flatMap { candidates[$0].units }.sorted()
      guard let part = try? network.restricted(to: units.map(Int.init)) else { return }
      let place = Dictionary(uniqueKeysWithValues: units.enumerated().map { ($1, Int32($0)) })
      let members = group.map { index in
        ModuleCandidate(
          units: candidates[index].units.map { place[$0] ?? 0 }, proof: candidates[index].proof,
          metric: candidates[index].metric)
      }
      var inner = Acceptance(part, .continuous)
      let hub = problem.workspace.flatMap { group.firstIndex(of: $0) }
      Cluster(network: part, modules: members, hub: hub).join(&inner)
      guard case .contracts(let proof)? = inner.best?.certificate.claim else {
        if let nearest = inner.nearest {
          acceptance.note(nearest.obstruction, -nearest.missedBy)
        }
        return
      }
      joined.append((units, proof))
    }
    HierarchyProposer.join(
      problem, components: joined.map(\.units), proofs: joined.map(\.proof), to: &acceptance)
  }

  /// Groups of modules that drive each other, upstream first.
  private static func strongGroups(
    _ problem: Problem, _ candidates: [ModuleCandidate]
  ) -> [[Int]] {
    var home = [Int32](repeating: 0, count: problem.units)
    for (index, candidate) in candidates.enumerated() {
      for unit in candidate.units { home[Int(unit)] = Int32(index) }
    }
    let pattern = problem.pattern
    var rows = [Set<Int32>](repeating: [], count: candidates.count)
    for i in 0..<pattern.rows {
      let to = home[i]
      var last = to
      for k in pattern.rowPointers[i]..<pattern.rowPointers[i + 1] where pattern.values[k] != 0 {
        let from = home[Int(pattern.columnIndices[k])]
        if from != to, from != last { rows[Int(to)].insert(from) }
        last = from
      }
    }
    var pointers = [0]
    var indices: [Int32] = []
    for row in rows {
      indices += row.sorted()
      pointers.append(indices.count)
    }
    let values = [Double](repeating: 1, count: indices.count)
    guard
      let graph = try? SparseMatrix(
        rows: rows.count, columns: rows.count, rowPointers: pointers, columnIndices: indices,
        values: values)
    else { return [Array(candidates.indices)] }
    return StronglyConnectedComponents(graph).components
  }
}

/// The sets of units that connections of W, in either direction, hold together.
private func connectedParts(_ w: SparseMatrix) -> [[Int32]] {
  var parent = (0..<Int32(w.rows)).map { $0 }
  func root(_ i: Int32) -> Int32 {
    var i = i
    while parent[Int(i)] != i {
      parent[Int(i)] = parent[Int(parent[Int(i)])]
      i = parent[Int(i)]
    }
    return i
  }
  for i in 0..<w.rows {
    for k in w.rowPointers[i]..<w.rowPointers[i + 1] where w.values[k] != 0 {
      let (a, b) = (root(Int32(i)), root(w.columnIndices[k]))
      if a != b { parent[Int(max(a, b))] = min(a, b) }
    }
  }
  var parts: [Int32: [Int32]] = [:]
  for i in 0..<Int32(w.rows) { parts[root(i), default: []].append(i) }
  return parts.keys.sorted().compactMap { parts[$0] }
}
