internal import CertifyKernel

/// How a certificate came through surgery.
public enum Survival: Sendable, Hashable {
  /// The same argument, hence the same metric as far as its units go, at a bound no worse than before.
  case kept
  /// The same argument, the bound worse by this many units in its last place: rounding, not mathematics.
  case rounded(ulps: Int)
  /// The same metric at a worse bound.
  case lowered
  /// A new argument from a search.
  case searched
}

/// Offers an old argument for a new network; the kernel decides.
struct Carrier {
  let network: Specification
  let scope: Scope

  /// The argument at the bound it had, or a few units in the last place off.
  ///
  /// - Complexity: one check by the kernel if the bound stands, two if the argument fails, else up to eight.
  func carry(_ argument: Argument, bound: Double) -> (Certified<Specification>, Survival)? {
    if let certified = accepted(argument, bound: bound) { return (certified, .kept) }
    // One look at the widest slack tells whether rounding is the matter at all.
    guard let widest = accepted(argument, bound: worse(bound, 4096)) else { return nil }
    for ulps in [1, 4, 16, 64, 256, 1024] {
      if let certified = accepted(argument, bound: worse(bound, ulps)) {
        return (certified, .rounded(ulps: ulps))
      }
    }
    return (widest, .rounded(ulps: 4096))
  }

  /// The same metric at the best bound that is found for it.
  ///
  /// - Complexity: a few checks; where only bisection helps, 24 of them (6 beyond 128 units).
  func lower(_ argument: Argument, bound: Double) -> Certified<Specification>? {
    var acceptance = Acceptance(network, scope)
    let problem = Problem(network, scope)
    switch argument {
    case .absoluteValue(let v, let w):
      AbsoluteValueProposer.offer(problem, v, w, to: &acceptance)
    case .symmetric: SymmetricProposer.propose(problem, to: &acceptance)
    case .triangular: TriangularProposer.propose(problem, to: &acceptance)
    case .singularValue(let p, _, _), .disk(let p):
      DiskProposer.propose(problem, in: [p], to: &acceptance)
      SingularValueProposer.propose(problem, in: [p], to: &acceptance)
    case .slopeLMI(let m, _, _):
      bisect(argument, bound, &acceptance)
      if acceptance.best == nil, network.units <= 1024 {
        SlopeLMIProposer.propose(problem, in: m, to: &acceptance)
      }
    case .productForm(let s, let floor):
      for share in [0x1p-4, 0x1p-8, 0x1p-16] {
        acceptance.offer(Proof(.productForm(rowScaling: s, floor: floor * share), bound: bound))
      }
    case .vertexLMI, .assembly, .step, .splitStep: bisect(argument, bound, &acceptance)
    }
    return acceptance.best
  }

  /// The same argument between no contraction and the bound it had.
  private func bisect(_ argument: Argument, _ bound: Double, _ acceptance: inout Acceptance) {
    var bad = bound
    var good = scope == .continuous ? 0.0 : 1
    if case .undecided(let why)? = verdict(argument, bound: bound),
      case .boundNotReached(_, let attained) = why.reason, why.path.isEmpty
    {
      acceptance.offer(Proof(argument, bound: attained))
      return
    }
    for _ in 0..<(network.units <= 128 ? 24 : 6) {
      let middle = (good + bad) / 2
      guard middle != good, middle != bad else { return }
      if acceptance.offer(Proof(argument, bound: middle)) { good = middle } else { bad = middle }
    }
  }

  private func worse(_ bound: Double, _ ulps: Int) -> Double {
    let change = Double(ulps) * bound.ulp
    return scope == .continuous ? bound - change : bound + change
  }

  private func accepted(_ argument: Argument, bound: Double) -> Certified<Specification>? {
    if case .certified(let certified)? = verdict(argument, bound: bound) { certified } else { nil }
  }

  private func verdict(_ argument: Argument, bound: Double) -> Verdict<Specification>? {
    try? network.certify(
      using: Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound))))
  }
}
