public import CertifyKernel

/// Searches both scopes of a network; the kernel decides each.
public struct Checker: Sendable {
  /// Whether to look for the largest certified step of a certified flow.
  public var findsMaximumStep: Bool
  /// Whether to look for the largest certified multiple of W when nothing is decided.
  public var findsLargestScale: Bool
  /// Whether to ask what is impossible when nothing is decided; for networks of a few units that costs more than
  /// all the rest, and now and then the attempt finds a metric after all.
  public var findsImpossibilities: Bool

  /// Whether a step is to be carried over from the modules' proofs even where the whole gives a better bound: what is
  /// removed from a network takes less of a proof that is made of parts.
  public var prefersModules = false

  /// A metric that came with the file; it is tried first and believed no more than any other.
  public var shippedMetric: ProposedMetric?
  /// The index of the hub among the modules, if the description names one.
  public var workspace: Int?

  public init(
    findsMaximumStep: Bool = true, findsLargestScale: Bool = true,
    findsImpossibilities: Bool = true,
    shippedMetric: ProposedMetric? = nil, workspace: Int? = nil
  ) {
    self.findsMaximumStep = findsMaximumStep
    self.findsLargestScale = findsLargestScale
    self.findsImpossibilities = findsImpossibilities
    self.shippedMetric = shippedMetric
    self.workspace = workspace
  }

  /// The findings for the given scopes, in their order.
  ///
  /// - Precondition: the network has each of them.
  public func check(_ network: Specification, _ scopes: [Scope]) -> [Finding] {
    var findings: [Finding] = []
    // Refutations of the map that cost little need nothing of the flow, and run beside it.
    let early =
      scopes == [.continuous, .asRun] && network.units > 256 && network.runsAsEuler
      ? Meanwhile { RefutationSearch.quick(Problem(network, .asRun)) } : nil
    for scope in scopes {
      if scope == .asRun, let found = early?.value {
        findings.append(found.finding(scope)); continue
      }
      var hint: Certified<Specification>?
      if case .certified(let flow)? = findings.last?.result { hint = flow }
      findings.append(check(network, scope, hint: hint, looksForQuickRefutations: early == nil))
    }
    // One bound on the step is enough; the scope that runs is nearer to it.
    if findsMaximumStep, let index = findings.lastIndex(where: \.isCertified) {
      findings[index].maximumStep = maximumStep(findings, at: index)
    }
    return findings
  }

  /// Searches one scope: refutations that cost nothing, then rules from cheap to dear, then refutations that
  /// cost something.
  ///
  /// - Precondition: the network has this scope.
  ///
  /// - Parameter hint: what was accepted for another scope of the same network.
  public func check(
    _ network: Specification, _ scope: Scope, hint: Certified<Specification>? = nil
  ) -> Finding {
    check(network, scope, hint: hint, looksForQuickRefutations: true)
  }

  /// - Parameter looksForQuickRefutations: false where those that cost nothing were looked for already.
  private func check(
    _ network: Specification, _ scope: Scope, hint: Certified<Specification>?,
    looksForQuickRefutations: Bool
  ) -> Finding {
    precondition(network.exists(in: scope), "no \(scope.rawValue) network")
    let problem = Problem(network, scope)
    problem.hint = hint
    problem.shippedMetric = shippedMetric
    problem.workspace = workspace
    var acceptance = Acceptance(network, scope)
    guard network.runsAsEuler || scope == .continuous else {
      if network.step?.scheme == .split { return splitStep(problem, &acceptance) }
      return stepOfFlow(problem, &acceptance)
    }
    if looksForQuickRefutations || scope == .continuous, let found = RefutationSearch.quick(problem)
    {
      return found.finding(scope)
    }
    if problem.isAssembly {
      proposeAssembly(problem, to: &acceptance)
      // What modules show is enough for a large network; a small one deserves a look at the whole.
      if let best = acceptance.best, problem.units > 256 {
        return Finding(scope: scope, result: .certified(best))
      }
    }
    let isLargeAssembly = problem.isAssembly && problem.units > 256
    if isLargeAssembly {
      TriangularProposer.propose(problem, to: &acceptance)
      AbsoluteValueProposer.propose(problem, to: &acceptance)
    } else {
      ShippedMetricProposer.propose(problem, to: &acceptance)
      proposeCheaply(problem, to: &acceptance)
    }
    if acceptance.best == nil {
      if let found = RefutationSearch.likely(problem) { return found.finding(scope) }
      proposeDearly(problem, to: &acceptance)
    } else if problem.units <= 16, !isNearlyOptimal(acceptance, problem) {
      // Small enough to ask whether the multiplier inequality gives a better bound.
      SlopeLMIProposer.propose(problem, to: &acceptance)
    }
    if let best = acceptance.best {
      return Finding(scope: scope, result: .certified(best))
    }
    if let found = RefutationSearch.thorough(problem) { return found.finding(scope) }
    let impossibilities =
      findsImpossibilities ? ImpossibilitySearch.run(problem, to: &acceptance) : []
    if let best = acceptance.best { return Finding(scope: scope, result: .certified(best)) }
    return Finding(
      scope: scope, result: .undecided(shortfall(problem, acceptance, impossibilities)))
  }

  /// Whether no metric can give much more: the linear networks at slopes l and g bound every rate.
  private func isNearlyOptimal(_ acceptance: Acceptance, _ problem: Problem) -> Bool {
    guard let held = acceptance.best?.guarantee,
      held.overshoot <= Acceptance.tolerableOvershoot
    else { return false }
    let all = (0..<Int32(problem.units)).map { $0 }
    let excesses = [[], all].compactMap { instabilityExcess(problem, $0) }
    guard let worst = excesses.max() else { return false }
    return problem.scope == .continuous
      ? held.rate >= -worst * (1 - 1e-6) : (held.factor ?? 1) <= 1 + worst + 1e-6
  }

