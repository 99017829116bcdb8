/// The block comparison lemma: modules in a network, each certified alone, under four names.
///
/// Let module i contract with (M_i, λ_i), θ_i = w_i / v_i, and let r_ij, k_ij bound the couplings as in
/// `PairLoad`. For any v, w > 0 the flow contracts in blkdiag(θ_i M_i) with
///
///     λ = min_i [λ_i − Σ_j (r_ij v_j / w_i + ½ k_ij v_j / v_i + ½ k_ji w_j / w_i)]
///
/// Proof: in the normalised coordinates √θ_i M_i^{1/2} e_i the cross terms are at most Σ S_ij |e_i||e_j| with
/// S_ij = r_ij/√(θ_iθ_j) + ½(√(θ_i/θ_j) k_ij + √(θ_j/θ_i) k_ji), and a symmetric S ≥ 0 satisfies
/// λmax(S − diag λ) ≤ max_i ((S z)_i / z_i − λ_i) for any z > 0 (Collatz); z_i = √(v_i w_i) gives the formula.
/// The free θ rescale the modules against each other, the free z is the Perron vector: nothing is lost but
/// what the norms lose. Under Euler steps
///
///     ρ² = max_i (ρ_i + (b v)_i / v_i) · max_i (ρ_i + (bᵀ w)_i / w_i)
///
/// with b_ij ≥ sup ‖M_i^{1/2} X_ij(D) M_j^{-1/2}‖₂ for the whole coupling. Source: theory §4;
/// Kozachkov, Ennis, Slotine, arXiv:2106.08928, §2; Ennis, Kozachkov, Slotine 2023, §3.1 (corrected).
///
/// - Complexity: the modules' checks and O(couplings); a norm that is claimed costs one factorisation of the
///   size of its two modules together, and so does the residual of full metrics.
struct BlockComparison: Sendable {
  let network: Specification
  let scope: Scope
  let assembly: Argument.Assembly
  var workers = Workers.one

  func check(claimed: Double) throws(InputError) -> Outcome<Checked> {
    let parts = assembly.components.count
    for scaling in [assembly.columnScaling, assembly.rowScaling] {
      guard scaling.count == parts else {
        throw .length(.scaling, found: scaling.count, expected: parts)
      }
      if let fault = firstNotPositive(scaling, .scaling) { return decline(fault) }
    }
    let modules: CheckedModules
    switch try certifyModules() {
    case .accepted(let checked): modules = checked
    case .declined(let why): return .declined(why)
    }
    if let fault = assembly.structure.firstViolation(in: modules.pairs) { return decline(fault) }
    let loads: [Double]
    let attained: Double
    switch scope {
    case .continuous:
      switch pairLoads(modules) {
      case .accepted(let pairs): loads = self.loads(of: pairs, parts)
      case .declined(let why): return .declined(why)
      }
      attained = zip(modules.children, loads).reduce(Double.infinity) { least, module in
        let rate = module.0.node.bound.subtractingDown(module.1)
        return rate.isNaN || least.isNaN ? .nan : Swift.min(least, rate)
      }
    case .asRun: (loads, attained) = step(modules)
    }
    guard scope.accepts(claimed, attained: attained) else {
      return decline(.boundNotReached(claimed: claimed, attained: attained))
    }
    let metric = MetricBounds.blocks(
      (0..<parts).map { (assembly.components[$0], scale($0), modules.children[$0].metric) },
      units: network.units)
    return .accepted(
      Checked(
        rule: assembly.structure.rule, bound: claimed, units: network.units, metric: metric,
        children: modules.children.map(\.node), loads: loads))
  }

  /// θ_i.
  func scale(_ i: Int) -> Interval {
    Interval.quotient(assembly.rowScaling[i], assembly.columnScaling[i])
  }

  func decline<T>(_ reason: Obstruction.Reason) -> Outcome<T> {
    .declined(Obstruction(assembly.structure.rule, reason))
  }
}

