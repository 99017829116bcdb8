internal import CertifyKernel

/// The argument that is left of one when units are deleted: the same metric, as far as those units go.
///
/// Deleting a unit k of a single network with slopes from 0 keeps every certificate, with the same rate or
/// factor, because D_k = 0 is among the slopes that the certificate covers. With r the units that stay:
///
///     outside   M/k = M_rr − M_rk M_kk⁻¹ M_kr  (Schur complement)
///     inside    M_rr                           (principal submatrix)
///     map       M_rr
///
/// Proof, outside: with D_k = 0, e_r' = T_r⁻¹(−e_r + W_rr D_r e_r) does not depend on e_k. Choose e_k = −M_kk⁻¹M_kr e_r,
/// which makes (Me)_k = 0, so that eᵀMe = e_rᵀ(M/k)e_r and eᵀMe' = e_rᵀ(M/k)e_r'; the inequality of (M, λ) at this e
/// is that of (M/k, λ) at e_r. In a step e_r⁺ does not depend on e_k either, and |e_r⁺|_{M/k} = min over e_k⁺ of |e⁺|_M
/// ≤ ρ min over e_k of |e|_M. Inside: row k of DW is 0, so e_k' = −e_k/τ_k and e_k = 0 stays; on that subspace
/// |e|_M is that of M_rr. Map: e_k⁺ = 0 outright, so e_k = 0 stays, and the same. The multiplier inequality goes
/// the same way: take v_k = 0 and the e_k above; Λ_k drops out, Λ_r stays. ∎ For a diagonal M both agree.
///
/// Needed: slopes from 0. W = [[2, −5], [5, −2]] with slopes [1, 1] is stable; without unit 1 the eigenvalue is +1.
/// Needed: no linear coupling, or M_rk = 0 (M diagonal, or k a block of its own). With M₁ = [[2, −1], [−1, 1]], M₂ = 1 and
/// L = [[0, 0, −8], [0, 0, −6], [10, −2, 0]], ML skew, W = 0, deleting unit 0 leaves an eigenvalue +2.46.
/// Where these fail the argument is offered all the same, and the kernel decides. Source: theory §5.
extension Argument {
  /// The argument for the units that stay; nil where nothing is left to say. Cost: O(its size), a Schur
  /// complement one factorisation of the units deleted and a product.
  func restricted(to map: UnitMap, form: Specification.Form) -> Argument? {
    switch self {
    case .absoluteValue(let v, let w):
      return .absoluteValue(columnScaling: map.keeping(v), rowScaling: map.keeping(w))
    case .symmetric: return .symmetric
    case .productForm(let s, let floor):
      // −diag(s)W ⪰ μI is inherited by principal submatrices.
      return .productForm(rowScaling: map.keeping(s), floor: floor)
    case .triangular(let order):
      return .triangular(order: order.map { map.place[Int($0)] }.filter { $0 >= 0 })
    case .singularValue(let p, let norm, let drops):
      return .singularValue(
        metric: map.keeping(p), norm: norm, dropsInhibitoryDiagonal: drops)
    case .disk(let p): return .disk(metric: map.keeping(p))
    case .slopeLMI(let m, let multiplier, let floor):
      guard let metric = m.metric(keeping: map, form: form) else { return nil }
      // λmin(M/k) and λmin(M_rr) are at least λmin(M); the share pays for rounding.
      return .slopeLMI(
        metric: metric, multiplier: map.keeping(multiplier), floor: floor * (1 - 0x1p-10))
    case .vertexLMI(let m, let floor):
      guard let metric = m.metric(keeping: map, form: form) else { return nil }
      return .vertexLMI(metric: metric, floor: floor * (1 - 0x1p-10))
    case .assembly(let assembly): return assembly.restricted(to: map, form: form)
    case .step(let step): return step.restricted(to: map, form: form).map { .step($0) }
    case .splitStep(let split):
      // Norms of principal submatrices are no larger.
      let parts = KeptComponents(split.components, map)
      return .splitStep(
        SplitStep(
          metric: map.keeping(split.metric), components: parts.components,
          norms: parts.old.map { split.norms[$0] }))
    }
  }
}

