import ArgumentParser
import Certify

/// `certify ablate MODEL --units LIST -o OUT`: deletes units, and keeps the certificate where it can.
struct AblateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ablate",
    abstract: "Delete units or a module; write the new model with a certificate, or refuse.",
    discussion: """
      Deletes rows and columns of the network's matrices, time constants, the metric that came with the file, \
      and the units of input weights, biases and readouts that a known layout names. Units are renumbered.

      Nothing is written unless the kernel certifies the new network in every scope.
      """)

  @ArgumentParser.Argument(help: "A checkpoint or tensor file.", completion: .file())
  var model: String

  @Option(help: ArgumentHelp("Units from 0, such as 3,7,10-12.", valueName: "list"))
  var units: String?

  @Option(help: ArgumentHelp("All units of one module, from 0.", valueName: "index"))
  var module: Int?

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Tensors with units along the first dimension.", valueName: "tensor"))
  var rows: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp("Tensors with units along the last dimension.", valueName: "tensor"))
  var columns: [String] = []

  @Flag(help: "Instead: list which single units and modules can go with the same metric and rate.")
  var report = false

  @OptionGroup var surgery: SurgeryOptions

  func validate() throws {
    if report {
      guard units == nil, module == nil, surgery.output == nil, rows + columns == [] else {
        throw ValidationError(
          "--report deletes nothing and takes no --units, --module, --rows, --columns and no -o")
      }
    } else {
      guard (units == nil) != (module == nil) else {
        throw ValidationError("say what to delete: --units LIST or --module I, one of them")
      }
      guard surgery.output != nil else { throw ValidationError("-o OUT says where to write") }
      if let module, module < 0 {
        throw ValidationError("--module \(module): modules count from 0")
      }
    }
    try surgery.checkScopes()
  }

  func run() throws {
    if report { return try surgery.report(model, [.unit, .module]) }
    let selection: UnitSelection
    do {
      selection = try module.map { .module($0) } ?? UnitSelection(text: units ?? "")
    } catch {
      throw CommandFailure(status: .usage, message: "\(error)")
    }
    let tensors = UnitTensors(rows: rows, columns: columns)
    try surgery.run(model, .ablate(selection, tensors), name: "ablate")
  }
}
