import TestSupport
import Testing

/// What the oracle must say where the answer is known by hand or by another route.
@Suite struct ExactOracleLawTests {
  static func matrix(_ rows: [[Int]]) -> RationalMatrix {
    RationalMatrix(rows.map { $0.map { Rational($0) } })
  }

  static func random(_ n: Int, _ generator: inout SplitMix64) -> RationalMatrix {
    RationalMatrix(rows: n, columns: n) { _, _ in Rational(generator.integer(in: -6...6), over: 4) }
  }

  /// The skew pair with gain c: M = I gives exactly the rate 1 − c/2.
  @Test func skewPairHasItsRate() {
    let slopes = ExactOracle.Slopes(0, 1)
    for form in [ExactOracle.Form.outside, .inside] {
      let W = Self.matrix([[0, -3], [3, 0]]) * Rational(1, over: 2)
      let oracle = ExactOracle(form: form, W: W, slopes: slopes)
      let hair = Rational(1, over: 1 << 60)
      #expect(oracle.certifies(.identity(2), rate: Rational(1, over: 4)))
      #expect(!oracle.certifies(.identity(2), rate: Rational(1, over: 4) + hair))
      let slow = ExactOracle(form: form, W: W, slopes: slopes, tau: [2, 2])
      #expect(slow.certifies(.identity(2), rate: Rational(1, over: 8)))
      #expect(!slow.certifies(.identity(2), rate: Rational(1, over: 8) + hair))
      let narrow = ExactOracle(form: form, W: W, slopes: .init(1, 1))
      #expect(
        narrow.certifies(.identity(2), rate: 1) && !narrow.certifies(.identity(2), rate: 1 + hair))
    }
    let bad = Self.matrix([[1, 0], [0, -1]])
    #expect(!ExactOracle(form: .outside, W: .zero(2, 2), slopes: slopes).certifies(bad, rate: 0))
  }

  /// The rank-one updates of `certifies` against the Jacobian written out vertex by vertex.
  @Test(arguments: UInt64(0)..<24)
  func certifiesAgreesWithItsDefinition(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let n = generator.integer(in: 1...3)
    let factor = Self.random(n, &generator)
    let M = factor.transposed * factor + .identity(n)
    let form: ExactOracle.Form = seed % 2 == 0 ? .outside : .inside
    let W = Self.random(n, &generator) * Rational(1, over: 4)
    let coupling = Self.random(n, &generator) * Rational(1, over: 8)
    let oracle = ExactOracle(
      form: form, W: W, slopes: .init(Rational(1, over: 8), 1), L: coupling,
      tau: (1...n).map { Rational($0) },
      K: form == .outside && seed % 4 == 0 ? (Self.random(n, &generator), .init(0, 1)) : nil)
    for rate in [-8, -2, -1, 0].map({ Rational($0) }) + [Rational(1, over: 4)] {
      let expected = oracle.vertices.allSatisfy { d in
        ((M * oracle.jacobian(d)).symmetricPart + M * rate).isNegativeSemidefinite
      }
      #expect(oracle.certifies(M, rate: rate) == expected, "\(form), rate \(rate)")
    }
    let D = (0..<n).map { Rational($0 % 2 == 0 ? 1 : 2, over: 2) }
    guard oracle.vertices[0].count == n else { return }
    let T = RationalMatrix(diagonal: (1...n).map { 1 / Rational($0) })
    let slopes = RationalMatrix(diagonal: D)
    let product = form == .outside ? W * slopes : slopes * W
    #expect(oracle.jacobian(D) == T * (coupling + product - .identity(n)))
  }

  @Test func mapsAndStepsAreMeasuredInTheMetric() {
    let W = Self.matrix([[0, 1], [-1, 0]]) * Rational(3, over: 4)
    let map = ExactOracle(form: .map, W: W, slopes: .init(0, 1))
    #expect(map.certifiesDiscrete(.identity(2), factor: Rational(3, over: 4)))
    #expect(!map.certifiesDiscrete(.identity(2), factor: Rational(749, over: 1000)))
    #expect(map.unstableVertex(step: 1) == nil)
    let flow = ExactOracle(form: .outside, W: .zero(2, 2), slopes: .init(0, 1))
    #expect(
      flow.certifiesDiscrete(.identity(2), factor: Rational(1, over: 2), step: Rational(1, over: 2))
    )
    #expect(!flow.certifiesDiscrete(.identity(2), factor: 0, step: Rational(1, over: 2)))
    #expect(!flow.certifiesDiscrete(.identity(2), factor: -1, step: Rational(1, over: 2)))
    #expect(flow.unstableVertex(step: 2) != nil)
  }

  /// Triangular matrices carry their eigenvalues on the diagonal; a congruence hides them.
  @Test(arguments: UInt64(0)..<32)
  func stabilityOfMatricesWithKnownEigenvalues(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let n = generator.integer(in: 1...5)
    let eigenvalues = (0..<n).map { _ in Rational(generator.integer(in: -9...2), over: 8) }
    let triangular = RationalMatrix(rows: n, columns: n) { i, j in
      i == j ? eigenvalues[i] : (i < j ? Rational(generator.integer(in: -3...3)) : 0)
    }
    let change = RationalMatrix(rows: n, columns: n) { i, j in
      i == j ? 1 : (i > j ? Rational(generator.integer(in: -2...2)) : 0)
    }
    guard let back = change.inverse else {
      Issue.record("a unit triangular matrix has an inverse")
      return
    }
    #expect(change * back == .identity(n))
    let hidden = change * triangular * back
    #expect(ExactOracle.isHurwitz(hidden) == eigenvalues.allSatisfy { $0 < 0 }, "\(eigenvalues)")
    let inDisk = eigenvalues.allSatisfy { $0.magnitude < 1 }
    #expect(ExactOracle.isSchurStable(hidden) == inDisk, "\(eigenvalues)")
    #expect(hidden.determinant == eigenvalues.reduce(1, *))
  }

  /// Rotations: a pair −r ± iℓ, alone and beside a real eigenvalue, on both sides of each boundary.
  @Test func stabilityOfComplexPairs() {
    for (r, ell, hurwitz, schur) in [
      (Rational(1, over: 4), Rational(1), true, false), (0, 1, false, false),
      (Rational(3, over: 5), Rational(4, over: 5), true, false),
      (Rational(3, over: 5), Rational(799, over: 1000), true, true),
      (Rational(-1, over: 1000), Rational(1, over: 2), false, true), (0, 0, false, true),
    ] as [(Rational, Rational, Bool, Bool)] {
      let pair = RationalMatrix([[-r, ell], [-ell, -r]])
      let beside = RationalMatrix([
        [-r, ell, 1], [-ell, -r, 2], [0, 0, Rational(-1, over: 3)],
      ])
      for matrix in [pair, beside] {
        #expect(ExactOracle.isHurwitz(matrix) == hurwitz, "\(r), \(ell)")
        #expect(ExactOracle.isSchurStable(matrix) == schur, "\(r), \(ell)")
      }
    }
    for edge in [1, -1] { #expect(!ExactOracle.isSchurStable(Self.matrix([[edge]]))) }
    let companion = Self.matrix([[0, 1], [6, 1]])
    #expect(ExactOracle.characteristicPolynomial(companion) == [-6, -1, 1])
  }

  @Test(arguments: UInt64(0)..<24)
  func semidefinitenessOfGramMatrices(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    let n = generator.integer(in: 1...5)
    let rank = generator.integer(in: 0...n)
    let gram = (0..<rank).reduce(RationalMatrix.zero(n, n)) { sum, _ in
      let x = RationalMatrix(rows: 1, columns: n) { _, _ in
        Rational(generator.integer(in: -2...2), over: 3)
      }
      return sum + x.transposed * x
    }
    #expect(gram.isPositiveSemidefinite && (gram * -1).isNegativeSemidefinite)
    #expect(gram.isPositiveDefinite == (gram.determinant.signum > 0))
    for i in 0..<n {
      var dented = gram
      dented[i, i] -= gram[i, i] + Rational(1, over: 1_000_000)
      #expect(!dented.isPositiveSemidefinite)
      if n > 1 {
        var skewed = gram + .identity(n)
        skewed[i, (i + 1) % n] += Rational(1, over: 1 << 60)
        #expect(!skewed.isPositiveDefinite && !skewed.isPositiveSemidefinite, "not symmetric")
      }
    }
    #expect(!Self.matrix([[0, 1], [1, 5]]).isPositiveSemidefinite)
    #expect(!Self.matrix([[0, 1], [1, 0]]).isPositiveSemidefinite)
  }

  @Test func rationalNumbersReadAndConvert() {
    #expect(Rational("-6/4") == Rational(-3, over: 2) && Rational("7") == 7)
    for text in ["", "/", "1/0", "a", "1/2/3", "1.5"] { #expect(Rational(text) == nil, "\(text)") }
    #expect(Rational(-0.75) == Rational(-3, over: 4) && Rational(0.1) != Rational(1, over: 10))
    #expect(Rational(Double.leastNonzeroMagnitude) * Rational(0x1p1000) == Rational(0x1p-74))
    #expect(Rational(1, over: 3).approximation == 1.0 / 3 && Rational(0).approximation == 0)
    #expect(Rational(-1e300).approximation == -1e300)
  }
}
