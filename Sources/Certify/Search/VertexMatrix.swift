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

/// The unit vector that a matrix stretches most.
func topRightSingularVector(_ x: Matrix) -> [Double]? {
  if x.rows > 256, let top = LargestSingular(x) { return top.right }
  return LAPACKBackend.topSingular(x)?.right
}
