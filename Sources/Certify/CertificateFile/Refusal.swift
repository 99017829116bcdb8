internal import CertifyKernel

/// Which field of a claim an obstruction speaks of, and in what words.
enum Refusal {
  /// The field after the claim's own name, such as `.children[2].bound`, and one line of reason.
  static func place(
    _ obstruction: Obstruction, _ certificate: Certificate
  ) -> (field: String, reason: String) {
    let children = obstruction.path.map { ".children[\($0)]" }.joined()
    let (field, reason) = local(obstruction.reason, obstruction.rule ?? "")
    return (children + field, reason)
  }

  private static func local(
    _ reason: Obstruction.Reason, _ rule: String
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
      return (arguments + name(part, rule, index), "\(value) is not above 0 and finite")
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
      return (arguments + "order", "the connection from unit \(from) to unit \(to) runs against it")
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
    case .notAPattern(let index):
      return (arguments + "active[\(index)]", "not a unit, or not ascending")
    }
  }

  private static func exact(_ value: Double) -> String { ExactRatio(value).exactText }

  private static func name(_ part: InputError.Part, _ rule: String, _ index: Int) -> String {
    switch part {
    case .scaling where rule == Rule.productForm.rawValue: return "row-scaling[\(index)]"
    case .scaling: return "column-scaling or row-scaling, entry \(index)"
    case .multiplier: return "multiplier[\(index)]"
    case .witness: return "direction"
    case .rate: return "order, slack of unit \(index)"
    case .metric where rule == Rule.slopeLMI.rawValue || rule == Rule.productForm.rawValue:
      return "floor"
    case .metric: return "metric[\(index)]"
    default: return part.rawValue
    }
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
