/// Modules in an order along which all couplings run: any gains do, linear or not.
///
/// For every λ < min λ_i there are v and w for which the inequality of `BlockComparison` holds: the feed-forward
/// gains are paid for in overshoot, not in rate. For two modules with V = |e₁|² + ε|e₂|² and gain b from the
/// first to the second, λ = ½(λ₁ + λ₂) − ½√((λ₁ − λ₂)² + εb²), positive iff εb² < 4λ₁λ₂; equality is 0.
///
/// Needed: that nothing runs back. A weight that closes a loop makes an interconnection of the two.
/// Source: arXiv:2106.08928, §2.2; theory §4.
enum Hierarchy {
  /// The first pair in which something runs from a later module to an earlier one.
  static func firstViolation(in pairs: [CouplingPair]) -> Obstruction.Reason? {
    pairs.first(where: \.runsToFirst).map { .againstOrder(from: $0.second, to: $0.first) }
  }
}
