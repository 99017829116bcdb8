import ArgumentParser
import Certify

/// `certify show CERTIFICATE`: the proof tree as the file claims it.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the proof tree of a certificate; `certify verify` is what checks it.")

  @ArgumentParser.Argument(help: "A certificate.")
  var certificate: String

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func run() throws {
    do {
      let file = try CertificateFile(contentsOf: certificate)
      standardOutput(format == .text ? file.treeText : file.treeJSONLine)
    } catch {
      throw CommandFailure(status: .rejected, message: "\(certificate): \(error)")
    }
  }
}
