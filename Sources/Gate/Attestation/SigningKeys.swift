internal import Crypto
internal import Foundation
internal import Markup

/// Why a file is no key of the kind that is wanted.
public struct KeyError: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String
}

/// An Ed25519 key that signs, from a PKCS #8 PEM file as `openssl genpkey -algorithm ed25519` writes it (RFC 8410).
public struct SigningKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey

  public init(pem: String) throws(KeyError) {
    let der = try PEM.content(pem, "PRIVATE KEY")
    // SEQUENCE { INTEGER 0, SEQUENCE { OID 1.3.101.112 }, OCTET STRING { OCTET STRING (32) } }
    let prefix: [UInt8] = [
      0x30, 0x2E, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x04, 0x22, 0x04,
      0x20,
    ]
    guard der.count == 48, Array(der.prefix(16)) == prefix,
      let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: der.dropFirst(16))
    else { throw KeyError(description: PEM.otherKind(der)) }
    self.key = key
  }

  /// The key that verifies what this one signs.
  public var verificationKey: VerificationKey { VerificationKey(key.publicKey) }

  /// 64 bytes.
  func signature(of bytes: [UInt8]) throws(KeyError) -> [UInt8] {
    do { return Array(try key.signature(for: bytes)) } catch {
      throw KeyError(description: "the key cannot sign: \(error)")
    }
  }
}

/// An Ed25519 key that verifies, from a SubjectPublicKeyInfo PEM file (RFC 8410).
public struct VerificationKey: Sendable {
  private let key: Curve25519.Signing.PublicKey

  public init(pem: String) throws(KeyError) {
    let der = try PEM.content(pem, "PUBLIC KEY")
    // SEQUENCE { SEQUENCE { OID 1.3.101.112 }, BIT STRING (32 bytes) }
    let prefix: [UInt8] = [
      0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00,
    ]
    guard der.count == 44, Array(der.prefix(12)) == prefix,
      let key = try? Curve25519.Signing.PublicKey(rawRepresentation: der.dropFirst(12))
    else { throw KeyError(description: PEM.otherKind(der)) }
    self.key = key
  }

  fileprivate init(_ key: Curve25519.Signing.PublicKey) { self.key = key }

  /// SHA-256 of the 32 bytes, in hexadecimal: which key it is, for people. It decides nothing.
  public var fingerprint: String {
    SHA256.hash(data: key.rawRepresentation).map { byte in
      let digits = String(byte, radix: 16)
      return digits.count == 1 ? "0" + digits : digits
    }.joined()
  }

  func accepts(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
    key.isValidSignature(signature, for: bytes)
  }
}

/// The text form of keys (RFC 7468).
private enum PEM {
  static func content(_ text: String, _ label: String) throws(KeyError) -> [UInt8] {
    let lines = text.split(whereSeparator: \.isNewline).map {
      $0.trimmingCharacters(in: .whitespaces)
    }.filter { !$0.isEmpty }
    guard let begin = lines.first(where: { $0.hasPrefix("-----BEGIN ") }), begin.hasSuffix("-----")
    else { throw KeyError(description: "no PEM block (-----BEGIN \(label)-----)") }
    let found = String(begin.dropFirst(11).dropLast(5))
    guard found == label else {
      throw KeyError(description: "a PEM block of \(found.debugDescription), expected \(label)")
    }
    guard lines.first == begin, lines.last == "-----END \(label)-----", lines.count >= 3,
      lines.count(where: { $0.hasPrefix("-----") }) == 2,
      let data = Data(base64Encoded: lines.dropFirst().dropLast().joined())
    else { throw KeyError(description: "the PEM block of the \(label) is damaged") }
    return Array(data)
  }

  /// What another key is, as far as its algorithm names it.
  static func otherKind(_ der: [UInt8]) -> String {
    let kinds: [(name: String, oid: [UInt8])] = [
      ("an RSA key", [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01]),
      ("an elliptic-curve (ECDSA) key", [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x02, 0x01]),
      ("an Ed448 key", [0x06, 0x03, 0x2B, 0x65, 0x71]),
      ("an X25519 key, which cannot sign", [0x06, 0x03, 0x2B, 0x65, 0x6E]),
    ]
    for kind in kinds where der.firstRange(of: kind.oid) != nil {
      return "\(kind.name), expected Ed25519"
    }
    return "not an Ed25519 key"
  }
}
