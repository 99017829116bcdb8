internal import CertifyKernel

extension SlopeBarrier {
  /// The Newton step by preconditioned conjugate gradients, for systems whose Hessian is too large to store.
  ///
  /// The Hessian acts by products of n × n matrices:
  ///
  ///     continuous  Δ ↦ 2 sym(P₂₁ΔP₂₁ + P₂₂ΔP₁₁) + M⁻¹ΔM⁻¹, written so that tr(ΔHΔ') is that of `denseStep`
  ///     discrete    Δ ↦ ρ⁴P₁₁ΔP₁₁ − ρ²(P₂₁ΔP₁₂ + P₁₂ΔP₂₁) + P₂₂ΔP₂₂ + M⁻¹ΔM⁻¹
  ///
  /// The preconditioner inverts the term 2 sym(P₂₂ΔP₁₁), by diagonalising P₁₁ and P₂₂ together (in discrete
  /// time their Cayley transforms), and factors the Hessian between multipliers. Cost: about ten products of size n an iteration.
  func iterativeStep(_ state: State) -> NewtonStep? {
    let p = pieces(state)
    guard let preconditioner = Preconditioner(self, state, p) else { return nil }
    let corner = multiplierHessian(p)
    let operation = { (Δ: Matrix, δ: [Double]) in
      self.hessian(p, state.inverse, corner, Δ, δ)
    }
    var x = (Matrix(rows: n, columns: n), [Double](repeating: 0, count: m))
    var residual = (negative(p.gradientM), p.gradientΛ.map { -$0 })
    var z = preconditioner.apply(residual.0, residual.1)
    var direction = z
    var rz = inner(residual, z)
    let first = rz
    guard first > 0, first.isFinite else { return nil }
    for _ in 0..<120 {
      let image = operation(direction.0, direction.1)
      let curvature = inner(direction, image)
      guard curvature > 0, curvature.isFinite else { break }
      let α = rz / curvature
      add(α, direction, to: &x)
      add(-α, image, to: &residual)
      z = preconditioner.apply(residual.0, residual.1)
      let next = inner(residual, z)
      guard next > 1e-4 * first, next.isFinite else { break }
      let β = next / rz
      rz = next
      var updated = z
      add(β, direction, to: &updated)
      direction = updated
    }
    let decrement = -inner((p.gradientM, p.gradientΛ), x)
    guard decrement > 0, decrement.isFinite else { return nil }
    return NewtonStep(M: symmetricPart(x.0), Λ: x.1, decrement: decrement)
  }

  private func hessian(
    _ p: Pieces, _ inverse: Matrix, _ corner: Matrix, _ Δ: Matrix, _ δ: [Double]
  ) -> (Matrix, [Double]) {
    func product(_ A: Matrix, _ B: Matrix, _ C: Matrix, transposeA: Bool = false) -> Matrix {
      LAPACKBackend.multiply(LAPACKBackend.multiply(A, B, transposeA: transposeA), C)
    }
    let r2 = form.radius * form.radius
    let one = [Double](repeating: 1, count: n)
    var result = product(inverse, Δ, inverse)
    let weighted = { (A: Matrix, B: Matrix) in
      LAPACKBackend.multiply(scaling(A, rows: one, columns: δ), B, transposeB: true)
    }
    var multiplier = LAPACKBackend.multiply(corner, δ)
    func forms(_ A: Matrix, _ B: Matrix) -> [Double] {
      let image = LAPACKBackend.multiply(Δ, B)
      var values = [Double](repeating: 0, count: m)
      A.values.withUnsafeBufferPointer { a in
        image.values.withUnsafeBufferPointer { b in
          for i in 0..<n { for j in 0..<m { values[j] += a[i * m + j] * b[i * m + j] } }
        }
      }
      return values
    }
    if form.isDiscrete {
      let t = rate
      let parts = [
        (t * t, product(p.P11, Δ, p.P11)), (-t, product(p.P12, Δ, p.P12, transposeA: true)),
        (-t, product(p.P12, Δ, p.P12.transposed())),
        (1, product(p.P22, Δ, p.P22)), (t, weighted(p.AF, p.AF)), (-1, weighted(p.BF, p.BF)),
        (-t * r2, weighted(p.AC, p.AC)), (r2, weighted(p.BC, p.BC)),
      ]
      for (coefficient, part) in parts { add(coefficient, part, to: &result) }
      let coupling = [
        (t, forms(p.AF, p.AF)), (-1, forms(p.BF, p.BF)), (-t * r2, forms(p.AC, p.AC)),
        (r2, forms(p.BC, p.BC)),
      ]
      for (c, part) in coupling { for j in 0..<m { multiplier[j] += c * part[j] } }
    } else {
      let P21Δ = LAPACKBackend.multiply(p.P12, Δ, transposeA: true)
      add(2, LAPACKBackend.multiply(P21Δ, p.P12, transposeB: true), to: &result)
      add(2, product(p.P22, Δ, p.P11), to: &result)
      add(-2, weighted(p.AF, p.BF), to: &result)
      add(2 * r2, weighted(p.AC, p.BC), to: &result)
      let coupling = [(-2.0, forms(p.AF, p.BF)), (2 * r2, forms(p.AC, p.BC))]
      for (c, part) in coupling { for j in 0..<m { multiplier[j] += c * part[j] } }
    }
    return (symmetricPart(result), multiplier)
  }

