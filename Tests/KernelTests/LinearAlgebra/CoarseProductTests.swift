import TestSupport
import Testing

@testable import CertifyKernel

/// Products with long inner dimensions, whose error is bounded by the norms of rows and columns.
@Suite struct CoarseProductTests {
  @Test(arguments: UInt64(0)..<12)
  func enclosesTheExactProduct(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    func random(_ rows: Int, _ columns: Int, withRadius: Bool) -> EnclosedMatrix {
      // Magnitudes over many binades, so that terms cancel and underflow.
      let scale = [1, 0x1p-530, 0x1p300][Int(seed % 3)]
      let values = (0..<(rows * columns)).map { _ in
        scale * (generator.unit() - 0.5)
          * Double(sign: .plus, exponent: Int(generator.next() % 40), significand: 1)
      }
      let middle = Matrix(rows: rows, columns: columns, values: values)
      guard withRadius else { return EnclosedMatrix(middle) }
      return EnclosedMatrix(
        middle,
        radius: Matrix(
          rows: rows, columns: columns, values: values.map { abs($0) * 0x1p-30 }))
    }
    let (A, B) = (
      random(3, 300, withRadius: seed % 4 >= 2), random(300, 5, withRadius: seed % 2 == 1)
    )
    let product = A.multiplied(by: B)
    for i in 0..<3 {
      for j in 0..<5 {
        // The worst corner of the radii on either side.
        for side in [-1.0, 1] {
          var sum = Rational(0)
          for k in 0..<300 {
            let sign = (A.middle[i, k] * B.middle[k, j]).sign == .minus ? -side : side
            let a =
              A.middle[i, k] + side * (A.middle[i, k].sign == .minus ? -1 : 1)
              * (A.radius?[i, k] ?? 0)
            let b =
              B.middle[k, j] + sign * (A.middle[i, k].sign == .minus ? -1 : 1)
              * (B.radius?[k, j] ?? 0)
            sum = sum + Rational(a) * Rational(b)
          }
          // Radii that were rounded away from their corner by half an ulp are within the slack of 2⁻⁵⁰.
          let interval = product[i, j]
          let slack = (A.radius == nil && B.radius == nil) ? 0 : product[i, j].magnitude * 0x1p-50
          #expect(
            Interval(interval.lower - slack, interval.upper + slack).contains(sum),
            "seed \(seed), entry (\(i), \(j))")
        }
      }
    }
  }

  @Test func upperTriangleIsTheUpperTriangle() {
    var generator = SplitMix64(seed: 7)
    for n in [5, 290] {
      let A = EnclosedMatrix(
        Matrix(rows: n, columns: n, values: (0..<(n * n)).map { _ in generator.unit() - 0.5 }))
      let whole = A.transposed().multiplied(by: A)
      let upper = A.transposed().multiplied(by: A, upperTriangle: true, on: twoThreads)
      for i in 0..<n {
        for j in 0..<n {
          let expected = j >= i ? whole.middle[i, j] : 0
          #expect(upper.middle[i, j] == expected, "n = \(n), entry (\(i), \(j))")
          if j >= i { #expect(upper.radius?[i, j] == whole.radius?[i, j]) }
        }
      }
    }
  }

  @Test func notANumberReachesTheRadius() {
    var values = [Double](repeating: 0, count: 300)
    values[17] = .nan
    let row = EnclosedMatrix(Matrix(rows: 1, columns: 300, values: values))
    let column = EnclosedMatrix(Matrix(rows: 300, columns: 1))
    let product = row.multiplied(by: column)
    #expect(product[0, 0].lower.isNaN || product[0, 0].upper.isNaN)
  }
}
