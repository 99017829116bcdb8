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

  func run() throws {
    let options = try modelOptions(manifest: manifest, step: step, scheme: scheme)
    let report = verificationReport(certificate: certificate, model: model, options: options)
    standardOutput(format == .text ? report.text : report.jsonLine)
    if report.status != .certified { throw report.status }
  }
}
