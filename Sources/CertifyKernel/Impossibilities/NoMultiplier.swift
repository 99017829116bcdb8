/// A matrix that shows that the multiplier inequality (rule `slope-lmi`) has no solution at a bound: its dual.
///
/// With e ↦ Fe + Gv, v = DCe and Z = [[Z₁₁, Z₁₂], [Z₁₂ᵀ, Z₂₂]] ⪰ 0, not 0, 2n × 2n, and for every unit i
///
///     −lg (C Z₁₁ Cᵀ)_ii + (l + g)(C Z₁₂)_ii ≥ (Z₂₂)_ii
///     flow   F Z₁₁ + Z₁₁ Fᵀ + G Z₁₂ᵀ + Z₁₂ Gᵀ + 2λ Z₁₁ ⪰ 0
///     map    [F G] Z [F G]ᵀ − ρ² Z₁₁ ⪰ 0
///
/// tr(QZ) ≥ 0 for the matrix Q of the inequality, whatever M ≻ 0 and Λ ≻ 0 are, against Q ≺ 0. A dual of the
/// vertex LMI gives one, Σ [I; D_kC] Z_k [I; D_kC]ᵀ, but this one may exist where a constant metric does.
/// Source: theory §3, LMI dual.
public struct SlopeDual: Sendable, Hashable {
  /// Z, 2n × 2n.
  public let block: SemidefiniteBlock
  /// λ ≥ 0, or ρ in (0, 1].
  public let bound: Double

  public init(_ block: SemidefiniteBlock, bound: Double) {
    self.block = block
    self.bound = bound
  }

  /// Nil if the claim holds, decided exactly.
  ///
  /// - Complexity: exact products of size 2n and an exact elimination of size n.
  func fault(
    _ network: Specification, _ scope: Scope
  ) throws(InputError) -> Obstruction.Reason? {
    let n = network.units
    guard network.nonlinearCoupling == nil else { return .notCovered(.nonlinearCoupling) }
    guard n <= MetricDual.largestExact else { return .notCovered(.tooManyUnits) }
    guard scope.isLimit(bound) else { return .notContracting(bound: bound) }
    if let fault = try block.fault(size: 2 * n, name: "Z") { return fault }
    guard !block.isZero else { return .notPositive(.dual, index: 0, value: 0) }
    guard let dynamics = ExactDynamics(network, scope) else { return .noSuchScope(scope) }
    let z = block.exact
    let z11 = z.prefix(n).map { Array($0.prefix(n)) }
    let z12 = z.prefix(n).map { Array($0.suffix(n)) }
    // The multipliers, times the square of the scale of the slopes.
    let (l, g, q) = (dynamics.slopes.lower, dynamics.slopes.upper, dynamics.slopeScale)
    let cz11 = exactProduct(dynamics.c, z11)
    let cz12 = exactProduct(dynamics.c, z12)
    for i in 0..<n {
      var own = Dyadic.zero
      for j in 0..<n { own += cz11[i][j] * dynamics.c[i][j] }
      let slack = q * (l + g) * cz12[i][i] - l * g * own - q * q * z[n + i][n + i]
      guard slack.signum >= 0 else { return .notSemidefinite(matrix: "Λ[\(i)]") }
    }
    return exactIsPositiveSemidefinite(metricPart(dynamics, z, z11, z12))
      ? nil : .notSemidefinite(matrix: "S")
  }

  /// What M multiplies, times a positive number.
  private func metricPart(
    _ dynamics: ExactDynamics, _ z: [[Dyadic]], _ z11: [[Dyadic]], _ z12: [[Dyadic]]
  ) -> [[Dyadic]] {
    let n = dynamics.units
    let (λ, α) = (Dyadic(bound), dynamics.scale)
    switch dynamics.scope {
    case .continuous:
      let fz = exactProduct(dynamics.f, z11)
      let gz = exactProduct(dynamics.g, exactTranspose(z12))
      return (0..<n).map { i in
        (0..<n).map { j in
          fz[i][j] + fz[j][i] + gz[i][j] + gz[j][i] + (λ + λ) * α * z11[i][j]
        }
      }
    case .asRun:
      let fg = zip(dynamics.f, dynamics.g).map { $0 + $1 }
      let image = exactProduct(exactProduct(fg, z), exactTranspose(fg))
      return (0..<n).map { i in
        (0..<n).map { j in image[i][j] - λ * λ * (α * α) * z11[i][j] }
      }
    }
  }
}
