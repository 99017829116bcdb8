import CertifyKernel

/// Proposes Theorem 1: Perron vectors where the network is irreducible, else vectors that lean a little on
/// every unit.
///
/// The nonnegative matrix of the scope is A = cI − T⁻¹(I − N) for the flow and B ≥ |I + HJ| for the map; its
/// right and left Perron vectors give v and w (for the flow w = left / τ).
enum AbsoluteValueProposer {
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    if case .absoluteValue(let v, let w)? = problem.hint?.proof?.argument,
      problem.uniformPace != nil
    {
      // With one time constant the flow and the map have the same Perron vectors.
      offer(problem, v, w, to: &acceptance)
      if acceptance.best != nil { return }
    }
    guard let pairs = scalings(problem) else { return }
    for (v, w) in pairs { offer(problem, v, w, to: &acceptance) }
    #if GLPK
      if acceptance.best == nil { proposeByLinearProgram(problem, to: &acceptance) }
    #endif
  }

  #if GLPK
    /// max t with v − Nv ≥ t·1, 0 ≤ v ≤ 1, and its mate for w: finds scalings whenever ρ(N) < 1.
    private static func proposeByLinearProgram(_ problem: Problem, to acceptance: inout Acceptance)
    {
      guard problem.scope == .continuous, problem.isPlain, problem.slopes.lower == 0,
        problem.units <= 400,
        let n = PerronVectors.comparison(
          problem.network.recurrent.sparse(), gain: problem.slopes.upper),
        let pair = GLPKBackend.metric(n)
      else { return }
      offer(problem, pair.right, pair.left, to: &acceptance)
    }
  #endif

  /// Offers one pair of scalings at the bound that the kernel works out for it.
  static func offer(
    _ problem: Problem, _ v: [Double], _ w: [Double], to acceptance: inout Acceptance
  ) {
    guard
      case .accepted(let bound)? = try? AbsoluteValue.bound(
        of: problem.network, scope: problem.scope, columnScaling: v, rowScaling: w)
    else { return }
    if problem.scope == .continuous ? bound > 0 : bound < 1 {
      let argument = Argument.absoluteValue(columnScaling: v, rowScaling: w)
      acceptance.offer(Proof(argument, bound: bound))
    } else {
      acceptance.note(
        Obstruction(
          rule: Rule.absoluteValue.rawValue,
          .boundNotReached(claimed: problem.scope == .continuous ? 0 : 1, attained: bound)),
        bound)
    }
  }
}
