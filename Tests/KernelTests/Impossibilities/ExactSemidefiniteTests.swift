import TestSupport
import Testing

@testable import CertifyKernel

@Suite struct ExactSemidefiniteTests {
  /// Against the tests' own elimination: singular, indefinite by one unit, with zero rows, of any scale.
  @Test(arguments: UInt64(0)..<40)
  func agreesWithTheOracle(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var seen = (0, 0)
    for k in 0..<25 {
      let n = 1 + k % 5
      let rank = generator.integer(in: 0...n)
      var A = Matrix(rows: n, columns: n)
      for _ in 0..<rank {
        let v = (0..<n).map { _ in generator.shortDouble() }
        for i in 0..<n { for j in 0..<n { A[i, j] += v[i] * v[j] } }
      }
      if generator.integer(in: 0...1) == 0 {
        let (i, j) = (generator.integer(in: 0...(n - 1)), generator.integer(in: 0...(n - 1)))
        A[i, j] += generator.integer(in: 0...1) == 0 ? 0x1p-12 : -0x1p-12
        A[j, i] = A[i, j]
      }
      let expected = RationalMatrix(A).isPositiveSemidefinite
      #expect(exactIsPositiveSemidefinite(A.exactRows) == expected, "\(A)")
      if expected { seen.0 += 1 } else { seen.1 += 1 }
    }
    #expect(seen.0 > 0 && seen.1 > 0)
  }

  @Test func smallOnes() {
    func isSemidefinite(_ rows: [[Double]]) -> Bool {
      exactIsPositiveSemidefinite(rows.map { $0.map { Dyadic($0) } })
    }
    #expect(isSemidefinite([]) && isSemidefinite([[0]]) && isSemidefinite([[0, 0], [0, 0]]))
    #expect(!isSemidefinite([[0, 1], [1, 0]]) && !isSemidefinite([[0, 1e-300], [1e-300, 9]]))
    #expect(!isSemidefinite([[1, 2], [1, 1]]), "not symmetric")
    #expect(isSemidefinite([[0, 0, 0], [0, 1, 1], [0, 1, 1]]))
    #expect(!isSemidefinite([[0, 0, 0], [0, 1, 1], [0, 1, (1.0).nextDown]]))
    #expect(!isSemidefinite([[-(.leastNonzeroMagnitude)]]))
  }
}
