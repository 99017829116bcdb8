import ArgumentParser
import Certify
import Report

/// `certify show CERTIFICATE`: the proof tree as the file claims it.
struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: "Print the proof tree of a certificate; `certify verify` is what checks it.")

  @ArgumentParser.Argument(help: "A certificate.")
  var certificate: String

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, svg }

  @Option(help: "text, json, or svg for a picture.")
  var format: Format = .text

  func run() throws {
    do {
      let file = try CertificateFile(contentsOf: certificate)
      switch format {
      case .text: standardOutput(file.treeText)
      case .json: standardOutput(file.treeJSONLine)
      case .svg: standardOutput(String(file.treePicture.dropLast()))
      }
    } catch {
      throw CommandFailure(status: .rejected, message: "\(certificate): \(error)")
    }
  }
}
