extension Specification {
  /// Checks one proof, whatever its rule. The bound must mean contraction and be what the rule gives.
  func check(_ proof: Proof, _ scope: Scope) throws(InputError) -> Outcome<Checked> {
    let bound = proof.bound
    guard has(scope) else {
      return .declined(Obstruction(rule: proof.rule.rawValue, .noSuchScope(scope)))
    }
    guard scope.contracts(bound) else {
      return .declined(Obstruction(proof.rule, .notContracting(bound: bound)))
    }
    if scope == .asRun, form != .map, step?.scheme != .euler {
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
    case .hierarchy(let hierarchy):
      return try Hierarchy.check(self, scope, hierarchy, claimed: bound)
    }
  }
}
