package import CertifyKernel

/// Closed-form members of the slope inequality's family, for a network given by its weights.
///
/// All are written for form outside and gain 1 (W stands for gW). Form inside is reached by duality: if
/// (M, Λ) serves Wᵀ outside, then (M⁻¹, Λ⁻¹) serves W inside (times the square of the step).
package struct SlopeStarts: Sendable {
  package let form: LureSystem.Form
  /// n × n, not multiplied by the gain.
  package let weights: Matrix
  package let gain: Double
  /// h/τ, the fraction of the way to the target in one step; nil in continuous time.
  package let step: Double?
  package let timeConstants: [Double]?

  package init(
    form: LureSystem.Form, weights: Matrix, gain: Double, timeConstants: [Double]? = nil,
    step: Double? = nil
  ) {
    self.form = form
    self.weights = weights
    self.gain = gain
    self.timeConstants = timeConstants
    if let step, let τ = timeConstants {
      // One common fraction stands for all: these are starts, and a search or a check follows.
      self.step = step / (τ.reduce(0, +) / Double(max(τ.count, 1)))
    } else {
      self.step = step
    }
  }

  /// All candidates (M, Λ) that exist for these weights, each positive definite as far as known.
  package func candidates() -> [(metric: Matrix, multiplier: [Double])] {
    let n = weights.rows
    guard n > 0, weights.isSquare, weights.values.allSatisfy(\.isFinite) else { return [] }
    let scaled = Matrix(rows: n, columns: n, values: weights.values.map { gain * $0 })
    let W = form == .outside ? scaled : scaled.transposed()
    var found: [(Matrix, [Double])] = []
    found += diagonal(W)
    found += symmetric(W)
    found += productForm(W)
    return found.compactMap { finish($0.0, $0.1) }
  }

  /// Diagonal metrics: P from Perron vectors of N, from balancing and from the norms of the disk and
  /// singular-value rules; multipliers P, sP and, with inhibitory self-weights T split off, s₁P + PT.
  private func diagonal(_ W: Matrix) -> [(Matrix, [Double])] {
    let n = W.rows
    var metrics: [[Double]] = [[Double](repeating: 1, count: n)]
    if let N = PerronVectors.comparison(SparseMatrix(W), gain: 1) {
      for pair in PerronVectors.propose(N).prefix(3) { metrics.append(pair.metric) }
    }
    let h = step ?? 1
    var split = W
    var inhibition = [Double](repeating: 0, count: n)
    for i in 0..<n where W[i, i] < 0 {
      inhibition[i] = -W[i, i]
      split[i, i] = 0
    }
    if let p = DiagonalScaling.minimise(split, objective: .normAndAbscissa) {
      metrics.append(p.metric)
    }
    var shifted = W
    for i in 0..<n { shifted[i, i] += step == nil ? 1 : 1 - h }
    if let p = DiagonalScaling.minimise(shifted) { metrics.append(p.metric) }
    var result: [(Matrix, [Double])] = []
    for P in metrics where P.allSatisfy({ $0 > 0 && $0.isFinite }) {
      let root = P.map { $0.squareRoot() }
      let balanced = scaling(split, rows: root, columns: root.map { 1 / $0 })
      let gram = LAPACKBackend.multiply(balanced, balanced, transposeA: true)
      let top = LAPACKBackend.symmetricEigenvalues(gram)?.last ?? 0
      let s = max(max(top, 0).squareRoot(), 1e-3)
      let M = Matrix(diagonal: P)
      result.append((M, P.map { $0 * h }))
      result.append((M, P.map { $0 * h * s }))
      if inhibition.contains(where: { $0 > 0 }) {
        result.append((M, zip(P, inhibition).map { $0 * h * (s + $1) }))
      }
    }
    return result
  }

  /// M = (2aI − S)⁻¹, Λ = I with a just above λmax⁺(S), S the symmetric part; in discrete time
  /// M = ρ²((ρ² − (1−h)²)I − h(1−h)S)⁻¹ with ρ = max(1−h, max|1−h+hz|) over the eigenvalues z of S.
  private func symmetric(_ W: Matrix) -> [(Matrix, [Double])] {
    let n = W.rows
    let S = symmetricPart(W)
    guard let (z, V) = LAPACKBackend.symmetricEigen(S) else { return [] }
    let ones = [Double](repeating: 1, count: n)
    func function(_ f: (Double) -> Double) -> Matrix? {
      let values = z.map(f)
      guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
      let half = scaling(V, rows: ones, columns: values.map { $0.squareRoot() })
      return symmetricPart(LAPACKBackend.multiply(half, half, transposeB: true))
    }
    var result: [(Matrix, [Double])] = []
    let size = max(abs(z[0]), abs(z[n - 1]), 1e-3)
    for above in [1e-9, 1e-4, 1e-2, 0.2] {
      if let h = step {
        let radius = z.reduce(abs(1 - h)) { max($0, abs(1 - h + h * $1)) } + above
        let constant = radius * radius - (1 - h) * (1 - h)
        if let M = function({ radius * radius / (constant - h * (1 - h) * $0) }) {
          result.append((M, ones))
        }
        if let M = function({ 1 / (h * ((2 - h) - (1 - h) * $0)) }) { result.append((M, ones)) }
      } else {
        let a = max(z[n - 1], 0) + above * size
        if let M = function({ 1 / (2 * a - $0) }) { result.append((M, ones)) }
      }
    }
    return result
  }

  /// M = diag(s)(−W)⁻¹ for s_iW_ij = s_jW_ji, and Λ = diag(s): then MW + Λ = 0.
  private func productForm(_ W: Matrix) -> [(Matrix, [Double])] {
    guard let scaling = ProductForm(W), scaling.largestViolation < 1e-3 else { return [] }
    let negative = Matrix(rows: W.rows, columns: W.columns, values: W.values.map { -$0 })
    guard let inverse = LAPACKBackend.solve(negative, .identity(W.rows)) else { return [] }
    let ones = [Double](repeating: 1, count: W.rows)
    let M = symmetricPart(Certify.scaling(inverse, rows: scaling.scaling, columns: ones))
    guard LAPACKBackend.cholesky(M) != nil else { return [] }
    return [(M, scaling.scaling)]
  }

  /// Undoes the gain and the transposition, and brings time constants in: T^{1/2}MT^{1/2}.
  private func finish(_ M: Matrix, _ Λ: [Double]) -> (metric: Matrix, multiplier: [Double])? {
    let n = M.rows
    let g2 = gain > 0 ? gain * gain : 1
    var metric = M
    let multiplier: [Double]
    switch form {
    case .outside:
      multiplier = Λ.map { $0 / g2 }
    case .inside:
      guard let inverse = LAPACKBackend.solve(M, .identity(n)) else { return nil }
      metric = symmetricPart(inverse)
      // Dual channels are scaled by the step; the gain stays with the weights, as y = gWx.
      multiplier = Λ.map { (step ?? 1) * (step ?? 1) / $0 }
    }
    if let τ = timeConstants {
      let root = τ.map { $0.squareRoot() }
      metric = scaling(metric, rows: root, columns: root)
    }
    guard metric.values.allSatisfy(\.isFinite), multiplier.allSatisfy({ $0 > 0 && $0.isFinite })
    else { return nil }
    return (metric, multiplier)
  }
}
