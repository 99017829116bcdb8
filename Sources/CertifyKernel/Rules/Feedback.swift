/// Negative feedback: linear couplings that are skew in the modules' metrics, up to a residual.
///
/// If M_i L_ij θ_i = −θ_j L_jiᵀ M_j for all i ≠ j, the modules' rates carry over unchanged, λ = min λ_i, however
/// strong the couplings are. They never are exactly so in a file: what is left of skewness after rounding to
/// float32, about 2⁻²⁴|L|, is bounded and charged against the rates. Scales θ_i/θ_j can be read off an edge, and
/// modules with time constants τ_i need θ_i ∝ τ_i.
///
/// Needed: that M is the metric in which the modules contract. L = −Lᵀ with modules that contract in another
/// metric is not free: W₁ = [[0, 4], [0, 0]], W₂ = [0], L = [[0, 0, −1], [0, 0, 1], [1, −1, 0]] has an eigenvalue
/// +0.18 (theory §7). Needed: that the coupling is linear; through a nonlinearity it costs its gain.
/// Source: arXiv:2106.08928, §2.1; theory §4. The inequality is that of `BlockComparison`.
enum Feedback {
  /// The first pair that is coupled through slopes.
  static func firstViolation(in pairs: [CouplingPair]) -> Obstruction.Reason? {
    pairs.first(where: \.hasSlopes).map { .nonlinearBetween(first: $0.first, second: $0.second) }
  }
}
