import CertifyKernel

/// Looks for slopes at which the network does not decay, and has the kernel check them.
enum RefutationSearch {
  struct Found {
    let witness: Witness
    let certificate: Certificate

    func finding(_ scope: Scope) -> Finding {
      Finding(scope: scope, result: .refuted(witness, certificate))
    }
  }

  /// Units that excite themselves at least as much as they leak: one exact comparison each. In large networks the
  /// skew coupling that a step turns too fast, which costs less than a look at their eigenvalues.
  static func quick(_ problem: Problem) -> Found? {
    if problem.units > 128, problem.units <= 2048, let found = skew(problem, []) { return found }
    guard problem.network.coupling == nil, problem.slopes.lower == 0 else { return nil }
    var candidates: [(unit: Int, excess: Double)] = []
    for i in 0..<problem.units {
      let upper = diagonalBound(problem, i).upper
      if upper >= 1 { candidates.append((i, upper)) }
    }
    for candidate in candidates.sorted(by: { $0.excess > $1.excess }).prefix(4) {
      let claim = Instability(active: [Int32(candidate.unit)], reason: .determinant)
      if let found = offer(claim, problem) { return found }
    }
    return nil
  }

  /// All units on, all units off, and for small networks every principal minor and every vertex.
  static func likely(_ problem: Problem) -> Found? {
    guard problem.isSmall else { return nil }
    let all = (0..<Int32(problem.units)).map { $0 }
    for active in [all, []] {
      if let found = offer(vertex: active, problem) { return found }
    }
    if problem.isPlain, problem.slopes.lower == 0, problem.units <= 12 {
      for minor in PrincipalMinors.search(problem.dense, gain: problem.slopes.upper) {
        let claim = Instability(active: minor.units.map(Int32.init), reason: .determinant)
        if let found = offer(claim, problem) { return found }
      }
    }
    if problem.units <= 8, let found = everyVertex(problem) { return found }
    return nil
  }

  /// Ascent over the vertices from several starts, and principal minors of a few units.
  static func thorough(_ problem: Problem) -> Found? {
    guard problem.isSmall, problem.units > 8, problem.units <= 512 else { return nil }
    if let coupling = problem.network.nonlinearCoupling, !coupling.slopes.startsAtZero {
      return nil
    }
    for vertex in VertexSearch.unstableVertices(problem.lureSystem) {
      let active = vertex.slopes.indices.filter { vertex.slopes[$0] == problem.slopes.upper }
      if let found = offer(vertex: active.map(Int32.init), problem) { return found }
    }
    guard problem.isPlain, problem.slopes.lower == 0, problem.units <= 200 else { return nil }
    for minor in PrincipalMinors.search(problem.dense, gain: problem.slopes.upper) {
      let claim = Instability(active: minor.units.map(Int32.init), reason: .determinant)
      if let found = offer(claim, problem) { return found }
    }
    return nil
  }

  private static func everyVertex(_ problem: Problem) -> Found? {
    let n = problem.units
    var best: (active: [Int32], excess: Double)?
    for mask in 1..<(1 << n) {
      let active = (0..<n).filter { mask >> $0 & 1 == 1 }.map(Int32.init)
      guard let excess = instabilityExcess(problem, active) else { continue }
      if excess > (best?.excess ?? -.infinity) { best = (active, excess) }
      // At the boundary only exact arithmetic can tell; a zero determinant refutes as well.
      if excess > -1e-9, let found = offer(vertex: active, problem) { return found }
    }
    return nil
  }

  /// Every way to show that one vertex is unstable, cheapest first.
  static func offer(vertex active: [Int32], _ problem: Problem) -> Found? {
    guard let excess = instabilityExcess(problem, active), excess > -1e-9 else { return nil }
    if let found = skew(problem, active) { return found }
    if active.count <= 64, problem.units <= 64 || problem.isPlain {
      if let found = offer(Instability(active: active, reason: .determinant), problem) {
        return found
      }
      if problem.scope == .asRun, problem.units <= 64,
        let found = offer(Instability(active: active, reason: .flip), problem)
      {
        return found
      }
    }
    let vertex = vertexMatrix(problem, active)
    if let witness = InstabilityWitness(vertex, isDiscrete: problem.scope == .asRun) {
      let reason = Instability.Reason.inertia(
        metric: witness.metric, direction: witness.vector, margin: witness.shift)
      if let found = offer(Instability(active: active, reason: reason), problem) { return found }
    }
    return nil
  }

  /// E4: the direction in which a skew coupling turns fastest.
  private static func skew(_ problem: Problem, _ active: [Int32]) -> Found? {
    guard problem.scope == .asRun, active.isEmpty, let coupling = problem.denseCoupling,
      let x = topRightSingularVector(coupling)
    else { return nil }
    return offer(Instability(active: [], reason: .skew(direction: x)), problem)
  }

  private static func offer(_ claim: Instability, _ problem: Problem) -> Found? {
    let certificate = Certificate(scope: problem.scope, claim: .unstable(claim))
    guard case .refuted(let witness)? = try? problem.network.certify(using: certificate) else {
      return nil
    }
    return Found(witness: witness, certificate: certificate)
  }
}
