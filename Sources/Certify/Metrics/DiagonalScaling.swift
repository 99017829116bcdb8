package import CertifyKernel

/// Diagonal metrics P that make a matrix small: the search for the disk and singular-value rules.
package enum DiagonalScaling {
  package enum Objective: Sendable, Hashable {
    /// s = ‖P^{1/2} X P^{-1/2}‖₂.
    case norm
    /// ½(s + μ), μ = λmax sym(P^{1/2} X P^{-1/2}).
    case normAndAbscissa
  }

  package struct Proposal: Sendable, Hashable {
    /// The diagonal of P, every entry positive and finite.
    package var metric: [Double]
    /// s, in plain floating point.
    package var norm: Double
    /// μ, computed for `.normAndAbscissa` only, else equal to `norm`.
    package var abscissa: Double
    /// The objective: s, or ½(s + μ).
    package var value: Double
  }

  /// Balances a matrix in the Frobenius norm: rows and columns of P^{1/2} X P^{-1/2} get equal norms.
  ///
  /// Osborne, J. ACM 7, 1960. Rows or columns that vanish off the diagonal are left alone, and no entry
  /// leaves [2⁻⁸⁰, 2⁸⁰], since for reducible X there may be no minimiser. Cost: O(n²) a sweep.
  ///
  /// - Returns: the diagonal of P^{1/2}.
  package static func osborne(_ X: Matrix, sweeps: Int = 30) -> [Double] {
    let n = X.rows
    precondition(X.isSquare, "\(X.rows) x \(X.columns) cannot be balanced")
    var squares = X.values.map { $0 * $0 }
    var p = [Double](repeating: 1, count: n)  // the diagonal of P
    let bound = 0x1p160
    for _ in 0..<max(sweeps, 0) {
      var largest = 1.0
      for i in 0..<n {
        var row = 0.0
        var column = 0.0
        for j in 0..<n where j != i {
          row += squares[i * n + j]
          column += squares[j * n + i]
        }
        guard row > 0, column > 0, row.isFinite, column.isFinite else { continue }
        // Row i is multiplied by p_i, column i divided by it.
        let factor = min(max((column / row).squareRoot(), 1 / bound / p[i]), bound / p[i])
        guard factor > 0, factor.isFinite else { continue }
        p[i] *= factor
        for j in 0..<n where j != i {
          squares[i * n + j] *= factor
          squares[j * n + i] /= factor
        }
        largest = max(largest, max(factor, 1 / factor))
      }
      if largest < 1.001 { break }
    }
    return p.map { $0.squareRoot() }
  }

  /// Minimises the objective over diagonal P > 0 and returns the best P met.
  ///
  /// The objective is convex in log P (Sezginer & Overton, IEEE Trans. Automat. Control 35, 1990). It is
  /// smoothed by a soft maximum of the eigenvalues whose temperature falls, and minimised by a limited-
  /// memory quasi-Newton method from Osborne's scaling. Cost: `evaluations` symmetric eigenvalue problems,
  /// two each with the abscissa.
  ///
  /// - Parameters:
  ///   - X: n × n, finite.
  ///   - start: a metric diagonal to start from as well; entries that are not positive are ignored.
  /// - Returns: nil when X is not square or not finite.
  package static func minimise(
    _ X: Matrix, objective: Objective = .norm, start: [Double]? = nil, evaluations: Int? = nil
  ) -> Proposal? {
    let n = X.rows
    guard X.isSquare, n > 0, X.values.allSatisfy(\.isFinite) else { return nil }
    let budget = evaluations ?? (n <= 64 ? 120 : n <= 128 ? 24 : 12)
    var best = evaluate(X, [Double](repeating: 0, count: n), objective, sharpness: nil)
    var origin = [Double](repeating: 0, count: n)
    func offer(_ d: [Double]) {
      guard let trial = evaluate(X, d, objective, sharpness: nil) else { return }
      if trial.value < best?.value ?? .infinity {
        best = trial
        origin = d
      }
    }
    offer(osborne(X).map { logarithm($0) })
    if let start, start.count == n, start.allSatisfy({ $0 > 0 && $0.isFinite }) {
      offer(start.map { 0.5 * logarithm($0) })
    }
    let temperatures: [Double] = n <= 64 ? [4, 16, 64, 256, 2048] : [8, 64, 512]
    for sharpness in temperatures {
      var minimiser = LimitedMemoryMinimiser(memory: 8)
      let result = minimiser.minimise(
        from: origin, evaluations: max(budget / temperatures.count, 3), maximumStep: 1
      ) { d in
        guard let trial = evaluate(X, d, objective, sharpness: sharpness) else { return nil }
        if trial.value < best?.value ?? .infinity { best = trial }
        return (trial.smooth, trial.gradient)
      }
      origin = result
    }
    guard let best else { return nil }
    let metric = best.logarithm.map { exponential(2 * $0) }
    guard metric.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    return Proposal(
      metric: metric, norm: best.norm, abscissa: best.abscissa, value: best.value)
  }

  private struct Evaluation {
    var logarithm: [Double]
    var norm: Double
    var abscissa: Double
    var value: Double
    var smooth: Double
    var gradient: [Double]
  }

  /// The objective at P = diag(e^{2d}), exact and smoothed, with the gradient of the smoothed one in d.
  ///
  /// With Y = e^D X e^{-D} and top singular vectors u, v: ∂s/∂d_i = s(u_i² − v_i²); with the top
  /// eigenvector x of sym Y: ∂μ/∂d_i = x_i((Yx)_i − (Yᵀx)_i).
  private static func evaluate(
    _ X: Matrix, _ d: [Double], _ objective: Objective, sharpness: Double?
  ) -> Evaluation? {
    let n = X.rows
    guard d.allSatisfy({ abs($0) < 120 }) else { return nil }
    let up = d.map { exponential($0) }
    var Y = X
    Y.withUnsafeMutableValues { y in
      for i in 0..<n { for j in 0..<n { y[i * n + j] *= up[i] / up[j] } }
    }
    let gram = LAPACKBackend.multiply(Y, Y, transposeA: true)
    guard gram.values.allSatisfy(\.isFinite) else { return nil }
    var gradient = [Double](repeating: 0, count: n)
    let norm: Double
    var smooth: Double
    if let sharpness {
      guard let (values, V) = LAPACKBackend.symmetricEigen(gram) else { return nil }
      let top = max(values[n - 1], 0)
      norm = top.squareRoot()
      // The soft maximum of s_k² in relative terms: weights (s_k/s)^(2·sharpness).
      let weights = values.map { power(max($0, 0) / max(top, 1e-300), sharpness) }
      let total = weights.reduce(0, +)
      smooth = norm * exponential(logarithm(total) / (2 * sharpness))
      let YV = LAPACKBackend.multiply(Y, V)
      V.values.withUnsafeBufferPointer { v in
        YV.values.withUnsafeBufferPointer { yv in
          for i in 0..<n {
            var sum = 0.0
            for k in 0..<n where weights[k] > 1e-12 {
              let u = yv[i * n + k]
              sum += weights[k] * (u * u / max(values[k], 1e-300) - v[i * n + k] * v[i * n + k])
            }
            gradient[i] = smooth * sum / total
          }
        }
      }
    } else {
      guard let values = LAPACKBackend.symmetricEigenvalues(gram) else { return nil }
      norm = max(values[n - 1], 0).squareRoot()
      smooth = norm
    }
    var abscissa = norm
    if objective == .normAndAbscissa {
      let S = symmetricPart(Y)
      if let sharpness {
        guard let (values, V) = LAPACKBackend.symmetricEigen(S) else { return nil }
        abscissa = values[n - 1]
        let β = sharpness / max(norm, 1e-300)
        let weights = values.map { exponential(β * ($0 - abscissa)) }
        let total = weights.reduce(0, +)
        let softAbscissa = abscissa + logarithm(total) / β
        var scaled = V
        scaled.withUnsafeMutableValues { s in
          for i in 0..<n { for k in 0..<n { s[i * n + k] *= weights[k] / total } }
        }
        let Z = LAPACKBackend.multiply(scaled, V, transposeB: true)
        Z.values.withUnsafeBufferPointer { z in
          Y.values.withUnsafeBufferPointer { y in
            for i in 0..<n {
              var sum = 0.0
              for j in 0..<n { sum += z[i * n + j] * (y[i * n + j] - y[j * n + i]) }
              gradient[i] = 0.5 * gradient[i] + 0.5 * sum
            }
          }
        }
        smooth = 0.5 * (smooth + softAbscissa)
      } else {
        guard let values = LAPACKBackend.symmetricEigenvalues(S) else { return nil }
        abscissa = values[n - 1]
        smooth = 0.5 * (norm + abscissa)
      }
    }
    let value = objective == .norm ? norm : 0.5 * (norm + abscissa)
    guard value.isFinite, smooth.isFinite, gradient.allSatisfy(\.isFinite) else { return nil }
    return Evaluation(
      logarithm: d, norm: norm, abscissa: abscissa, value: value, smooth: smooth,
      gradient: gradient)
  }

  private static func power(_ base: Double, _ exponent: Double) -> Double {
    base > 0 ? exponential(exponent * logarithm(base)) : 0
  }
}
