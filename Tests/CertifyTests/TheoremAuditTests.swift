import Foundation
import CertifyKernel
import TestSupport
import Testing

@testable import Certify

@Suite struct Theorem7AuditTests {
  @Test func story() throws {
    let one = try Theorem7Audit(c: 1)
    #expect(one.hasConstantMetric && one.contracts == true && one.impossibility == nil)
    #expect(one.certified?.guarantee.rate == 0.5 && one.certified?.guarantee.rule == .vertexLMI)
    let edge = try Theorem7Audit(c: (2.0).nextDown)
    #expect(edge.hasConstantMetric && edge.certified?.guarantee.rate == 0x1p-53)
    for c in [2, 2.5, 2.88] {
      let audit = try Theorem7Audit(c: c)
      #expect(!audit.hasConstantMetric && audit.certified == nil && audit.contracts == true)
      let proved = try #require(audit.impossibility)
      #expect(ExactNetwork(audit.network).holds(proved.claim, .continuous) == true)
      #expect(try #require(audit.worstCaseRate) > 0 && audit.replay == nil)
    }
    for c in [2.89, 3, 4, 6] {
      let audit = try Theorem7Audit(c: c)
      #expect(audit.contracts == false && audit.impossibility != nil && audit.worstCaseRate == nil)
      // Four quarter turns, each enclosed.
      let growth = try #require(audit.replay).logGrowthPerTurn
      #expect(growth > 0 && growth > 4 * audit.quarterTurn.lower - 1e-6)
      #expect(growth < 4 * audit.quarterTurn.upper + 1e-6)
    }
    #expect(try Theorem7Audit(c: 2.8834473889505169).contracts == nil)
    #expect(try Theorem7Audit(c: 0).certified?.guarantee.rate == 1)
    for bad in [-1, -0x1p-1074, .nan, .infinity] as [Double] {
      #expect(throws: AuditError.self) { try Theorem7Audit(c: bad) }
    }
  }
}

@Suite struct Theorem6AuditTests {
  static func network(_ W: [Double], _ form: Specification.Form = .outside) throws -> Specification
  {
    let n = Int(Double(W.count).squareRoot())
    return try Specification(
      form: form, recurrent: .dense(Matrix(rows: n, columns: n, values: W)))
  }

  /// ln of slopes d(t) at samples dt apart.
  static func logSlopes(_ count: Int, _ dt: Double, _ d: (Double) -> [Double]) -> [Double] {
    (0..<count).flatMap { d(Double($0) * dt).map { log($0) } }
  }

  /// [thm6_metric_D_wrong]: D = I is constant, so the hypothesis holds with β = c = 1; in the metric D the network does
  /// not contract, in D P⁻¹ it does.
  @Test func metricOfTheCorrectedTheorem() throws {
    let network = try Self.network([0, 10, 0, 0])
    let audit = try Theorem6Audit(
      network, metric: [100, 1], logSlopes: [0, 0, 0, 0], dt: 0.1)
    #expect(audit.verdict == .conditional && audit.c == 1 && audit.β == 1)
    #expect(audit.leastSlope == 1 && audit.overshoot == 10)
    // At D = I alone, since the hypothesis is about this trajectory: J = −I + W.
    let J = RationalMatrix([[-1, 10], [0, -1]])
    #expect(!J.symmetricPart.isNegativeSemidefinite)
    let inverse = RationalMatrix(diagonal: [Rational(1, over: 100), 1])
    #expect(((inverse * J).symmetricPart + inverse * Rational(1, over: 2)).isNegativeSemidefinite)
    // One ulp more of c is declined exactly.
    #expect(try SlowSlopes.fault(network, metric: [100, 1], rate: 1) == nil)
    #expect(try SlowSlopes.fault(network, metric: [100, 1], rate: (1.0).nextUp) != nil)
    let wrong = try Theorem6Audit(network, metric: [1, 1], logSlopes: [0, 0, 0, 0], dt: 0.1)
    guard case .noMetric = wrong.verdict else {
      Issue.record("\(wrong.verdict)")
      return
    }
  }

