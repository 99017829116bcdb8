package import CertifyKernel

/// A linear system with slopes: x' = Fx + Gv, v = D Cx, D diagonal with entries in [lower, upper].
///
/// The slope inequality, M ≻ 0, Λ ≻ 0 diagonal, l = lower, g = upper:
///
///     continuous  [[FᵀM + MF + 2λM − 2lg CᵀΛC,  MG + (l+g)CᵀΛ], [·, −2Λ]] ≺ 0
///     discrete    [[FᵀMF − ρ²M − 2lg CᵀΛC,  FᵀMG + (l+g)CᵀΛ], [·, GᵀMG − 2Λ]] ≺ 0
package struct LureSystem: Sendable, Hashable {
  /// Where the nonlinearity stands: −x + Wφ(x), or −x + φ(Wx + u).
  package enum Form: Sendable, Hashable { case outside, inside }

  /// n × n, n × m, m × n.
  package let F: Matrix, G: Matrix, C: Matrix
  package let lower: Double
  package let upper: Double
  package let isDiscrete: Bool

  package init(F: Matrix, G: Matrix, C: Matrix, lower: Double, upper: Double, isDiscrete: Bool) {
    precondition(
      F.isSquare && G.rows == F.rows && C.columns == F.rows && C.rows == G.columns,
      "F \(F.rows) x \(F.columns), G \(G.rows) x \(G.columns), C \(C.rows) x \(C.columns)")
    self.F = F
    self.G = G
    self.C = C
    self.lower = lower
    self.upper = upper
    self.isDiscrete = isDiscrete
  }

  /// The system of a rate network: F = T⁻¹(−I + L), and G = T⁻¹W, C = I (form outside) or G = T⁻¹, C = W
  /// (inside). With a step h, forward Euler: F = I + hT⁻¹(−I + L) and hG.
  ///
  /// - Parameters:
  ///   - W: n × n recurrent weights.
  ///   - L: n × n linear coupling, absent for none.
  ///   - τ: n time constants, absent for 1.
  package init(
    form: Form, weights W: Matrix, coupling L: Matrix? = nil, timeConstants τ: [Double]? = nil,
    lower: Double = 0, upper: Double = 1, step h: Double? = nil
  ) {
    let n = W.rows
    precondition(W.isSquare && (L.map { $0.rows == n && $0.isSquare } ?? true), "shapes differ")
    precondition(τ.map { $0.count == n } ?? true, "one time constant for each of \(n) units")
    let speed = (0..<n).map { (h ?? 1) / (τ?[$0] ?? 1) }
    var F = Matrix(rows: n, columns: n)
    var G = F
    F.withUnsafeMutableValues { f in
      for i in 0..<n {
        for j in 0..<n { f[i * n + j] = speed[i] * ((L?[i, j] ?? 0) - (i == j ? 1 : 0)) }
        if h != nil { f[i * n + i] += 1 }
      }
    }
    switch form {
    case .outside:
      G.withUnsafeMutableValues { g in
        for i in 0..<n { for j in 0..<n { g[i * n + j] = speed[i] * W[i, j] } }
      }
      self.init(
        F: F, G: G, C: .identity(n), lower: lower, upper: upper, isDiscrete: h != nil)
    case .inside:
      self.init(
        F: F, G: Matrix(diagonal: speed), C: W, lower: lower, upper: upper, isDiscrete: h != nil)
    }
  }

  package var states: Int { F.rows }
  package var channels: Int { G.columns }

  /// The system whose matrices are the transposes of these.
  var transposed: LureSystem {
    LureSystem(
      F: F.transposed(), G: C.transposed(), C: G.transposed(), lower: lower, upper: upper,
      isDiscrete: isDiscrete)
  }

  /// F + G diag(d) C, the Jacobian (or the map) at slopes d.
  package func matrix(at d: [Double]) -> Matrix {
    var DC = C
    let n = states
    DC.withUnsafeMutableValues { c in
      for i in 0..<d.count { for j in 0..<n { c[i * n + j] *= d[i] } }
    }
    return sum(F, LAPACKBackend.multiply(G, DC))
  }

  /// The left side of the slope inequality, (n + m) × (n + m), symmetric.
  ///
  /// - Parameter magnitudes: every term by absolute value: a bound to scale rounding errors with.
  package func inequality(
    metric M: Matrix, multiplier Λ: [Double], rate: Double, magnitudes: Bool = false
  ) -> Matrix {
    let n = states
    let m = channels
    func part(_ A: Matrix) -> Matrix {
      magnitudes ? Matrix(rows: A.rows, columns: A.columns, values: A.values.map { abs($0) }) : A
    }
    let (F, G, C, M) = (part(F), part(G), part(C), part(M))
    let sign = magnitudes ? 1.0 : -1.0
    var ΛC = C
    ΛC.withUnsafeMutableValues { c in for i in 0..<m { for j in 0..<n { c[i * n + j] *= Λ[i] } } }
    let MF = LAPACKBackend.multiply(M, F)
    let MG = LAPACKBackend.multiply(M, G)
    let slopes = lower * upper
    var top = isDiscrete ? LAPACKBackend.multiply(F, MF, transposeA: true) : MF
    let CΛC = slopes == 0 ? nil : LAPACKBackend.multiply(C, ΛC, transposeA: true)
    let coefficient = isDiscrete ? sign * rate * rate : 2 * (magnitudes ? abs(rate) : rate)
    top.withUnsafeMutableValues { t in
      for i in 0..<n {
        for j in 0..<n {
          // MF is completed to FᵀM + MF by the symmetric part below.
          t[i * n + j] *= isDiscrete ? 1 : 2
          t[i * n + j] += coefficient * M[i, j]
          if let CΛC { t[i * n + j] += sign * 2 * slopes * CΛC[i, j] }
        }
      }
    }
    top = symmetricPart(top)
    let side = isDiscrete ? LAPACKBackend.multiply(F, MG, transposeA: true) : MG
    let corner = isDiscrete ? symmetricPart(LAPACKBackend.multiply(G, MG, transposeA: true)) : nil
    let size = n + m
    var result = Matrix(rows: size, columns: size)
    result.withUnsafeMutableValues { r in
      for i in 0..<n {
        for j in 0..<n { r[i * size + j] = top[i, j] }
        for j in 0..<m {
          let value = side[i, j] + (lower + upper) * ΛC[j, i]
          r[i * size + n + j] = value
          r[(n + j) * size + i] = value
        }
      }
      for i in 0..<m {
        if let corner { for j in 0..<m { r[(n + i) * size + n + j] = corner[i, j] } }
        r[(n + i) * size + n + i] += sign * 2 * Λ[i]
      }
    }
    return result
  }

  /// Whether `candidate` is strictly better: a larger λ, or a smaller ρ.
  func isBetter(_ candidate: Double, than other: Double) -> Bool {
    isDiscrete ? candidate < other : candidate > other
  }

  /// Whether a rate means contraction: λ > 0 or ρ < 1.
  package func isContracting(_ rate: Double) -> Bool { isDiscrete ? rate < 1 : rate > 0 }
}

/// A + B, entry by entry.
func sum(_ A: Matrix, _ B: Matrix) -> Matrix {
  precondition(A.rows == B.rows && A.columns == B.columns, "shapes differ")
  var result = A
  result.withUnsafeMutableValues { a in
    B.values.withUnsafeBufferPointer { b in for k in 0..<a.count { a[k] += b[k] } }
  }
  return result
}
