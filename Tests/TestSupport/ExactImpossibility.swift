public import CertifyKernel

// What a claimed impossibility says, in rational numbers: an implementation of its own.

extension SemidefiniteBlock {
  /// Z, exactly.
  public var rational: RationalMatrix {
    switch self {
    case .factor(let f):
      let F = RationalMatrix(f)
      return F * F.transposed
    case .matrix(let z): return RationalMatrix(z)
    }
  }
}

extension ExactNetwork {
  /// Whether the claim's own inequality holds; nil where this file does not know it.
  public func holds(_ claim: Impossibility, _ scope: Scope) -> Bool? {
    switch claim {
    case .constantMetric(let dual): holds(dual, scope)
    case .constantMetricOfTwoUnits: holdsForTwoUnits
    case .multiplier(let dual): holds(dual, scope)
    case .absoluteValue(let u): holds(direction: u.map { Rational($0) })
    }
  }

  /// The matrix of the scope with the upper slopes at the active units.
  public func matrix(active: [Int32], _ scope: Scope) -> RationalMatrix {
    let d = (0..<units).map { active.contains(Int32($0)) ? slopes.upper : slopes.lower }
    return scope == .continuous ? oracle.jacobian(d) : oracle.stepMatrix(d, step: step ?? 1)
  }

  private func holds(_ dual: MetricDual, _ scope: Scope) -> Bool {
    let bound = Rational(dual.bound)
    var S = RationalMatrix.zero(units, units)
    var isZero = true
    for term in dual.terms {
      let Z = term.block.rational
      guard Z.isPositiveSemidefinite else { return false }
      if !Z.isZero { isZero = false }
      var A = matrix(active: term.active, scope)
      if dual.isTransposed { A = A.transposed }
      S =
        scope == .continuous
        ? S + A * Z + Z * A.transposed + Z * (2 * bound)
        : S + A * Z * A.transposed - Z * (bound * bound)
    }
    return !isZero && S.isPositiveSemidefinite
  }

  private var holdsForTwoUnits: Bool {
    let product = slopes.upper * slopes.upper * W[0, 1] * W[1, 0]
    return units == 2 && W[0, 0] == 0 && W[1, 1] == 0 && (product <= -4 || product >= 1)
  }

  private func holds(_ dual: SlopeDual, _ scope: Scope) -> Bool {
    let n = units
    let bound = Rational(dual.bound)
    let Z = dual.block.rational
    guard !Z.isZero, Z.isPositiveSemidefinite else { return false }
    let unit = RationalMatrix.identity(n)
    let paces = RationalMatrix(diagonal: (0..<n).map { pace(scope, $0) })
    let leak = paces * ((L ?? .zero(n, n)) - unit)
    let F = scope == .continuous ? leak : unit + leak
    let isOutside = specification.form == .outside
    let G = isOutside ? paces * W : paces
    let C = isOutside ? unit : W
    func part(_ r: Int, _ c: Int) -> RationalMatrix {
      RationalMatrix(rows: n, columns: n) { Z[r * n + $0, c * n + $1] }
    }
    let (Z11, Z12, Z22) = (part(0, 0), part(0, 1), part(1, 1))
    let (l, g) = (slopes.lower, slopes.upper)
    let own = C * Z11 * C.transposed
    let cross = C * Z12
    for i in 0..<n where (l + g) * cross[i, i] - l * g * own[i, i] < Z22[i, i] { return false }
    switch scope {
    case .continuous:
      let half = F * Z11 + G * Z12.transposed + Z11 * bound
      return (half + half.transposed).isPositiveSemidefinite
    case .asRun:
      let FG = RationalMatrix(rows: n, columns: 2 * n) { $1 < n ? F[$0, $1] : G[$0, $1 - n] }
      return (FG * Z * FG.transposed - Z11 * (bound * bound)).isPositiveSemidefinite
    }
  }

  private func holds(direction u: [Rational]) -> Bool {
    guard u.allSatisfy({ $0 >= 0 }), u.contains(where: { $0 > 0 }) else { return false }
    return (0..<units).allSatisfy { i in
      let sum = (0..<units).reduce(Rational.zero) {
        $0 + ($1 == i ? range(i, i).upper : weight(i, $1)) * u[$1]
      }
      return sum >= u[i]
    }
  }
}
