public import CertifyKernel

/// The whole story of W = c[[0, −1], [1, 0]], slopes in [0, 1]: what Theorem 7 of arXiv:2106.08928 leaves open.
///
/// c < 2: the metric I, rate 1 − c/2. 2 ≤ c < c*: no constant quadratic metric, yet contracting. c > c*: slopes
/// that switch make it diverge. Every comparison is proved by the kernel. See the article `Theorem7`.
public struct Theorem7Audit: Sendable {
  public let c: Double
  public let network: Specification
  /// The kernel's verdict on the metric I, for c < 2.
  public let certified: Certified<Specification>?
  /// The dual that excludes constant metrics, for c ≥ 2.
  public let impossibility: ProvedImpossibility?
  public let fate: SkewPair.Fate
  /// ln of the growth of a quarter turn under the worst slopes, enclosed; c of moderate size only.
  public let quarterTurn: Interval
  /// One turn under the worst slopes, for c that is not proved to contract.
  public let replay: Theorem7Replay?

  /// - Throws: `.argument` unless c is finite and not negative.
  public init(c: Double) throws(AuditError) {
    guard c.isFinite else { throw .argument("--c \(c): expected a finite number") }
    guard c >= 0 else { throw .argument("--c \(c): expected a number that is not negative") }
    let network: Specification
    do {
      network = try Specification(
        form: .outside,
        recurrent: .dense(Matrix(rows: 2, columns: 2, values: [0, -c, c, 0])))
    } catch { throw .argument("--c \(c): \(error)") }
    self.c = c
    self.network = network
    certified = Self.certificate(network, c)
    impossibility = Self.dual(network)
    fate = SkewPair.fate(c)
    quarterTurn = SkewPair.quarterTurnExponent(c)
    replay = fate == .contracts ? nil : Theorem7Replay(c: c)
  }

  /// Whether a constant quadratic metric exists: exact.
  public var hasConstantMetric: Bool { TwoUnits.hasConstantMetric(network) ?? false }

  /// Whether it contracts whatever the slopes do; nil if c is too near c* to tell.
  public var contracts: Bool? {
    switch fate {
    case .contracts: true
    case .diverges: false
    case .undecided: nil
    }
  }

  /// The worst-case rate in some norm, rounded down: 1 − c/c*, for c that is proved to contract.
  public var worstCaseRate: Double? {
    fate == .contracts ? max(0, SkewPair.worstCaseRate(c).lower) : nil
  }

  /// The metric I at every vertex; near c = 2 the kernel decides exactly, so 1 − c/2 itself is accepted.
  private static func certificate(
    _ network: Specification, _ c: Double
  ) -> Certified<Specification>? {
    let rate = 1 - c / 2
    for bound in [rate, rate.nextDown] {
      let proof = Proof(.vertexLMI(metric: .identity(2), floor: 1), bound: bound)
      let certificate = Certificate(scope: .continuous, claim: .contracts(proof))
      if case .certified(let found)? = try? network.certify(using: certificate) { return found }
    }
    return nil
  }

  /// Z₁ = vvᵀ, v = (1, 1), at slopes (1, 0) and Z₂ = wwᵀ, w = (1, −1), at (0, 1): S = 2(c − 2)I.
  private static func dual(_ network: Specification) -> ProvedImpossibility? {
    let terms = [1.0, -1].enumerated().map { unit, sign in
      MetricDual.Term(
        active: [Int32(unit)], .factor(Matrix(rows: 2, columns: 1, values: [1, sign])))
    }
    let claim = Impossibility.constantMetric(MetricDual(terms: terms, bound: 0))
    return (try? network.prove(claim, .continuous))?.value
  }
}
