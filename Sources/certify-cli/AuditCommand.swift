import ArgumentParser
import Certify
import CertifyKernel
import Dispatch
import Gate

/// `certify audit`: what is wrong, or cannot be, and why. Without a mode the arguments are models.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Ask why: does a constant metric exist, and what a theorem really says here.",
    discussion: """
      certify audit MODEL... looks for known mistakes in each network, and asks whether a constant metric \
      exists.

      Exit status: 0 nothing found, 1 a diagnosis. For theorem7: 0 if a constant metric certifies it, 1 \
      otherwise, also where it contracts without one. For theorem6: 0 if the verdict is conditional, 1 if a \
      hypothesis is violated.
      """,
    subcommands: [
      AuditModels.self, AuditMetric.self, AuditRecipe.self, AuditIdentityCoupling.self,
      AuditOrientation.self, AuditTheorem7.self, AuditTheorem6.self,
    ],
    defaultSubcommand: AuditModels.self)
}

/// `certify audit MODEL...`
struct AuditModels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "Whether constant metrics exist; the mode without a name.")

  @ArgumentParser.Argument(
    help: ArgumentHelp("Checkpoints or tensor files.", valueName: "model"), completion: .file())
  var models: [String] = []

  @Option(
    help: "A TOML file that says what the tensors mean, for every model given.", completion: .file()
  )
  var manifest: String?

  @Option(help: "The step of the map that runs: a number, or an exact \"3/10\".")
  var step: String?

  @Flag(help: "Print the matrices of duals.")
  var dual = false

  @OptionGroup var gate: GateOptions

  func validate() throws {
    guard !models.isEmpty else { throw ValidationError("name at least one model, or a mode") }
  }

  func run() throws {
    let options = try modelOptions(manifest: manifest, step: step, scheme: nil)
    let targets = try gate.targets()
    try targets.check()
    let printer = GatePrinter(format: gate.format, file: nil, keepsAll: !targets.isEmpty)
    let (paths, showsDual) = (models, dual)
    DispatchQueue.concurrentPerform(iterations: paths.count) { index in
      let start = DispatchTime.now().uptimeNanoseconds
      let audit = ModelAudit(path: paths[index], options: options)
      let text = audit.text(showsDual: showsDual)
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9
      printer.add(
        GateOutput(
          entry: audit.gateEntry(text: text, seconds: seconds), text: text, json: audit.jsonLine),
        at: index)
    }
    let worst = try printer.finish(targets)
    if gate.exitZero, worst != .internalError, worst != .usage { return }
    if worst != .certified { throw worst }
  }
}

/// `certify audit theorem7 [--c C]`
struct AuditTheorem7: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "theorem7",
    abstract: "The story of W = c (0 -1; 1 0), slopes in [0, 1]; without --c a table.")

  @Option(
    parsing: .unconditional,
    help: "The size of the weights: a finite number that is not negative.")
  var c: String?

  @Option(help: "text or json (one object a line).")
  var format: OutputFormat = .text

  func run() throws {
    guard let text = c else {
      let values: [Double] = [1, 2, 2.5, SkewPair.threshold.lower, 3, 4]
      let audits = try values.map { try story($0) }
      standardOutput(
        format == .text
          ? Theorem7Audit.table(audits) : audits.map(\.jsonLine).joined(separator: "\n"))
      return
    }
    guard let value = Double(text) else {
      throw CommandFailure(status: .usage, message: "--c \(text): expected a number")
    }
    let audit = try story(value)
    standardOutput(format == .text ? audit.text : audit.jsonLine)
    if audit.certified == nil { throw ExitStatus.refuted }
  }

  private func story(_ c: Double) throws -> Theorem7Audit {
    do {
      return try Theorem7Audit(c: c)
    } catch {
      throw CommandFailure(status: .usage, message: error.description)
    }
  }
}
