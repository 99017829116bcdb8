@testable import CertifyKernel
import TestSupport
import Testing

/// Signs of determinants and definiteness against rational arithmetic on other integers.
@Suite struct ExactDeterminantTests {
  /// Kinds of matrices: uniform, short (often singular), every exponent, a row repeated, sparse.
  static func matrix(_ n: Int, _ generator: inout SplitMix64) -> Matrix {
    var a = Matrix(rows: n, columns: n)
    let kind = generator.integer(in: 0...4)
    for i in 0..<n {
      for j in 0..<n {
        switch kind {
        case 0: a[i, j] = generator.symmetric()
        case 1: a[i, j] = generator.shortDouble()
        case 2: a[i, j] = generator.anyFiniteDouble()
        case 3: a[i, j] = i == n - 1 && n > 1 ? a[0, j] * 0.25 : generator.symmetric()
        default: a[i, j] = generator.integer(in: 0...2) == 0 ? generator.shortDouble() : 0
        }
      }
    }
    return a
  }

  static func dyadic(_ a: Matrix) -> [[Dyadic]] {
    (0..<a.rows).map { i in (0..<a.columns).map { Dyadic(a[i, $0]) } }
  }

  @Test(arguments: UInt64(0)..<48)
  func signAgreesWithRationalDeterminant(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let a = Self.matrix(generator.integer(in: 0...7), &generator)
    let expected = RationalMatrix(a).determinant.signum
    #expect(exactDeterminantSign(Self.dyadic(a)) == expected, "\(a)")
  }

  /// Gram matrices plus a small multiple of the identity, on both sides of definiteness.
  @Test(arguments: UInt64(0)..<48)
  func definitenessAgreesWithRationalElimination(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let n = generator.integer(in: 1...6)
    // One row less than columns makes the product singular, so that the shift alone decides.
    let factor = (0..<max(n - 1, 1)).map { _ in (0..<n).map { _ in generator.shortDouble() } }
    let exactFactor = RationalMatrix(factor.map { $0.map { Rational($0) } })
    for shift in [0, 0x1p-40, -0x1p-40, 1.0] {
      let exact =
        exactFactor.transposed * exactFactor + RationalMatrix.identity(n) * Rational(shift)
      let dyadic = (0..<n).map { i in
        (0..<n).map { j in
          factor.reduce(i == j ? Dyadic(shift) : .zero) { $0 + Dyadic($1[i]) * Dyadic($1[j]) }
        }
      }
      #expect(
        exactIsPositiveDefinite(dyadic) == exact.isPositiveDefinite, "\(factor), \(shift)")
    }
  }

  @Test func nearMissesAreRefused() {
    let one = Dyadic.one
    let above = Dyadic(1.0.nextUp)
    #expect(exactIsPositiveDefinite([]))
    #expect(exactIsPositiveDefinite([[Dyadic(Double.leastNonzeroMagnitude)]]))
    #expect(!exactIsPositiveDefinite([[.zero]]))
    #expect(!exactIsPositiveDefinite([[one, one], [one, one]]))
    #expect(exactIsPositiveDefinite([[one, one], [one, above]]))
    #expect(
      !exactIsPositiveDefinite([[above, one], [Dyadic(1.0.nextDown), above]]), "one ulp off")
    #expect(!exactIsPositiveDefinite([[one, above], [above, one]]))
    #expect(exactDeterminantSign([[one, above], [above, one]]) == -1)
    #expect(exactDeterminantSign([]) == 1)
    #expect(exactDeterminantSign([[.zero, one], [one, .zero]]) == -1)
    #expect(
      exactDeterminantSign([[.zero, .zero, one], [one, .zero, .zero], [.zero, one, .zero]]) == 1)
  }

  /// Extreme scales of rows and columns change nothing.
  @Test func scalingKeepsTheSign() {
    let tiny = 0x1p-1000
    let huge = 0x1p900
    let a = [[3 * tiny, huge], [tiny * tiny.nextUp, 2 * huge], [0, 1]]
    #expect(exactDeterminantSign([a[0], [5 * tiny, huge]].map { $0.map { Dyadic($0) } }) == -1)
    let rows = [[3 * tiny, 5 * huge, 1], [tiny, 2 * huge, 4], [7 * tiny, huge, 0]]
    let exact = RationalMatrix(rows.map { $0.map { Rational($0) } }).determinant.signum
    #expect(exactDeterminantSign(rows.map { $0.map { Dyadic($0) } }) == exact)
  }

  @Test(
    .enabled(if: SharedFolder.isPresent, "needs the shared folder"),
    arguments: Vectors.group("posdef"))
  func vectorsOfDefiniteness(vector: VectorCase) throws {
    let rows = try #require(vector["A"]?.array?.map { $0.array ?? [] })
    let dyadics = try rows.map { try $0.map { Dyadic(try #require($0.double)) } }
    #expect(exactIsPositiveDefinite(dyadics) == (vector["exact"]?.text == "pd"))
  }

  @Test func largerMatricesStayExact() {
    var generator = SplitMix64(seed: 40)
    var a = Matrix(rows: 12, columns: 12)
    for i in 0..<12 { for j in 0..<12 { a[i, j] = generator.symmetric() } }
    #expect(exactDeterminantSign(Self.dyadic(a)) == RationalMatrix(a).determinant.signum)
    for j in 0..<12 { a[11, j] = a[0, j] }
    #expect(exactDeterminantSign(Self.dyadic(a)) == 0)
  }
}