  /// An approximate inverse of the Hessian, one block for M and one for Λ'.
  private struct Preconditioner {
    /// Columns V with VᵀAV = I, VᵀBV = diag(b) for the pair A, B of the dominant term.
    private let V: Matrix
    private let denominators: Matrix
    private let corner: Matrix

    init?(_ barrier: SlopeBarrier, _ state: State, _ p: Pieces) {
      let n = barrier.n
      let t = barrier.rate
      let discrete = barrier.form.isDiscrete
      var (A, B) = (p.P11, p.P22)
      if discrete {
        // ρ²E₁ᵀΔE₁ − E₂ᵀΔE₂ = ½(E₋ᵀΔE₊ + E₊ᵀΔE₋) with E± = ρE₁ ± E₂: the continuous form again.
        let ρ = max(t, 0).squareRoot()
        let cross = symmetricPart(p.P12).values
        func part(_ sign: Double) -> Matrix {
          Matrix(
            rows: n, columns: n,
            values: (0..<(n * n)).map {
              t * p.P11.values[$0] + p.P22.values[$0] + sign * 2 * ρ * cross[$0]
            })
        }
        (A, B) = (part(-1), part(1))
      }
      guard let R = LAPACKBackend.cholesky(A) else { return nil }
      let half = LAPACKBackend.solveLowerTriangular(R, B).transposed()
      let pencil = symmetricPart(LAPACKBackend.solveLowerTriangular(R, half))
      guard let (b, U) = LAPACKBackend.symmetricEigen(pencil) else { return nil }
      V = LAPACKBackend.solveLowerTriangular(R, U, transpose: true)
      let inverseV = LAPACKBackend.multiply(
        LAPACKBackend.multiply(V, state.inverse, transposeA: true), V)
      var denominators = Matrix(rows: n, columns: n)
      denominators.withUnsafeMutableValues { d in
        for i in 0..<n {
          for j in 0..<n {
            let main = (discrete ? 0.25 : 1) * (b[i] + b[j])
            d[i * n + j] = max(main + inverseV[i, i] * inverseV[j, j], 1e-300)
          }
        }
      }
      self.denominators = denominators
      var H = barrier.multiplierHessian(p)
      for i in 0..<barrier.m { H[i, i] *= 1 + 1e-12 }
      guard let factor = LAPACKBackend.cholesky(H) else { return nil }
      corner = factor
    }

    func apply(_ Δ: Matrix, _ δ: [Double]) -> (Matrix, [Double]) {
      var inside = LAPACKBackend.multiply(LAPACKBackend.multiply(V, Δ, transposeA: true), V)
      inside.withUnsafeMutableValues { x in
        denominators.values.withUnsafeBufferPointer { d in
          for k in 0..<x.count { x[k] /= d[k] }
        }
      }
      let outside = LAPACKBackend.multiply(
        LAPACKBackend.multiply(V, inside), V, transposeB: true)
      let column = Matrix(rows: δ.count, columns: 1, values: δ)
      let middle = LAPACKBackend.solveLowerTriangular(corner, column)
      let solved = LAPACKBackend.solveLowerTriangular(corner, middle, transpose: true)
      return (symmetricPart(outside), solved.values)
    }
  }
}

private func negative(_ A: Matrix) -> Matrix {
  Matrix(rows: A.rows, columns: A.columns, values: A.values.map { -$0 })
}

private func inner(_ x: (Matrix, [Double]), _ y: (Matrix, [Double])) -> Double {
  dot(x.0.values, y.0.values) + dot(x.1, y.1)
}

private func add(_ t: Double, _ A: Matrix, to B: inout Matrix) {
  B.withUnsafeMutableValues { b in
    A.values.withUnsafeBufferPointer { a in for k in 0..<b.count { b[k] += t * a[k] } }
  }
}

private func add(_ t: Double, _ x: (Matrix, [Double]), to y: inout (Matrix, [Double])) {
  add(t, x.0, to: &y.0)
  for k in y.1.indices { y.1[k] += t * x.1[k] }
}
