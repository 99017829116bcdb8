internal import CertifyKernel

/// Slope patterns d at which the system's matrix F + G diag(d) C is not stable: what refutes contraction.
///
/// The measure is the spectral abscissa in continuous time, to be < 0, and the spectral radius in discrete
/// time, to be < 1. Floating eigenvalues decide nothing; a witness for the kernel is made from what is found.
package struct VertexSearch {
  package struct Finding: Sendable, Hashable {
    /// n slopes, each the system's lower or upper bound.
    package var slopes: [Double]
    /// Abscissa or radius, in plain floating point.
    package var measure: Double
  }

  private let system: LureSystem
  private var evaluations: Int
  private var found: [Finding] = []

  /// Looks for unstable vertices, worst first; it returns at most 16.
  ///
  /// In order: for systems with diagonal F, units and pairs of units by the entries alone; all slopes at
  /// the upper bound; every vertex for n ≤ 12 when the budget allows; then ascent from the best vertices
  /// met, moving slopes along the sensitivity Re(y* g_i c_i x)/(y* x) of the leading eigenvalue.
  ///
  /// - Parameters:
  ///   - margin: how far beyond the boundary counts as unstable; relative to 1.
  ///   - evaluations: the most eigenvalue problems to solve. Absent: 5000 for n ≤ 12, falling to 24.
  /// - Returns: vertices whose measure is at least boundary + margin; empty when none was met.
  /// - Complexity: O(n²) for pairs, 25n³ flops an evaluation.
  package static func unstableVertices(
    _ system: LureSystem, margin: Double = 1e-12, evaluations: Int? = nil
  ) -> [Finding] {
    let n = system.channels
    guard n > 0, system.states > 0, system.upper.isFinite, system.lower.isFinite,
      [system.F, system.G, system.C].allSatisfy({ $0.values.allSatisfy(\.isFinite) })
    else { return [] }
    let budget = evaluations ?? (n <= 12 ? 5000 : n <= 64 ? 200 : n <= 160 ? 60 : 24)
    var search = VertexSearch(system: system, evaluations: budget)
    search.run()
    let boundary = system.isDiscrete ? 1.0 : 0.0
    return Array(
      search.found.filter { $0.measure >= boundary + margin }
        .sorted { $0.measure > $1.measure }.prefix(16))
  }

  private init(system: LureSystem, evaluations: Int) {
    self.system = system
    self.evaluations = evaluations
  }

  private mutating func run() {
    let n = system.channels
    let (l, g) = (system.lower, system.upper)
    let low = [Double](repeating: l, count: n)
    let high = [Double](repeating: g, count: n)
    var starts = [high, low]
    for subset in fewUnits() {
      var d = low
      for i in subset { d[i] = g }
      starts.append(d)
    }
    if n <= 12, evaluations >= 1 << n {
      for bits in 0..<(1 << n) { _ = measure((0..<n).map { bits >> $0 & 1 == 1 ? g : l }) }
    } else {
      for d in starts { _ = measure(d) }
      // Ascent: from what is best so far, then from alternating patterns that share no structure.
      var state: UInt64 = 0x9e37_79b9_7f4a_7c15
      for _ in 0..<6 {
        starts.append(
          (0..<n).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 63 == 1 ? g : l
          })
      }
      let ranked = found.sorted { $0.measure > $1.measure }.prefix(4).map(\.slopes)
      for d in ranked + starts.suffix(6) where evaluations > 0 { ascend(from: d) }
    }
    found.sort { $0.measure > $1.measure }
  }

  /// Units and pairs with a non-negative or too large diagonal block when F is diagonal and l = 0: with the
  /// other slopes 0 the matrix is block triangular, so that block's eigenvalues are among its own.
  private func fewUnits() -> [[Int]] {
    let n = system.states
    guard system.lower == 0, system.channels == n else { return [] }
    for i in 0..<n { for j in 0..<n where i != j && system.F[i, j] != 0 { return [] } }
    let X = system.matrix(at: [Double](repeating: system.upper, count: n))
    var ranked: [([Int], Double)] = []
    for i in 0..<n {
      ranked.append(([i], system.isDiscrete ? abs(X[i, i]) - 1 : X[i, i]))
      for j in 0..<i where X[i, j] != 0 && X[j, i] != 0 {
        let half = 0.5 * (X[i, i] + X[j, j])
        let difference = 0.5 * (X[i, i] - X[j, j])
        let discriminant = difference * difference + X[i, j] * X[j, i]
        let root = abs(discriminant).squareRoot()
        if system.isDiscrete {
          let radius =
            discriminant >= 0 ? abs(half) + root : (half * half - discriminant).squareRoot()
          ranked.append(([i, j], radius - 1))
        } else {
          ranked.append(([i, j], discriminant >= 0 ? half + root : half))
        }
      }
    }
    return ranked.filter { $0.1 > -0.05 }.sorted { $0.1 > $1.1 }.prefix(6).map(\.0)
  }

  /// The measure at d, recorded.
  private mutating func measure(_ d: [Double]) -> Double? {
    guard evaluations > 0 else { return nil }
    evaluations -= 1
    guard let eigen = LAPACKBackend.generalEigen(system.matrix(at: d)),
      let k = leading(eigen)
    else { return nil }
    let value = value(eigen, k)
    found.append(Finding(slopes: d, measure: value))
    return value
  }

  private func value(_ eigen: LAPACKBackend.GeneralEigen, _ k: Int) -> Double {
    let (a, b) = (eigen.real[k], eigen.imaginary[k])
    return system.isDiscrete ? (a * a + b * b).squareRoot() : a
  }

  private func leading(_ eigen: LAPACKBackend.GeneralEigen) -> Int? {
    eigen.real.indices.max { value(eigen, $0) < value(eigen, $1) }
  }

  /// Moves all slopes at once along their sensitivities, then fewer and fewer of them.
  private mutating func ascend(from start: [Double]) {
    let (l, g) = (system.lower, system.upper)
    var d = start
    var current = -Double.infinity
    for _ in 0..<20 where evaluations > 0 {
      evaluations -= 1
      guard let eigen = LAPACKBackend.generalEigen(system.matrix(at: d), vectors: true),
        let k = leading(eigen)
      else { return }
      current = max(current, value(eigen, k))
      let gains = sensitivities(eigen, k)
      let wanted = d.indices.filter {
        (gains[$0] > 0 && d[$0] != g) || (gains[$0] < 0 && d[$0] != l)
      }.sorted { abs(gains[$0]) > abs(gains[$1]) }
      guard !wanted.isEmpty else { return }
      var count = wanted.count
      var improved = false
      while count > 0, evaluations > 0 {
        var trial = d
        for i in wanted.prefix(count) { trial[i] = gains[i] > 0 ? g : l }
        if let value = measure(trial), value > current + 1e-12 * max(1, abs(current)) {
          d = trial
          current = value
          improved = true
          break
        }
        count = count == 1 ? 0 : (count + 2) / 4
        if count == 0, wanted.count > 1, !improved { break }
      }
      if !improved { return }
    }
  }

  /// The derivative of Re λ, or of |λ|, in each slope.
  private func sensitivities(_ eigen: LAPACKBackend.GeneralEigen, _ k: Int) -> [Double] {
    let x = eigen.right(k)
    let y = eigen.left(k)
    let G = system.G
    let C = system.C
    let yGRe = LAPACKBackend.multiply(G, y.real, transpose: true)
    let yGIm = LAPACKBackend.multiply(G, y.imaginary, transpose: true)
    let cxRe = LAPACKBackend.multiply(C, x.real)
    let cxIm = LAPACKBackend.multiply(C, x.imaginary)
    // y*x and, for the modulus, the direction λ̄/|λ|.
    let scaleRe = dot(y.real, x.real) + dot(y.imaginary, x.imaginary)
    let scaleIm = dot(y.real, x.imaginary) - dot(y.imaginary, x.real)
    var (u, v) = (scaleRe, scaleIm)
    if system.isDiscrete {
      let (a, b) = (eigen.real[k], eigen.imaginary[k])
      // Re(λ̄ s/(y*x)) = Re(s/(y*x · λ/|λ|²)) up to a positive factor.
      (u, v) = (scaleRe * a - scaleIm * b, scaleRe * b + scaleIm * a)
    }
    let size = max(u * u + v * v, 1e-300)
    return (0..<system.channels).map { i in
      let re = yGRe[i] * cxRe[i] + yGIm[i] * cxIm[i]
      let im = yGRe[i] * cxIm[i] - yGIm[i] * cxRe[i]
      return (re * u + im * v) / size
    }
  }
}
