internal import CLAPACK
import CertifyKernel

// The only file that calls LAPACK and BLAS. Their results are proposals; NaN and failure give nil.
// LAPACK is column-major and `Matrix` row-major: a row-major A is handed over as Aᵀ.

/// Everything LAPACK is asked for.
enum DenseAlgebra {
  /// Threads are used across models, not inside BLAS.
  private static let isPrepared: Bool = {
    openblas_set_num_threads(1)
    return true
  }()

  static func prepare() { precondition(isPrepared) }

  /// The kernel set that OpenBLAS chose, to stand beside any timing.
  static var coreName: String {
    guard let name = openblas_get_corename() else { return "unknown" }
    return String(cString: name)
  }

  /// A B.
  static func product(_ a: Matrix, _ b: Matrix) -> Matrix {
    prepare()
    precondition(a.columns == b.rows, "\(a.rows) x \(a.columns) times \(b.rows) x \(b.columns)")
    var c = Matrix(rows: a.rows, columns: b.columns)
    guard a.rows > 0, b.columns > 0, a.columns > 0 else { return c }
    c.withUnsafeMutableValues { c in
      cblas_dgemm(
        CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(a.rows), Int32(b.columns),
        Int32(a.columns), 1, a.values, Int32(a.columns), b.values, Int32(b.columns), 0,
        c.baseAddress, Int32(b.columns))
    }
    return c
  }

  /// Eigenvalues of a symmetric matrix, ascending; the lower triangle (row-major) is read.
  static func symmetricEigenvalues(_ a: Matrix) -> [Double]? {
    prepare()
    guard a.rows > 0, a.values.allSatisfy(\.isFinite) else { return nil }
    var work = a
    let n = Int32(a.rows)
    var values = [Double](repeating: 0, count: a.rows)
    let info = work.withUnsafeMutableValues {
      LAPACKE_dsyevd(LAPACK_COL_MAJOR, 78 /* N */, 85 /* U */, n, $0.baseAddress, n, &values)
    }
    return info == 0 && values.allSatisfy(\.isFinite) ? values : nil
  }

  /// Eigenvalues, ascending, and orthonormal eigenvectors, vector k in row k.
  static func symmetricEigenvectors(_ a: Matrix) -> (values: [Double], rows: Matrix)? {
    prepare()
    guard a.rows > 0, a.values.allSatisfy(\.isFinite) else { return nil }
    var work = a
    let n = Int32(a.rows)
    var values = [Double](repeating: 0, count: a.rows)
    let info = work.withUnsafeMutableValues {
      LAPACKE_dsyevd(LAPACK_COL_MAJOR, 86 /* V */, 85, n, $0.baseAddress, n, &values)
    }
    return info == 0 && values.allSatisfy(\.isFinite) ? (values, work) : nil
  }

  /// The singular values, descending, and the top pair: X v = σ u.
  static func singularValues(
    _ x: Matrix, withTopVectors: Bool = false
  ) -> (values: [Double], left: [Double], right: [Double])? {
    prepare()
    guard x.rows > 0, x.columns > 0, x.values.allSatisfy(\.isFinite) else { return nil }
    var work = x
    let (m, n) = (Int32(x.columns), Int32(x.rows))
    let k = Int(min(m, n))
    var values = [Double](repeating: 0, count: k)
    // Column-major view is Xᵀ = U S Vᵀ, so U holds right vectors of X and V its left ones.
    var u = [Double](repeating: 0, count: withTopVectors ? Int(m) * k : 1)
    var vt = [Double](repeating: 0, count: withTopVectors ? k * Int(n) : 1)
    let info = work.withUnsafeMutableValues {
      LAPACKE_dgesdd(
        LAPACK_COL_MAJOR, withTopVectors ? 83 /* S */ : 78, m, n, $0.baseAddress, m, &values, &u, m,
        &vt, withTopVectors ? Int32(k) : 1)
    }
    guard info == 0, values.allSatisfy(\.isFinite) else { return nil }
    guard withTopVectors else { return (values, [], []) }
    return (values, (0..<Int(n)).map { vt[$0 * k] }, Array(u[0..<Int(m)]))
  }

  /// Solves A X = B for square A; nil when singular to working precision.
  static func solve(_ a: Matrix, _ b: Matrix) -> Matrix? {
    prepare()
    guard a.isSquare, a.rows == b.rows else { return nil }
    var (lu, x) = (a, b)
    var pivots = [Int32](repeating: 0, count: a.rows)
    let info = lu.withUnsafeMutableValues { lu in
      x.withUnsafeMutableValues { x in
        LAPACKE_dgesv(
          LAPACK_ROW_MAJOR, Int32(a.rows), Int32(b.columns), lu.baseAddress, Int32(a.rows), &pivots,
          x.baseAddress, Int32(b.columns))
      }
    }
    return info == 0 && x.values.allSatisfy(\.isFinite) ? x : nil
  }

  /// A⁻¹.
  static func inverse(_ a: Matrix) -> Matrix? { solve(a, .identity(a.rows)) }

  /// Whether a symmetric matrix has a floating-point Cholesky factor.
  static func isPositiveDefinite(_ a: Matrix) -> Bool {
    prepare()
    var work = a
    let n = Int32(a.rows)
    return work.withUnsafeMutableValues {
      LAPACKE_dpotrf(LAPACK_COL_MAJOR, 85, n, $0.baseAddress, n)
    } == 0
  }