extension BlockComparison {
  struct CheckedModules: Sendable {
    let children: [Checked]
    let pairs: [CouplingPair]
    let set: ModuleSet
  }

  /// Each module checked as a network of its own, and what runs between them.
  func certifyModules() throws(InputError) -> Outcome<CheckedModules> {
    let parts = assembly.components
    guard assembly.proofs.count == parts.count else {
      throw .length(.components, found: assembly.proofs.count, expected: parts.count)
    }
    let home: [Int]
    switch moduleOfEachUnit(parts, units: network.units, assembly.structure.rule) {
    case .accepted(let found): home = found
    case .declined(let why): return .declined(why)
    }
    let unfolded = try network.unfoldingBlocks()
    let outcomes = workers.map(parts.count) { part in
      Result { () throws(InputError) in
        try unfolded.restricted(to: parts[part].map(Int.init))
          .check(assembly.proofs[part], scope)
      }
    }
    guard let outcomes else { return decline(.notCovered(.unfinished)) }
    var children: [Checked] = []
    for (part, outcome) in outcomes.enumerated() {
      switch try outcome.get() {
      case .accepted(let child): children.append(child)
      case .declined(let why): return .declined(why.inside(component: part))
      }
    }
    let set = ModuleSet(
      form: network.form, units: parts, metrics: children.map(\.metric), total: network.units)
    let pairs = CouplingPair.all(
      of: unfolded, paces: network.paces(scope), home: home, .splitBetweenModules, on: workers)
    guard let pairs else { return decline(.notCovered(.unfinished)) }
    return .accepted(CheckedModules(children: children, pairs: pairs, set: set))
  }

  /// Each pair by sums of magnitudes, or by the norms that the certificate claims.
  func pairLoads(_ modules: CheckedModules) -> Outcome<[PairLoad]> {
    var claimed: [NormClaim.Place: Double] = [:]
    for claim in assembly.norms { claimed[claim.place] = claim.bound }
    let claims = claimed
    let outcomes = workers.map(modules.pairs.count) { load(of: modules.pairs[$0], modules, claims) }
    guard let outcomes else { return decline(.notCovered(.unfinished)) }
    var loads: [PairLoad] = []
    for outcome in outcomes {
      switch outcome {
      case .accepted(let load): loads.append(load)
      case .declined(let why): return .declined(why)
      }
    }
    return .accepted(loads)
  }

  private func load(
    of pair: CouplingPair, _ modules: CheckedModules, _ claims: [NormClaim.Place: Double]
  ) -> Outcome<PairLoad> {
    let θ = (first: scale(pair.first), second: scale(pair.second))
    var load = modules.set.slopeLoad(pair)
    let residual = modules.set.residualBound(pair, scales: θ)
    load.residual = residual ?? 0
    func claim(_ kind: NormClaim.Kind) -> Double? {
      claims[NormClaim.Place(first: pair.first, second: pair.second, kind: kind)]
    }
    if let σ = claim(.residual), !(σ >= load.residual) {
      guard let residual = modules.set.residual(pair, scales: θ), residual.isBelow(σ) else {
        return decline(.normNotShown(first: pair.first, second: pair.second, bound: σ))
      }
      load.residual = σ
    }
    for toFirst in [true, false] {
      let known = toFirst ? load.toFirst : load.toSecond
      guard let σ = claim(toFirst ? .toFirst : .toSecond), !(σ >= known) else { continue }
      guard modules.set.gainIsBelow(σ, pair, toFirst: toFirst) else {
        return decline(.normNotShown(first: pair.first, second: pair.second, bound: σ))
      }
      if toFirst { load.toFirst = σ } else { load.toSecond = σ }
    }
    if residual == nil { modules.set.chargeLinearPart(of: pair, to: &load) }
    return .accepted(load)
  }

