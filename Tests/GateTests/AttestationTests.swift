import Certify
import CertifyKernel
import Checkpoints
import Foundation
import Testing

@testable import Gate

@Suite struct AttestationTests {
  /// The example keys of RFC 8410, section 10: they belong together and to nobody.
  static let privatePEM = """
    -----BEGIN PRIVATE KEY-----
    MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC
    -----END PRIVATE KEY-----
    """
  static let publicPEM = """
    -----BEGIN PUBLIC KEY-----
    MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=
    -----END PUBLIC KEY-----
    """

  private struct Case {
    let claims: [VerifiedClaim]
    let file: CertificateFile

    /// W = w with a triangular proof at the rate.
    init(w: Double, rate: Double) throws {
      let network = try Specification(
        form: .outside, recurrent: .dense(Matrix(rows: 1, columns: 1, values: [w])))
      let certificate = Certificate(
        scope: .continuous, claim: .contracts(Proof(.triangular(order: [0]), bound: rate)))
      guard case .certified(let certified) = try network.certify(using: certificate) else {
        throw Missing()
      }
      claims = [.certified(certified)]
      let tensor = TensorBinding(
        name: "W", dtype: "float64", shape: [1, 1], sha256: Digest(of: "\(w)"))
      file = CertificateFile(
        claims: [certificate],
        binding: ModelBinding(
          tensors: [tensor], sources: .init(recurrent: .dense("W")), specification: network))
    }

    struct Missing: Error {}

    func attestation(
      model: String = "model", certificate: String = "certificate", name: String = "a.safetensors"
    ) -> Attestation {
      Attestation(
        modelName: name, modelDigest: Digest(of: model), certificateName: "a.cert.json",
        certificateDigest: Digest(of: certificate), claims: claims, certificate: file)
    }
  }

  private func failure(of body: () throws -> Void) -> String? {
    do {
      try body()
      return nil
    } catch { return "\(error)" }
  }

  @Test func whatIsSignedIsAccepted() throws {
    let key = try SigningKey(pem: Self.privatePEM)
    let verifier = try VerificationKey(pem: Self.publicPEM)
    #expect(key.verificationKey.fingerprint == verifier.fingerprint)
    let attestation = try Case(w: 0.5, rate: 0.5).attestation()
    let text = try attestation.signed(with: key).text
    try attestation.check(Envelope(text), key: verifier)
    // The statement is what in-toto readers expect.
    let payload = try JSONValue(parsing: String(decoding: Envelope(text).payload, as: UTF8.self))
    #expect(payload["_type"]?.string == "https://in-toto.io/Statement/v1")
    #expect(
      payload["subject"]?.array?.map { $0["name"]?.string } == ["a.safetensors", "a.cert.json"])
    #expect(
      payload["predicate"]?["claims"]?.array?[0]["rules"]?["rule"]?.string == "triangular")
  }

  @Test func anotherFileDigestOrPredicateIsRefusedByName() throws {
    let key = try SigningKey(pem: Self.privatePEM)
    let own = try Case(w: 0.5, rate: 0.5)
    let envelope = try own.attestation().signed(with: key)
    let weaker = try Case(w: 0.5, rate: 0.25)
    let other = try Case(w: 0.25, rate: 0.5)
    for (attestation, names) in [
      (own.attestation(model: "other"), "statement.subject[0].digest.sha256"),
      (own.attestation(certificate: "other"), "statement.subject[1].digest.sha256"),
      (own.attestation(name: "b.safetensors"), "statement.subject[0].name"),
      (weaker.attestation(), "statement.predicate.claims[0].rate"),
      (other.attestation(), "statement.predicate.tensors[0].sha256"),
    ] {
      let fault = try #require(
        failure(of: { try attestation.check(envelope, key: key.verificationKey) }))
      #expect(fault.contains(names), "\(fault)")
    }
  }

  @Test func aSignatureByAnotherKeyOrOverOtherBytesIsRefused() throws {
    let key = try SigningKey(pem: Self.privatePEM)
    let attestation = try Case(w: 0.5, rate: 0.5).attestation()
    let text = try attestation.signed(with: key).text
    let value = try JSONValue(parsing: text)
    let payload = try #require(value["payload"]?.string)
    let signature = try #require(value["signatures"]?.array?[0]["sig"]?.string)
    var forged = try #require(Data(base64Encoded: payload))
    forged[forged.count - 3] ^= 1
    var broken = try #require(Data(base64Encoded: signature))
    broken[0] ^= 1
    for changed in [
      text.replacing(payload, with: forged.base64EncodedString()),
      text.replacing(signature, with: broken.base64EncodedString()),
    ] {
      let fault = try #require(
        failure(of: { try attestation.check(Envelope(changed), key: key.verificationKey) }))
      #expect(fault.contains("signature"), "\(fault)")
    }
    // The same bytes, another key: the first byte of its seed differs.
    let seed = Self.privatePEM.replacing("INTuctv5", with: "INXuctv5")
    let other = try SigningKey(pem: seed)
    let fault = try #require(
      failure(of: { try attestation.check(Envelope(text), key: other.verificationKey) }))
    #expect(fault.contains("signature"), "\(fault)")
  }

  @Test(arguments: [
    ("", "no envelope"), ("{}", "no DSSE envelope"),
    (#"{"payload":"","payloadType":"text/plain","signatures":[]}"#, "payloadType"),
    (
      #"{"payload":"?","payloadType":"application/vnd.in-toto+json","signatures":[]}"#, "payload"
    ),
    (
      #"{"payload":"","payloadType":"application/vnd.in-toto+json","signatures":[]}"#, "signatures"
    ),
  ])
  func whatIsNoEnvelope(text: String, names: String) throws {
    let fault = try #require(failure(of: { _ = try Envelope(text) }))
    #expect(fault.contains(names), "\(fault)")
  }

  /// Keys of other kinds are named; the RSA and EC bytes are the algorithm identifiers alone.
  @Test func keysOfTheWrongKind() throws {
    func pem(_ label: String, _ bytes: [UInt8]) -> String {
      "-----BEGIN \(label)-----\n\(Data(bytes).base64EncodedString())\n-----END \(label)-----\n"
    }
    let rsa: [UInt8] = [0x06, 0x09, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]
    let ec: [UInt8] = [0x06, 0x07, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]
    for (text, names) in [
      (pem("PRIVATE KEY", rsa), "RSA"), (pem("PRIVATE KEY", ec), "elliptic-curve"),
      (pem("PRIVATE KEY", [1, 2, 3]), "not an Ed25519 key"),
      (Self.publicPEM, "PUBLIC KEY"), ("", "no PEM block"),
      ("-----BEGIN PRIVATE KEY-----\n", "damaged"),
      ("-----BEGIN PRIVATE KEY-----\n?!\n-----END PRIVATE KEY-----", "damaged"),
    ] {
      let fault = try #require(failure(of: { _ = try SigningKey(pem: text) }), "accepted \(text)")
      #expect(fault.contains(names), "\(fault)")
    }
    let fault = try #require(failure(of: { _ = try VerificationKey(pem: Self.privatePEM) }))
    #expect(fault.contains("PRIVATE KEY"), "\(fault)")
  }
}
