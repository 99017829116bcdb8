import CertifyKernel

/// Proposes Theorem 4 when no connection closes a loop: the topological order is the certificate.
enum TriangularProposer {
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    guard hasSource(problem), problem.components.count == problem.units else { return }
    let order = problem.components.units
    let (limit, isFree) = bestBound(problem)
    let argument = Argument.triangular(order: order)
    if isFree {
      // No connection at all: the limit itself is attained.
      for bound in [limit, problem.scope == .continuous ? limit.nextDown : limit.nextUp] {
        if acceptance.offer(Proof(argument, bound: bound)) { return }
      }
      return
    }
    // Short of the limit, the metric elongates as the bound nears it: come as near as the overshoot allows.
    let best = nearestShare { share -> Double? in
      let proof = Proof(argument, bound: retreat(limit, share, problem.scope))
      let certificate = Certificate(scope: problem.scope, claim: .contracts(proof))
      guard case .certified(let found)? = try? problem.network.certify(using: certificate) else {
        return nil
      }
      return found.guarantee.overshoot
    }
    acceptance.offer(Proof(argument, bound: retreat(limit, best, problem.scope)))
  }

  /// Whether some unit has no input from another one; without such a unit, following inputs never ends.
  private static func hasSource(_ problem: Problem) -> Bool {
    if problem.isPlain, case .dense(let w) = problem.network.recurrent {
      return (0..<w.rows).contains { i in
        (0..<w.columns).allSatisfy { $0 == i || w[i, $0] == 0 }
      }
    }
    let pattern = problem.pattern
    return (0..<pattern.rows).contains { i in
      (pattern.rowPointers[i]..<pattern.rowPointers[i + 1]).allSatisfy {
        Int(pattern.columnIndices[$0]) == i || pattern.values[$0] == 0
      }
    }
  }

  /// The bound that a share of the way back from the limit leaves.
  private static func retreat(_ limit: Double, _ share: Double, _ scope: Scope) -> Double {
    scope == .continuous ? limit * (1 - share) : limit + (1 - limit) * share
  }

  /// min (1 − sup J_ii-part)/τ or max of the diagonal factors, and whether no units are linked.
  private static func bestBound(_ problem: Problem) -> (limit: Double, isFree: Bool) {
    let diagonal = diagonalBounds(problem)
    var limit = problem.scope == .continuous ? Double.infinity : 0
    for (i, d) in diagonal.enumerated() {
      let pace = problem.pace(i)
      switch problem.scope {
      case .continuous: limit = min(limit, (1 - d.upper) * pace)
      case .asRun:
        limit = max(limit, abs(1 - pace + pace * d.lower), abs(1 - pace + pace * d.upper))
      }
    }
    let pattern = problem.pattern
    let isFree = (0..<problem.units).allSatisfy { i in
      (pattern.rowPointers[i]..<pattern.rowPointers[i + 1]).allSatisfy {
        Int(pattern.columnIndices[$0]) == i || pattern.values[$0] == 0
      }
    }
    return (limit, isFree)
  }
}

/// The least share 2⁻ᵏ, k = 1 … 20, of the way back from a limit at which the overshoot is tolerable; one half
/// if none is. `overshoot` is nil where nothing is certified, and falls as the share grows.
func nearestShare(_ overshoot: (Double) -> Double?) -> Double {
  var (low, high) = (1, 20)
  while low < high {
    let middle = (low + high + 1) / 2
    let found = overshoot(Double(sign: .plus, exponent: -middle, significand: 1))
    if let found, found <= Acceptance.tolerableOvershoot { low = middle } else { high = middle - 1 }
  }
  return Double(sign: .plus, exponent: -low, significand: 1)
}
