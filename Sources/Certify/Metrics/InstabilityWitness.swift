package import CertifyKernel

/// A symmetric M and a vector x that show by inertia that a matrix is not stable.
///
///     continuous  sym(M(J − cI)) ≺ 0, c ≥ 0, and xᵀMx < 0: J has an eigenvalue of real part > c
///     discrete    M − (A/c)ᵀM(A/c) ≻ 0, c ≥ 1, and xᵀMx < 0: A has an eigenvalue of modulus > c
package struct InstabilityWitness: Sendable, Hashable {
  /// n × n, exactly symmetric, indefinite or negative definite.
  package var metric: Matrix
  package var vector: [Double]
  /// c, 0 in continuous and 1 in discrete time unless an eigenvalue lies near the boundary.
  package var shift: Double
  /// The smallest eigenvalue of the definite matrix, less what a check must take off for rounding, over its largest:
  /// in plain floating point.
  package var margin: Double

  /// Solves a Lyapunov or a Stein equation for M, with the right side I in balanced coordinates.
  ///
  /// The shift is c = 0 (1) unless the equation is nearly singular there; then a gap between the real parts
  /// (moduli) of the eigenvalues beyond the boundary is used. Cost: about 60n³ flops a shift, at most
  /// four shifts, two scalings each.
  ///
  /// - Parameter A: n × n, finite, with an eigenvalue strictly beyond the boundary.
  /// - Returns: the witness of largest margin, nil when none passes in floating point.
  package init?(_ A: Matrix, isDiscrete: Bool) {
    let n = A.rows
    guard n > 0, A.isSquare, A.values.allSatisfy(\.isFinite),
      let eigen = LAPACKBackend.generalEigen(A)
    else { return nil }
    let boundary = isDiscrete ? 1.0 : 0.0
    let sizes = eigen.real.indices.map { k in
      let (a, b) = (eigen.real[k], eigen.imaginary[k])
      return isDiscrete ? (a * a + b * b).squareRoot() : a
    }
    let beyond = sizes.filter { $0 > boundary }.sorted()
    guard !beyond.isEmpty else { return nil }
    var best: InstabilityWitness?
    for shift in InstabilityWitness.shifts(sizes, beyond, boundary) {
      let scalings = [[Double](repeating: 1, count: n)] + InstabilityWitness.balancing(A)
      for s in scalings {
        if let trial = InstabilityWitness(A, shift: shift, scaling: s, isDiscrete: isDiscrete),
          trial.margin > best?.margin ?? -.infinity
        {
          best = trial
        }
      }
      // A comfortable witness at the boundary itself is the simplest.
      if let best, best.margin > 1e-9 { break }
    }
    guard let best else { return nil }
    self = best
  }

  private init(metric: Matrix, vector: [Double], shift: Double, margin: Double) {
    self.metric = metric
    self.vector = vector
    self.shift = shift
    self.margin = margin
  }

  /// One equation at one shift, in coordinates x = diag(s)z.
  private init?(_ A: Matrix, shift: Double, scaling s: [Double], isDiscrete: Bool) {
    let n = A.rows
    let inverse = s.map { 1 / $0 }
    var X = Certify.scaling(A, rows: inverse, columns: s)
    if isDiscrete {
      X = Matrix(rows: n, columns: n, values: X.values.map { $0 / shift })
    } else {
      for i in 0..<n { X[i, i] -= shift }
    }
    let solution =
      isDiscrete
      ? LinearMatrixEquation.stein(X, .identity(n))
      : LinearMatrixEquation.lyapunov(X, .identity(n))
    guard let solution else { return nil }
    let metric = symmetricPart(Certify.scaling(solution, rows: inverse, columns: inverse))
    // What is checked is about the given matrix, so it is formed from it and not from X.
    var shifted = A
    if isDiscrete {
      shifted = Matrix(rows: n, columns: n, values: A.values.map { $0 / shift })
    } else {
      for i in 0..<n { shifted[i, i] -= shift }
    }
    let MA = LAPACKBackend.multiply(metric, shifted)
    var definite: Matrix
    if isDiscrete {
      let product = symmetricPart(LAPACKBackend.multiply(shifted, MA, transposeA: true))
      definite = sum(
        metric, Matrix(rows: n, columns: n, values: product.values.map { -$0 }))
    } else {
      definite = symmetricPart(Matrix(rows: n, columns: n, values: MA.values.map { -$0 }))
    }
    // Unit diagonal, as a check would scale it.
    var unit = [Double](repeating: 1, count: n)
    for i in 0..<n {
      guard definite[i, i] > 0, definite[i, i].isFinite else { return nil }
      unit[i] = 1 / definite[i, i].squareRoot()
    }
    definite = Certify.scaling(definite, rows: unit, columns: unit)
    guard let values = LAPACKBackend.symmetricEigenvalues(definite),
      let lowest = LAPACKBackend.extremeEigen(metric, largest: false), lowest.value < 0
    else { return nil }
    guard values[0] > 0 else { return nil }
    // A strongly non-normal matrix has an M so large that the roundings of its products hide the definiteness.
    let doubt = roundings(of: metric, shifted, isDiscrete: isDiscrete, scaling: unit)
    let margin = (values[0] - doubt) / values[n - 1]
    let factor = nearestPowerOfTwo(1 / abs(lowest.value))
    self.init(
      metric: Matrix(rows: n, columns: n, values: metric.values.map { $0 * factor }),
      vector: lowest.vector, shift: shift, margin: margin)
  }

  /// The boundary, then the middles of the widest gaps beyond it.
  private static func shifts(_ sizes: [Double], _ beyond: [Double], _ boundary: Double) -> [Double]
  {
    var gaps: [(width: Double, middle: Double)] = []
    var previous = max(boundary, sizes.filter { $0 <= boundary }.max() ?? boundary)
    for value in beyond {
      gaps.append((value - previous, 0.5 * (value + previous)))
      previous = value
    }
    return [boundary]
      + gaps.filter { $0.width > 0 }.sorted { $0.width > $1.width }.prefix(3).map(\.middle)
  }

  /// Osborne's scaling by powers of two, unless it is trivial.
  private static func balancing(_ A: Matrix) -> [[Double]] {
    let scales = DiagonalScaling.osborne(A).map { 1 / nearestPowerOfTwo($0) }
    return scales.contains { $0 != 1 } ? [scales] : []
  }
}

/// A bound on the norm of what a check must allow for the roundings of sym(MA), or of AᵀMA, in scaled coordinates:
/// γ(|M||A| + …) and its largest row sum.
private func roundings(
  of m: Matrix, _ a: Matrix, isDiscrete: Bool, scaling s: [Double]
) -> Double {
  let n = m.rows
  func magnitudes(_ x: Matrix) -> Matrix {
    Matrix(rows: n, columns: n, values: x.values.map(abs))
  }
  let size = magnitudes(a)
  var error = LAPACKBackend.multiply(magnitudes(m), size)
  if isDiscrete { error = LAPACKBackend.multiply(size, error, transposeA: true) }
  let γ = Double(n) * Double.ulpOfOne * (isDiscrete ? 2 : 1)
  return (0..<n).reduce(0) { largest, i in
    max(largest, (0..<n).reduce(0) { $0 + γ * 0.5 * (error[i, $1] + error[$1, i]) * s[i] * s[$1] })
  }
}
