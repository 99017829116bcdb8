// A ≻ 0, proved by a floating-point Cholesky factorisation that runs to completion.
//
//   Source: S. M. Rump, Verification of positive definiteness, BIT 46 (2006), corollary 2.4, with the
//   constant of Rump and Jeannerod 2014; theory §8. If A is symmetric with positive diagonal, and the
//   factorisation of Ã (Ã_ij = A_ij off the diagonal, Ã_ii ≤ A_ii − c rounded down) completes with
//   positive finite pivots, where
//     c ≥ (n+1)u / (1 − (n+1)u) · Σ (a_ii + 2iη) + 4nη (n + 1 + max a_ii),
//   then A ≻ 0. An error |E| ≤ R in the entries costs the row sums of R on the diagonal, because
//   |xᵀEx| ≤ Σ_ij R_ij (x_i² + x_j²)/2.
//
// The loop that runs is the loop of the theorem: inner products from left to right, no fused operation,
// a division by the pivot and no inverted pivots. Rows are updated in panels for the cache; that changes
// the order of memory accesses and not the order in which an entry is summed.

/// The outcome of a definiteness test. `declined` is not a proof that the matrix is indefinite.
enum Definiteness: Sendable, Hashable {
  case positive
  /// The pivot that was not positive: 0-based row, and its value after scaling and shift.
  case declined(pivot: Int, value: Double)

  var isPositive: Bool { self == .positive }
}

extension EnclosedMatrix {
  /// Whether every symmetric matrix inside the enclosure is positive definite.
  ///
  /// The upper triangle is read; the caller vouches that the exact matrix is symmetric.
  /// - Complexity: n³/3 multiplications and one n × n copy.
  func positiveDefiniteness() -> Definiteness {
    precondition(rows == columns, "definiteness of a \(rows) x \(columns) matrix")
    let n = rows
    let η = Double.leastNonzeroMagnitude
    // Scale A to S A S with powers of two so that diagonal entries lie near 1; definiteness is unchanged
    // and products are exact unless they underflow, which costs at most η an entry.
    var exponents = [Int](repeating: 0, count: n)
    for i in 0..<n {
      let a = middle[i, i]
      guard a > 0, a.isFinite else { return .declined(pivot: i, value: a) }
      exponents[i] = Swift.max(-511, Swift.min(511, -(Int(a.exponent) >> 1)))
    }
    var work = Matrix(rows: n, columns: n)
    var errors = [Double](repeating: Double(n + 1) * η, count: n)
    var trace = 0.0
    var largest = 0.0
    for i in 0..<n {
      for j in i..<n {
        let scale = Double(sign: .plus, exponent: exponents[i] + exponents[j], significand: 1)
        work[i, j] = middle[i, j] * scale
        if let r = radius?[i, j] {
          let scaled = (r * scale).addingUp(η)
          errors[i] = errors[i].addingUp(scaled)
          if j != i { errors[j] = errors[j].addingUp(scaled) }
        }
      }
      guard work[i, i] > 0, work[i, i].isFinite else {
        return .declined(pivot: i, value: work[i, i])
      }
      trace = trace.addingUp(work[i, i].addingUp(2 * Double(i + 1) * η))
      largest = Swift.max(largest, work[i, i])
    }
    let order = Double(n + 1) * (Double.ulpOfOne / 2)
    guard order < 0.25 else { return .declined(pivot: 0, value: .nan) }
    let shift = order.dividingUp((1 - order).nextDown).multiplyingUp(trace)
      .addingUp((4 * Double(n) * η).multiplyingUp(Double(n + 1).addingUp(largest)))
    for i in 0..<n {
      work[i, i] = work[i, i].subtractingDown(errors[i]).subtractingDown(shift)
    }
    return work.factoriseLeftToRight()
  }
}

extension Matrix {
  /// Replaces the upper triangle of A by R with A ≈ RᵀR, in round-to-nearest arithmetic.
  mutating func factoriseLeftToRight() -> Definiteness {
    let n = rows
    let panel = 8
    return withUnsafeMutableValues { buffer -> Definiteness in
      guard let a = buffer.baseAddress else { return .positive }
      for start in stride(from: 0, to: n, by: panel) {
        let end = Swift.min(start + panel, n)
        for k in start..<end {
          let pivot = a[k * n + k]
          guard pivot > 0, pivot.isFinite else { return .declined(pivot: k, value: pivot) }
          let root = pivot.squareRoot()
          let row = a + k * n
          row[k] = root
          for j in (k + 1)..<Swift.max(n, k + 1) { row[j] = row[j] / root }
          for i in (k + 1)..<Swift.max(end, k + 1) {
            let factor = row[i]
            let target = a + i * n
            for j in i..<n { target[j] = target[j] - factor * row[j] }
          }
        }
        if end - start == panel {
          for i in end..<Swift.max(n, end) { subtractPanel(a + start * n, n, i, from: a + i * n) }
        }
      }
      return .positive
    }
  }
}

/// target[j] −= Σ_k r_k[i] r_k[j] for j ≥ i over the eight rows r_0 … r_7 of a panel, in that order.
private func subtractPanel(
  _ r: UnsafeMutablePointer<Double>, _ n: Int, _ i: Int, from target: UnsafeMutablePointer<Double>
) {
  let (r0, r1, r2, r3) = (r, r + n, r + 2 * n, r + 3 * n)
  let (r4, r5, r6, r7) = (r + 4 * n, r + 5 * n, r + 6 * n, r + 7 * n)
  let (f0, f1, f2, f3) = (r0[i], r1[i], r2[i], r3[i])
  let (f4, f5, f6, f7) = (r4[i], r5[i], r6[i], r7[i])
  for j in i..<n {
    var t = target[j]
    t = t - f0 * r0[j]
    t = t - f1 * r1[j]
    t = t - f2 * r2[j]
    t = t - f3 * r3[j]
    t = t - f4 * r4[j]
    t = t - f5 * r5[j]
    t = t - f6 * r6[j]
    t = t - f7 * r7[j]
    target[j] = t
  }
}
