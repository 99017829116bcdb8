internal import CertifyKernel

extension SlopeBarrier {
  /// What first and second derivatives are made of.
  struct Pieces {
    var P11: Matrix, P12: Matrix, P22: Matrix
    /// a = E₁Kf_i, b = E₂Kf_i for the unit vectors f_i of the channels, one column each (n × m).
    var AF: Matrix, BF: Matrix
    /// The same for the rows c_i of C, padded by zeros.
    var AC: Matrix, BC: Matrix
    /// Entries f_iᵀKf_j, f_iᵀKc_j and c_iᵀKc_j (m × m).
    var FF: Matrix, FC: Matrix, CC: Matrix
    var gradientM: Matrix
    var gradientΛ: [Double]
  }

  func pieces(_ state: State) -> Pieces {
    let rows = Array(0..<n)
    let channelRows = Array(n..<(n + m))
    let KE2 = LAPACKBackend.multiply(state.K, state.E2, transposeB: true)
    let P11 = state.K.principalSubmatrix(rows)
    let P12 = KE2.submatrix(rows, rows)
    let P22 = symmetricPart(LAPACKBackend.multiply(state.E2, KE2))
    let AF = state.K.submatrix(rows, channelRows)
    let BF = KE2.submatrix(channelRows, rows).transposed()
    let AC = LAPACKBackend.multiply(P11, form.C, transposeB: true)
    let BC = LAPACKBackend.multiply(P12, form.C, transposeA: true, transposeB: true)
    let FF = state.K.principalSubmatrix(channelRows)
    let FC = LAPACKBackend.multiply(AF, form.C, transposeA: true, transposeB: true)
    let CC = LAPACKBackend.multiply(form.C, AC)
    let r2 = form.radius * form.radius
    var gradientM = Matrix(rows: n, columns: n)
    let discrete = form.isDiscrete
    gradientM.withUnsafeMutableValues { g in
      for i in 0..<n {
        for j in 0..<n {
          let value = discrete ? P22[i, j] - rate * P11[i, j] : P12[i, j] + P12[j, i]
          g[i * n + j] = value - state.inverse[i, j] + (i == j ? ω : 0)
        }
      }
    }
    let gradientΛ = (0..<m).map { ω - 1 / Λ[$0] - FF[$0, $0] + r2 * CC[$0, $0] }
    return Pieces(
      P11: P11, P12: P12, P22: P22, AF: AF, BF: BF, AC: AC, BC: BC, FF: FF, FC: FC, CC: CC,
      gradientM: gradientM, gradientΛ: gradientΛ)
  }

  /// The Hessian between multipliers: tr(K S_i K S_j) + δ_ij/Λ_i², S_i = f_if_iᵀ − r²c_ic_iᵀ.
  func multiplierHessian(_ p: Pieces) -> Matrix {
    let r2 = form.radius * form.radius
    var H = Matrix(rows: m, columns: m)
    H.withUnsafeMutableValues { h in
      for i in 0..<m {
        for j in 0..<m {
          let cross = p.FC[i, j] * p.FC[i, j] + p.FC[j, i] * p.FC[j, i]
          h[i * m + j] =
            p.FF[i, j] * p.FF[i, j] - r2 * cross + r2 * r2 * p.CC[i, j] * p.CC[i, j]
            + (i == j ? 1 / (Λ[i] * Λ[i]) : 0)
        }
      }
    }
    return H
  }

