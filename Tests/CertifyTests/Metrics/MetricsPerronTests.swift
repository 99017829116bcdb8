import Certify
import CertifyKernel
import Testing

@Suite struct MetricsPerronTests {
  @Test(arguments: UInt64(0)..<10)
  func denseVectorsAreAccurateWhereIrreducible(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 2 + Int(seed) * 6
    var N = random.nonnegative(n, density: 0.3)
    for i in 0..<n { N[i, (i + 1) % n] += 0.1 }  // a cycle through all units
    let pair = try #require(PerronVectors.dense(N))
    let image = LAPACKBackend.multiply(N, pair.right)
    let leftImage = LAPACKBackend.multiply(N, pair.left, transpose: true)
    for i in 0..<n {
      #expect(abs(image[i] / pair.right[i] - pair.radius) < 2e-13 * pair.radius)
      #expect(abs(leftImage[i] / pair.left[i] - pair.radius) < 2e-13 * pair.radius)
    }
    #expect(abs(pair.ratio - pair.radius) < 2e-13 * pair.radius)
  }

  @Test func goldenRatioAndNilpotent() throws {
    let golden = try #require(
      PerronVectors.dense(Matrix(rows: 2, columns: 2, values: [1, 1, 1, 0])))
    #expect(abs(golden.radius - 1.618033988749894848) < 4e-15)
    let nilpotent = Matrix(rows: 3, columns: 3, values: [0, 6, 0, 0, 0, 6, 0, 0, 0])
    let pairs = PerronVectors.propose(SparseMatrix(nilpotent))
    // The supremum 0 is not attained, but approached.
    #expect(try #require(pairs.first).ratio < 1e-2)
    let resolvent = try #require(PerronVectors.resolvent(dense: nilpotent, shift: 0.5))
    #expect(resolvent.ratio < 0.5)
    #expect(resolvent.metric.allSatisfy { $0 > 0 })
  }

  @Test(arguments: UInt64(0)..<6)
  func powerIterationComesCloseToTheRadius(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 200
    let N = random.nonnegative(n, density: 0.05, scale: 0.18)
    let sparse = SparseMatrix(N)
    let radius = try #require(LAPACKBackend.generalEigen(N)).real.max()!
    let pair = try #require(PerronVectors.powerIteration(sparse))
    #expect(pair.ratio >= radius - 1e-12)
    #expect(pair.ratio < radius + 0.05 * max(1 - radius, 0.1))
    #expect(pair.ratio == PerronVectors.ratio(sparse, right: pair.right, left: pair.left))
    let exact = try #require(
      PerronVectors.resolvent(dense: N, shift: radius + 0.05), "resolvent, seed \(seed)")
    #expect(exact.ratio < radius + 0.05)
  }

  @Test func periodicMatricesDoNotConfuseTheIteration() throws {
    let N = Matrix(rows: 2, columns: 2, values: [0, 4, 0.16, 0])
    let pair = try #require(PerronVectors.powerIteration(SparseMatrix(N)))
    #expect(pair.ratio < 0.85)  // ρ = 0.8
    // Two such cycles in opposite order: the sum of the iterate grows evenly, and yet nothing settles.
    var two = Matrix(rows: 4, columns: 4)
    (two[0, 1], two[1, 0], two[2, 3], two[3, 2]) = (4, 0.16, 0.16, 4)
    #expect(try #require(PerronVectors.powerIteration(SparseMatrix(two))).ratio < 0.85)
  }

  @Test func badInputIsNil() {
    let negative = SparseMatrix(Matrix(rows: 1, columns: 1, values: [-1]))
    let broken = SparseMatrix(Matrix(rows: 1, columns: 1, values: [.nan]))
    let zero = SparseMatrix(Matrix(rows: 3, columns: 3))
    #expect(PerronVectors.powerIteration(negative) == nil)
    #expect(PerronVectors.powerIteration(broken) == nil)
    #expect(PerronVectors.propose(broken).isEmpty)
    #expect(PerronVectors.powerIteration(zero)?.ratio == 0)
    #expect(PerronVectors.ratio(zero, right: [1, -1, 1], left: [1, 1, 1]) == .infinity)
    #expect(PerronVectors.resolvent(dense: .identity(2), shift: 1) == nil)
  }

  /// Against reachability by repeated relaxation, with stored zeros that are no edges.
  @Test(arguments: UInt64(0)..<30)
  func componentsAgainstBruteForce(seed: UInt64) throws {
    var random = MetricsRandom(seed: seed)
    let n = 1 + Int(seed) % 13
    let dense = random.nonnegative(n, density: 0.15)
    let values = (0..<(n * n)).map { dense.values[$0] }
    let sparse = try SparseMatrix(
      rows: n, columns: n, rowPointers: (0...n).map { $0 * n },
      columnIndices: (0..<n).flatMap { _ in (0..<n).map { Int32($0) } }, values: values)
    var reach = (0..<n).map { i in (0..<n).map { i == $0 || dense[i, $0] != 0 } }
    for k in 0..<n {
      for i in 0..<n { for j in 0..<n where reach[i][k] && reach[k][j] { reach[i][j] = true } }
    }
    let graph = StronglyConnectedComponents(sparse)
    #expect(graph.components.flatMap { $0 }.sorted() == Array(0..<n))
    for i in 0..<n {
      #expect(graph.components[graph.componentOfUnit[i]].contains(i))
      for j in 0..<n {
        let together = graph.componentOfUnit[i] == graph.componentOfUnit[j]
        #expect(together == (reach[i][j] && reach[j][i]))
        if dense[i, j] != 0 { #expect(graph.componentOfUnit[j] <= graph.componentOfUnit[i]) }
      }
    }
  }

  @Test func aLongChainNeedsNoDeepStack() throws {
    let n = 200_000
    let chain = try SparseMatrix(
      rows: n, columns: n, rowPointers: [0] + (0..<n).map { min($0 + 1, n - 1) },
      columnIndices: (1..<n).map { Int32($0) }, values: [Double](repeating: 1, count: n - 1))
    let graph = StronglyConnectedComponents(chain)
    #expect(graph.components.count == n)
    #expect(graph.componentOfUnit[0] == n - 1)
  }

  #if GLPK
    @Test(.enabled(if: MetricsVectors.isPresent), arguments: MetricsVectors.cases)
    func linearProgramDecidesTheoremOne(vector: MetricsVectors.Case) throws {
      let N = try #require(
        PerronVectors.comparison(SparseMatrix(vector.matrix), gain: vector.gain))
      let n = N.rows
      let A = SparseMatrix(combination(1, .identity(n), -1, N.dense()))
      let (margin, v) = try #require(GLPKBackend.largestMargin(A))
      #expect((margin > 1e-11) == vector.thm1, "margin \(margin)")
      if vector.thm1 {
        let image = LAPACKBackend.multiply(N.dense(), v)
        for i in 0..<n { #expect(v[i] - image[i] > 0) }
        let pair = try #require(GLPKBackend.metric(N))
        #expect(pair.ratio < 1)
      }
    }

    @Test func linearProgramRefusesBadInput() {
      #expect(
        GLPKBackend.largestMargin(SparseMatrix(Matrix(rows: 1, columns: 1, values: [.nan]))) == nil)
      #expect(GLPKBackend.largestMargin(SparseMatrix(Matrix(rows: 0, columns: 0))) == nil)
    }
  #endif
}
