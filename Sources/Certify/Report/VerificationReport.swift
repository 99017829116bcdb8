package import CertifyKernel
internal import Checkpoints

/// What `certify verify` says: each claim accepted, or the field that is not.
package struct VerificationReport {
  package let certificate: String
  package let model: String
  package let outcome: Result<[VerifiedClaim], VerificationFailure>
  /// Of the claims refuted, where asked for.
  package var replays: [Scope: ReplayOutcome] = [:]
  /// The fingerprint of the key whose signature over this outcome was checked.
  package var signer: String?

  package var status: ExitStatus {
    switch outcome {
    case .success: .certified
    case .failure(let failure): failure.status
    }
  }

  package init(
    certificate: String, model: String, outcome: Result<[VerifiedClaim], VerificationFailure>
  ) {
    self.certificate = certificate
    self.model = model
    self.outcome = outcome
  }

  /// One object of `certify.verification/v1`.
  package var jsonLine: String {
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
package enum ReplayOutcome {
  case shown(RealisedWitness, Replay)
  case notShown(String)
}

package struct VerificationFailure: Error {
  package let status: ExitStatus
  package let field: String?
  package let reason: String

  package init(status: ExitStatus, field: String?, reason: String) {
    self.status = status
    self.field = field
    self.reason = reason
  }
}

/// Checks a certificate again for a model, with the trusted kernel alone.
package func verificationReport(
  certificate: String, model source: ModelSource, options: ModelOptions
) -> VerificationReport {
  func failed(_ status: ExitStatus, _ field: String?, _ reason: String) -> VerificationReport {
    VerificationReport(
      certificate: certificate, model: source.name,
      outcome: .failure(VerificationFailure(status: status, field: field, reason: reason)))
  }
  let model: Model
  do {
    model = try Model.load(source, options: options)
  } catch {
    let status: ExitStatus = if case .configuration = error { .usage } else { .rejected }
    return failed(status, "model", "\(error)")
  }
  do {
    let claims = try CertificateFile.verify(certificatePath: certificate, model: model)
    return VerificationReport(
      certificate: certificate, model: source.name, outcome: .success(claims))
  } catch {
    return failed(.rejected, error.field, "\(error)")
  }
}
