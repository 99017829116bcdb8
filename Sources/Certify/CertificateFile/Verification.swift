public import CertifyKernel
internal import Checkpoints
internal import Markup

/// Why a certificate does not hold for a model; every case can name the field at fault.
public enum VerifyError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The certificate cannot be read, is malformed, or its digests do not fit its content.
  case certificate(CertificateFileError)
  /// The model's tensors could not be read again.
  case model(ModelError)
  /// The certificate speaks of another network: a tensor or a part of the specification differs.
  case mismatch(field: String, claimed: String, found: String)
  /// The kernel does not accept a claim.
  case refused(field: String, reason: String, Obstruction)
  /// The kernel finds a claim malformed for this network.
  case malformed(field: String, InputError)

  /// The field at fault, such as `claims[0].bound`; nil if the certificate could not be read at all.
  public var field: String? {
    switch self {
    case .certificate(let error): error.field
    case .model: "model"
    case .mismatch(let field, _, _), .refused(let field, _, _), .malformed(let field, _): field
    }
  }

  public var description: String {
    switch self {
    case .certificate(let error): "\(error)"
    case .model(let error): "model: \(error)"
    case .mismatch(let field, let claimed, let found):
      "\(printable(field)): claimed \(claimed), the model has \(found)"
    case .refused(let field, let reason, _): "\(field): \(reason)"
    case .malformed(let field, let error): "\(field): \(error.reason)"
    }
  }
}

/// A claim that the kernel has accepted for a model.
public enum VerifiedClaim: Sendable {
  case certified(Certified<Specification>)
  case refuted(Witness)

  public var scope: Scope {
    switch self {
    case .certified(let certified): certified.guarantee.scope
    case .refuted(let witness): witness.scope
    }
  }
}

extension CertificateFile {
  /// Reads a certificate and checks it against a model with the kernel: no search, no linear-algebra library.
  ///
  /// - Returns: the claims in the order of the file, each accepted.
  /// - Throws: the first thing that does not hold, with its field.
  public static func verify(
    certificatePath path: String, model: Model
  ) throws(VerifyError) -> [VerifiedClaim] {
    do {
      return try CertificateFile(contentsOf: path).verify(against: model)
    } catch let error as CertificateFileError {
      throw .certificate(error)
    } catch let error as VerifyError {
      throw error
    } catch {
      throw .certificate(.unreadable(path: path, reason: "\(error)"))
    }
  }

  /// Checks the claims against a model: its tensors by digest, its specification field by field, then the kernel.
  ///
  /// A model whose files and options say nothing of a step takes it from the certificate: the claim about the
  /// map that runs is then one about that step, as `specification.step` says. A model with a step must have
  /// the same.
  public func verify(against model: Model) throws(VerifyError) -> [VerifiedClaim] {
    var network = model.specification
    if network.step == nil, let step = specification.step {
      do {
        network = try network.with(step: step)
      } catch {
        throw .malformed(field: "specification.step", error)
      }
    }
    let binding: ModelBinding
    do {
      binding = ModelBinding(
        tensors: try model.tensors(), reconstructions: model.reconstructions,
        sources: model.sources, specification: network)
    } catch {
      throw .model(error)
    }
    let expected = CertificateFile(claims: [], binding: binding)
    let pairs = [
      ("specification", specification.json, expected.specification.json),
      ("model", modelJSON, expected.modelJSON),
    ]
    for (field, claimed, found) in pairs {
      if let difference = claimed.firstDifference(from: found, at: field) {
        throw .mismatch(
          field: difference.field, claimed: difference.claimed, found: difference.found)
      }
    }
    var verified: [VerifiedClaim] = []
    for (index, claim) in claims.enumerated() {
      verified.append(try judge(claim, network, "claims[\(index)]"))
    }
    return verified
  }

  private func judge(
    _ certificate: Certificate, _ network: Specification, _ field: String
  ) throws(VerifyError) -> VerifiedClaim {
    let verdict: Verdict<Specification>
    do {
      verdict = try network.certify(using: certificate, on: .suited(to: network))
    } catch {
      throw .malformed(field: "\(field).arguments\(error.argumentSuffix)", error)
    }
    switch verdict {
    case .certified(let certified): return .certified(certified)
    case .refuted(let witness): return .refuted(witness)
    case .undecided(let obstruction):
      let (place, reason) = Refusal.place(obstruction, certificate)
      throw .refused(field: field + place, reason: reason, obstruction)
    }
  }
}

extension InputError {
  /// The argument that is malformed, where the error tells.
  fileprivate var argumentSuffix: String {
    switch self {
    case .shape(let part, _, _, _), .nonFinite(let part, _, _), .length(let part, _, _):
      switch part {
      case .metric: ".metric"
      case .multiplier: ".multiplier"
      case .order: ".order"
      case .components: ".components"
      case .witness: ".direction"
      default: ""
      }
    default: ""
    }
  }
}