extension Proof {
  fileprivate func restricted(to map: UnitMap, form: Specification.Form) -> Proof? {
    argument.restricted(to: map, form: form).map { Proof($0, bound: bound) }
  }
}

extension Argument.Assembly {
  /// Whole modules that go leave a block principal submatrix, whatever their metric; units inside a module
  /// change its metric as above. One module that is left needs no assembly.
  fileprivate func restricted(to map: UnitMap, form: Specification.Form) -> Argument? {
    let parts = KeptComponents(components, map)
    var proofs: [Proof] = []
    for part in parts.old {
      guard part < self.proofs.count, let local = parts.local(part),
        let proof = self.proofs[part].restricted(to: local, form: form)
      else { return nil }
      proofs.append(proof)
    }
    if proofs.count == 1, parts.components[0].enumerated().allSatisfy({ $0.offset == $0.element }) {
      return proofs[0].argument
    }
    var structure = structure
    if case .globalWorkspace(let hub) = structure {
      // Without the hub nothing runs between the modules.
      structure = parts.new(hub).map { .globalWorkspace(hub: $0) } ?? .interconnection
    }
    return .assembly(
      Argument.Assembly(
        structure, components: parts.components, proofs: proofs,
        columnScaling: parts.old.map { columnScaling[$0] },
        rowScaling: parts.old.map { rowScaling[$0] }, norms: parts.norms(norms)))
  }
}

extension Argument.Step {
  fileprivate func restricted(to map: UnitMap, form: Specification.Form) -> Argument.Step? {
    guard let flow = flow.restricted(to: map, form: form) else { return nil }
    let parts = KeptComponents(components, map)
    return Argument.Step(
      flow: flow, components: parts.components,
      columnScaling: parts.old.map { columnScaling[$0] },
      rowScaling: parts.old.map { rowScaling[$0] }, norms: parts.norms(norms),
      couplingNorm: couplingNorm)
  }
}

/// The sets of units of an assembly after some units have gone; sets that are empty then are dropped.
private struct KeptComponents {
  let components: [[Int32]]
  /// The old index of each.
  let old: [Int]
  private let all: [[Int32]]
  private let map: UnitMap

  init(_ all: [[Int32]], _ map: UnitMap) {
    let kept = all.map { $0.map { map.place[Int($0)] }.filter { $0 >= 0 } }
    old = all.indices.filter { !kept[$0].isEmpty }
    components = old.map { kept[$0] }
    self.all = all
    self.map = map
  }

  func new(_ index: Int) -> Int? { old.firstIndex(of: index) }

  /// The units of a component that stay, as that component counts them.
  func local(_ index: Int) -> UnitMap? {
    let units = all[index]
    return UnitMap(
      keeping: units.indices.filter { map.place[Int(units[$0])] >= 0 }, of: units.count)
  }

  func norms(_ claims: [NormClaim]) -> [NormClaim] {
    claims.compactMap { claim in
      guard let first = new(claim.place.first), let second = new(claim.place.second) else {
        return nil
      }
      return NormClaim(first: first, second: second, kind: claim.place.kind, bound: claim.bound)
    }
  }
}

extension Matrix {
  /// The metric of the units that stay: M/k for form outside, M_rr for the others. Symmetric as it stands.
  func metric(keeping map: UnitMap, form: Specification.Form) -> Matrix? {
    let (r, k) = (map.kept, map.removed)
    guard form == .outside, !k.isEmpty else { return principalSubmatrix(r) }
    let cross = submatrix(k, r)
    if cross.values.allSatisfy({ $0 == 0 }) { return principalSubmatrix(r) }
    guard let solved = LAPACKBackend.solvePositiveDefinite(principalSubmatrix(k), cross) else {
      return nil
    }
    let taken = LAPACKBackend.multiply(cross, solved, transposeA: true)
    var result = principalSubmatrix(r)
    for i in r.indices {
      for j in 0...i {
        let entry = result[i, j] - (taken[i, j] + taken[j, i]) / 2
        result[i, j] = entry
        result[j, i] = entry
      }
    }
    return result
  }
}
