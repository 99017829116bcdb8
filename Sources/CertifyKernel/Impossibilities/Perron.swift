/// Theorem 1 fails: the nonnegative matrix that it asks about does not shrink some direction.
///
/// N_ij = sup |L_ij + dW_ij| off the diagonal and N_ii = sup (L_ii + dW_ii), d in [l, g]. If u ≥ 0, u ≠ 0 and
/// Nu ≥ u, then N − I, whose off-diagonal entries are ≥ 0, has an eigenvalue ≥ 0 (Perron, Frobenius), while
/// P(N − I) + (N − I)ᵀP ≺ 0 for some diagonal P ≻ 0 would make it Hurwitz. It says nothing of other metrics.
/// Source: theory §1, Theorem 1, refutation certificate; exact, so ρ(N) = 1 is found as well.
///
/// - Complexity: O(entries) products.
enum Perron {
  static func fault(
    _ network: Specification, _ scope: Scope, direction u: [Double]
  ) throws(InputError) -> Obstruction.Reason? {
    let n = network.units
    guard u.count == n else { throw .length(.dual, found: u.count, expected: n) }
    if let k = firstNonFiniteIndex(u) { throw .nonFinite(.dual, row: k, column: 0) }
    guard scope == .continuous else { return .notCovered(.map) }
    guard network.nonlinearCoupling == nil else { return .notCovered(.nonlinearCoupling) }
    if let i = u.firstIndex(where: { !($0 >= 0) }) {
      return .notPositive(.dual, index: i, value: u[i])
    }
    guard u.contains(where: { $0 > 0 }) else { return .notPositive(.dual, index: 0, value: 0) }
    let (l, g) = (network.slopes.lower, network.slopes.upper)
    let q = Dyadic(l.denominator) * Dyadic(g.denominator)
    let low = Dyadic(l.numerator) * Dyadic(g.denominator)
    let high = Dyadic(g.numerator) * Dyadic(l.denominator)
    let w = network.recurrent.sparse()
    let coupling = network.coupling?.sparse()
    for i in 0..<n where u[i] > 0 {
      // (N u)_i − u_i, times q.
      var rest = -(q * Dyadic(u[i]))
      var seen = Set<Int32>()
      func add(_ j: Int32) {
        guard u[Int(j)] != 0, seen.insert(j).inserted else { return }
        let entry = Dyadic(w[i, Int(j)])
        let own = coupling.map { q * Dyadic($0[i, Int(j)]) } ?? .zero
        let ends = [own + low * entry, own + high * entry]
        let largest =
          Int(j) == i
          ? Swift.max(ends[0], ends[1])
          : Swift.max(ends[0].magnitude, ends[1].magnitude)
        rest += largest * Dyadic(u[Int(j)])
      }
      for matrix in [w, coupling].compactMap({ $0 }) {
        for k in matrix.rowPointers[i]..<matrix.rowPointers[i + 1] { add(matrix.columnIndices[k]) }
      }
      guard rest.signum >= 0 else { return .notSemidefinite(matrix: "(Nu − u)[\(i)]") }
    }
    return nil
  }
}

extension Dyadic {
  /// The absolute value.
  var magnitude: Dyadic { signum < 0 ? -self : self }
}
