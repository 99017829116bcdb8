extension Specification {
  /// Checks one proof, whatever its rule. The bound must mean contraction and be what the rule gives.
  func check(
    _ proof: Proof, _ scope: Scope, on workers: Workers = .one
  ) throws(InputError) -> Outcome<Checked> {
    let bound = proof.bound
    guard has(scope) else {
      return .declined(Obstruction(rule: proof.rule.rawValue, .noSuchScope(scope)))
    }
    guard scope.contracts(bound) else {
      return .declined(Obstruction(proof.rule, .notContracting(bound: bound)))
    }
    if case .splitStep(let split) = proof.argument {
      return try SplitStep(network: self, argument: split).check(scope, claimed: bound)
    }
    if case .step(let step) = proof.argument {
      return try StepOfFlow(network: self, argument: step, workers: workers)
        .check(scope, claimed: bound)
    }
    if scope == .asRun, !runsAsEuler {
      return .declined(Obstruction(proof.rule, .notCovered(.scheme)))
    }
    switch proof.argument {
    case .absoluteValue(let v, let w):
      return try AbsoluteValue.check(
        self, scope, columnScaling: v, rowScaling: w, claimed: bound)
    case .symmetric: return try Symmetric.check(self, scope, claimed: bound)
    case .productForm(let s, let floor):
      return try ProductForm.check(self, scope, rowScaling: s, floor: floor, claimed: bound)
    case .triangular(let order):
      return try Triangular.check(self, scope, order: order, claimed: bound)
    case .singularValue(let p, let norm, let drops):
      return try SingularValue.check(
        self, scope, metric: p, norm: norm, dropsInhibitoryDiagonal: drops, claimed: bound)
    case .disk(let p): return try Disk.check(self, scope, metric: p, claimed: bound)
    case .slopeLMI(let m, let multiplier, let floor):
      return try SlopeLMI.check(
        self, scope, metric: m, multiplier: multiplier, floor: floor, claimed: bound)
    case .vertexLMI(let m, let floor):
      return try VertexLMI.check(self, scope, metric: m, floor: floor, claimed: bound)
    case .step, .splitStep: preconditionFailure("handled above")
    case .assembly(let assembly):
      return try BlockComparison(network: self, scope: scope, assembly: assembly, workers: workers)
        .check(claimed: bound)
    }
  }
}

extension Scope {
  /// Whether a claimed bound follows from one that was attained.
  func accepts(_ claimed: Double, attained: Double) -> Bool {
    switch self {
    case .continuous: claimed <= attained
    case .asRun: claimed >= attained
    }
  }

  /// Whether a bound means contraction at all: a rate above 0, or a factor in [0, 1). Equality is neither.
  func contracts(_ bound: Double) -> Bool {
    switch self {
    case .continuous: bound > 0 && bound < .infinity
    case .asRun: bound >= 0 && bound < 1
    }
  }
}

extension Checked {
  init(
    rule: Rule, bound: Double, units: Int, metric: MetricBounds, children: [ProofNode] = [],
    loads: [Double] = []
  ) {
    self.metric = metric
    node = ProofNode(
      rule: rule, bound: bound, overshoot: metric.overshoot, units: units, children: children,
      loads: loads)
  }
}
