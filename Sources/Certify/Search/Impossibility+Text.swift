public import CertifyKernel

extension ProvedImpossibility {
  /// One sentence for people.
  public var sentence: String {
    switch kind {
    case .noConstantMetric:
      return excludesContraction
        ? "no constant quadratic metric exists (checked)"
        : "no constant quadratic metric gives \(better) (checked)"
    case .slopeLMIInfeasible:
      return excludesContraction
        ? "the multiplier inequality of slope-lmi has no solution (checked)"
        : "the multiplier inequality of slope-lmi gives no \(better) (checked)"
    case .perron: return "Theorem 1 fails (checked)"
    }
  }

  private var better: String {
    scope == .continuous ? "rate above \(short(bound))" : "factor below \(short(bound))"
  }

  /// What was checked, in one line.
  public var evidence: String {
    switch claim {
    case .constantMetric(let dual):
      let patterns = dual.terms.prefix(4).map { term in
        "slopes up at {" + term.active.map(String.init).joined(separator: ", ") + "}"
      }
      let more = dual.terms.count > 4 ? ", …" : ""
      let matrix = dual.isTransposed ? "the transposed matrices" : "the matrices"
      return "dual of \(dual.terms.count) matrices Z for \(matrix) at "
        + patterns.joined(separator: ", ") + more
    case .constantMetricOfTwoUnits: return "−4 < g²W₁₂W₂₁ < 1 fails, exactly"
    case .multiplier: return "dual matrix Z of size \(2 * specification.units)"
    case .absoluteValue(let u):
      let values = u.prefix(6).map(short).joined(separator: ", ")
      return "u = (\(values)\(u.count > 6 ? ", …" : "")) ≥ 0 has N u ≥ u"
    }
  }
}
