public import CertifyKernel

/// What the exact oracle says of a certificate that the kernel accepted.
public enum Judgement: Sendable, Hashable {
  case confirmed
  case contradicted(String)

  public var isConfirmed: Bool { self == .confirmed }
}

extension ExactNetwork {
  /// Decides, in rational numbers, whether a certificate says the truth about this network.
  ///
  /// With at most `slopeLimit` slopes a contraction is judged at every vertex, in the metric of its rule; with
  /// more, by the rule's own inequality (a hierarchy: its components, and some vertices). A refutation is
  /// judged by the eigenvalues at its vertex.
  public func judge(_ certificate: Certificate, slopeLimit: Int = 6) -> Judgement {
    switch certificate.claim {
    case .contracts(let proof): judge(proof, certificate.scope, slopeLimit)
    case .unstable(let claim): judge(claim, certificate.scope)
    }
  }

  private func judge(_ proof: Proof, _ scope: Scope, _ slopeLimit: Int) -> Judgement {
    let bound = Rational(proof.bound)
    guard scope == .continuous ? bound > 0 : bound >= 0 && bound < 1 else {
      return .contradicted("a bound of \(proof.bound) is no contraction")
    }
    if slopeCount <= slopeLimit {
      guard let M = metric(of: proof, scope) else {
        return .contradicted("the rule \(proof.rule.rawValue) has no metric here")
      }
      return contracts(in: M, scope, bound: bound)
        ? .confirmed : .contradicted("\(proof.rule.rawValue) fails at a vertex")
    }
    if case .assembly(let hierarchy) = proof.argument {
      return judge(hierarchy, proof, scope, slopeLimit)
    }
    return satisfiesInequality(of: proof, scope) == true
      ? .confirmed : .contradicted("the inequality of \(proof.rule.rawValue) fails")
  }

  /// Every component on its own, and the whole at the vertices where all, none, or one half is active.
  private func judge(
    _ hierarchy: Argument.Assembly, _ proof: Proof, _ scope: Scope, _ slopeLimit: Int
  ) -> Judgement {
    for (part, members) in hierarchy.components.enumerated() {
      guard let alone = restricted(to: members.map(Int.init)) else {
        return .contradicted("component \(part) is no network")
      }
      let judgement = alone.judge(hierarchy.proofs[part], scope, slopeLimit)
      guard judgement.isConfirmed else { return judgement }
    }
    guard let M = metric(of: proof, scope), M.isPositiveDefinite else {
      return .contradicted("the assembly has no metric")
    }
    let bound = Rational(proof.bound)
    for residue in 0..<4 {
      var d = (0..<units).map { i in
        residue == 0 || residue > 1 && i % 2 == residue % 2 ? slopes.upper : slopes.lower
      }
      if let K { d += (0..<units).map { $0 % 2 == 0 ? K.slopes.upper : K.slopes.lower } }
      let holds: Bool
      switch scope {
      case .continuous:
        holds =
          ((M * oracle.jacobian(d)).symmetricPart + M * bound).isNegativeSemidefinite
      case .asRun:
        guard let A = stepMatrix(d) else { return .contradicted("nothing runs") }
        holds = (M * (bound * bound) - A.transposed * M * A).isPositiveSemidefinite
      }
      guard holds else { return .contradicted("\(proof.rule.rawValue) fails at a vertex") }
    }
    return .confirmed
  }

  private func judge(_ claim: Instability, _ scope: Scope) -> Judgement {
    let active = claim.active.map(Int.init)
    let isPattern =
      zip(active, active.dropFirst()).allSatisfy { $0 < $1 }
      && active.allSatisfy { (0..<units).contains($0) }
    guard isPattern else { return .contradicted("no pattern of active units") }
    guard K == nil || K?.slopes.lower == 0 else {
      return .contradicted("K cannot be switched off")
    }
    guard !isStable(scope, active: active) else {
      return .contradicted("\(claim.refutation.rawValue): the vertex is stable")
    }
    if case .inertia(_, _, let margin) = claim.reason {
      // An eigenvalue at least `margin` beyond: J − cI is not Hurwitz, A/c not Schur stable.
      let d =
        (0..<units).map { active.contains($0) ? slopes.upper : slopes.lower }
        + (K == nil ? [] : [Rational](repeating: 0, count: units))
      let c = Rational(margin)
      let unit = RationalMatrix.identity(units)
      let reaches =
        scope == .continuous
        ? !ExactOracle.isHurwitz(oracle.jacobian(d) - unit * c)
        : !(stepMatrix(d).map { ExactOracle.isSchurStable($0 * (1 / c)) } ?? true)
      guard reaches else { return .contradicted("no eigenvalue at the margin \(margin)") }
    }
    return .confirmed
  }
}
