internal import Foundation
public import CertifyKernel

extension Obstruction {
  /// One sentence: which rule, where, by how much.
  public var explanation: String {
    let place = path.isEmpty ? "" : " in component " + path.map(String.init).joined(separator: ".")
    return "\(rule ?? "claim")\(place): \(reason.explanation)"
  }
}

extension Obstruction.Reason {
  public var explanation: String {
    switch self {
    case .notContracting(let bound):
      return "the bound \(short(bound)) is not a rate above 0 or a factor below 1"
    case .boundNotReached(let claimed, let attained):
      return "gives \(short(attained)), not \(short(claimed))"
    case .notDefinite(let matrix, let pivot, let value):
      return "\(matrix) is not shown positive definite: pivot \(pivot) is \(short(value))"
    case .notSymmetric(let matrix, let row, let column, let entry, let mirror):
      return
        "\(matrix)[\(row), \(column)] = \(short(entry)) but [\(column), \(row)] = \(short(mirror)), "
        + "a difference of \(short(abs(entry - mirror)))"
    case .notPositive(let part, let index, let value):
      return "\(part.rawValue)[\(index)] = \(short(value)) is not positive and finite"
    case .againstOrder(let from, let to):
      return "the connection from \(from) to \(to) runs against the order"
    case .nonlinearBetween(let first, let second):
      return "modules \(first) and \(second) are coupled through slopes, not linearly"
    case .notASpoke(let first, let second, let hub):
      return "modules \(first) and \(second) are coupled, and neither is the hub \(hub)"
    case .normNotShown(let first, let second, let bound):
      return
        "the coupling of modules \(first) and \(second) is not shown to be below \(short(bound))"
    case .notAPartition(let part, let unit):
      return
        "\(part.rawValue) must name every unit once; unit \(unit) is missing, repeated or out of range"
    case .notCovered(let limitation):
      return "does not cover \(limitation.rawValue)"
    case .noSuchScope(let scope):
      return
        scope == .continuous
        ? "a map has no continuous time" : "no step is given, so nothing is known of how it runs"
    case .signNotShown(let bound):
      return "the sign that would refute is not shown: the bound is \(short(bound)), not at most 0"
    case .notSemidefinite(let matrix):
      return "\(matrix) is not at or above 0 in exact arithmetic"
    case .notAPattern(let index):
      return "active units must ascend and lie in range; entry \(index) does not"
    }
  }
}

/// A number for people: up to six significant digits.
package func short(_ x: Double) -> String {
  guard x.isFinite else { return x.isNaN ? "not a number" : (x > 0 ? "infinity" : "-infinity") }
  if x == 0 { return "0" }
  let exponent = Int(log10(abs(x)).rounded(.down))
  if exponent < -4 || exponent > 6 {
    let mantissa = (x / pow(10, Double(exponent)) * 1e4).rounded() / 1e4
    return "\(trimmed(mantissa))e\(exponent)"
  }
  let unit = pow(10, Double(5 - exponent))
  return trimmed((x * unit).rounded() / unit)
}

private func trimmed(_ x: Double) -> String {
  x == x.rounded() && abs(x) < 1e15 ? "\(Int(x))" : "\(x)"
}

/// A number for people that is not above x.
package func shortDown(_ x: Double) -> String {
  let text = short(x)
  guard x.isFinite, x != 0, let shown = Double(text), shown > x else { return text }
  let exponent = Int(log10(abs(x)).rounded(.down))
  return short(x - pow(10, Double(exponent - (exponent < -4 || exponent > 6 ? 4 : 5))))
}

/// A number for people that is not below x.
package func shortUp(_ x: Double) -> String {
  let text = shortDown(-x)
  return text.hasPrefix("-") ? String(text.dropFirst()) : (x == 0 ? "0" : "-\(text)")
}
