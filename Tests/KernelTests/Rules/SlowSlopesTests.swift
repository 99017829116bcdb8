import CertifyKernel
import TestSupport
import Testing

@Suite struct SlowSlopesTests {
  /// W = c[[0, −1], [1, 0]] has the rate 2 with P = I, exactly, and no more.
  @Test func ratesAreAboveZeroAndAtMostTwo() throws {
    let skew = try Specification.of([[0, -4], [4, 0]])
    #expect(try SlowSlopes.fault(skew, metric: [1, 1], rate: 2) == nil)
    #expect(try SlowSlopes.fault(skew, metric: [1, 1], rate: .leastNonzeroMagnitude) == nil)
    for rate in [0, -1, -0.0, (2.0).nextUp, .infinity, .nan] as [Double] {
      guard case .notContracting = try SlowSlopes.fault(skew, metric: [1, 1], rate: rate) else {
        Issue.record("a rate of \(rate) was not refused")
        continue
      }
    }
    // −W ≻ 0 leaves room for more than 2, which the theorem does not say.
    let inhibited = try Specification.of([[-4]])
    #expect(
      try SlowSlopes.fault(inhibited, metric: [1], rate: (2.0).nextUp)
        == .notContracting(bound: (2.0).nextUp))
    #expect(
      try SlowSlopes.fault(inhibited, metric: [1], rate: 0) == .notContracting(bound: 0))
  }

  @Test func whatTheTheoremDoesNotCover() throws {
    func fault(_ network: Specification) throws -> Obstruction.Reason? {
      try SlowSlopes.fault(network, metric: [1, 1], rate: 1)
    }
    let W = [[-1.0, 0], [0, -1]]
    let weights = Weights.dense(Matrix(W))
    #expect(try fault(.of(W)) == nil)
    #expect(try fault(.of(W, .map)) == .notCovered(.map))
    #expect(try fault(.of(W, L: [[0, 0], [0, 0]])) == .notCovered(.linearCoupling))
    #expect(
      try fault(.of(W, tau: [.one, ExactRatio(2)])) == .notCovered(.timeConstantsDiffer))
    let nonlinear = try Specification(
      form: .outside, recurrent: weights,
      nonlinearCoupling: .init(weights: weights, slopes: .unit))
    #expect(try fault(nonlinear) == .notCovered(.nonlinearCoupling))
    #expect(throws: InputError.length(.metric, found: 1, expected: 2)) {
      try SlowSlopes.fault(.of(W), metric: [1], rate: 1)
    }
    for bad in [0, -1, .nan, .infinity] as [Double] {
      #expect(try SlowSlopes.fault(.of(W), metric: [1, bad], rate: 1) != nil)
    }
  }
}
