import ArgumentParser
import Certify
import Checkpoints

/// `certify inspect MODEL`: what is in a file and what it is taken for; runs no check.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "List tensors, shapes and the layout a file is recognised as.")

  @ArgumentParser.Argument(help: "A checkpoint or tensor file.")
  var model: String

  @Option(help: "A TOML file that says what the tensors mean.")
  var manifest: String?

  @Flag(name: .customLong("manifest-template"), help: "Print a manifest to start from.")
  var manifestTemplate = false

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func run() throws {
    let checkpoint: Checkpoint
    do {
      checkpoint = try Checkpoint(contentsOf: model)
    } catch {
      print(rejectionLine(path: model, code: error.code.rawValue, reason: "\(error)", format))
      throw ExitStatus.rejected
    }
    if manifestTemplate {
      print(Certify.manifestTemplate(for: checkpoint), terminator: "")
      return
    }
    var options = ModelOptions()
    options.manifest = manifest
    let inspection = Inspection(path: model, checkpoint: checkpoint, options: options)
    print(format == .text ? inspection.text : inspection.jsonLine)
  }
}
