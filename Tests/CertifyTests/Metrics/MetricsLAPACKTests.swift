import Certify
import CertifyKernel
import Testing

@Suite struct MetricsLAPACKTests {
  @Test func productsReadRowsAsRows() {
    let A = Matrix(rows: 2, columns: 3, values: [1, 2, 3, 4, 5, 6])
    let B = Matrix(rows: 3, columns: 2, values: [7, 8, 9, 10, 11, 12])
    #expect(LAPACKBackend.multiply(A, B).values == [58, 64, 139, 154])
    #expect(LAPACKBackend.multiply(A, A, transposeB: true).values == [14, 32, 32, 77])
    #expect(
      LAPACKBackend.multiply(A, A, transposeA: true).values == [17, 22, 27, 22, 29, 36, 27, 36, 45])
    #expect(LAPACKBackend.multiply(A, [1, 0, -1]) == [-2, -2])
    #expect(LAPACKBackend.multiply(A, [1, -1], transpose: true) == [-3, -3, -3])
  }

  @Test func choleskyReadsTheLowerTriangleAndReturnsIt() throws {
    let A = Matrix(rows: 2, columns: 2, values: [4, .nan, 2, 5])
    // NaN above the diagonal is not looked at.
    let L = try #require(LAPACKBackend.cholesky(A))
    #expect(L.values == [2, 0, 1, 2])
    #expect(LAPACKBackend.cholesky(Matrix(rows: 2, columns: 2, values: [1, 2, 2, 1])) == nil)
    #expect(LAPACKBackend.cholesky(Matrix(rows: 1, columns: 1, values: [.nan])) == nil)
    #expect(LAPACKBackend.cholesky(Matrix(rows: 0, columns: 0)) == nil)
  }

  @Test(arguments: UInt64(0)..<8)
  func solversLeaveSmallResiduals(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 1 + Int(seed) * 5
    let A = random.matrix(n, n)
    let B = random.matrix(n, 3)
    let X = try #require(LAPACKBackend.solve(A, B))
    #expect(largestDifference(naiveProduct(A, X), B) < 1e-9)
    let P = combination(1, naiveProduct(A, A.transposed()), 1, .identity(n))
    let Y = try #require(LAPACKBackend.solvePositiveDefinite(P, B))
    #expect(largestDifference(naiveProduct(P, Y), B) < 1e-9)
    let (inverse, logarithm) = try #require(LAPACKBackend.positiveDefiniteInverse(P))
    #expect(largestDifference(naiveProduct(P, inverse), .identity(n)) < 1e-9)
    let determinant = try #require(LAPACKBackend.determinant(P))
    let reference = try #require(LAPACKBackend.symmetricEigenvalues(P)).reduce(1, *)
    #expect(abs(determinant - reference) <= 1e-10 * reference)
    #expect(determinant > 0 && logarithm.isFinite)
    let L = try #require(LAPACKBackend.cholesky(P))
    let Z = LAPACKBackend.solveLowerTriangular(L, B)
    #expect(largestDifference(naiveProduct(L, Z), B) < 1e-9)
    let V = LAPACKBackend.solveLowerTriangular(L, B, transpose: true)
    #expect(largestDifference(naiveProduct(L.transposed(), V), B) < 1e-9)
  }

  @Test func determinantHasTheRightSign() {
    #expect(LAPACKBackend.determinant(Matrix(rows: 2, columns: 2, values: [0, 1, 1, 0])) == -1)
    #expect(LAPACKBackend.determinant(Matrix(rows: 2, columns: 2, values: [1, 2, 2, 4])) == 0)
  }

  @Test(arguments: UInt64(0)..<6)
  func eigenvectorsSatisfyTheirEquations(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 2 + Int(seed) * 4
    let S = random.symmetric(n)
    let (values, V) = try #require(LAPACKBackend.symmetricEigen(S))
    let VD = naiveProduct(V, Matrix(diagonal: values))
    #expect(largestDifference(naiveProduct(S, V), VD) < 1e-12)
    for largest in [false, true] {
      let extreme = try #require(LAPACKBackend.extremeEigen(S, largest: largest))
      #expect(abs(extreme.value - (largest ? values[n - 1] : values[0])) < 1e-12)
      let image = LAPACKBackend.multiply(S, extreme.vector)
      for i in 0..<n { #expect(abs(image[i] - extreme.value * extreme.vector[i]) < 1e-12) }
    }

    let A = random.matrix(n, n)
    let eigen = try #require(LAPACKBackend.generalEigen(A, vectors: true))
    for k in 0..<n {
      let (a, b) = (eigen.real[k], eigen.imaginary[k])
      let x = eigen.right(k)
      let re = LAPACKBackend.multiply(A, x.real)
      let im = LAPACKBackend.multiply(A, x.imaginary)
      // y*A = λy* is Aᵀy = λ̄y for real A.
      let y = eigen.left(k)
      let leftRe = LAPACKBackend.multiply(A, y.real, transpose: true)
      let leftIm = LAPACKBackend.multiply(A, y.imaginary, transpose: true)
      for i in 0..<n {
        #expect(abs(re[i] - (a * x.real[i] - b * x.imaginary[i])) < 1e-11)
        #expect(abs(im[i] - (a * x.imaginary[i] + b * x.real[i])) < 1e-11)
        #expect(abs(leftRe[i] - (a * y.real[i] + b * y.imaginary[i])) < 1e-11)
        #expect(abs(leftIm[i] - (a * y.imaginary[i] - b * y.real[i])) < 1e-11)
      }
    }
  }

  @Test(arguments: UInt64(0)..<6)
  func schurAndSingularValues(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 1 + Int(seed) * 4
    let A = random.matrix(n, n)
    let (T, U) = try #require(LAPACKBackend.realSchur(A))
    #expect(largestDifference(naiveProduct(naiveProduct(U, T), U.transposed()), A) < 1e-12)
    #expect(largestDifference(naiveProduct(U, U.transposed()), .identity(n)) < 1e-12)
    for i in 0..<n { for j in 0..<max(0, i - 1) { #expect(T[i, j] == 0) } }
    let B = random.matrix(n, n + 2)
    let (norm, u, v) = try #require(LAPACKBackend.topSingular(B))
    let Bv = LAPACKBackend.multiply(B, v)
    let Btu = LAPACKBackend.multiply(B, u, transpose: true)
    for i in 0..<n { #expect(abs(Bv[i] - norm * u[i]) < 1e-12) }
    for j in 0..<(n + 2) { #expect(abs(Btu[j] - norm * v[j]) < 1e-12) }
  }

  @Test func failuresAreNil() {
    let singular = Matrix(rows: 2, columns: 2, values: [1, 2, 2, 4])
    let broken = Matrix(rows: 2, columns: 2, values: [.nan, 0, 0, 1])
    #expect(LAPACKBackend.solve(singular, .identity(2)) == nil)
    #expect(LAPACKBackend.symmetricEigen(broken) == nil)
    #expect(LAPACKBackend.generalEigen(broken) == nil)
    #expect(LAPACKBackend.realSchur(broken) == nil)
    #expect(LAPACKBackend.topSingular(broken) == nil)
    #expect(LAPACKBackend.generalEigen(Matrix(rows: 2, columns: 3)) == nil)
    #expect(!LAPACKBackend.coreName.isEmpty)
  }
}
