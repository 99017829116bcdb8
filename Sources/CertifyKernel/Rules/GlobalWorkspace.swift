/// A hub and leaves: every coupling has the hub at one end, and the blocks may be rectangular.
///
/// With b_i the load of the pair (hub, i), own rate and own norm for every spoke, the flow contracts if
/// λ_0 − Σ_i b_i²/λ_i > 0 and all λ_i > 0, with rate λmin([[λ_0, −bᵀ], [−b, diag λ_i]]); the vectors v and w of
/// `BlockComparison` attain that rate with √(v_i w_i) its eigenvector. For couplings through ψ with slopes in
/// [0, g] the load is the sharper b_i = (g/4)(‖L̃_i0 + L̃_0iᵀ‖ + ‖L̃_i0‖ + ‖L̃_0i‖) and never more than the plain
/// (g/2)(‖L̃_i0‖ + ‖L̃_0i‖); linear couplings cost what is left of their skewness.
///
/// Needed: the strict inequality. Five subnetworks, four of them leaves, λ = 1, ‖L‖ = ½ = λ/(g√(p − 1)), have
/// an eigenvalue 0; five leaves with the same norm one of +0.118: p counts the leaves, or p − 1 all subnetworks.
/// Source: Ennis, Kozachkov, Slotine 2023, §3.1, with seven corrections; theory §4.
enum GlobalWorkspace {
  /// The first pair without the hub.
  static func firstViolation(in pairs: [CouplingPair], hub: Int) -> Obstruction.Reason? {
    pairs.first { $0.first != hub && $0.second != hub }
      .map { .notASpoke(first: $0.first, second: $0.second, hub: hub) }
  }
}
