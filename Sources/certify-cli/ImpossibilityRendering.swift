import Certify
import CertifyKernel
import Checkpoints

extension ProvedImpossibility {
  /// The object of a checked impossibility, with all numbers of its dual.
  var json: JSONValue {
    var object: JSONObject = [
      "rule": .string(kind.rawValue), "scope": .string(scope.rawValue), "bound": number(bound),
      "sentence": .string(sentence), "evidence": .string(evidence),
    ]
    switch claim {
    case .constantMetric(let dual):
      object.append("transposed", .bool(dual.isTransposed))
      object.append("terms", .array(dual.terms.map(Self.term)))
      object.append("sum", dual.sum(specification, scope).rowsJSON)
    case .constantMetricOfTwoUnits: break
    case .multiplier(let dual): object.append("dual", Self.block(dual.block))
    case .absoluteValue(let u): object.append("direction", .array(u.map { number($0) }))
    }
    return .object(object)
  }

  private static func term(_ term: MetricDual.Term) -> JSONValue {
    [
      "activeUnits": .array(term.active.map { .number(JSONNumber(Int($0))) }),
      "dual": block(term.block),
    ]
  }

  private static func block(_ block: SemidefiniteBlock) -> JSONValue {
    switch block {
    case .factor(let f): ["factor": f.rowsJSON]
    case .matrix(let z): ["matrix": z.rowsJSON]
    }
  }

  /// The dual's matrices, as far as five digits show them.
  var dualLines: [String] {
    switch claim {
    case .constantMetric(let dual):
      let terms = dual.terms.map { term -> String in
        let pattern = term.active.map(String.init).joined(separator: ", ")
        return "Z at slopes up in {\(pattern)}: \(Self.text(term.block))"
      }
      return terms + ["S = \(dual.sum(specification, scope).text) >= 0"]
    case .multiplier(let dual): return ["Z = \(Self.text(dual.block))"]
    case .constantMetricOfTwoUnits, .absoluteValue: return []
    }
  }

  private static func text(_ block: SemidefiniteBlock) -> String {
    switch block {
    case .factor(let f): "F F^T, F = \(f.text)"
    case .matrix(let z): z.text
    }
  }
}

extension Matrix {
  /// (a b; c d), rounded to five digits.
  var text: String {
    let lines = (0..<rows).map { i in
      (0..<columns).map { shortText(self[i, $0]) }.joined(separator: " ")
    }
    return "(\(lines.joined(separator: "; ")))"
  }

  fileprivate var rowsJSON: JSONValue {
    .array((0..<rows).map { i in .array((0..<columns).map { number(self[i, $0]) }) })
  }
}

/// Five significant digits, to nearest; for matrices that are shown.
func shortText(_ x: Double) -> String {
  let low = roundedDown(x, digits: 5)
  let high = roundedUp(x, digits: 5)
  guard let a = Double(low), let b = Double(high) else { return low }
  let text = x - a <= b - x ? low : high
  guard text.contains("."), !text.contains("e") else { return text }
  var digits = Substring(text)
  while digits.hasSuffix("0") { digits = digits.dropLast() }
  return String(digits.hasSuffix(".") ? digits.dropLast() : digits)
}
