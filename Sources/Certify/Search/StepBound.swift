import CertifyKernel

/// Looks for the largest Euler step at which the kernel certifies the map that runs.
enum StepBound {
  /// A step that the kernel checked, within a hundredth of where the search gave up; nil if none was found.
  ///
  /// The rules and metrics of `proofs`, already accepted for some scope, are tried at each step, and the
  /// identity metric: a bound on the step needs some metric, not the best one.
  static func largest(
    of network: Specification, like proved: [Certified<Specification>], from first: Double,
    isKnown: Bool
  ) -> Double? {
    guard network.form != .map else { return nil }
    let flowStep = ofFlow(network, proved)
    if let flowStep, network.units > 128 { return flowStep }
    let isLarge = network.units > 512
    let tries = isLarge ? 1 : (network.units > 128 ? 6 : 12)
    func isCertified(_ h: Double) -> Bool { certified(network, at: h, like: proved) != nil }
    var low = max(isKnown ? first : 0, flowStep ?? 0)
    var high = Double.infinity
    var h = low > 0 ? 2 * low : first
    if isLarge {
      // One check is affordable: the step up to which Theorem 1 costs nothing (E2).
      h = unrestrictedStep(network)
      if h <= low { return low }
    }
    for _ in 0..<tries {
      if isCertified(h) { low = h } else { high = h }
      if low > 0, high / low < 1.01 { break }
      h = low == 0 ? high / 4 : (high < .infinity ? (low * high).squareRoot() : low * 2)
    }
    return low > 0 ? low : nil
  }

  /// What the kernel accepts of an Euler step in the metrics of proofs, or in the identity metric.
  ///
  /// - Parameter isTight: whether the best bound in these metrics is wanted, or any.
  static func certified(
    _ network: Specification, at h: Double, like proved: [Certified<Specification>],
    isTight: Bool = false
  ) -> Certified<Specification>? {
    guard let stepped = try? network.with(step: Specification.Step(size: ExactRatio(h))) else {
      return nil
    }
    var acceptance = Acceptance(stepped, .asRun)
    let problem = Problem(stepped, .asRun)
    for proof in proved.compactMap(\.proof) where isTight || acceptance.best == nil {
      if isTight, case .slopeLMI(let m, _, _) = proof.argument {
        SlopeLMIProposer.propose(problem, in: m, to: &acceptance)
      }
      if isTight, case .step(let step) = proof.argument,
        let flow = StepProposer.certified(step.flow, network)
      {
        StepProposer.propose(problem, flow: flow, to: &acceptance)
      }
      propose(problem, h, like: proof, to: &acceptance)
    }
    if acceptance.best == nil, network.units <= 512 {
      let identity = [[Double](repeating: 1, count: problem.units)]
      DiskProposer.propose(problem, in: identity, to: &acceptance)
      if acceptance.best == nil {
        SingularValueProposer.propose(problem, in: identity, to: &acceptance)
      }
    }
    return acceptance.best
  }

  /// The multiplier inequality of the whole network in the metric of a tree.
  static func proposeInMetric(
    of flow: Proof, _ problem: Problem, to acceptance: inout Acceptance
  ) {
    guard problem.units <= 128, let flow = StepProposer.certified(flow, problem.network),
      let metric = FloatMetric(of: flow)
    else { return }
    let m: Matrix =
      switch metric {
      case .diagonal(let p): Matrix(diagonal: p)
      case .full(let m): m
      }
    SlopeLMIProposer.propose(problem, in: m, to: &acceptance)
  }

  /// The step up to which a proof for a coupled flow reaches, checked by the kernel; nil without couplings.
  private static func ofFlow(
    _ network: Specification, _ proved: [Certified<Specification>]
  ) -> Double? {
    guard network.coupling != nil || network.nonlinearCoupling != nil else { return nil }
    for found in proved {
      var flow = found
      if case .step(let step)? = found.proof?.argument {
        guard let own = StepProposer.certified(step.flow, network) else { continue }
        flow = own
      }
      guard flow.guarantee.scope == .continuous,
        case (var h, let argument)? = StepProposer.largestEulerStep(network, flow: flow)
      else { continue }
      for _ in 0..<3 {
        if let stepped = try? network.with(step: Specification.Step(size: ExactRatio(h))) {
          var acceptance = Acceptance(stepped, .asRun)
          if acceptance.offer(argument, given: flow) { return h }
        }
        h *= 0.99
      }
    }
    return nil
  }

  /// min_i τ_i / (1 − inf J_ii-part): below it no diagonal entry of I + HJ is negative.
  private static func unrestrictedStep(_ network: Specification) -> Double {
    let problem = Problem(network, .continuous)
    var step = Double.infinity
    for i in 0..<network.units {
      step = min(step, 1 / (problem.pace(i) * (1 - min(0, diagonalBound(problem, i).lower))))
    }
    return step
  }

  /// Proofs for the map with step h, by the rule that worked.
  private static func propose(
    _ problem: Problem, _ h: Double, like proof: Proof, to acceptance: inout Acceptance
  ) {
    switch proof.argument {
    case .absoluteValue(let v, let w):
      AbsoluteValueProposer.offer(problem, v, w, to: &acceptance)
    case .triangular: TriangularProposer.propose(problem, to: &acceptance)
    case .symmetric: SymmetricProposer.propose(problem, to: &acceptance)
    case .disk(let p):
      DiskProposer.propose(problem, in: [p], to: &acceptance)
      SingularValueProposer.propose(problem, in: [p], to: &acceptance)
    case .singularValue(let p, _, _):
      DiskProposer.propose(problem, in: [p], to: &acceptance)
      SingularValueProposer.propose(problem, in: [p], to: &acceptance)
    case .slopeLMI(let m, let multiplier, let floor):
      // The flow's metric serves the map; its multiplier counts per step.
      let paced = multiplier.map { $0 * h }
      for factor in [1 - 0x1p-20, 1 - 0x1p-40] {
        for Λ in [paced, multiplier] {
          let argument = Argument.slopeLMI(metric: m, multiplier: Λ, floor: floor)
          if acceptance.offer(Proof(argument, bound: factor)) { return }
        }
      }
    case .vertexLMI(let m, let floor):
      for factor in [1 - 0x1p-20, 1 - 0x1p-40] {
        let proof = Proof(.vertexLMI(metric: m, floor: floor), bound: factor)
        if acceptance.offer(proof) { return }
      }
    case .productForm: SlopeLMIProposer.proposeClosedForms(problem, to: &acceptance)
    case .assembly(let assembly):
      if assembly.structure == .hierarchy { HierarchyProposer.propose(problem, to: &acceptance) }
      if acceptance.best == nil { proposeInMetric(of: proof, problem, to: &acceptance) }
    case .splitStep: break
    case .step(let step): proposeInMetric(of: step.flow, problem, to: &acceptance)
    }
  }
}
