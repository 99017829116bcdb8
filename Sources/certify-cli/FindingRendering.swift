import Certify
import CertifyKernel
import Checkpoints
import Foundation

extension Finding {
  /// One line for the verdict of a scope and further ones for reasons.
  func lines(_ network: Specification, requiredRate: Double?) -> [String] {
    let name = scope == .continuous ? "continuous" : runDescription(network)
    switch result {
    case .certified(let certified):
      let guarantee = certified.guarantee
      var line = "  \(name): certified by \(guarantee.rule.rawValue), "
      if let factor = guarantee.factor { line += "factor<=\(factorText(factor)) a step, " }
      line += "rate>=\(roundedDown(guarantee.rate)), overshoot<=\(roundedUp(guarantee.overshoot))"
      if let step = maximumStep { line += ", certified up to step \(stepText(step))" }
      guard let requiredRate, !meets(requiredRate) else { return [line] }
      return [line, "    below the rate \(requiredRate) that --rate asks for"]
    case .refuted(let witness, _):
      return [
        "  \(name): refuted by \(witness.refutation.rawValue): "
          + witness.sentence(network)
      ]
    case .undecided(let shortfall):
      var lines = ["  \(name): undecided; \(shortfall.obstruction.explanation)"]
      if let missed = shortfall.missedBy, missed > -.infinity {
        let boundary = scope == .continuous ? "a positive rate" : "a factor below 1"
        lines.append("    the nearest bound misses \(boundary) by \(roundedUp(missed))")
      }
      lines += shortfall.impossibilities.map { "    \($0.sentence)" }
      lines += shortfall.advice.map {
        "    try: \($0.hasPrefix("try ") ? String($0.dropFirst(4)) : $0)"
      }
      return lines
    }
  }

  private func runDescription(_ network: Specification) -> String {
    guard let step = network.step else { return "as run (map)" }
    return "as run (\(step.scheme.rawValue), step \(step.size))"
  }

  /// How far a float run strays, in one line for the map that runs.
  func tubeLines(_ format: FloatTube.Format) -> [String] {
    guard scope == .asRun, case .certified(let certified) = result else { return [] }
    let name = "    in \(format.rawValue): "
    guard let tube = certified.floatTube(format) else {
      return [
        name
          + (certified.specification.runsAsEuler
            ? "no bound; rounding outweighs the contraction"
            : "no bound; the steps of this scheme solve systems")
      ]
    }
    return [
      name + "|x_float - x_exact|_M <= \(roundedUp(tube.relative)) S + "
        + "\(roundedUp(tube.absolute, digits: 2)), S the largest |x|_M and |h v|_M of the run"
    ]
  }
}

extension Witness {
  /// What the slopes are and what happens there.
  fileprivate func sentence(_ network: Specification) -> String {
    let active = instability.active
    let (l, g) = (network.slopes.lower, network.slopes.upper)
    let pattern: String
    if active.isEmpty {
      pattern = "with every slope at \(l)"
    } else if active.count == network.units {
      pattern = "with every slope at \(g)"
    } else if active.count <= 8 {
      let names = active.map(String.init).joined(separator: ", ")
      pattern = "with slope \(g) at unit\(active.count == 1 ? "" : "s") \(names) and \(l) elsewhere"
    } else {
      pattern = "with slope \(g) at \(active.count) of \(network.units) units and \(l) elsewhere"
    }
    let consequence =
      switch instability.reason {
      case .determinant:
        scope == .continuous
          ? "the flow has a real eigenvalue at or above 0 (exact determinant)"
          : "the map has a real eigenvalue at or above 1 (exact determinant)"
      case .flip: "the map has a real eigenvalue at or below -1 (exact determinant)"
      case .inertia:
        scope == .continuous
          ? "the flow has an eigenvalue with real part at or above 0 (inertia)"
          : "the map has an eigenvalue of modulus at or above 1 (inertia)"
      case .skew: "the Euler step is too long for the coupling L (E4)"
      }
    return "\(pattern) \(consequence)"
  }
}
