public import Certify
import CertifyKernel
internal import Checkpoints
internal import Markup

/// That a certificate was checked for a model: an in-toto Statement (version 1) whose predicate holds the verdict, the
/// rate, the tree of rules and the digests. What is signed has passed the kernel; a signature adds who says so, no proof.
public struct Attestation: Sendable, Hashable {
  public static let statementType = "https://in-toto.io/Statement/v1"
  public static let predicateType = "urn:certify:contraction-certificate:v1"

  private let statement: JSONValue

  /// - Parameters:
  ///   - claims: what `CertificateFile.verify` returned for this certificate and this model.
  ///   - modelDigest: SHA-256 of the model's file; `certificateDigest` that of the certificate's.
  public init(
    modelName: String, modelDigest: Digest, certificateName: String, certificateDigest: Digest,
    claims: [VerifiedClaim], certificate: CertificateFile
  ) {
    func subject(_ name: String, _ digest: Digest) -> JSONValue {
      .object(["name": .string(name), "digest": .object(["sha256": .string(digest.hex)])])
    }
    statement = .object([
      "_type": .string(Self.statementType),
      "subject": .array([
        subject(modelName, modelDigest), subject(certificateName, certificateDigest),
      ]),
      "predicateType": .string(Self.predicateType),
      "predicate": .object([
        "claims": .array(claims.map(Self.json)),
        "tensors": .array(certificate.tensors.map(\.json)),
        "specification": certificate.specification.json,
      ]),
    ])
  }

  private static func json(_ claim: VerifiedClaim) -> JSONValue {
    switch claim {
    case .certified(let certified):
      let guarantee = certified.guarantee
      return .object([
        "scope": .string(guarantee.scope.rawValue), "verdict": .string("certified"),
        "rate": .string(hexadecimal(guarantee.rate)),
        "factor": guarantee.factor.map { .string(hexadecimal($0)) } ?? .null,
        "rules": json(guarantee.proof),
      ])
    case .refuted(let witness):
      return .object([
        "scope": .string(witness.scope.rawValue), "verdict": .string("refuted"),
        "rules": .object(["rule": .string(witness.refutation.rawValue)]),
      ])
    }
  }

  private static func json(_ node: ProofNode) -> JSONValue {
    .object([
      "rule": .string(node.rule.rawValue), "bound": .string(hexadecimal(node.bound)),
      "units": .number(JSONNumber(node.units)), "children": .array(node.children.map(json)),
    ])
  }

  /// The envelope of the statement.
  public func signed(with key: SigningKey) throws(KeyError) -> Envelope {
    try Envelope(signing: statement.canonicalBytes, with: key)
  }

  /// Whether an envelope says this, signed by the key.
  ///
  /// - Throws: `Envelope.Fault` naming the signature, or the field of the statement that differs.
  public func check(_ envelope: Envelope, key: VerificationKey) throws(Envelope.Fault) {
    guard envelope.isSigned(by: key) else {
      throw Envelope.Fault("signature: not by the key \(key.fingerprint.prefix(16))…")
    }
    let signed: JSONValue
    do { signed = try JSONValue(parsing: String(decoding: envelope.payload, as: UTF8.self)) } catch
    {
      throw Envelope.Fault("payload: \(error)")
    }
    if let difference = signed.firstDifference(from: statement, at: "statement") {
      throw Envelope.Fault(
        "\(printable(difference.field)): signed \(difference.claimed), here it is \(difference.found)"
      )
    }
  }
}

/// A double exactly, "0x1.8p-2".
private func hexadecimal(_ x: Double) -> String { ExactRatio(x).exactText }
