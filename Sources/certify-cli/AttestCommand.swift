import ArgumentParser
import Certify
import Checkpoints
import Foundation
import Gate

/// `certify attest CERTIFICATE MODEL`: signs what the kernel has checked just now.
struct AttestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "attest",
    abstract:
      "Check a certificate against its model and sign the outcome (in-toto, DSSE, Ed25519).",
    discussion: """
      The envelope goes to CERTIFICATE with .dsse.json for .json, or to --output. \
      `certify verify CERTIFICATE MODEL --key PUBLIC` checks it. A signature says who checked; the proof is the \
      certificate.

      A pair of keys: openssl genpkey -algorithm ed25519 -out key.pem; openssl pkey -in key.pem -pubout -out pub.pem
      """)

  @ArgumentParser.Argument(
    help: "A certificate that `certify check --certificates` wrote.", completion: .file())
  var certificate: String

  @ArgumentParser.Argument(help: "The model it speaks of.", completion: .file())
  var model: String

  @Option(
    help: ArgumentHelp("The private key: an Ed25519 key in PEM (PKCS #8).", valueName: "file"),
    completion: .file())
  var key: String

  @Option(
    name: .shortAndLong, help: ArgumentHelp("Where the envelope goes.", valueName: "file"),
    completion: .file())
  var output: String?

  @OptionGroup var description: DescriptionOptions

  func run() throws {
    let key = try keyFile(self.key) { text throws(KeyError) in try SigningKey(pem: text) }
    let target = output ?? attestationPath(forCertificate: certificate)
    let options = try description.modelOptions()
    let before = try? [certificate, model].map { try Digest(ofFileAt: $0) }
    let report = verificationReport(certificate: certificate, model: .file(model), options: options)
    guard case .success(let claims) = report.outcome else {
      standardOutput(report.text)
      throw report.status
    }
    let attestation = try attestation(of: claims, certificate: certificate, model: model)
    // What is signed is what was checked: neither file changed meanwhile.
    guard let before, try before == [certificate, model].map({ try Digest(ofFileAt: $0) }) else {
      throw CommandFailure(
        status: .rejected, message: "\(certificate) or \(model) changed while it was checked")
    }
    do {
      let envelope = try attestation.signed(with: key)
      try AtomicFile.write(Array(envelope.text.utf8), to: target)
    } catch {
      throw CommandFailure(status: .usage, message: "\(target): \(error)")
    }
    standardOutput(
      report.text + "\n  attestation: \(printable(target)), signed by "
        + "\(key.verificationKey.fingerprint.prefix(16))…")
  }
}

/// Where the envelope of a certificate lies unless somebody says otherwise.
func attestationPath(forCertificate path: String) -> String {
  (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".dsse.json"
}

/// A key from a file; anything else ends with status 4 and the file's name.
func keyFile<Key>(_ path: String, _ read: (String) throws(KeyError) -> Key) throws -> Key {
  guard let data = FileManager.default.contents(atPath: path) else {
    throw CommandFailure(status: .usage, message: "--key \(path): the file cannot be read")
  }
  do { return try read(String(decoding: data, as: UTF8.self)) } catch {
    throw CommandFailure(status: .usage, message: "--key \(path): \(error)")
  }
}

/// What is to be signed, or must have been signed, of claims that the kernel has accepted.
func attestation(
  of claims: [VerifiedClaim], certificate: String, model: String
) throws -> Attestation {
  do {
    return Attestation(
      modelName: lastName(model), modelDigest: try Digest(ofFileAt: model),
      certificateName: lastName(certificate), certificateDigest: try Digest(ofFileAt: certificate),
      claims: claims, certificate: try CertificateFile(contentsOf: certificate))
  } catch {
    throw CommandFailure(status: .rejected, message: "\(error)")
  }
}

private func lastName(_ path: String) -> String {
  String(path.split(separator: "/").last ?? Substring(path))
}
