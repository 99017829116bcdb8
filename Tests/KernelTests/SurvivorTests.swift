import CertifyKernel
import TestSupport
import Testing

/// Small functions at the places where a change of the kernel once went unnoticed (`make mutants`).
@Suite struct SurvivorTests {
  /// With 236 entries a row and more, k of bfloat16 is 1 and more, and γ means nothing.
  @Test(arguments: [107, 108, 235, 236, 237, 300])
  func rowsTooLongForAFormat(n: Int) throws {
    var W = Matrix(rows: n, columns: n)
    for j in 0..<n { W[0, j] = 0x1p-20 }
    let ones = [Double](repeating: 1, count: n)
    let network = try Specification(form: .map, recurrent: .dense(W))
    let proof = Proof(.absoluteValue(columnScaling: ones, rowScaling: ones), bound: 0.25)
    guard
      case .certified(let certified) = try network.certify(
        using: Certificate(scope: .asRun, claim: .contracts(proof)))
    else {
      Issue.record("not certified")
      return
    }
    #expect(certified.floatTube(.bfloat16) == nil && certified.floatTube(.float32) != nil)
  }

  @Test func witnessesHaveTheShapeOfTheNetwork() throws {
    let network = try Specification.of([[2, 0], [0, 2]])
    for (rows, columns) in [(2, 3), (2, 1), (3, 2)] {
      let claim = Instability(
        active: [0, 1],
        reason: .inertia(
          metric: Matrix(rows: rows, columns: columns), direction: [1, 1], margin: 0))
      #expect(throws: InputError.shape(.metric, rows: rows, columns: columns, expected: 2)) {
        try network.answer(Certificate(scope: .continuous, claim: .unstable(claim)))
      }
    }
    let map = try Specification.of([[2]], .map)
    let determinant = Instability(active: [0], reason: .determinant)
    #expect(
      try map.answer(Certificate(scope: .continuous, claim: .unstable(determinant)))
        == .undecided(.noSuchScope(.continuous)))
    let implicit = try Specification(
      form: .outside, recurrent: .dense(Matrix([[2]])),
      step: .init(scheme: .implicit, size: .one))
    #expect(
      try implicit.evaluate(metric: Matrix([[1]]), .asRun, active: [0], direction: [1]) == nil)
  }

  @Test func splitStepsHaveANormForEachComponent() throws {
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix([[0]])),
      step: .init(scheme: .split, size: .one, leak: [0.5]))
    for norms in [[], [0, 0]] as [[Double]] {
      #expect(throws: InputError.length(.components, found: norms.count, expected: 1)) {
        try network.answer(
          .splitStep(.init(metric: [1], components: [[0]], norms: norms)), bound: 0.75, .asRun)
      }
    }
  }

  /// 1/5 and √2 are below their nearest doubles.
  @Test func factsFromBelowAreRoundedDown() {
    let a = Matrix(diagonal: [1, 0])
    let fifth = MatrixFacts.squaredNormLowerBound(a, direction: [1, 2])
    #expect(Rational(fifth) * 5 < 1 && fifth == (0.2).nextDown)
    let root = MatrixFacts.squareRootDown(2)
    #expect(Rational(root) * Rational(root) < 2 && root.nextUp == (2.0).squareRoot())
  }

  @Test func theLargestAsymmetryIsKept() {
    var a = Matrix.identity(3)
    (a[1, 0], a[2, 0], a[2, 1]) = (1, 0.5, 1)
    let found = MatrixFacts.asymmetry(a)
    #expect(found.pairs == 3 && found.largest == 1 && (found.row, found.column) == (1, 0))
  }

  @Test(arguments: [1.0, -1])
  func residualsAreKnownFromBelow(sign: Double) {
    let l = Matrix(rows: 2, columns: 2, values: [0, 4 * sign, -sign, 0])
    let found = MatrixFacts.residual(l, Matrix(diagonal: [1, 4])).residual
    #expect(found.lower >= 15 - 0x1p-40 && found.upper <= 15 + 0x1p-40)
  }

  @Test func absentBlocksAreZero() throws {
    let five = Matrix([[5]])
    for (row, column) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
      let blocks = try BlockMatrix(
        sizes: [1, 1], blocks: [.init(row: row, column: column, values: five)])
      for i in 0..<2 {
        for j in 0..<2 { #expect(blocks[i, j] == (i == row && j == column ? 5 : 0)) }
      }
    }
  }
}
