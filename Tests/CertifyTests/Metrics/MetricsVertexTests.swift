import Certify
import CertifyKernel
import Testing

@Suite struct MetricsVertexTests {
  @Test func singleUnitsAndAllUnits() throws {
    let unit = Matrix(rows: 2, columns: 2, values: [1.5, -3, 2, -4])
    let first = try #require(
      VertexSearch.unstableVertices(LureSystem(form: .outside, weights: unit)).first)
    #expect(first.slopes == [1, 0])
    #expect(abs(first.measure - 0.5) < 1e-12)
    // Euler can fail by an eigenvalue below −1 while the flow is stable.
    let inhibited = Matrix(rows: 1, columns: 1, values: [-8])
    let system = LureSystem(form: .inside, weights: inhibited, step: 0.3)
    let found = try #require(VertexSearch.unstableVertices(system).first)
    #expect(abs(found.measure - 1.7) < 1e-12)
    #expect(
      VertexSearch.unstableVertices(LureSystem(form: .inside, weights: inhibited)).isEmpty)
  }

  @Test(arguments: UInt64(0)..<8, [nil, 0.4] as [Double?])
  func ascentFindsWhatEnumerationFinds(seed: UInt64, step: Double?) throws {
    var random = MetricsRandom(seed: seed)
    let n = 8
    let W = random.matrix(n, n, scale: 1.2)
    let system = LureSystem(form: .inside, weights: W, step: step)
    let all = VertexSearch.unstableVertices(system)
    let some = VertexSearch.unstableVertices(system, evaluations: 100)
    #expect(all.isEmpty == some.isEmpty)
    for finding in all + some {
      let eigen = try #require(LAPACKBackend.generalEigen(system.matrix(at: finding.slopes)))
      let measure = zip(eigen.real, eigen.imaginary).map {
        step == nil ? $0 : ($0 * $0 + $1 * $1).squareRoot()
      }.max()!
      #expect(abs(measure - finding.measure) < 1e-9)
      let matrix = system.matrix(at: finding.slopes)
      if finding.measure > (step == nil ? 0 : 1) + 1e-6 {
        #expect(InstabilityWitness(matrix, isDiscrete: step != nil) != nil)
      }
    }
  }

  @Test func lowerSlopesBoundTheVertices() {
    let W = Matrix(rows: 2, columns: 2, values: [1.5, -3, 2, -4])
    let system = LureSystem(form: .outside, weights: W, lower: 0.5, upper: 1)
    for finding in VertexSearch.unstableVertices(system) {
      #expect(finding.slopes.allSatisfy { $0 == 0.5 || $0 == 1 })
    }
  }

  @Test(.enabled(if: MetricsVectors.isPresent), arguments: MetricsVectors.cases)
  func minorsOfTheVectors(vector: MetricsVectors.Case) {
    guard let isPMatrix = vector.p_matrix_I_minus_gW else { return }
    let found = PrincipalMinors.search(vector.matrix, gain: vector.gain)
    #expect(found.isEmpty == isPMatrix)
  }

  @Test func minorsOfLargerNetworks() {
    var random = MetricsRandom(seed: 1)
    var W = random.matrix(30, 30, scale: 0.02)
    #expect(PrincipalMinors.search(W, gain: 1).isEmpty)
    W[4, 9] = 2
    W[9, 4] = 2
    #expect(PrincipalMinors.search(W, gain: 1).contains { $0.units == [4, 9] })
    W[4, 9] = .nan
    #expect(PrincipalMinors.search(W, gain: 1).isEmpty)
  }

  @Test func badInputFindsNothing() {
    let broken = Matrix(rows: 2, columns: 2, values: [.nan, 0, 0, 1])
    #expect(VertexSearch.unstableVertices(LureSystem(form: .inside, weights: broken)).isEmpty)
    #expect(InstabilityWitness(broken, isDiscrete: false) == nil)
  }
}
