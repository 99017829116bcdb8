internal import Certify
internal import CertifyKernel
internal import Foundation
package import Dynamics

/// Diagonal blocks W_k = ωUΣVᵀ with U and V turns (Cayley transforms of learned skew matrices) and Σ = tanh of a
/// learned diagonal: the SVD Combo Net of Kozachkov, Ennis and Slotine 2022 (Theorem 5). With a learned scaling
/// Φ = e^s around it, W = ΦUΣVᵀΦ⁻¹. Cost: two inverses of each block.
package final class SingularBlocks: MatrixSource {
  package let pattern: Pattern
  package let bound: Double
  private let size: Int
  private let start: Int
  private let count: Int
  private var memo: [(left: Matrix, right: Matrix, U: Matrix, V: Matrix)] = []

  /// Parameters of each block: the skew matrix of U, that of V (of which A − Aᵀ is taken), and n for Σ.
  package static func parameterCount(size: Int) -> Int { 2 * size * size + size }

  package init(units: Int, size: Int, bound: Double, range: Range<Int>) {
    precondition(bound > 0 && bound < 1, "a bound of \(bound)")
    count = units / size
    precondition(range.count == count * Self.parameterCount(size: size))
    pattern = .blocks(
      units: units, size: size, (0..<Int32(count)).map { (row: $0, column: $0) })
    self.size = size
    self.bound = bound * (1 - normMargin)
    start = range.lowerBound
  }

  private func part(_ k: Int, _ which: Int) -> Int {
    start + k * Self.parameterCount(size: size) + which * size * size
  }

  package func forward(_ θ: [Double]) -> [Double] {
    var values: [Double] = []
    values.reserveCapacity(pattern.entries)
    memo = []
    for k in 0..<count {
      let (X, U) = turn(θ, part(k, 0))
      let (Y, V) = turn(θ, part(k, 1))
      memo.append((X, Y, U, V))
      var scaled = U
      scaled.withUnsafeMutableValues { u in
        for i in 0..<size {
          for j in 0..<size { u[i * size + j] *= bound * tanh(θ[part(k, 2) + j]) }
        }
      }
      values += LAPACKBackend.multiply(scaled, V, transposeB: true).values.map { $0 }
    }
    return values
  }

  /// X = (I − A + Aᵀ)⁻¹ and the turn 2X − I.
  private func turn(_ θ: [Double], _ start: Int) -> (Matrix, Matrix) {
    var K = Matrix.identity(size)
    K.withUnsafeMutableValues { k in
      for i in 0..<size {
        for j in 0..<size {
          k[i * size + j] -= θ[start + i * size + j] - θ[start + j * size + i]
        }
      }
    }
    let nothing = Matrix(
      rows: size, columns: size, values: [Double](repeating: .nan, count: size * size))
    let X = LAPACKBackend.solve(K, .identity(size)) ?? nothing
    var Q = X
    Q.withUnsafeMutableValues { q in
      for e in 0..<(size * size) { q[e] *= 2 }
      for i in 0..<size { q[i * size + i] -= 1 }
    }
    return (X, Q)
  }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    let area = size * size
    for k in 0..<count {
      let G = Matrix(
        rows: size, columns: size, values: Array(g[(k * area)..<((k + 1) * area)]))
      let (X, Y, U, V) = memo[k]
      let σ = (0..<size).map { tanh(θ[part(k, 2) + $0]) }
      let GV = LAPACKBackend.multiply(G, V)
      let GU = LAPACKBackend.multiply(G, U, transposeA: true)
      for j in 0..<size {
        var sum = 0.0
        for i in 0..<size { sum += U[i, j] * GV[i, j] }
        gradient[part(k, 2) + j] += bound * sum * (1 - σ[j] * σ[j])
      }
      turnBack(X, columns(GV, σ), part(k, 0), &gradient)
      turnBack(Y, columns(GU, σ), part(k, 1), &gradient)
    }
  }

  private func columns(_ A: Matrix, _ σ: [Double]) -> Matrix {
    var result = A
    result.withUnsafeMutableValues { a in
      for i in 0..<size { for j in 0..<size { a[i * size + j] *= bound * σ[j] } }
    }
    return result
  }

  /// From the derivative by a turn to that by A: 2XᵀGXᵀ less its transpose.
  private func turnBack(_ X: Matrix, _ G: Matrix, _ start: Int, _ gradient: inout [Double]) {
    let left = LAPACKBackend.multiply(X, G, transposeA: true)
    let whole = LAPACKBackend.multiply(left, X, transposeB: true)
    for i in 0..<size {
      for j in 0..<size {
        gradient[start + i * size + j] += 2 * (whole[i, j] - whole[j, i])
      }
    }
  }
}
