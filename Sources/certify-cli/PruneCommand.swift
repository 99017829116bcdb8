import ArgumentParser
import Certify
import CertifyKernel

/// `certify prune MODEL --edges FILE -o OUT`: removes connections, and keeps the certificate where it can.
struct PruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune",
    abstract: "Remove connections; write the new model with a certificate, or refuse.",
    discussion: """
      FILE names one connection a line, units and modules from 0, # for comments:
        3 5  or  W 3 5    W[3, 5], from unit 5 to unit 3      K 3 5   K[3, 5]
        L 0 4             L[0, 4] and L[4, 0] together        L 0 4 only   one of them
        block 1 2         all that runs between modules 1 and 2

      Nothing is written unless the kernel certifies the new network in every scope.
      """)

  @ArgumentParser.Argument(help: "A checkpoint or tensor file.", completion: .file())
  var model: String

  @Option(help: ArgumentHelp("The connections to remove.", valueName: "file"), completion: .file())
  var edges: String?

  @Flag(help: "Instead: list which single connections can go with the same metric and rate.")
  var report = false

  @OptionGroup var surgery: SurgeryOptions

  func validate() throws {
    if report {
      guard edges == nil, surgery.output == nil else {
        throw ValidationError("--report removes nothing and takes no --edges and no -o")
      }
    } else {
      guard edges != nil else { throw ValidationError("--edges FILE says what to remove") }
      guard surgery.output != nil else { throw ValidationError("-o OUT says where to write") }
    }
    try surgery.checkScopes()
  }

  func run() throws {
    if report { return try surgery.report(model, [.connection, .pair, .block]) }
    guard let edges else { return }
    try surgery.run(model, .prune(edges: edges), name: "prune")
  }
}

/// What prune and ablate have in common.
struct SurgeryOptions: ParsableArguments {
  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp(
      "The new model, safetensors; its certificate is OUT.cert.json.", valueName: "out"),
    completion: .file())
  var output: String?

  @Option(
    help: "A certificate of the model as it is; without it one is searched for.",
    completion: .file())
  var certificate: String?

  @OptionGroup var description: DescriptionOptions

  @Flag(name: .customLong("as-run"), help: "Judge only the map that runs.")
  var asRun = false

  @Flag(help: "Judge only the flow in continuous time.")
  var continuous = false

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func checkScopes() throws {
    if asRun, continuous { throw ValidationError("--as-run and --continuous exclude each other") }
  }

  private var job: SurgeryJob {
    get throws {
      SurgeryJob(
        options: try description.modelOptions(),
        scopes: asRun ? [.asRun] : (continuous ? [.continuous] : Scope.allCases),
        certificate: certificate)
    }
  }

  func run(_ model: String, _ operation: SurgeryOperation, name: String) throws {
    guard let output else { return }
    let report = try job.run(model, operation, output: output)
    if let failure = report.failure { throw failure }
    standardOutput(format == .text ? report.text : report.jsonLine(name))
    if report.status != .certified { throw report.status }
  }

  func report(_ model: String, _ kinds: [SurgerySubject.Kind]) throws {
    let report: SurvivalReport
    do {
      report = try job.survivals(of: model, kinds)
    } catch let error as ModelError {
      switch error {
      case .configuration(let reason): throw CommandFailure(status: .usage, message: reason)
      case .rejected(let code, let reason):
        standardOutput(rejectionLine(path: model, code: code, reason: reason, format))
        throw ExitStatus.rejected
      }
    } catch let error as VerifyError {
      standardOutput(rejectionLine(path: model, code: "certificate", reason: "\(error)", format))
      throw ExitStatus.rejected
    }
    standardOutput(format == .text ? report.text(model) : report.jsonLine(model))
    if !report.uncertified.isEmpty { throw ExitStatus.undecided }
  }
}