  /// One eigenvalue of a general matrix with its right and left vectors, real and imaginary parts.
  struct Eigenvalue {
    let real: Double
    let imaginary: Double
    /// A x = z x.
    let right: (real: [Double], imaginary: [Double])
    /// yᴴ A = z yᴴ.
    let left: (real: [Double], imaginary: [Double])
  }

  /// The eigenvalues of a general matrix.
  static func eigenvalues(_ a: Matrix) -> [(real: Double, imaginary: Double)]? {
    prepare()
    guard a.rows > 0, a.values.allSatisfy(\.isFinite) else { return nil }
    var work = a
    let n = Int32(a.rows)
    var re = [Double](repeating: 0, count: a.rows)
    var im = re
    var none = [0.0]
    let info = work.withUnsafeMutableValues {
      LAPACKE_dgeev(LAPACK_COL_MAJOR, 78, 78, n, $0.baseAddress, n, &re, &im, &none, 1, nil, 1)
    }
    return info == 0 ? Array(zip(re, im)).map { ($0.0, $0.1) } : nil
  }

  /// The eigenvalue for which `score` is largest, with vectors.
  static func eigenvalue(
    of a: Matrix, largest score: (Double, Double) -> Double
  ) -> Eigenvalue? {
    prepare()
    guard a.rows > 0, a.values.allSatisfy(\.isFinite) else { return nil }
    let size = a.rows
    let n = Int32(size)
    // The column-major view is Aᵀ, whose right vectors are conjugates of left vectors of A.
    var work = a.transposed()
    var re = [Double](repeating: 0, count: size)
    var im = re
    var left = [Double](repeating: 0, count: size * size)
    var right = left
    let info = work.withUnsafeMutableValues {
      LAPACKE_dgeev(LAPACK_COL_MAJOR, 86, 86, n, $0.baseAddress, n, &re, &im, &left, n, &right, n)
    }
    guard info == 0 else { return nil }
    guard let k = (0..<size).max(by: { score(re[$0], im[$0]) < score(re[$1], im[$1]) }) else {
      return nil
    }
    // A complex pair stands in columns k (imaginary part > 0) and k + 1.
    let first = im[k] < 0 ? k - 1 : k
    let sign = im[k] < 0 ? -1.0 : 1
    func column(_ v: [Double], _ c: Int) -> [Double] { Array(v[(c * size)..<((c + 1) * size)]) }
    func vector(_ v: [Double]) -> ([Double], [Double]) {
      im[k] == 0
        ? (column(v, k), [Double](repeating: 0, count: size))
        : (column(v, first), column(v, first + 1).map { sign * $0 })
    }
    return Eigenvalue(real: re[k], imaginary: im[k], right: vector(right), left: vector(left))
  }

  /// The real Schur form A = Q T Qᵀ.
  static func schur(_ a: Matrix) -> (q: Matrix, t: Matrix)? {
    prepare()
    guard a.rows > 0, a.values.allSatisfy(\.isFinite) else { return nil }
    let size = a.rows
    let n = Int32(size)
    var t = a.transposed()
    var q = Matrix(rows: size, columns: size)
    var re = [Double](repeating: 0, count: size)
    var im = re
    var selected: Int32 = 0
    let info = t.withUnsafeMutableValues { t in
      q.withUnsafeMutableValues { q in
        LAPACKE_dgees(
          LAPACK_COL_MAJOR, 86, 78, nil, n, t.baseAddress, n, &selected, &re, &im, q.baseAddress, n)
      }
    }
    return info == 0 ? (q.transposed(), t.transposed()) : nil
  }

  /// Solves AᵀM + MA = −Q for symmetric Q; needs no eigenvalues of A with opposite sign and equal size.
  static func lyapunov(_ a: Matrix, _ right: Matrix) -> Matrix? {
    guard let (q, t) = schur(a) else { return nil }
    // With M = Q Y Qᵀ: TᵀY + YT = −QᵀRQ.
    let rotated = product(product(q.transposed(), right), q)
    var y = rotated.transposed()
    y.withUnsafeMutableValues { for k in $0.indices { $0[k] = -$0[k] } }
    let columnT = t.transposed()
    let n = Int32(a.rows)
    var scale = 1.0
    let info = y.withUnsafeMutableValues { y in
      LAPACKE_dtrsyl(
        LAPACK_COL_MAJOR, 84 /* T */, 78, 1, n, n, columnT.values, n, columnT.values, n,
        y.baseAddress, n, &scale)
    }
    guard info >= 0, scale > 0 else { return nil }
    y.withUnsafeMutableValues { for k in $0.indices { $0[k] /= scale } }
    let m = product(product(q, y.transposed()), q.transposed())
    return m.values.allSatisfy(\.isFinite) ? m.symmetrised() : nil
  }
}

extension Matrix {
  /// (A + Aᵀ)/2, exactly symmetric.
  func symmetrised() -> Matrix {
    var result = self
    for i in 0..<rows {
      for j in 0..<i {
        let mean = (self[i, j] + self[j, i]) / 2
        result[i, j] = mean
        result[j, i] = mean
      }
    }
    return result
  }
}

/// Ascending eigenvalues of a symmetric matrix.
func symmetricEigenvalues(_ a: Matrix) -> [Double]? { DenseAlgebra.symmetricEigenvalues(a) }

/// ‖X‖₂.
func spectralNorm(_ x: Matrix) -> Double? { DenseAlgebra.singularValues(x)?.values.first }
