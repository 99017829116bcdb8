internal import BigInt

extension ExactOracle {
  /// A set of units whose principal minor of I − gW is not positive.
  public struct PrincipalMinor: Sendable, Hashable {
    public let subset: [Int]
    public let minor: Rational
  }

  /// The principal minor det((I − gW)_SS).
  public func principalMinor(_ subset: [Int]) -> Rational {
    (RationalMatrix.identity(dimension) - W * slopes.upper).principalSubmatrix(subset).determinant
  }

  /// The first set of units (counting in binary) whose principal minor of I − gW is not positive: for
  /// slopes [0, g], L = 0 and T = 1 such a network contracts in no metric. Nil if I − gW is a P-matrix.
  public func pMatrixViolation() -> PrincipalMinor? {
    precondition(slopes.lower == 0, "principal minors need slopes from 0")
    let matrix = RationalMatrix.identity(dimension) - W * slopes.upper
    for mask in 1..<(1 << dimension) {
      let subset = (0..<dimension).filter { mask >> $0 & 1 == 1 }
      let minor = matrix.principalSubmatrix(subset).determinant
      if minor.signum <= 0 { return PrincipalMinor(subset: subset, minor: minor) }
    }
    return nil
  }

  /// A vertex at which the Jacobian of the flow is not Hurwitz, if there is one.
  public func unstableVertex() -> [Rational]? {
    precondition(form != .map, "a map has no flow")
    let lowest = jacobian(terms.map(\.slopes.lower))
    // A positive scale moves no eigenvalue across the imaginary axis.
    return firstVertex(lowest, slopeChanges) { entries, _ in
      !IntegerElimination.isHurwitz(IntegerElimination.characteristicPolynomial(entries))
    }
  }

  /// A vertex at which one step has an eigenvalue of modulus at least 1, if there is one.
  public func unstableVertex(step h: Rational) -> [Rational]? {
    firstStepVertex(step: h) { !IntegerElimination.isSchur($0, over: $1) }
  }

  public var hasUnstableVertex: Bool { unstableVertex() != nil }

  /// Whether the matrices prove that no constant metric has a rate above `rate`: each Z_k ⪰ 0, not all
  /// zero, slopes d_k in the box, and Σ ((F(d_k) + rate)Z_k + Z_k(F(d_k) + rate)ᵀ) ⪰ 0.
  public func refutesMetrics(
    _ witnesses: [(slopes: [Rational], Z: RationalMatrix)], rate: Rational = 0
  ) -> Bool {
    var sum = RationalMatrix.zero(dimension, dimension)
    for (d, Z) in witnesses {
      let inside =
        d.count == terms.count
        && zip(d, terms).allSatisfy { $1.slopes.lower <= $0 && $0 <= $1.slopes.upper }
      guard inside, Z.rows == dimension, Z.isPositiveSemidefinite else { return false }
      let product = (jacobian(d) + RationalMatrix.identity(dimension) * rate) * Z
      sum = sum + product + product.transposed
    }
    return witnesses.contains { !$0.Z.isZero } && sum.isPositiveSemidefinite
  }

  /// Whether all eigenvalues have negative real part.
  public static func isHurwitz(_ matrix: RationalMatrix) -> Bool {
    precondition(matrix.isSquare, "eigenvalues of a matrix that is not square")
    return IntegerElimination.isHurwitz(
      IntegerElimination.characteristicPolynomial(matrix.integers.entries))
  }

  /// Whether all eigenvalues have modulus below 1.
  public static func isSchurStable(_ matrix: RationalMatrix) -> Bool {
    precondition(matrix.isSquare, "eigenvalues of a matrix that is not square")
    let (entries, scale) = matrix.integers
    return IntegerElimination.isSchur(entries, over: scale)
  }

  /// det(z − A) as coefficients of 1, z, …, zⁿ.
  public static func characteristicPolynomial(_ matrix: RationalMatrix) -> [Rational] {
    let (entries, scale) = matrix.integers
    return IntegerElimination.characteristicPolynomial(entries).enumerated().map { k, c in
      Rational(c, over: scale.power(matrix.rows - k))
    }
  }
}