  /// [diag_stability_not_contracting]: c = 2 with P = I whatever W's size; slow slopes are conditional, the switching
  /// ones are not, at the sample where they switch.
  @Test func fastSlopesAreFound() throws {
    let network = try Self.network([0, -4, 4, 0])
    let slow = try Theorem6Audit(
      network, metric: [1, 1],
      logSlopes: Self.logSlopes(200, 0.05) { t in
        [0.5 + 0.25 * sin(t), 0.5 + 0.25 * cos(t)]
      }, dt: 0.05)
    #expect(slow.verdict == .conditional && slow.c == 2)
    let β = try #require(slow.β)
    #expect(β > 1.3 && β < 2)
    let fast = try Theorem6Audit(
      network, metric: [1, 1],
      logSlopes: Self.logSlopes(50, 0.05) { t in
        [t < 1 ? 0.9 : 0.1, t < 1 ? 0.1 : 0.9]
      }, dt: 0.05)
    guard case .violated(let sample, let unit, let excess) = fast.verdict else {
      Issue.record("\(fast.verdict)")
      return
    }
    #expect(unit == 1 && excess > 0 && (18...20).contains(sample))
    // A β that the samples do not hold, and a c that is smaller.
    let demanding = try Theorem6Audit(
      network, metric: [1, 1],
      logSlopes: Self.logSlopes(200, 0.05) { t in
        [0.5 + 0.25 * sin(t), 0.5 + 0.25 * cos(t)]
      }, dt: 0.05, c: 1.5, required: 1.2)
    guard case .violated = demanding.verdict else {
      Issue.record("\(demanding.verdict)")
      return
    }
  }

  /// The sign of Ḋ that may be fast: falling for form outside, rising for form inside.
  @Test func formsDiffer() throws {
    let rising = Self.logSlopes(20, 0.1) { t in [0.05 * exp(4 * t / 3)] }
    let falling = Self.logSlopes(20, 0.1) { t in [0.9 * exp(-4 * t / 3)] }
    for (form, samples, isFine) in [
      (Specification.Form.outside, rising, false), (.outside, falling, true),
      (.inside, rising, true), (.inside, falling, false),
    ] {
      let audit = try Theorem6Audit(
        Self.network([0.5], form), metric: [1], logSlopes: samples, dt: 0.1)
      #expect((audit.verdict == .conditional) == isFine, "\(form)")
      #expect(audit.c == 1)
    }
  }

  @Test func slopesOutsideAndArguments() throws {
    let network = try Self.network([0.5])
    let flat = try Theorem6Audit(network, metric: [1], logSlopes: [0, -.infinity, 0], dt: 1)
    #expect(flat.verdict == .slopeOutside(sample: 1, unit: 0, slope: 0))
    let steep = try Theorem6Audit(network, metric: [1], logSlopes: [0, 0.5], dt: 1)
    guard case .slopeOutside(sample: 1, unit: 0, _) = steep.verdict else {
      Issue.record("\(steep.verdict)")
      return
    }
    for dt in [0, -1, .nan, .infinity] as [Double] {
      #expect(throws: AuditError.self) {
        try Theorem6Audit(network, metric: [1], logSlopes: [0, 0], dt: dt)
      }
    }
    #expect(throws: AuditError.self) {
      try Theorem6Audit(network, metric: [1, 1], logSlopes: [0, 0], dt: 1)
    }
    #expect(throws: AuditError.self) {
      try Theorem6Audit(network, metric: [1], logSlopes: [0], dt: 1)
    }
  }

  /// ln φ′ against the formula, where that does not cancel.
  @Test func slopesOfActivations() {
    for x in stride(from: -5.0, through: 5, by: 0.25) {
      let s = 1 / (1 + exp(-x))
      let pairs: [(SmoothActivation, Double)] = [
        (.tanh, 1 - tanh(x) * tanh(x)), (.sigmoid, s * (1 - s)), (.softplus, s),
      ]
      for (activation, slope) in pairs {
        #expect(abs(exp(activation.logSlope(x)) - slope) < 1e-14, "\(activation) \(x)")
      }
    }
    #expect(SmoothActivation.tanh.logSlope(400) < -798)
  }
}
