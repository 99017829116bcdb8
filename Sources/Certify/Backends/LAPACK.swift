internal import CLAPACK
internal import Synchronization
package import CertifyKernel

/// Dense linear algebra for proposers. Nothing computed here is believed: the kernel checks what is proposed.
///
/// `Matrix` lies row by row, LAPACK reads column by column. A symmetric matrix is its own transpose, so it is
/// passed as it lies with the triangle named for columns; any other matrix is transposed explicitly on the
/// way in and out. Every routine returns nil where LAPACK reports a failure, a singular factor or a NaN;
/// eigenvalue, Schur and singular value routines refuse anything that is not finite, so none can spin.
package enum LAPACKBackend {
  private static let prepared: Void = openblas_set_num_threads(1)

  /// Sets OpenBLAS to one thread, once for the process. Every routine below calls it first.
  package static func prepare() { _ = prepared }

  private static let borrowed = Mutex((running: 0, threads: Int32(1)))

  /// Runs `body` with one thread of OpenBLAS, as results should not depend on their number, and then gives the process
  /// back the number it had: for a library in a program that uses OpenBLAS as well. May be nested and run in parallel.
  package static func withOneThread<Value>(_ body: () -> Value) -> Value {
    borrowed.withLock { state in
      if state.running == 0 {
        state.threads = openblas_get_num_threads()
        // After this the first routine sets nothing any more.
        prepare()
        openblas_set_num_threads(1)
      }
      state.running += 1
    }
    defer {
      borrowed.withLock { state in
        state.running -= 1
        if state.running == 0 { openblas_set_num_threads(state.threads) }
      }
    }
    return body()
  }

  /// The processor kernels OpenBLAS chose, such as "SkylakeX"; print it beside any timing.
  package static var coreName: String {
    guard let name = openblas_get_corename() else { return "unknown" }
    return String(cString: name)
  }

  private static func isFinite(_ A: Matrix) -> Bool {
    A.values.withUnsafeBufferPointer { a in
      // x − x is 0 for a finite x and NaN otherwise; NaN stays in the sum.
      var sum = 0.0
      for x in a { sum += x - x }
      return sum == 0
    }
  }

  // MARK: Products and factors

  /// op(A) op(B) with op the identity or the transpose. Cost: 2 · rows · columns · inner flops.
  ///
  /// - Precondition: the inner dimensions agree.
  package static func multiply(
    _ A: Matrix, _ B: Matrix, transposeA: Bool = false, transposeB: Bool = false
  ) -> Matrix {
    prepare()
    let rows = transposeA ? A.columns : A.rows
    let inner = transposeA ? A.rows : A.columns
    let columns = transposeB ? B.rows : B.columns
    let innerB = transposeB ? B.columns : B.rows
    precondition(inner == innerB, "inner dimensions \(inner) and \(innerB)")
    var result = Matrix(rows: rows, columns: columns)
    guard rows > 0, columns > 0, inner > 0 else { return result }
    result.withUnsafeMutableValues { c in
      A.values.withUnsafeBufferPointer { a in
        B.values.withUnsafeBufferPointer { b in
          cblas_dgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans,
            transposeB ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(inner), 1,
            a.baseAddress, Int32(A.columns), b.baseAddress, Int32(B.columns), 0, c.baseAddress,
            Int32(columns))
        }
      }
    }
    return result
  }

  /// A x, or Aᵀ x. Cost: 2 · rows · columns flops.
  package static func multiply(_ A: Matrix, _ x: [Double], transpose: Bool = false) -> [Double] {
    prepare()
    precondition(x.count == (transpose ? A.rows : A.columns), "a vector of length \(x.count)")
    var y = [Double](repeating: 0, count: transpose ? A.columns : A.rows)
    guard A.rows > 0, A.columns > 0 else { return y }
    A.values.withUnsafeBufferPointer { a in
      cblas_dgemv(
        CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, Int32(A.rows), Int32(A.columns), 1,
        a.baseAddress, Int32(A.columns), x, 1, 0, &y, 1)
    }
    return y
  }

  /// The lower triangular L with A = L Lᵀ, zeros above the diagonal; only the lower triangle of A is read.
  /// Nil when A is not positive definite in floating point. Cost: n³/3 flops.
  package static func cholesky(_ A: Matrix) -> Matrix? {
    prepare()
    let n = A.rows
    guard n == A.columns, n > 0 else { return nil }
    var L = A
    // The lower triangle by rows is the upper triangle by columns.
    let info = L.withUnsafeMutableValues {
      LAPACKE_dpotrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(n), $0.baseAddress, Int32(n))
    }
    guard info == 0 else { return nil }
    L.withUnsafeMutableValues { l in
      for i in 0..<n { for j in (i + 1)..<max(n, i + 1) { l[i * n + j] = 0 } }
    }
    return L
  }

  /// The inverse and the logarithm of the determinant of a positive definite A, both triangles filled.
  /// Cost: n³ flops.
  package static func positiveDefiniteInverse(_ A: Matrix) -> (
    inverse: Matrix, logDeterminant: Double
  )? {
    guard var R = cholesky(A) else { return nil }
    let n = R.rows
    var logDeterminant = 0.0
    for i in 0..<n { logDeterminant += 2 * logarithm(R[i, i]) }
    let info = R.withUnsafeMutableValues {
      LAPACKE_dpotri(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(n), $0.baseAddress, Int32(n))
    }
    guard info == 0, logDeterminant.isFinite else { return nil }
    R.withUnsafeMutableValues { r in
      for i in 0..<n { for j in 0..<i { r[j * n + i] = r[i * n + j] } }
    }
    return (R, logDeterminant)
  }

  /// Solves A X = B for positive definite A; only the lower triangle is read. Cost: n³/3 flops.
  package static func solvePositiveDefinite(_ A: Matrix, _ B: Matrix) -> Matrix? {
    prepare()
    let n = A.rows
    guard n == A.columns, n > 0, B.rows == n, B.columns > 0 else { return nil }
    var factor = A
    var X = B.transposed()
    let info = factor.withUnsafeMutableValues { a in
      X.withUnsafeMutableValues { x in
        LAPACKE_dposv(
          LAPACK_COL_MAJOR, CChar(UInt8(ascii: "U")), Int32(n), Int32(B.columns), a.baseAddress,
          Int32(n), x.baseAddress, Int32(n))
      }
    }
    guard info == 0, X.values.allSatisfy(\.isFinite) else { return nil }
    return X.transposed()
  }

  /// L⁻¹ B for lower triangular L, or L⁻ᵀ B. Cost: n² · columns flops.
  package static func solveLowerTriangular(_ L: Matrix, _ B: Matrix, transpose: Bool = false)
    -> Matrix
  {
    prepare()
    var X = B
    guard L.rows > 0, B.columns > 0 else { return X }
    X.withUnsafeMutableValues { x in
      L.values.withUnsafeBufferPointer { l in
        cblas_dtrsm(
          CblasRowMajor, CblasLeft, CblasLower, transpose ? CblasTrans : CblasNoTrans,
          CblasNonUnit, Int32(L.rows), Int32(B.columns), 1, l.baseAddress, Int32(L.rows),
          x.baseAddress, Int32(B.columns))
      }
    }
    return X
  }

  /// Solves A X = B by LU with partial pivoting; nil when A is exactly singular. Cost: 2n³/3 flops.
  package static func solve(_ A: Matrix, _ B: Matrix) -> Matrix? {
    prepare()
    let n = A.rows
    guard n == A.columns, n > 0, B.rows == n, B.columns > 0 else { return nil }
    var factor = A.transposed()
    var X = B.transposed()
    var pivots = [Int32](repeating: 0, count: n)
    let info = factor.withUnsafeMutableValues { a in
      X.withUnsafeMutableValues { x in
        LAPACKE_dgesv(
          LAPACK_COL_MAJOR, Int32(n), Int32(B.columns), a.baseAddress, Int32(n), &pivots,
          x.baseAddress, Int32(n))
      }
    }
    guard info == 0, X.values.allSatisfy(\.isFinite) else { return nil }
    return X.transposed()
  }

  /// The determinant by LU; 0 when a pivot is exactly 0. Cost: 2n³/3 flops.
  package static func determinant(_ A: Matrix) -> Double? {
    prepare()
    let n = A.rows
    guard n == A.columns else { return nil }
    guard n > 0 else { return 1 }
    var factor = A
    var pivots = [Int32](repeating: 0, count: n)
    let info = factor.withUnsafeMutableValues {
      LAPACKE_dgetrf(
        LAPACK_COL_MAJOR, Int32(n), Int32(n), $0.baseAddress, Int32(n), &pivots)
    }
    guard info >= 0 else { return nil }
    var result = 1.0
    for i in 0..<n { result *= Int(pivots[i]) == i + 1 ? factor[i, i] : -factor[i, i] }
    return result
  }

  // MARK: Eigenvalues

  /// Eigenvalues in ascending order and orthonormal eigenvectors, `vectors[i, k]` entry i of the k-th.
  /// Only the lower triangle of A is read. Cost: about 9n³ flops.
  package static func symmetricEigen(_ A: Matrix) -> (values: [Double], vectors: Matrix)? {
    guard let (values, byRows) = dsyevd(A, job: "V") else { return nil }
    return (values, byRows.transposed())
  }

  /// Eigenvalues in ascending order; only the lower triangle of A is read. Cost: 4n³/3 flops.
  package static func symmetricEigenvalues(_ A: Matrix) -> [Double]? {
    dsyevd(A, job: "N")?.values
  }

  private static func dsyevd(_ A: Matrix, job: Unicode.Scalar) -> (values: [Double], Matrix)? {
    prepare()
    let n = A.rows
    guard n == A.columns, n > 0, isFinite(A) else { return nil }
    var vectors = A
    var values = [Double](repeating: 0, count: n)
    let info = vectors.withUnsafeMutableValues {
      LAPACKE_dsyevd(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: job)), CChar(UInt8(ascii: "U")), Int32(n),
        $0.baseAddress, Int32(n), &values)
    }
    guard info == 0, values.allSatisfy(\.isFinite) else { return nil }
    return (values, vectors)
  }

  /// The smallest or the largest eigenvalue of a symmetric A with its unit eigenvector (dsyevr, one
  /// index). Only the lower triangle is read. Cost: 4n³/3 flops.
  package static func extremeEigen(_ A: Matrix, largest: Bool) -> (
    value: Double, vector: [Double]
  )? {
    prepare()
    let n = A.rows
    guard n == A.columns, n > 0, isFinite(A) else { return nil }
    var copy = A
    var values = [Double](repeating: 0, count: n)
    var vector = [Double](repeating: 0, count: n)
    var support = [Int32](repeating: 0, count: 2 * n)
    var found: Int32 = 0
    let index = largest ? Int32(n) : 1
    let info = copy.withUnsafeMutableValues {
      LAPACKE_dsyevr(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")),
        CChar(UInt8(ascii: "U")), Int32(n), $0.baseAddress, Int32(n), 0, 0, index, index, 0, &found,
        &values, &vector, Int32(n), &support)
    }
    guard info == 0, found == 1, values[0].isFinite else { return nil }
    return (values[0], vector)
  }

  /// Eigenvalues and, on demand, eigenvectors of a general matrix.
  package struct GeneralEigen {
    /// Real and imaginary parts; a complex pair is adjacent, the positive imaginary part first.
    package var real: [Double]
    package var imaginary: [Double]
    /// Column k of LAPACK's packing, at `k * n`; empty when not asked for.
    var packedRight: [Double]
    var packedLeft: [Double]

    /// The right eigenvector x of eigenvalue k: A x = λ x.
    package func right(_ k: Int) -> (real: [Double], imaginary: [Double]) {
      unpack(packedRight, k)
    }

    /// The left eigenvector y of eigenvalue k: yᴴ A = λ yᴴ.
    package func left(_ k: Int) -> (real: [Double], imaginary: [Double]) { unpack(packedLeft, k) }

    private func unpack(_ packed: [Double], _ k: Int) -> (real: [Double], imaginary: [Double]) {
      let n = real.count
      if imaginary[k] == 0 {
        return (Array(packed[(k * n)..<((k + 1) * n)]), [Double](repeating: 0, count: n))
      }
      let first = imaginary[k] > 0 ? k : k - 1
      let re = Array(packed[(first * n)..<((first + 1) * n)])
      let im = Array(packed[((first + 1) * n)..<((first + 2) * n)])
      return (re, imaginary[k] > 0 ? im : im.map { -$0 })
    }
  }

  /// Eigenvalues of a general A (dgeev), with left and right eigenvectors when `vectors`.
  /// Cost: about 10n³ flops without and 25n³ with vectors.
  package static func generalEigen(_ A: Matrix, vectors: Bool = false) -> GeneralEigen? {
    prepare()
    let n = A.rows
    guard n == A.columns, n > 0, isFinite(A) else { return nil }
    var copy = A.transposed()
    var wr = [Double](repeating: 0, count: n)
    var wi = wr
    var vl = [Double](repeating: 0, count: vectors ? n * n : 1)
    var vr = vl
    let job = CChar(UInt8(ascii: vectors ? "V" : "N"))
    let info = copy.withUnsafeMutableValues {
      LAPACKE_dgeev(
        LAPACK_COL_MAJOR, job, job, Int32(n), $0.baseAddress, Int32(n), &wr, &wi, &vl, Int32(n),
        &vr, Int32(n))
    }
    guard info == 0, wr.allSatisfy(\.isFinite), wi.allSatisfy(\.isFinite) else { return nil }
    return GeneralEigen(
      real: wr, imaginary: wi, packedRight: vectors ? vr : [], packedLeft: vectors ? vl : [])
  }

  // MARK: Schur, Sylvester, singular values

  /// The real Schur form A = U T Uᵀ, U orthogonal, T upper quasi-triangular (dgees). Cost: 25n³ flops.
  package static func realSchur(_ A: Matrix) -> (T: Matrix, U: Matrix)? {
    prepare()
    let n = A.rows
    guard n == A.columns, n > 0, isFinite(A) else { return nil }
    var T = A.transposed()
    var U = Matrix(rows: n, columns: n)
    var wr = [Double](repeating: 0, count: n)
    var wi = wr
    var selected: Int32 = 0
    let info = T.withUnsafeMutableValues { t in
      U.withUnsafeMutableValues { u in
        LAPACKE_dgees(
          LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "N")), nil, Int32(n),
          t.baseAddress, Int32(n), &selected, &wr, &wi, u.baseAddress, Int32(n))
      }
    }
    guard info == 0, wr.allSatisfy(\.isFinite) else { return nil }
    return (T.transposed(), U.transposed())
  }

  /// Solves op(A) X + X B = C for upper quasi-triangular A and B (dtrsyl); nil when A and −B share an
  /// eigenvalue to working accuracy or the solution overflows. Cost: n³ flops.
  package static func triangularSylvester(
    _ A: Matrix, _ B: Matrix, _ C: Matrix, transposeA: Bool
  ) -> Matrix? {
    prepare()
    let m = A.rows
    let n = B.rows
    guard m > 0, n > 0, A.isSquare, B.isSquare, C.rows == m, C.columns == n else { return nil }
    let a = A.transposed()
    let b = B.transposed()
    var X = C.transposed()
    var scale = 1.0
    let info = X.withUnsafeMutableValues { x in
      LAPACKE_dtrsyl(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: transposeA ? "T" : "N")), CChar(UInt8(ascii: "N")), 1,
        Int32(m), Int32(n), a.values, Int32(m), b.values, Int32(n), x.baseAddress, Int32(m), &scale)
    }
    guard info == 0, scale > 0 else { return nil }
    let solution = Matrix(rows: n, columns: m, values: X.values.map { $0 / scale }).transposed()
    return solution.values.allSatisfy(\.isFinite) ? solution : nil
  }

  /// The largest singular value of an upper bidiagonal matrix B with unit singular vectors, B v = σ u: the largest
  /// eigenvalue of the tridiagonal BᵀB (dstevr). Cost: O(n) for each of some 50 bisections.
  package static func topSingular(
    diagonal: [Double], above: [Double]
  ) -> (norm: Double, left: [Double], right: [Double])? {
    prepare()
    let n = diagonal.count
    let size = max(diagonal.map(abs).max() ?? 0, above.map(abs).max() ?? 0)
    guard n > 0, above.count == n - 1, size > 0, size.isFinite else { return nil }
    // Squares of numbers up to 1 do not overflow, and those that vanish do not matter.
    let (α, β) = (diagonal.map { $0 / size }, above.map { $0 / size })
    var d = α.map { $0 * $0 }
    var e = [Double](repeating: 0, count: n)
    for i in 1..<max(1, n) {
      d[i] += β[i - 1] * β[i - 1]
      e[i - 1] = α[i - 1] * β[i - 1]
    }
    var found: Int32 = 0
    var eigenvalues = [Double](repeating: 0, count: n)
    var v = [Double](repeating: 0, count: n)
    var support = [Int32](repeating: 0, count: 2)
    let info = LAPACKE_dstevr(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "I")), Int32(n), &d, &e, 0, 0,
      Int32(n), Int32(n), 0, &found, &eigenvalues, &v, Int32(n), &support)
    guard info == 0, found == 1, eigenvalues[0] > 0, eigenvalues[0].isFinite else { return nil }
    let σ = eigenvalues[0].squareRoot()
    var u = zip(α, v).map { $0 * $1 / σ }
    for i in 1..<max(1, n) { u[i - 1] += β[i - 1] * v[i] / σ }
    return (σ * size, u, v)
  }

  /// The largest singular value of A (dgesdd without vectors, about a third of the time). Cost: O(n³).
  package static func largestSingularValue(_ A: Matrix) -> Double? {
    prepare()
    let (m, n) = (A.rows, A.columns)
    guard min(m, n) > 0, isFinite(A) else { return nil }
    var copy = A
    var sigma = [Double](repeating: 0, count: min(m, n))
    let info = copy.withUnsafeMutableValues {
      LAPACKE_dgesdd(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), Int32(n), Int32(m), $0.baseAddress, Int32(n),
        &sigma, nil, Int32(n), nil, Int32(min(m, n)))
    }
    return info == 0 && sigma[0].isFinite ? sigma[0] : nil
  }

  /// The largest singular value of A with unit singular vectors, A v = σ u (dgesdd). Cost: O(n³).
  package static func topSingular(_ A: Matrix) -> (norm: Double, left: [Double], right: [Double])? {
    prepare()
    let m = A.rows
    let n = A.columns
    let k = min(m, n)
    guard k > 0, isFinite(A) else { return nil }
    // The rows of A are the columns of Aᵀ = V Σ Uᵀ, so LAPACK's left factor is V.
    var copy = A
    var sigma = [Double](repeating: 0, count: k)
    var V = [Double](repeating: 0, count: n * k)
    var Ut = [Double](repeating: 0, count: k * m)
    let info = copy.withUnsafeMutableValues {
      LAPACKE_dgesdd(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "S")), Int32(n), Int32(m), $0.baseAddress, Int32(n),
        &sigma, &V, Int32(n), &Ut, Int32(k))
    }
    guard info == 0, sigma[0].isFinite else { return nil }
    return (sigma[0], (0..<m).map { Ut[$0 * k] }, Array(V[0..<n]))
  }
}
