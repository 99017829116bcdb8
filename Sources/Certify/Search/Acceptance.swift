internal import Foundation
import CertifyKernel

/// Hands proposals to the kernel and keeps the best that it accepts.
struct Acceptance {
  let network: Specification
  let scope: Scope
  private(set) var best: Certified<Specification>?
  /// The obstruction of the proposal that came closest, for the case that none is accepted.
  private(set) var nearest: (obstruction: Obstruction, missedBy: Double)?

  init(_ network: Specification, _ scope: Scope) {
    self.network = network
    self.scope = scope
  }

  /// Above this overshoot a rate says little: the distance may grow a millionfold before it shrinks.
  static let tolerableOvershoot = 1e6

  /// Whether a bound could improve on what is held.
  func improves(_ bound: Double) -> Bool {
    guard let held = best?.guarantee, held.overshoot <= Self.tolerableOvershoot else { return true }
    switch scope {
    case .continuous: return bound > held.rate
    case .asRun: return bound < (held.factor ?? 1)
    }
  }

  /// Whether a guarantee is better than the one held: the better rate, among those of tolerable overshoot;
  /// if neither is tolerable, the one that forgets a thousandfold sooner.
  private func isBetter(_ new: Guarantee) -> Bool {
    guard let held = best?.guarantee else { return true }
    let tolerable = (
      new.overshoot <= Self.tolerableOvershoot, held.overshoot <= Self.tolerableOvershoot
    )
    switch tolerable {
    case (true, true): return new.rate > held.rate
    case (true, false): return true
    case (false, true): return false
    case (false, false): return forgettingTime(new) < forgettingTime(held)
    }
  }

  private func forgettingTime(_ guarantee: Guarantee) -> Double {
    (log(guarantee.overshoot) + log(1000)) / guarantee.rate
  }

  /// Offers a proof; returns whether the kernel accepted it.
  @discardableResult
  mutating func offer(_ proof: Proof) -> Bool {
    guard improves(proof.bound) else { return false }
    let certificate = Certificate(scope: scope, claim: .contracts(proof))
    switch attempt(certificate) {
    case .certified(let certified)?:
      if isBetter(certified.guarantee) { best = certified }
      return true
    case .undecided(let why)?:
      note(why, proof.bound)
      return false
    case .refuted?, nil: return false
    }
  }

  /// Offers a step at the best factor that the kernel works out for it; returns whether it accepted.
  @discardableResult
  mutating func offer(_ step: Argument.Step, given flow: Certified<Specification>) -> Bool {
    switch try? network.certify(step, given: flow, on: .suited(to: network)) {
    case .certified(let certified)?:
      if isBetter(certified.guarantee) { best = certified }
      return true
    case .undecided(let why)?:
      note(why, .nan)
      return false
    case .refuted?, nil: return false
    }
  }

  /// Offers an argument whose best bound is known up to rounding: at that bound first, then at bounds
  /// backed off by 16 times more each time. Returns whether one was accepted.
  @discardableResult
  mutating func offer(_ argument: Argument, estimate: Double, scale: Double = 1) -> Bool {
    guard estimate.isFinite else { return false }
    var slack = 1e-16 * Double(network.units + 8) * scale
    guard let backedOff = backOff(estimate, slack) else {
      note(Obstruction(rule: argument.rule.rawValue, .notContracting(bound: estimate)), estimate)
      return false
    }
    guard improves(backedOff) else { return false }
    for _ in 0..<7 {
      guard let bound = backOff(estimate, slack) else { return false }
      if offer(Proof(argument, bound: bound)) { return true }
      slack *= 16
    }
    return false
  }

  /// The estimate made worse by `slack`, if it still means contraction.
  private func backOff(_ estimate: Double, _ slack: Double) -> Double? {
    switch scope {
    case .continuous:
      let rate = estimate - slack
      return rate > 0 ? rate : nil
    case .asRun:
      let factor = max(0, estimate) + slack
      return factor < 1 ? factor : nil
    }
  }

  private func attempt(_ certificate: Certificate) -> Verdict<Specification>? {
    // A malformed certificate is a proposer's mistake; it proposes nothing then.
    try? network.certify(using: certificate, on: .suited(to: network))
  }

  /// Remembers how far a proposal was from contracting: by how much the bound misses 0 (flow) or 1 (map).
  mutating func note(_ obstruction: Obstruction, _ bound: Double) {
    var missed = scope == .continuous ? -bound : bound - 1
    if case .boundNotReached(_, let attained) = obstruction.reason {
      missed = scope == .continuous ? -attained : attained - 1
    }
    guard missed.isFinite else {
      if nearest == nil { nearest = (obstruction, .infinity) }
      return
    }
    if missed < (nearest?.missedBy ?? .infinity) { nearest = (obstruction, missed) }
  }
}
