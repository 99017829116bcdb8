/// A matrix Z ⪰ 0 of a dual certificate: by a factor, which makes it so, or by its entries, which are checked.
public enum SemidefiniteBlock: Sendable, Hashable {
  /// Z = FFᵀ, F of any number of columns.
  case factor(Matrix)
  case matrix(Matrix)

  private var stored: Matrix {
    switch self {
    case .factor(let f): f
    case .matrix(let z): z
    }
  }

  var isZero: Bool { stored.values.allSatisfy { $0 == 0 } }

  /// Nil if Z is n × n, finite and, exactly, ⪰ 0.
  ///
  /// - Throws: `InputError` for another size or an entry that is not finite.
  func fault(size n: Int, name: String) throws(InputError) -> Obstruction.Reason? {
    guard stored.rows == n else {
      throw .shape(.dual, rows: stored.rows, columns: stored.columns, expected: n)
    }
    if let k = firstNonFiniteIndex(stored.values) {
      throw .nonFinite(.dual, row: k / stored.columns, column: k % stored.columns)
    }
    guard case .matrix(let z) = self else { return nil }
    guard z.columns == n else {
      throw .shape(.dual, rows: z.rows, columns: z.columns, expected: n)
    }
    if let (i, j) = z.firstAsymmetry() {
      return .notSymmetric(matrix: name, row: i, column: j, entry: z[i, j], mirror: z[j, i])
    }
    return exactIsPositiveSemidefinite(z.exactRows) ? nil : .notSemidefinite(matrix: name)
  }

  /// Z, exactly.
  var exact: [[Dyadic]] {
    switch self {
    case .matrix(let z): return z.exactRows
    case .factor(let f):
      let rows = f.exactRows
      return exactProduct(rows, exactTranspose(rows))
    }
  }

  /// Z, enclosed.
  var enclosed: EnclosedMatrix {
    switch self {
    case .matrix(let z): return EnclosedMatrix(z)
    case .factor(let f):
      let factor = EnclosedMatrix(f)
      return factor.multiplied(by: factor.transposed())
    }
  }
}
