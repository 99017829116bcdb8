/// Matrices that show that no constant quadratic metric gives more than a bound: the dual of the vertex LMI.
///
/// With A_k the matrix of the scope at a vertex of the slopes (T⁻¹J, or I + HJ), Z_k ⪰ 0 not all 0, and
///
///     flow   S = Σ (A_k Z_k + Z_k A_kᵀ) + 2λ Σ Z_k ⪰ 0      no M ≻ 0 has sym(MA_k) + λM ≺ 0 at all vertices
///     map    S = Σ (A_k Z_k A_kᵀ − ρ² Z_k) ⪰ 0              no M ≻ 0 has A_kᵀMA_k ≺ ρ²M at all vertices
///
/// because tr(MS) ≥ 0 and tr(MS) = 2Σ tr((sym(MA_k) + λM)Z_k) < 0 exclude each other. With λ = 0 (ρ = 1) no
/// constant metric certifies any rate; that no metric of another kind does is not said. `isTransposed` puts
/// A_kᵀ for A_k: M serves A_k exactly when M⁻¹ serves A_kᵀ, so either will do, and it turns one form into the
/// other (theory F3). Source: theory §2, dual certificate.
public struct MetricDual: Sendable, Hashable {
  public struct Term: Sendable, Hashable {
    /// The units with the upper slope, strictly ascending.
    public let active: [Int32]
    /// Z, n × n.
    public let block: SemidefiniteBlock

    public init(active: [Int32], _ block: SemidefiniteBlock) {
      self.active = active
      self.block = block
    }
  }

  public let terms: [Term]
  public let isTransposed: Bool
  /// λ ≥ 0, or ρ in (0, 1].
  public let bound: Double

  public init(terms: [Term], isTransposed: Bool = false, bound: Double) {
    self.terms = terms
    self.isTransposed = isTransposed
    self.bound = bound
  }

  /// The largest network whose dual is worked out exactly.
  static let largestExact = 32

  /// Nil if the claim holds. S is enclosed first; where that does not show S ≻ 0, S ⪰ 0 is decided exactly.
  ///
  /// - Complexity: three products of size n a term, then exact elimination of size n if needed.
  func fault(
    _ network: Specification, _ scope: Scope
  ) throws(InputError) -> Obstruction.Reason? {
    guard network.nonlinearCoupling == nil else { return .notCovered(.nonlinearCoupling) }
    guard scope.isLimit(bound) else { return .notContracting(bound: bound) }
    for (index, term) in terms.enumerated() {
      guard network.isPattern(term.active) else { return .notAPattern(index: index) }
      if let fault = try term.block.fault(size: network.units, name: "Z[\(index)]") {
        return fault
      }
    }
    guard terms.contains(where: { !$0.block.isZero }) else {
      return .notPositive(.dual, index: 0, value: 0)
    }
    if enclosure(network, scope).positiveDefiniteness().isPositive { return nil }
    guard network.units <= Self.largestExact,
      let dynamics = ExactDynamics(network, scope)
    else { return .notSemidefinite(matrix: "S") }
    return exactIsPositiveSemidefinite(exactSum(dynamics)) ? nil : .notSemidefinite(matrix: "S")
  }

  /// S, enclosed.
  private func enclosure(_ network: Specification, _ scope: Scope) -> EnclosedMatrix {
    let n = network.units
    let λ = Interval(bound)
    let square = λ * λ
    var sum = EnclosedMatrix(Matrix(rows: n, columns: n))
    for term in terms {
      var isActive = [Bool](repeating: false, count: n)
      for unit in term.active { isActive[Int(unit)] = true }
      var a = VertexJacobian(network: network, scope: scope, isActive: isActive).enclosed()
      if isTransposed { a = a.transposed() }
      let z = term.block.enclosed
      let az = a.multiplied(by: z)
      switch scope {
      case .continuous:
        sum = EnclosedMatrix(rows: n, columns: n) { i, j in
          sum[i, j] + az[i, j] + az[j, i] + Interval(2) * λ * z[i, j]
        }
      case .asRun:
        let aza = az.multiplied(by: a.transposed())
        sum = EnclosedMatrix(rows: n, columns: n) { i, j in
          sum[i, j] + aza[i, j] - square * z[i, j]
        }
      }
    }
    return sum
  }

  /// S times a positive number, exactly.
  private func exactSum(_ dynamics: ExactDynamics) -> [[Dyadic]] {
    let n = dynamics.units
    let λ = Dyadic(bound)
    let α = dynamics.vertexScale
    var sum = [[Dyadic]](repeating: [Dyadic](repeating: .zero, count: n), count: n)
    for term in terms {
      var a = dynamics.vertex(term.active)
      if isTransposed { a = exactTranspose(a) }
      let z = term.block.exact
      let az = exactProduct(a, z)
      let aza = dynamics.scope == .asRun ? exactProduct(az, exactTranspose(a)) : az
      for i in 0..<n {
        for j in 0..<n {
          switch dynamics.scope {
          case .continuous: sum[i][j] += az[i][j] + az[j][i] + (λ + λ) * α * z[i][j]
          case .asRun: sum[i][j] += aza[i][j] - λ * λ * (α * α) * z[i][j]
          }
        }
      }
    }
    return sum
  }

  /// S as far as doubles can show it, for people.
  public func sum(_ network: Specification, _ scope: Scope) -> Matrix {
    var sum = enclosure(network, scope).middle
    for i in 0..<sum.rows { for j in 0..<i { sum[i, j] = sum[j, i] } }
    return sum
  }
}
