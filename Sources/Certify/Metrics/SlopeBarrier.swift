internal import CertifyKernel

/// The method of centres for the slope inequality: a good (M, Λ') and the best rate in a scaled system.
///
/// For a fixed rate the barrier is
///
///     φ(M, Λ') = −log det S − log det M − Σ log Λ'_i + ω (tr M + tr Λ')
///
/// Its minimiser is found by Newton's method; then the rate moves most of the way to the best that the
/// centre allows, and so on (Boyd & El Ghaoui, Linear Algebra Appl. 188, 1993). In what follows
/// K = S⁻¹, E₁ = [I 0], E₂ = [F_λ G] and P_ab = E_a K E_bᵀ, F_λ = F + λI (continuous).
struct SlopeBarrier {
  let form: SlopeForm
  var M: Matrix
  var Λ: [Double]
  /// λ in continuous, ρ² in discrete time.
  var rate: Double
  /// The weight of the linear term that fixes the overall scale.
  var ω = 1.0

  struct State {
    var value: Double
    var K: Matrix
    var inverse: Matrix
    var E2: Matrix
  }

  var n: Int { form.states }
  var m: Int { form.channels }

  /// The degree of the logarithms: the scale at which the linear term balances them.
  var degree: Double { Double(2 * (n + m)) }

  mutating func fixScale() {
    var total = 0.0
    for i in 0..<n { total += M[i, i] }
    total += Λ.reduce(0, +)
    let factor = degree / total
    M = Matrix(rows: n, columns: n, values: M.values.map { $0 * factor })
    Λ = Λ.map { $0 * factor }
    ω = 1
  }

  /// φ and its factors, nil outside the domain.
  func state(_ M: Matrix, _ Λ: [Double]) -> State? {
    guard Λ.allSatisfy({ $0 > 0 && $0.isFinite }),
      let (inverse, logM) = LAPACKBackend.positiveDefiniteInverse(M)
    else { return nil }
    let size = n + m
    var F = form.F
    if !form.isDiscrete { for i in 0..<n { F[i, i] += rate } }
    let MF = LAPACKBackend.multiply(M, F)
    let MG = LAPACKBackend.multiply(M, form.G)
    let term = form.multiplierTerm(Λ)
    var S = Matrix(rows: size, columns: size)
    let top: Matrix
    let side: Matrix
    var corner: Matrix?
    if form.isDiscrete {
      top = LAPACKBackend.multiply(F, MF, transposeA: true)
      side = LAPACKBackend.multiply(F, MG, transposeA: true)
      corner = LAPACKBackend.multiply(form.G, MG, transposeA: true)
    } else {
      top = MF
      side = MG
    }
    let discrete = form.isDiscrete
    S.withUnsafeMutableValues { s in
      for i in 0..<n {
        for j in 0...i {
          let value =
            discrete
            ? rate * M[i, j] - 0.5 * (top[i, j] + top[j, i]) : -(top[i, j] + top[j, i])
          s[i * size + j] = value - term[i, j]
        }
        for j in 0..<m { s[(n + j) * size + i] = -side[i, j] }
      }
      for i in 0..<m {
        if let corner {
          for j in 0...i { s[(n + i) * size + n + j] = -0.5 * (corner[i, j] + corner[j, i]) }
        }
        s[(n + i) * size + n + i] += Λ[i]
      }
    }
    guard let (K, logS) = LAPACKBackend.positiveDefiniteInverse(S) else { return nil }
    var value = -logS - logM
    for i in 0..<n { value += ω * M[i, i] }
    for x in Λ { value += ω * x - logarithm(x) }
    guard value.isFinite else { return nil }
    var E2 = Matrix(rows: n, columns: size)
    E2.withUnsafeMutableValues { e in
      for i in 0..<n {
        for j in 0..<n { e[i * size + j] = F[i, j] }
        for j in 0..<m { e[i * size + n + j] = form.G[i, j] }
      }
    }
    return State(value: value, K: K, inverse: inverse, E2: E2)
  }

  /// Newton steps with backtracking until the decrement falls below `tolerance`; true if centred.
  ///
  /// - Parameter direction: solves for the Newton step at a state.
  mutating func centre(
    steps: Int, tolerance: Double, direction: (SlopeBarrier, State) -> NewtonStep?
  ) -> Bool {
    guard var current = state(M, Λ) else { return false }
    for _ in 0..<max(steps, 1) {
      guard let step = direction(self, current), step.decrement.isFinite else { return false }
      if step.decrement < tolerance { return true }
      // 1/(1 + δ) is always feasible for a self-concordant barrier and an exact step.
      let δ = step.decrement.squareRoot()
      var t = δ < 0.5 ? 1 : max(1 / (1 + δ), min(1, 2 / δ))
      var accepted = false
      for _ in 0..<30 {
        let trialM = combination(M, t, step.M)
        let trialΛ = zip(Λ, step.Λ).map { $0 + t * $1 }
        if let next = state(trialM, trialΛ),
          next.value <= current.value - 0.1 * t * step.decrement + 1e-12 * abs(current.value)
        {
          M = trialM
          Λ = trialΛ
          current = next
          accepted = true
          break
        }
        t *= 0.5
      }
      guard accepted else { return false }
    }
    return false
  }

  private func combination(_ A: Matrix, _ t: Double, _ B: Matrix) -> Matrix {
    var result = A
    result.withUnsafeMutableValues { a in
      B.values.withUnsafeBufferPointer { b in for k in 0..<a.count { a[k] += t * b[k] } }
    }
    return result
  }
}

/// A step for M and Λ', with the squared Newton decrement.
struct NewtonStep {
  var M: Matrix
  var Λ: [Double]
  var decrement: Double
}
