import ArgumentParser
import Certify
import CertifyKernel
import Foundation
import Gate

/// `certify verify CERTIFICATE MODEL`: no search, no linear-algebra library.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Re-check a certificate against its model with the trusted kernel.")

  @ArgumentParser.Argument(
    help: "A certificate that `certify check --certificates` wrote.", completion: .file())
  var certificate: String

  @ArgumentParser.Argument(help: "The model it speaks of.", completion: .file())
  var model: String

  @OptionGroup var description: DescriptionOptions

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Flag(
    help: "For claims refuted: run two trajectories that do not approach each other, in doubles.")
  var replay = false

  @Option(
    help: ArgumentHelp(
      "Also check that this Ed25519 public key (PEM) signed the outcome: see attest.",
      valueName: "file"), completion: .file())
  var key: String?

  @Option(
    help: ArgumentHelp(
      "The envelope that attest wrote; else CERTIFICATE with .dsse.json for .json.",
      valueName: "file"), completion: .file())
  var attestation: String?

  func validate() throws {
    if attestation != nil, key == nil { throw ValidationError("--attestation needs --key") }
  }

  func run() throws {
    let options = try description.modelOptions()
    let key = try self.key.map { path in
      try keyFile(path) { text throws(KeyError) in try VerificationKey(pem: text) }
    }
    var report = verificationReport(certificate: certificate, model: .file(model), options: options)
    if let key { report = try signed(report, by: key) }
    if replay { report.replays = try replays(report, options) }
    standardOutput(format == .text ? report.text : report.jsonLine)
    if report.status != .certified { throw report.status }
  }

  /// The report, refused where the envelope does not say the same or is not signed by the key.
  private func signed(
    _ report: VerificationReport, by key: VerificationKey
  ) throws -> VerificationReport {
    guard case .success(let claims) = report.outcome else { return report }
    let path = attestation ?? attestationPath(forCertificate: certificate)
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(status: .usage, message: "\(path): the attestation cannot be read")
    }
    let expected = try certify_cli.attestation(of: claims, certificate: certificate, model: model)
    do {
      try expected.check(Envelope(String(decoding: data, as: UTF8.self)), key: key)
    } catch {
      return VerificationReport(
        certificate: certificate, model: model,
        outcome: .failure(
          VerificationFailure(
            status: .rejected, field: "attestation", reason: "attestation \(path): \(error)")))
    }
    var report = report
    report.signer = key.fingerprint
    return report
  }

  /// What is shown of each claim that was accepted; the kernel has checked it before.
  private func replays(
    _ report: VerificationReport, _ options: ModelOptions
  ) throws -> [Scope: ReplayOutcome] {
    guard case .success(let claims) = report.outcome else { return [:] }
    let loaded = try Model.load(path: model, options: options)
    var network = loaded.specification
    if network.step == nil {
      network = try network.with(
        step: CertificateFile(contentsOf: certificate).specification.step)
    }
    var replays: [Scope: ReplayOutcome] = [:]
    for case .refuted(let witness) in claims {
      do {
        let realised = try RealisedWitness(network, witness, activation: loaded.activation)
        replays[witness.scope] = .shown(realised, realised.replay())
      } catch {
        replays[witness.scope] = .notShown(error.reason)
      }
    }
    return replays
  }
}
