import Certify
import CertifyKernel
import Testing

@Suite struct MetricsScalingTests {
  private func norm(_ X: Matrix, _ metric: [Double]) throws -> Double {
    var Y = X
    for i in 0..<X.rows {
      for j in 0..<X.rows { Y[i, j] *= (metric[i] / metric[j]).squareRoot() }
    }
    return try #require(LAPACKBackend.topSingular(Y)).norm
  }

  @Test func osborneEqualisesRowsAndColumns() {
    let X = Matrix(rows: 3, columns: 3, values: [9, 1e6, 0, 0, 0, 1, 1e-3, 0, -2])
    let scale = DiagonalScaling.osborne(X, sweeps: 100)
    for i in 0..<3 {
      var row = 0.0
      var column = 0.0
      for j in 0..<3 where j != i {
        row += (X[i, j] * scale[i] / scale[j]) * (X[i, j] * scale[i] / scale[j])
        column += (X[j, i] * scale[j] / scale[i]) * (X[j, i] * scale[j] / scale[i])
      }
      #expect(abs(row / column - 1) < 1e-2)
    }
    let chain = Matrix(rows: 2, columns: 2, values: [0, 6, 0, 0])
    #expect(DiagonalScaling.osborne(chain) == [1, 1])
  }

  /// For a nonnegative irreducible X the minimum is ρ(X), by the Perron metric.
  @Test(arguments: UInt64(0)..<6)
  func nonnegativeMatricesReachTheirRadius(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 3 + Int(seed) * 4
    let N = random.nonnegative(n, density: 1)
    let radius = try #require(PerronVectors.dense(N)).radius
    let proposal = try #require(DiagonalScaling.minimise(N))
    #expect(proposal.norm >= radius * (1 - 1e-12))
    #expect(proposal.norm < radius * 1.002)
    #expect(abs(try norm(N, proposal.metric) - proposal.norm) < 1e-10 * proposal.norm)
  }

  /// A hidden diagonal similarity of an orthogonal matrix is undone: the minimum is 1.
  @Test(arguments: UInt64(0)..<4)
  func hiddenScalingsAreFound(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 6 + Int(seed) * 5
    let (_, U) = try #require(LAPACKBackend.realSchur(random.matrix(n, n)))
    let hidden = (0..<n).map { _ in Double.random(in: 0.1...10, using: &random) }
    var X = U
    for i in 0..<n { for j in 0..<n { X[i, j] *= hidden[i] / hidden[j] } }
    let proposal = try #require(DiagonalScaling.minimise(X))
    #expect(proposal.norm >= 1 - 1e-12)
    #expect(proposal.norm < 1.01)
  }

  @Test func sharperObjectiveKnowsTheAbscissa() throws {
    let skew = Matrix(rows: 2, columns: 2, values: [0, -1.5, 1.5, 0])
    let proposal = try #require(DiagonalScaling.minimise(skew, objective: .normAndAbscissa))
    #expect(abs(proposal.value - 0.75) < 1e-6)
    let antisymmetric = Matrix(rows: 2, columns: 2, values: [0, -100, 0.01, 0])
    let second = try #require(
      DiagonalScaling.minimise(antisymmetric, objective: .normAndAbscissa))
    #expect(abs(second.value - 0.5) < 1e-4)
  }

  @Test func badInputIsNil() {
    #expect(DiagonalScaling.minimise(Matrix(rows: 1, columns: 1, values: [.nan])) == nil)
    #expect(DiagonalScaling.minimise(Matrix(rows: 2, columns: 1)) == nil)
    #expect(DiagonalScaling.minimise(Matrix(rows: 2, columns: 2))?.norm == 0)
  }

  @Test func productFormIsExactWherePossible() throws {
    let form = try #require(ProductForm(Matrix(rows: 2, columns: 2, values: [-6, -0.5, -6, -1])))
    #expect(form.scaling == [12, 1])
    #expect(form.isExact)
    let almost = Matrix(rows: 2, columns: 2, values: [-1, 0.1, 0.3, -1])
    let rounded = try #require(ProductForm(almost))
    #expect(rounded.largestViolation < 1e-15)
    // Kolmogorov's cycle condition fails: a violation that no scaling removes.
    let cycle = Matrix(rows: 3, columns: 3, values: [-1, 1, 2, 1, -1, 1, 1, 1, -1])
    #expect(try #require(ProductForm(cycle)).largestViolation > 0.1)
    for values in [[0.0, 0, 0, -1], [-1, 1, -1, -1], [-1, 1, 0, -1], [-1, .nan, .nan, -1]] {
      #expect(ProductForm(Matrix(rows: 2, columns: 2, values: values)) == nil)
    }
  }
}
