import CertifyKernel

/// Looks for the largest Euler step at which the kernel certifies the map that runs.
enum StepBound {
  /// A step that the kernel checked, within a hundredth of where the search gave up; nil if none was found.
  ///
  /// The rule and metric of `proof`, already accepted for some scope, are tried at each step: a bound on the
  /// step needs some metric, not the best one.
  static func largest(
    of network: Specification, like proof: Proof, from first: Double, isKnown: Bool
  ) -> Double? {
    guard network.form != .map else { return nil }
    let tries = network.units > 4096 ? 3 : 12
    func isCertified(_ h: Double) -> Bool {
      guard let stepped = try? network.with(step: Specification.Step(size: ExactRatio(h))) else {
        return false
      }
      var acceptance = Acceptance(stepped, .asRun)
      propose(Problem(stepped, .asRun), h, like: proof, to: &acceptance)
      return acceptance.best != nil
    }
    var low = isKnown ? first : 0
    var high = Double.infinity
    var h = isKnown ? 2 * first : first
    for _ in 0..<tries {
      if isCertified(h) { low = h } else { high = h }
      if low > 0, high / low < 1.01 { break }
      h = low == 0 ? high / 4 : (high < .infinity ? (low * high).squareRoot() : low * 2)
    }
    return low > 0 ? low : nil
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
    case .productForm: SlopeLMIProposer.proposeClosedForms(problem, to: &acceptance)
    case .hierarchy: HierarchyProposer.propose(problem, to: &acceptance)
    }
  }
}
