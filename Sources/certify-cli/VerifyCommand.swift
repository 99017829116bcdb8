import ArgumentParser
import Certify
import CertifyKernel

/// `certify verify CERTIFICATE MODEL`: no search, no linear-algebra library.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Re-check a certificate against its model with the trusted kernel.")

  @ArgumentParser.Argument(help: "A certificate that `certify check --certificates` wrote.")
  var certificate: String

  @ArgumentParser.Argument(help: "The model it speaks of.")
  var model: String

  @Option(help: "A TOML file that says what the tensors mean.")
  var manifest: String?

  @Option(help: "The step of the map that runs, if the model does not say.")
  var step: String?

  @Option(help: "The scheme of the map that runs.")
  var scheme: String?

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  @Flag(
    help: "For claims refuted: run two trajectories that do not approach each other, in doubles.")
  var replay = false

  func run() throws {
    let options = try modelOptions(manifest: manifest, step: step, scheme: scheme)
    var report = verificationReport(certificate: certificate, model: model, options: options)
    if replay { report.replays = try replays(report, options) }
    standardOutput(format == .text ? report.text : report.jsonLine)
    if report.status != .certified { throw report.status }
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
