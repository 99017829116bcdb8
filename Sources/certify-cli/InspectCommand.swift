import ArgumentParser
import Certify
import Checkpoints

/// `certify inspect MODEL`: what is in a file and what it is taken for; runs no check.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "List tensors, shapes and the layout a file is recognised as.")

  @ArgumentParser.Argument(help: "A checkpoint or tensor file.", completion: .file())
  var model: String

  @Option(help: "A TOML file that says what the tensors mean.", completion: .file())
  var manifest: String?

  @Flag(name: .customLong("manifest-template"), help: "Print a manifest to start from.")
  var manifestTemplate = false

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func validate() throws {
    if manifestTemplate, format == .json {
      throw ValidationError("--manifest-template prints TOML; it has no --format json")
    }
  }

  func run() throws {
    let checkpoint: Checkpoint
    do {
      checkpoint = try Checkpoint(contentsOf: model)
    } catch {
      standardOutput(
        rejectionLine(path: model, code: error.code.rawValue, reason: "\(error)", format))
      throw ExitStatus.rejected
    }
    if manifestTemplate {
      standardOutput(String(Certify.manifestTemplate(for: checkpoint).dropLast()))
      return
    }
    var options = ModelOptions()
    options.manifest = manifest
    let inspection = Inspection(path: model, checkpoint: checkpoint, options: options)
    standardOutput(format == .text ? inspection.text : inspection.jsonLine)
  }
}
