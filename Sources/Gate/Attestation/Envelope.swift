internal import Certify
internal import Checkpoints
internal import Foundation
internal import Markup

/// A signed message: a DSSE envelope (Dead Simple Signing Envelope, version 1.0.2) with one Ed25519 signature.
public struct Envelope: Sendable, Hashable {
  public static let payloadType = "application/vnd.in-toto+json"

  public let payload: [UInt8]
  let signature: [UInt8]
  /// Which key signed, for people; unauthenticated.
  let keyID: String

  public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
  }

  init(signing payload: [UInt8], with key: SigningKey) throws(KeyError) {
    self.payload = payload
    signature = try key.signature(of: Self.authenticated(payload))
    keyID = key.verificationKey.fingerprint
  }

  /// What is signed: type and content with their lengths, so that neither can pass for the other.
  private static func authenticated(_ payload: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(payloadType.utf8.count) \(payloadType) \(payload.count) ".utf8) + payload
  }

  /// Reads an envelope. The signature is not judged.
  public init(_ text: String) throws(Fault) {
    let value: JSONValue
    do { value = try JSONValue(parsing: text) } catch { throw Fault("no envelope: \(error)") }
    guard let object = value.object,
      Set(object.members.map(\.name)) == ["payload", "payloadType", "signatures"]
    else { throw Fault("no DSSE envelope: it has payload, payloadType and signatures") }
    let type = object["payloadType"]?.string ?? ""
    guard type == Self.payloadType else {
      throw Fault("payloadType: \(printable(type)), expected \(Self.payloadType)")
    }
    guard let payload = object["payload"]?.string.flatMap({ Data(base64Encoded: $0) }) else {
      throw Fault("payload: not base64")
    }
    guard let signatures = object["signatures"]?.array, signatures.count == 1,
      let signature = signatures[0]["sig"]?.string.flatMap({ Data(base64Encoded: $0) })
    else { throw Fault("signatures: expected one, in base64") }
    self.payload = Array(payload)
    self.signature = Array(signature)
    keyID = signatures[0]["keyid"]?.string ?? ""
  }

  public func isSigned(by key: VerificationKey) -> Bool {
    key.accepts(signature, of: Self.authenticated(payload))
  }

  /// The envelope on one line.
  public var text: String {
    let object: JSONObject = [
      "payload": .string(Data(payload).base64EncodedString()),
      "payloadType": .string(Self.payloadType),
      "signatures": .array([
        .object([
          "keyid": .string(keyID), "sig": .string(Data(signature).base64EncodedString()),
        ])
      ]),
    ]
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self) + "\n"
  }
}
