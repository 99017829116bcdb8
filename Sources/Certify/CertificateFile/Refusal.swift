internal import CertifyKernel

/// Which field of a claim an obstruction speaks of, and in what words.
enum Refusal {
  /// The field after the claim's own name, such as `.children[2].bound`, and one line of reason.
  static func place(
    _ obstruction: Obstruction, _ certificate: Certificate
  ) -> (field: String, reason: String) {
    let children = obstruction.path.map { ".children[\($0)]" }.joined()
    let argument = argument(of: certificate, at: obstruction.path)
    let (field, reason) = local(obstruction.reason, obstruction.rule ?? "", argument)
    return (children + field, reason)
  }

  /// The argument of the proof that a path of components leads to.
  private static func argument(of certificate: Certificate, at path: [Int]) -> Argument? {
    guard case .contracts(var proof) = certificate.claim else { return nil }
    for index in path {
      let children = proof.argument.children
      guard index < children.count else { return nil }
      proof = children[index]
    }
    return proof.argument
  }

  private static func local(
    _ reason: Obstruction.Reason, _ rule: String, _ argument: Argument?
  ) -> (String, String) {
    let arguments = ".arguments."
    switch reason {
    case .notContracting(let bound):
      return (
        ".bound", "\(exact(bound)) is neither a rate above 0 nor a factor below 1 of its scope"
      )
    case .boundNotReached(let claimed, let attained):
      return (".bound", "claimed \(exact(claimed)), attained \(attained)")
    case .notPositive(let part, let index, let value):
      return (
        arguments + name(part, argument, index), "\(value) is not above 0 and finite"
      )
    case .notDefinite(let matrix, let pivot, let value):
      return (
        definite(matrix, rule),
        "\(matrix) is not positive definite: pivot \(pivot) is \(value)"
      )
    case .notSymmetric(let matrix, let row, let column, let entry, let mirror):
      let field =
        matrix == "M" ? arguments + "metric" : matrix == "W" ? ".rule" : arguments + "row-scaling"
      return (
        field,
        "\(matrix) is not symmetric: [\(row), \(column)] is \(entry), its mirror image \(mirror)"
      )
    case .againstOrder(let from, let to):
      guard case .triangular? = argument else {
        return (
          arguments + "components", "a coupling runs back from module \(from) to module \(to)"
        )
      }
      return (arguments + "order", "the connection from unit \(from) to unit \(to) runs against it")
    case .nonlinearBetween(let first, let second):
      return (".rule", "modules \(first) and \(second) are coupled through slopes, not linearly")
    case .notASpoke(let first, let second, let hub):
      return (
        arguments + "hub", "modules \(first) and \(second) are coupled, and neither is \(hub)"
      )
    case .normNotShown(let first, let second, let bound):
      return (
        arguments + "norms",
        "the coupling of modules \(first) and \(second) is not shown to be below \(bound)"
      )
    case .notAPartition(let part, let unit):
      return (
        arguments + (part == .order ? "order" : "components"),
        unit < 0 ? "a component is empty" : "unit \(unit) does not occur exactly once"
      )
    case .notCovered(let limitation):
      return (".rule", "\(rule) does not cover \(limitation.rawValue)")
    case .noSuchScope(let scope):
      return (".scope", "this network has no scope \(scope.rawValue), or the reason none in it")
    case .signNotShown(let bound):
      return (
        rule == Refutation.principalMinor.rawValue ? arguments + "active" : ".arguments",
        bound.isNaN
          ? "the determinant is too large to be worked out exactly"
          : "the sign that refutes is not shown: \(bound) had to be at most 0"
      )
    case .notSemidefinite(let matrix):
      return (".arguments", "\(matrix) is not at or above 0 in exact arithmetic")
    case .notAPattern(let index):
      return (arguments + "active[\(index)]", "not a unit, or not ascending")
    }
  }

  private static func exact(_ value: Double) -> String { ExactRatio(value).exactText }

  /// The argument that is not positive. The kernel names its kind and the place in it.
  private static func name(
    _ part: InputError.Part, _ argument: Argument?, _ index: Int
  ) -> String {
    switch (part, argument) {
    case (.scaling, .absoluteValue(let v, _)): scaling(v, index)
    case (.scaling, .assembly(let assembly)): scaling(assembly.columnScaling, index)
    case (.scaling, .step(let step)): scaling(step.columnScaling, index)
    case (.scaling, _): "row-scaling[\(index)]"
    case (.metric, .slopeLMI), (.metric, .vertexLMI), (.metric, .productForm): "floor"
    case (.metric, .singularValue(let p, _, _)) where index == p.count: "norm"
    case (.metric, _): "metric[\(index)]"
    case (.multiplier, _): "multiplier[\(index)]"
    case (.witness, _): "direction"
    case (.rate, _): "order"
    default: part.rawValue
    }
  }

  /// The vectors v and w share a name in the kernel; v is checked first.
  private static func scaling(_ v: [Double], _ index: Int) -> String {
    let isPositive = index < v.count && v[index] > 0 && v[index].isFinite
    return isPositive ? "row-scaling[\(index)]" : "column-scaling[\(index)]"
  }

  /// The field that a definiteness speaks of; where several enter, the bound that was to follow.
  private static func definite(_ matrix: String, _ rule: String) -> String {
    switch matrix {
    case "M − μI", "−diag(s) W − μI": ".arguments.floor"
    case "k²P − XᵀPX" where rule == Rule.singularValue.rawValue: ".arguments.norm"
    case "−sym(M(J − cI))", "c²M − AᵀMA": ".arguments.metric"
    default: ".bound"
    }
  }
}
