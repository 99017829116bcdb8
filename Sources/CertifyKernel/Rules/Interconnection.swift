/// Modules coupled in any way: the comparison matrix C = diag(λ_i) − (b_ij) is a nonsingular M-matrix.
///
/// Then v, w > 0 with Cv > 0 and Cᵀw > 0 exist, and the rate of `BlockComparison` comes as near as wanted to the
/// least real eigenvalue of C. With uniform λ and ℓ over an adjacency A, it asks for ℓ < λ/(g ρ(A)): ρ is √q for a
/// star with q leaves, p − 1 for all-to-all, 2 for a ring, k for a k-regular graph. Whatever is linear and skew in
/// the modules' metrics costs nothing, so linear feedback and nonlinear couplings mix freely.
///
/// Needed: the M-matrix. Two modules of rate 1 coupled with b₁₂ = b₂₁ = 1 reach rate 0, and need not contract.
/// Source: theory §4 (block comparison lemma).
enum Interconnection {}

extension Argument.Structure {
  var rule: Rule {
    switch self {
    case .feedback: .feedback
    case .hierarchy: .hierarchy
    case .globalWorkspace: .globalWorkspace
    case .interconnection: .interconnection
    }
  }

  /// The first pair of modules that the structure does not allow.
  func firstViolation(in pairs: [CouplingPair]) -> Obstruction.Reason? {
    switch self {
    case .feedback: Feedback.firstViolation(in: pairs)
    case .hierarchy: Hierarchy.firstViolation(in: pairs)
    case .globalWorkspace(let hub): GlobalWorkspace.firstViolation(in: pairs, hub: hub)
    case .interconnection: nil
    }
  }
}
