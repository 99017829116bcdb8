internal import Foundation
import CertifyKernel

/// T⁻¹J or I + HJ with slope g at the active units and l elsewhere, in floating point.
func vertexMatrix(_ problem: Problem, _ active: [Int32]) -> Matrix {
  let n = problem.units
  let (l, g) = problem.slopes
  var slope = [Double](repeating: l, count: n)
  for unit in active { slope[Int(unit)] = g }
  var a = Matrix(rows: n, columns: n)
  let start = problem.scope == .continuous ? 0.0 : 1
  let columns = problem.network.form == .outside
  for i in 0..<n {
    let pace = problem.pace(i)
    for j in 0..<n {
      var entry = problem.dense[i, j] * slope[columns ? j : i]
      if let coupling = problem.denseCoupling { entry += coupling[i, j] }
      a[i, j] = pace * entry
    }
    a[i, i] += start - pace
  }
  return a
}

/// How far beyond the boundary of stability a vertex is: the spectral abscissa, or the radius less 1.
func instabilityExcess(_ problem: Problem, _ active: [Int32]) -> Double? {
  guard let values = LAPACKBackend.generalEigen(vertexMatrix(problem, active)) else { return nil }
  return zip(values.real, values.imaginary).map { excess(problem.scope, $0, $1) }.max()
}

func excess(_ scope: Scope, _ re: Double, _ im: Double) -> Double {
  scope == .continuous ? re : hypot(re, im) - 1
}

/// Symmetric M, x and c that show a vertex unstable by inertia, best guesses first.
///
/// M solves (J − cI)ᵀM + M(J − cI) = −I, or its discrete mate through the Cayley transform, with c a little
/// beyond the boundary so that no eigenvalue lies on it; x spans the eigenvector of the worst eigenvalue.
func inertiaWitnesses(
  _ problem: Problem, _ active: [Int32]
) -> [(metric: Matrix, direction: [Double], margin: Double)] {
  let a = vertexMatrix(problem, active)
  guard let worst = WorstEigenvalue(of: a, problem.scope) else { return [] }
  let beyond = worst.excess
  guard beyond > 0 else { return [] }
  var found: [(metric: Matrix, direction: [Double], margin: Double)] = []
  for share in [0, 0.5, 0.1, 0.9] {
    let margin = (problem.scope == .continuous ? 0 : 1) + share * beyond
    guard let m = indefiniteMetric(a, problem.scope, margin) else { continue }
    for x in [worst.right.real, worst.right.imaginary] {
      var form = 0.0
      for i in 0..<m.rows { for j in 0..<m.rows { form += x[i] * m[i, j] * x[j] } }
      if form < 0 { found.append((m, x, margin)) }
    }
  }
  return found
}

/// M with sym(M(A − cI)) = −I/2, or c²M − AᵀMA = c²I, scaled to entries about 1.
private func indefiniteMetric(_ a: Matrix, _ scope: Scope, _ margin: Double) -> Matrix? {
  let n = a.rows
  var generator = a
  let solution: Matrix?
  if scope == .continuous {
    for i in 0..<n { generator[i, i] -= margin }
    solution = LinearMatrixEquation.lyapunov(generator, .identity(n))
  } else {
    generator.withUnsafeMutableValues { for k in $0.indices { $0[k] /= margin } }
    solution = LinearMatrixEquation.stein(generator, .identity(n))
  }
  guard var m = solution.map(symmetricPart) else { return nil }
  let size = m.values.reduce(0) { max($0, abs($1)) }
  guard size > 0, size < .infinity else { return nil }
  let scale = exp2(-log2(size).rounded())
  m.withUnsafeMutableValues { for k in $0.indices { $0[k] *= scale } }
  return m
}

/// The eigenvalue of a vertex that lies furthest towards instability, with its vectors.
private struct WorstEigenvalue {
  let real: Double
  let imaginary: Double
  /// Spectral abscissa, or radius less 1.
  let excess: Double
  let right: (real: [Double], imaginary: [Double])
  let left: (real: [Double], imaginary: [Double])

  init?(of a: Matrix, _ scope: Scope) {
    guard let eigen = LAPACKBackend.generalEigen(a, vectors: true) else { return nil }
    let scores = zip(eigen.real, eigen.imaginary).map { Certify.excess(scope, $0, $1) }
    guard let k = scores.indices.max(by: { scores[$0] < scores[$1] }) else { return nil }
    (real, imaginary, excess) = (eigen.real[k], eigen.imaginary[k], scores[k])
    right = eigen.right(k)
    left = eigen.left(k)
  }
}

/// Vertices reached by switching units in the direction that raises the worst eigenvalue.
func ascendingVertices(_ problem: Problem) -> [[Int32]] {
  let n = problem.units
  var found: [[Int32]] = []
  let starts: [[Bool]] = [
    [Bool](repeating: true, count: n),
    (0..<n).map { problem.dense[$0, $0] > 0 },
    (0..<n).map { i in (0..<n).reduce(0) { $0 + problem.dense[i, $1] } > 0 },
  ]
  for start in starts {
    var isActive = start
    var held = -Double.infinity
    for _ in 0..<20 {
      let active = (0..<n).filter { isActive[$0] }.map(Int32.init)
      let a = vertexMatrix(problem, active)
      guard let worst = WorstEigenvalue(of: a, problem.scope) else { break }
      let value = worst.excess
      if value >= 0 {
        found.append(active)
        break
      }
      guard value > held + 1e-12 else { break }
      held = value
      let slopes = sensitivities(problem, worst)
      for i in 0..<n { isActive[i] = slopes[i] > 0 }
    }
  }
  return found
}

/// The sign of the change of the worst eigenvalue's excess with each slope d_i.
private func sensitivities(
  _ problem: Problem, _ z: WorstEigenvalue
) -> [Double] {
  let n = problem.units
  let w = problem.dense
  let (x, y) = (z.right, z.left)
  // yᴴx, and for unit k the bilinear form of the k-th column (row) of W.
  var (nr, ni) = (0.0, 0.0)
  for i in 0..<n {
    nr += y.real[i] * x.real[i] + y.imaginary[i] * x.imaginary[i]
    ni += y.real[i] * x.imaginary[i] - y.imaginary[i] * x.real[i]
  }
  let columns = problem.network.form == .outside
  let size = problem.scope == .continuous ? 1 : hypot(z.real, z.imaginary)
  return (0..<n).map { k in
    var (ar, ai) = (0.0, 0.0)  // Σ over the free index, conjugated for y
    for i in 0..<n {
      if columns {
        ar += problem.pace(i) * w[i, k] * y.real[i]
        ai -= problem.pace(i) * w[i, k] * y.imaginary[i]
      } else {
        ar += w[k, i] * x.real[i]
        ai += w[k, i] * x.imaginary[i]
      }
    }
    let (br, bi) =
      columns
      ? (x.real[k], x.imaginary[k])
      : (problem.pace(k) * y.real[k], -problem.pace(k) * y.imaginary[k])
    let (pr, pi) = (ar * br - ai * bi, ar * bi + ai * br)
    // dz = p / (yᴴx)
    let scale = nr * nr + ni * ni
    let (dr, di) = ((pr * nr + pi * ni) / scale, (pi * nr - pr * ni) / scale)
    return problem.scope == .continuous
      ? dr : (z.real * dr + z.imaginary * di) / max(size, 1e-300)
  }
}

/// The unit vector that a matrix stretches most.
func topRightSingularVector(_ x: Matrix) -> [Double]? {
  LAPACKBackend.topSingular(x)?.right
}
