import Certify
import CertifyKernel
import Testing

@Suite struct MetricsEquationTests {
  @Test(arguments: UInt64(0)..<16)
  func lyapunovResidual(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 1 + Int(seed) * 2
    let A = random.matrix(n, n)  // eigenvalues on both sides of the axis
    let Q = random.symmetric(n)
    let M = try #require(LinearMatrixEquation.lyapunov(A, Q))
    #expect(M == M.transposed())
    let MA = naiveProduct(M, A)
    let left = combination(1, MA, 1, MA.transposed())
    #expect(largestDifference(left, combination(-1, Q, 0, Q)) < 1e-10 * (1 + largestEntry(M)))
  }

  @Test(arguments: UInt64(0)..<16)
  func steinResidual(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 1 + Int(seed) * 2
    let A = random.matrix(n, n)  // eigenvalues inside and outside the circle
    let Q = random.symmetric(n)
    let M = try #require(LinearMatrixEquation.stein(A, Q))
    #expect(M == M.transposed())
    let AMA = naiveProduct(A.transposed(), naiveProduct(M, A))
    #expect(largestDifference(combination(1, M, -1, AMA), Q) < 1e-9 * (1 + largestEntry(M)))
  }

  @Test func stableMatricesGivePositiveDefiniteMetrics() throws {
    let A = Matrix(rows: 2, columns: 2, values: [-1, 8, 0, -1])
    let M = try #require(LinearMatrixEquation.lyapunov(A, .identity(2)))
    #expect(LAPACKBackend.cholesky(M) != nil)
    #expect(abs(M[0, 0] - 0.5) < 1e-14 && abs(M[0, 1] - 2) < 1e-13)
  }

  @Test func unsolvableEquationsAreNil() {
    let skew = Matrix(rows: 2, columns: 2, values: [0, 1, -1, 0])
    #expect(LinearMatrixEquation.lyapunov(skew, .identity(2)) == nil)
    #expect(LinearMatrixEquation.stein(.identity(2), .identity(2)) == nil)
    #expect(
      LinearMatrixEquation.stein(Matrix(rows: 1, columns: 1, values: [.nan]), .identity(1)) == nil)
  }

  /// Eigenvalues λ and −λ (λ and 1/λ) make the plain equation singular; a shift does not mind.
  @Test(arguments: [false, true])
  func witnessesNearAndFarFromTheBoundary(isDiscrete: Bool) throws {
    for seed in UInt64(0)..<12 {
      var random = MetricsRandom(seed: seed)
      let n = 2 + Int(seed) * 2
      var A = random.matrix(n, n, scale: 1.5)
      if seed < 2 {
        A = Matrix(rows: 2, columns: 2, values: isDiscrete ? [2, 0, 0, 0.5] : [1, 0, 0, -1])
      }
      let eigen = try #require(LAPACKBackend.generalEigen(A))
      let measure = zip(eigen.real, eigen.imaginary).map {
        isDiscrete ? ($0 * $0 + $1 * $1).squareRoot() - 1 : $0
      }.max()!
      let witness = InstabilityWitness(A, isDiscrete: isDiscrete)
      guard measure > 1e-3 else {
        #expect(measure > 0 || witness == nil)
        continue
      }
      let found = try #require(witness, "seed \(seed)")
      #expect(found.metric == found.metric.transposed())
      #expect(found.shift >= (isDiscrete ? 1 : 0))
      let value = zip(found.vector, LAPACKBackend.multiply(found.metric, found.vector))
        .reduce(0) { $0 + $1.0 * $1.1 }
      #expect(value < 0)
      let c = found.shift
      var definite: Matrix
      if isDiscrete {
        let X = combination(1 / c, A, 0, A)
        let XMX = naiveProduct(X.transposed(), naiveProduct(found.metric, X))
        definite = combination(1, found.metric, -1, XMX)
      } else {
        let X = combination(1, A, -c, .identity(n))
        let MX = naiveProduct(found.metric, X)
        definite = combination(-0.5, MX, -0.5, MX.transposed())
      }
      #expect(LAPACKBackend.cholesky(definite) != nil, "seed \(seed)")
    }
  }

  @Test func stableMatricesHaveNoWitness() {
    let A = Matrix(rows: 2, columns: 2, values: [-1, 5, 0, -1])
    #expect(InstabilityWitness(A, isDiscrete: false) == nil)
    #expect(InstabilityWitness(Matrix(rows: 1, columns: 1, values: [0]), isDiscrete: false) == nil)
    #expect(InstabilityWitness(Matrix(rows: 1, columns: 1, values: [-1]), isDiscrete: true) == nil)
  }
}