  /// A scheme that is no Euler step: certified by way of the flow, or not at all.
  private func stepOfFlow(_ problem: Problem, _ acceptance: inout Acceptance) -> Finding {
    proposeAssembly(problem, to: &acceptance)
    if let best = acceptance.best { return Finding(scope: .asRun, result: .certified(best)) }
    return undecided(
      acceptance, .scheme,
      advice: "`--continuous` judges the flow alone, from which this scheme is judged")
  }

  /// No proof of a step, with what came nearest, or what the search does not cover.
  private func undecided(
    _ acceptance: Acceptance, _ missing: Obstruction.Limitation, advice: String
  ) -> Finding {
    let nearest =
      acceptance.nearest ?? (Obstruction(rule: nil, path: [], .notCovered(missing)), .infinity)
    return Finding(
      scope: .asRun,
      result: .undecided(
        Shortfall(
          obstruction: nearest.obstruction,
          missedBy: nearest.missedBy.isFinite ? nearest.missedBy : nil, largestScale: nil,
          advice: [advice])))
  }

  /// A step with learned leaks, which has a rule of its own.
  private func splitStep(_ problem: Problem, _ acceptance: inout Acceptance) -> Finding {
    SplitStepProposer.propose(problem, to: &acceptance)
    if let best = acceptance.best { return Finding(scope: .asRun, result: .certified(best)) }
    return undecided(
      acceptance, .noLeak,
      advice: "scale every module of W to a spectral norm below 1 in a metric in which L is skew")
  }

  /// Modules and couplings: the flow from its parts, the map that runs from the flow.
  private func proposeAssembly(_ problem: Problem, to acceptance: inout Acceptance) {
    guard problem.scope == .asRun else {
      AssemblyProposer.propose(problem, to: &acceptance)
      return
    }
    guard problem.network.form != .map else { return }
    var flow = problem.hint
    if flow == nil, let network = try? problem.network.with(step: nil),
      case .certified(let found) = check(network, .continuous).result
    {
      flow = found
    }
    guard let flow else { return }
    StepProposer.propose(problem, flow: flow, to: &acceptance)
    if acceptance.best != nil {
      // The inequality of the whole network loses less than the sizes of its parts, where it is affordable.
      if !prefersModules, problem.network.runsAsEuler, let proof = flow.proof {
        StepBound.proposeInMetric(of: proof, problem, to: &acceptance)
      }
      return
    }
    // The metric of the best rate need not be one in which a step is small.
    for other in FlowProposer.flows(problem) where other.certificate != flow.certificate {
      StepProposer.propose(problem, flow: other, to: &acceptance)
    }
  }

  private func maximumStep(_ findings: [Finding], at index: Int) -> Double? {
    let finding = findings[index]
    guard case .certified(let best) = finding.result else { return nil }
    let proved = findings.reversed().compactMap { other -> Certified<Specification>? in
      if case .certified(let found) = other.result { found } else { nil }
    }
    let network = best.specification
    let slowest = network.timeConstants.map(\.approximation).max() ?? 1
    if finding.scope == .asRun, let step = network.step {
      // The bound is on Euler's step; other schemes have none of this kind.
      guard step.scheme == .euler else { return nil }
      // The step in use is known to be certified if the double stands for it exactly.
      let isKnown = step.size.denominator == 1
      return StepBound.largest(
        of: network, like: proved, from: step.size.approximation, isKnown: isKnown)
    }
    return StepBound.largest(of: network, like: proved, from: slowest, isKnown: false)
  }

  private func shortfall(
    _ problem: Problem, _ acceptance: Acceptance, _ impossibilities: [ProvedImpossibility]
  ) -> Shortfall {
    let nearest =
      acceptance.nearest
      ?? (Obstruction(rule: nil, path: [], .notContracting(bound: .nan)), Double.infinity)
    let scale = findsLargestScale ? ScaleBound.largest(problem) : nil
    return Shortfall(
      obstruction: nearest.obstruction,
      missedBy: nearest.missedBy.isFinite ? nearest.missedBy : nil, largestScale: scale,
      advice: Advice.sentences(problem, scale: scale), impossibilities: impossibilities)
  }
}

extension Specification {
  /// Whether a scope exists for this network.
  public func exists(in scope: Scope) -> Bool {
    switch scope {
    case .continuous: form != .map && step?.leak.isEmpty != false
    case .asRun: form == .map || step != nil
    }
  }
}

/// The rules that cost at most a few factorisations, cheapest first.
func proposeCheaply(_ problem: Problem, to acceptance: inout Acceptance) {
  TriangularProposer.propose(problem, to: &acceptance)
  AbsoluteValueProposer.propose(problem, to: &acceptance)
  SymmetricProposer.propose(problem, to: &acceptance)
  // No metric gives a symmetric network more than Theorem 2 does.
  if acceptance.best?.guarantee.rule == .symmetric { return }
  ProductFormProposer.propose(problem, to: &acceptance)
  if problem.units > 1024, acceptance.best != nil { return }
  DiskProposer.propose(problem, to: &acceptance)
  SingularValueProposer.propose(problem, to: &acceptance)
}

/// The rules that search for a full metric or take the network apart.
func proposeDearly(_ problem: Problem, to acceptance: inout Acceptance) {
  HierarchyProposer.propose(problem, to: &acceptance)
  if acceptance.best == nil { SlopeLMIProposer.propose(problem, to: &acceptance) }
}
