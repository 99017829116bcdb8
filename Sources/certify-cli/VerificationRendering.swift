import Certify
import CertifyKernel
import Checkpoints

/// What `certify verify` says: each claim accepted, or the field that is not.
struct VerificationReport {
  let certificate: String
  let model: String
  let outcome: Result<[VerifiedClaim], VerificationFailure>
  /// Of the claims refuted, where asked for.
  var replays: [Scope: ReplayOutcome] = [:]
  /// The fingerprint of the key whose signature over this outcome was checked.
  var signer: String?

  var status: ExitStatus {
    switch outcome {
    case .success: .certified
    case .failure(let failure): failure.status
    }
  }

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

  var jsonLine: String {
    var object: JSONObject = [
      "schema": .string("certify.verification/v1"), "certificate": .string(certificate),
      "model": .string(model),
    ]
    switch outcome {
    case .success(let claims):
      object.append("verified", .bool(true))
      object.append("claims", .array(claims.map(json)))
      if let signer { object.append("signer", .string(signer)) }
    case .failure(let failure):
      object.append("verified", .bool(false))
      object.append("field", failure.field.map(JSONValue.string) ?? .null)
      object.append("reason", .string(failure.reason))
    }
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }

  private func json(_ claim: VerifiedClaim) -> JSONValue {
    switch claim {
    case .certified(let certified):
      let guarantee = certified.guarantee
      return [
        "scope": .string(guarantee.scope.rawValue), "verdict": .string("certified"),
        "rule": .string(guarantee.rule.rawValue), "rate": number(guarantee.rate),
        "factor": number(guarantee.factor), "overshoot": number(guarantee.overshoot),
      ]
    case .refuted(let witness):
      var object: JSONObject = [
        "scope": .string(witness.scope.rawValue), "verdict": .string("refuted"),
        "rule": .string(witness.refutation.rawValue),
      ]
      if case .shown(let realised, let replay)? = replays[witness.scope] {
        object.append("witness", realised.json)
        object.append("replay", replay.json)
      }
      return .object(object)
    }
  }
}

/// What `--replay` shows of a claim.
enum ReplayOutcome {
  case shown(RealisedWitness, Replay)
  case notShown(String)

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

struct VerificationFailure: Error {
  let status: ExitStatus
  let field: String?
  let reason: String
}

func verificationReport(
  certificate: String, model path: String, options: ModelOptions
) -> VerificationReport {
  func failed(_ status: ExitStatus, _ field: String?, _ reason: String) -> VerificationReport {
    VerificationReport(
      certificate: certificate, model: path,
      outcome: .failure(VerificationFailure(status: status, field: field, reason: reason)))
  }
  let model: Model
  do {
    model = try Model.load(path: path, options: options)
  } catch {
    let status: ExitStatus = if case .configuration = error { .usage } else { .rejected }
    return failed(status, "model", "\(error)")
  }
  do {
    let claims = try CertificateFile.verify(certificatePath: certificate, model: model)
    return VerificationReport(certificate: certificate, model: path, outcome: .success(claims))
  } catch {
    return failed(.rejected, error.field, "\(error)")
  }
}
