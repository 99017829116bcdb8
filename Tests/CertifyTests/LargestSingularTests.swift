import CertifyKernel
import TestSupport
import Testing

@testable import Certify

/// The iteration against LAPACK's whole decomposition.
@Suite struct LargestSingularTests {
  private func random(_ rows: Int, _ columns: Int, _ generator: inout SplitMix64) -> Matrix {
    var matrix = Matrix(rows: rows, columns: columns)
    matrix.withUnsafeMutableValues { for k in $0.indices { $0[k] = generator.unit() - 0.5 } }
    return matrix
  }

  private func expectAgreement(_ matrix: Matrix, _ hint: String) throws {
    let found = try #require(LargestSingular(matrix), "\(hint)")
    let whole = try #require(LAPACKBackend.topSingular(matrix), "\(hint)")
    #expect(abs(found.norm - whole.norm) <= 1e-10 * whole.norm, "\(hint)")
    let value = try #require(LAPACKBackend.largestSingularValue(matrix), "\(hint)")
    #expect(abs(value - whole.norm) <= 1e-14 * whole.norm, "\(hint)")
    // The vector is stretched that much; with a double value it need not be LAPACK's.
    let image = LAPACKBackend.multiply(matrix, found.right)
    let (length, size) = [image, found.right].map { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
      .withUnsafeBufferPointer { ($0[0], $0[1]) }
    #expect(abs(size - 1) <= 1e-9 && abs(length - whole.norm) <= 1e-9 * whole.norm, "\(hint)")
  }

  @Test(arguments: UInt64(0)..<6)
  func randomMatrices(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    try expectAgreement(random(120, 120, &generator), "square, seed \(seed)")
    try expectAgreement(random(150, 40, &generator), "tall, seed \(seed)")
    try expectAgreement(random(1, 30, &generator), "a row, seed \(seed)")
    // Skew: every singular value is there twice.
    var skew = random(130, 130, &generator)
    for i in 0..<130 { for j in 0...i { skew[i, j] = i == j ? 0 : -skew[j, i] } }
    try expectAgreement(skew, "skew, seed \(seed)")
  }

  @Test func matricesOfLowRank() throws {
    try expectAgreement(Matrix(diagonal: [Double](repeating: 2, count: 50)), "2 I")
    var one = Matrix(rows: 40, columns: 40)
    one[3, 7] = -5
    try expectAgreement(one, "one entry")
  }

  @Test(arguments: [1, 2, 3, 8, 40, 97], [1, 1e-200, 1e200])
  func bidiagonalMatrices(n: Int, size: Double) throws {
    var generator = SplitMix64(seed: UInt64(n))
    let diagonal = (0..<n).map { _ in size * (0.1 + generator.unit()) }
    let above = (1..<n).map { _ in size * (0.1 + generator.unit()) }
    var b = Matrix(diagonal: diagonal)
    for i in above.indices { b[i, i + 1] = above[i] }
    let found = try #require(LAPACKBackend.topSingular(diagonal: diagonal, above: above))
    let whole = try #require(LAPACKBackend.topSingular(b))
    #expect(abs(found.norm - whole.norm) <= 1e-14 * whole.norm)
    // All entries are positive, so both vectors can be taken so.
    for (one, other) in [(found.left, whole.left), (found.right, whole.right)] {
      #expect(zip(one, other).allSatisfy { abs(abs($0) - abs($1)) < 1e-9 })
    }
    #expect(LAPACKBackend.topSingular(diagonal: [0, 0], above: [0]) == nil)
    #expect(LAPACKBackend.topSingular(diagonal: [1, .nan], above: [0]) == nil)
  }

  @Test func nothingToFind() {
    #expect(LargestSingular(Matrix(rows: 0, columns: 0)) == nil)
    var broken = Matrix(diagonal: [1, 2, 3])
    broken[1, 0] = .nan
    #expect(LargestSingular(broken) == nil)
    #expect((LargestSingular(Matrix(rows: 4, columns: 4))?.norm ?? 0) == 0)
  }
}
