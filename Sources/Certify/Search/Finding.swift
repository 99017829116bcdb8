public import CertifyKernel

/// What a search found for one scope of one network.
public struct Finding: Sendable {
  public enum Result: Sendable {
    case certified(Certified<Specification>)
    case refuted(Witness, Certificate)
    case undecided(Shortfall)
  }

  public let scope: Scope
  public let result: Result
  /// The largest Euler step at which the kernel checked contraction, if one was looked for and found.
  public internal(set) var maximumStep: Double? = nil

  var isCertified: Bool {
    if case .certified = result { true } else { false }
  }

  /// The certificate that the kernel accepted, whatever it shows.
  public var certificate: Certificate? {
    switch result {
    case .certified(let certified): certified.certificate
    case .refuted(_, let certificate): certificate
    case .undecided: nil
    }
  }
}

/// How close the search came when it decided nothing.
public struct Shortfall: Sendable {
  /// The obstruction of the proposal that came closest.
  public let obstruction: Obstruction
  /// By how much the nearest bound misses: below 0 (flow) or above 1 (map); nil when no rule gave a number.
  public let missedBy: Double?
  /// The largest s found such that sW is certified by the kernel (theory F2); nil if none was found.
  public let largestScale: Double?
  /// What may be tried, one sentence each.
  public let advice: [String]
  /// What the kernel has checked to be impossible: metrics and rules that need not be looked for.
  public var impossibilities: [ProvedImpossibility] = []
}

extension Certified {
  /// The proof that was accepted.
  var proof: Proof? {
    if case .contracts(let proof) = certificate.claim { proof } else { nil }
  }
}
