internal import BigInt
public import CertifyKernel

/// A dense matrix of rational numbers; everything about it is exact.
public struct RationalMatrix: Sendable, Hashable {
  public let rows: Int
  public let columns: Int
  /// Row by row.
  public private(set) var values: [Rational]

  /// - Precondition: all rows have the same length.
  public init(_ rows: [[Rational]]) {
    self.rows = rows.count
    columns = rows.first?.count ?? 0
    values = rows.flatMap { $0 }
    precondition(values.count == self.rows * columns, "rows of different lengths")
  }

  public init(rows: Int, columns: Int, _ entry: (Int, Int) -> Rational) {
    self.rows = rows
    self.columns = columns
    values = (0..<rows).flatMap { i in (0..<columns).map { entry(i, $0) } }
  }

  /// The doubles of a matrix of the kernel, exactly.
  public init(_ matrix: Matrix) {
    self.init(rows: matrix.rows, columns: matrix.columns) { Rational(matrix[$0, $1]) }
  }

  public init(diagonal: [Rational]) {
    self.init(rows: diagonal.count, columns: diagonal.count) { $0 == $1 ? diagonal[$0] : 0 }
  }

  public static func identity(_ n: Int) -> RationalMatrix {
    RationalMatrix(diagonal: [Rational](repeating: 1, count: n))
  }

  public static func zero(_ rows: Int, _ columns: Int) -> RationalMatrix {
    RationalMatrix(rows: rows, columns: columns) { _, _ in 0 }
  }

  public subscript(i: Int, j: Int) -> Rational {
    get { values[i * columns + j] }
    set { values[i * columns + j] = newValue }
  }

  public var isSquare: Bool { rows == columns }

  public var isSymmetric: Bool {
    isSquare && (0..<rows).allSatisfy { i in (0..<i).allSatisfy { self[i, $0] == self[$0, i] } }
  }

  public var isZero: Bool { values.allSatisfy { $0.signum == 0 } }

  public var transposed: RationalMatrix {
    RationalMatrix(rows: columns, columns: rows) { self[$1, $0] }
  }

  /// (A + Aᵀ)/2.
  public var symmetricPart: RationalMatrix { (self + transposed) * Rational(1, over: 2) }

  public func column(_ j: Int) -> [Rational] { (0..<rows).map { self[$0, j] } }
  public func row(_ i: Int) -> [Rational] { (0..<columns).map { self[i, $0] } }

  /// The rows and columns named by `indices`, in that order.
  public func principalSubmatrix(_ indices: [Int]) -> RationalMatrix {
    RationalMatrix(rows: indices.count, columns: indices.count) { self[indices[$0], indices[$1]] }
  }

  public static func + (a: RationalMatrix, b: RationalMatrix) -> RationalMatrix {
    precondition(a.rows == b.rows && a.columns == b.columns, "sum of different shapes")
    return RationalMatrix(rows: a.rows, columns: a.columns) { a[$0, $1] + b[$0, $1] }
  }

  public static func - (a: RationalMatrix, b: RationalMatrix) -> RationalMatrix { a + b * -1 }

  public static func * (a: RationalMatrix, s: Rational) -> RationalMatrix {
    RationalMatrix(rows: a.rows, columns: a.columns) { a[$0, $1] * s }
  }

  public static func * (a: RationalMatrix, b: RationalMatrix) -> RationalMatrix {
    precondition(a.columns == b.rows, "product of \(a.columns) columns and \(b.rows) rows")
    let (p, s) = a.integers
    let (q, t) = b.integers
    let product = IntegerElimination.product(p, q)
    return RationalMatrix(rows: a.rows, columns: b.columns) {
      Rational(product[$0][$1], over: s * t)
    }
  }

  /// The determinant; 1 for the empty matrix.
  public var determinant: Rational {
    precondition(isSquare, "determinant of a matrix that is not square")
    let (a, scale) = integers
    return Rational(IntegerElimination.determinant(a), over: scale.power(rows))
  }

  /// xᵀAx > 0 for all x ≠ 0; false unless exactly symmetric.
  public var isPositiveDefinite: Bool {
    isSymmetric && IntegerElimination.leadingMinorsArePositive(integers.entries)
  }

  /// xᵀAx ≥ 0 for all x; false unless exactly symmetric.
  public var isPositiveSemidefinite: Bool {
    isSymmetric && IntegerElimination.isPositiveSemidefinite(integers.entries)
  }

  public var isNegativeDefinite: Bool { (self * -1).isPositiveDefinite }
  public var isNegativeSemidefinite: Bool { (self * -1).isPositiveSemidefinite }

  /// The inverse, nil if singular. Cost: n² determinants of size n − 1, so for small matrices only.
  public var inverse: RationalMatrix? {
    let d = determinant
    guard d.signum != 0 else { return nil }
    return RationalMatrix(rows: rows, columns: rows) { i, j in
      let minor = RationalMatrix(rows: rows - 1, columns: rows - 1) {
        self[$0 < j ? $0 : $0 + 1, $1 < i ? $1 : $1 + 1]
      }
      return (i + j) % 2 == 0 ? minor.determinant / d : -minor.determinant / d
    }
  }

  /// The matrix times the least positive whole number that makes it whole, and that number.
  var integers: (entries: [[BigInt]], scale: BigInt) {
    let scale = Self.commonDenominator(values)
    return ((0..<rows).map { i in row(i).map { $0.whole(inUnitsOf: scale) } }, scale)
  }

  /// The least common multiple of the denominators.
  static func commonDenominator(_ numbers: some Sequence<Rational>) -> BigInt {
    var result: BigInt = 1
    for d in Set(numbers.lazy.map(\.denominator)) where d != 1 {
      result *= d / result.greatestCommonDivisor(with: d)
    }
    return result
  }
}

extension Rational {
  /// self · scale, for a multiple of the denominator.
  func whole(inUnitsOf scale: BigInt) -> BigInt { numerator * (scale / denominator) }
}