  /// What couplings take from the rate of each module.
  func loads(of pairs: [PairLoad], _ parts: Int) -> [Double] {
    let (v, w) = (assembly.columnScaling, assembly.rowScaling)
    var loads = [Double](repeating: 0, count: parts)
    func charge(_ i: Int, _ j: Int, _ r: Double, _ incoming: Double, _ outgoing: Double) {
      let share = r.multiplyingUp(v[j]).dividingUp(w[i])
      let received = incoming.multiplyingUp(v[j]).dividingUp(v[i])
      let given = outgoing.multiplyingUp(w[j]).dividingUp(w[i])
      let gains = received.addingUp(given)
      // Half of the least subnormal would round to 0.
      let half = gains.multiplyingUp(0.5)
      loads[i] = loads[i].addingUp(share).addingUp(half)
    }
    for pair in pairs {
      charge(pair.first, pair.second, pair.residual, pair.toFirst, pair.toSecond)
      charge(pair.second, pair.first, pair.residual, pair.toSecond, pair.toFirst)
    }
    return loads
  }

  /// The whole couplings of each pair, as the Euler step charges them.
  func stepLoads(_ modules: CheckedModules) -> [PairLoad] {
    modules.pairs.map { pair in
      var load = PairLoad(first: pair.first, second: pair.second)
      load.toFirst = modules.set.gain(pair, toFirst: true) {
        $0.toFirst.magnitude.addingUp($0.slopesToFirst.magnitude)
      }
      load.toSecond = modules.set.gain(pair, toFirst: false) {
        $0.toSecond.magnitude.addingUp($0.slopesToSecond.magnitude)
      }
      return load
    }
  }

  /// The Euler step: what couplings add to each module's factor, and the factor of the whole.
  private func step(_ modules: CheckedModules) -> (loads: [Double], factor: Double) {
    step(stepLoads(modules), factors: modules.children.map(\.node.bound))
  }

  /// The same from the loads of the pairs and the factor of each module by itself.
  func step(_ loads: [PairLoad], factors: [Double]) -> (loads: [Double], factor: Double) {
    let (v, w) = (assembly.columnScaling, assembly.rowScaling)
    var rows = NormSums(count: factors.count)
    var columns = rows
    func charge(to i: Int, from j: Int, _ gain: Double) {
      rows.add(gain, times: v[j], over: v[i], at: i)
      columns.add(gain, times: w[i], over: w[j], at: j)
    }
    for load in loads {
      charge(to: load.first, from: load.second, load.toFirst)
      charge(to: load.second, from: load.first, load.toSecond)
    }
    var (row, column) = (0.0, 0.0)
    for (i, own) in factors.enumerated() {
      let (a, b) = (own.addingUp(rows.values[i]), own.addingUp(columns.values[i]))
      guard a < .infinity, b < .infinity else { return (rows.values, .infinity) }
      row = Swift.max(row, a)
      column = Swift.max(column, b)
    }
    let taken = zip(rows.values, columns.values).map { Swift.max($0, $1) }
    return (taken, row.multiplyingUp(column).squareRootUp())
  }
}

extension Specification {
  /// The loads of all pairs of modules that are coupled, given a proof for each module; for proposers, who
  /// choose v and w by them. The scales w_i / v_i of the assembly count, its structure does not.
  ///
  /// Cost: that of checking the modules, and O(couplings).
  public func pairLoads(
    of assembly: Argument.Assembly, _ scope: Scope, on workers: Workers = .one
  ) throws(InputError) -> Outcome<[PairLoad]> {
    let comparison = BlockComparison(
      network: self, scope: scope, assembly: assembly, workers: workers)
    for scaling in [assembly.columnScaling, assembly.rowScaling] {
      guard scaling.count == assembly.components.count else {
        throw .length(.scaling, found: scaling.count, expected: assembly.components.count)
      }
    }
    switch try comparison.certifyModules() {
    case .declined(let why): return .declined(why)
    case .accepted(let modules):
      return scope == .continuous
        ? comparison.pairLoads(modules) : .accepted(comparison.stepLoads(modules))
    }
  }
}