  /// The exact Newton step, by a Cholesky factor of the Hessian in the n(n+1)/2 + m free entries.
  ///
  /// With tr(ΔAΔ'B) for the symmetric unit directions Δ = (i, j) and Δ' = (k, l) equal to a sum of four
  /// products A_jk B_li, every entry of the Hessian costs O(1):
  ///
  ///     continuous  2tr(ΔP₂₁Δ'P₂₁) + 2tr(ΔP₂₂Δ'P₁₁) + tr(ΔM⁻¹Δ'M⁻¹)
  ///     discrete    ρ⁴tr(ΔP₁₁Δ'P₁₁) − ρ²tr(ΔP₁₂Δ'P₂₁ + ΔP₂₁Δ'P₁₂) + tr(ΔP₂₂Δ'P₂₂ + ΔM⁻¹Δ'M⁻¹)
  ///
  /// Cost: about n⁶/24 flops; meant for n up to about 48.
  func denseStep(_ state: State) -> NewtonStep? {
    let p = pieces(state)
    let n = self.n
    let m = self.m
    let free = n * (n + 1) / 2
    let size = free + m
    let r2 = form.radius * form.radius
    var pairs: [(Int, Int)] = []
    pairs.reserveCapacity(free)
    for i in 0..<n { for j in i..<n { pairs.append((i, j)) } }
    var H = Matrix(rows: size, columns: size)
    let terms: [(Double, [Double], [Double])] =
      form.isDiscrete
      ? [
        (rate * rate, p.P11.values, p.P11.values),
        (-rate, p.P12.values, p.P12.transposed().values),
        (-rate, p.P12.transposed().values, p.P12.values), (1, p.P22.values, p.P22.values),
        (1, state.inverse.values, state.inverse.values),
      ]
      : [
        (2, p.P12.transposed().values, p.P12.transposed().values),
        (2, p.P22.values, p.P11.values), (1, state.inverse.values, state.inverse.values),
      ]
    H.withUnsafeMutableValues { h in
      for (coefficient, first, second) in terms {
        first.withUnsafeBufferPointer { a in
          second.withUnsafeBufferPointer { b in
            var row = 0
            for i in 0..<n {
              for j in i..<n {
                // Twice a symmetric unit direction with i = j is counted twice: half each time.
                let outer = coefficient * (i == j ? 0.5 : 1)
                let base = row * size
                var column = 0
                for k in 0..<n where column <= row {
                  for l in k..<n where column <= row {
                    let inner = k == l ? 0.5 * outer : outer
                    h[base + column] +=
                      inner
                      * (a[j * n + k] * b[l * n + i] + a[i * n + k] * b[l * n + j]
                        + a[j * n + l] * b[k * n + i] + a[i * n + l] * b[k * n + j])
                    column += 1
                  }
                }
                row += 1
              }
            }
          }
        }
      }
      let discrete = form.isDiscrete
      for q in 0..<m {
        let base = (free + q) * size
        for (index, (i, j)) in pairs.enumerated() {
          let value: Double
          if discrete {
            value =
              rate * (p.AF[i, q] * p.AF[j, q] - r2 * p.AC[i, q] * p.AC[j, q])
              - (p.BF[i, q] * p.BF[j, q] - r2 * p.BC[i, q] * p.BC[j, q])
          } else {
            value =
              r2 * (p.AC[i, q] * p.BC[j, q] + p.BC[i, q] * p.AC[j, q])
              - (p.AF[i, q] * p.BF[j, q] + p.BF[i, q] * p.AF[j, q])
          }
          h[base + index] = i == j ? value : 2 * value
        }
      }
      let corner = multiplierHessian(p)
      for i in 0..<m { for j in 0...i { h[(free + i) * size + free + j] = corner[i, j] } }
    }
    var gradient = pairs.map { $0 == $1 ? p.gradientM[$0, $1] : 2 * p.gradientM[$0, $1] }
    gradient += p.gradientΛ
    // Jacobi scaling keeps the factorisation alive when M spans many orders of magnitude.
    var scales = [Double](repeating: 1, count: size)
    for i in 0..<size {
      guard H[i, i] > 0, H[i, i].isFinite else { return nil }
      scales[i] = 1 / H[i, i].squareRoot()
    }
    H.withUnsafeMutableValues { h in
      for i in 0..<size { for j in 0...i { h[i * size + j] *= scales[i] * scales[j] } }
    }
    let right = Matrix(
      rows: size, columns: 1, values: zip(gradient, scales).map { -$0 * $1 })
    var solution: Matrix?
    for regularisation in [0, 1e-13, 1e-10, 1e-7] {
      if regularisation > 0 { for i in 0..<size { H[i, i] = 1 + regularisation } }
      solution = LAPACKBackend.solvePositiveDefinite(H, right)
      if solution != nil { break }
    }
    guard let solution else { return nil }
    let x = zip(solution.values, scales).map { $0 * $1 }
    var step = Matrix(rows: n, columns: n)
    for (index, (i, j)) in pairs.enumerated() {
      step[i, j] = x[index]
      step[j, i] = x[index]
    }
    return NewtonStep(M: step, Λ: Array(x[free...]), decrement: -dot(gradient, x))
  }
}
