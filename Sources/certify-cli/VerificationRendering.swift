import Certify
import CertifyKernel

extension VerificationReport {
  var text: String {
    switch outcome {
    case .success(let claims):
      let lines = claims.map { claim -> String in
        switch claim {
        case .certified(let certified):
          let guarantee = certified.guarantee
          let factor = guarantee.factor.map { " factor<=\(factorText($0))" } ?? ""
          return
            "  \(guarantee.scope.rawValue): certified, rate>=\(roundedDown(guarantee.rate))\(factor) "
            + "rule=\(guarantee.rule.rawValue)"
        case .refuted(let witness):
          return
            (["  \(witness.scope.rawValue): refuted, rule=\(witness.refutation.rawValue)"]
            + (replays[witness.scope]?.lines ?? [])).joined(separator: "\n")
        }
      }
      let signature = signer.map { ["  attested: signed by \($0.prefix(16))…"] } ?? []
      return (["\(printable(certificate)): s VERIFIED for \(printable(model))"] + lines + signature)
        .joined(separator: "\n")
    case .failure(let failure):
      return "\(printable(certificate)): s REFUSED\n  \(printable(failure.reason))"
    }
  }
}

extension ReplayOutcome {
  fileprivate var lines: [String] {
    switch self {
    case .shown(let realised, let replay):
      var lines = ["    replay: \(replay.sentence)"]
      if !realised.slopesAreExact {
        lines.append(
          "    the slopes are reached in the limit; "
            + (realised.holdsNearby == true
              ? "the kernel refutes it as well at slopes 2^-55 inside"
              : "they are the supremum"))
      }
      return lines
    case .notShown(let reason): return ["    replay: none; \(reason)"]
    }
  }
}
