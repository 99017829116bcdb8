import ArgumentParser
import Certify
import CertifyKernel
import Checkpoints
import Dispatch
import Foundation
import Synchronization

enum OutputFormat: String, ExpressibleByArgument, CaseIterable { case text, json }

extension CheckFormat: ExpressibleByArgument {}

/// `certify check MODEL...`
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Judge networks: as a flow in continuous time, and as the map that runs.")

  @ArgumentParser.Argument(
    help: ArgumentHelp("Checkpoints or tensor files.", valueName: "model"), completion: .file())
  var models: [String] = []

  @OptionGroup var description: DescriptionOptions

  @Flag(name: .customLong("as-run"), help: "Judge only the map that runs.")
  var asRun = false

  @Flag(help: "Judge only the flow in continuous time.")
  var continuous = false

  @Option(help: "Fail (status 1) unless every verdict judged certifies at least this rate.")
  var rate: Double?

  @OptionGroup var gate: GateOptions

  @Option(
    help: ArgumentHelp(
      "What is asked of the networks, as a certify.toml; the report says which line decided.",
      valueName: "file"), completion: .file())
  var policy: String?

  @Option(
    help: ArgumentHelp(
      "An earlier report in JSON lines: what it had already does not fail, rates that fell do.",
      valueName: "file"), completion: .file())
  var baseline: String?

  @Option(help: "Write the report to this file instead of standard output.", completion: .file())
  var out: String?

  @Option(
    help: ArgumentHelp(
      "Write a certificate for each model decided, under this folder.", valueName: "dir"),
    completion: .directory)
  var certificates: String?

  @Option(
    help: ArgumentHelp(
      "Write for each model refuted a state and an input that show it, one JSON object a line.",
      valueName: "file"), completion: .file())
  var witness: String?

  @Option(
    help: ArgumentHelp(
      "Bound how far a run in this format strays from the exact one: float32, float16, bfloat16, float64.",
      valueName: "dtype"))
  var tube: String?

  func validate() throws {
    guard !models.isEmpty else { throw ValidationError("name at least one model") }
    if asRun, continuous { throw ValidationError("--as-run and --continuous exclude each other") }
    if continuous, tube != nil {
      throw ValidationError("--tube speaks of the map that runs, which --continuous leaves out")
    }
    if let rate, !(rate > 0 && rate < .infinity) {
      throw ValidationError("--rate \(rate): a rate is positive and finite")
    }
  }

  func run() throws {
    var settings = CheckJob(
      options: try description.modelOptions(),
      scopes: asRun ? [.asRun] : (continuous ? [.continuous] : Scope.allCases),
      certificateFolder: certificates)
    let targets = try gate.targets()
    let shown = [gate.format] + targets.map(\.format)
    let judge = try GateJudge(policy: policy, baseline: baseline, options: settings.options)
    // Only the JSON line shows the digest of the file; only pipelines need that of the tensors.
    settings.hashesFiles = shown.contains(.json)
    settings.hashesTensors = judge.isAsked || shown.contains { $0 != .text && $0 != .json }
    settings.floatFormat = try tube.map(floatFormat)
    let job = settings
    try checkTargets(targets)
    let style = TextStyle(isTerminal: out == nil && isatty(STDOUT_FILENO) == 1)
    let printer = GatePrinter(format: gate.format, file: out, keepsAll: !targets.isEmpty)
    let (paths, requiredRate) = (models, rate)
    FreedMemory.keep(forFiles: paths)
    let witnesses = witness.map { _ in OrderedOutput(keepsText: true) }
    DispatchQueue.concurrentPerform(iterations: paths.count) { index in
      let report = job.run(paths[index])
      let realised = witnesses.flatMap { $0.realise(report, at: index) }
      let judged = judge.judge(report, requiredRate: requiredRate)
      printer.add(
        GateOutput(
          entry: judged.entry,
          text: ([report.text(style, requiredRate: requiredRate)] + judged.lines)
            .joined(separator: "\n"),
          json: report.jsonLine(realised: realised?.json, gate: judge.isAsked ? judged.json : nil),
          fault: report.fault), at: index)
    }
    let worst = try printer.finish(targets)
    if let witness { try witnesses?.write(to: witness, option: "--witness") }
    if gate.exitZero, worst != .internalError, worst != .usage { return }
    if worst != .certified { throw worst }
  }

  /// Refuses before any work is done what could not be written after it.
  private func checkTargets(_ targets: [GateOptions.Target]) throws {
    try targets.check()
    for (option, path) in [("--out", out), ("--witness", witness)] {
      guard let path else { continue }
      do {
        _ = try AtomicFile(path: path)
      } catch {
        throw CommandFailure(status: .usage, message: "\(option) \(path): \(error)")
      }
    }
    guard let certificates else { return }
    try CertificateFile.checkFolder(certificates)
    var owners: [String: String] = [:]
    for model in models {
      let target = CertificateFile.path(forModel: model, in: certificates)
      if let other = owners.updateValue(model, forKey: target), other != model {
        throw CommandFailure(
          status: .usage,
          message:
            "--certificates \(certificates): \(other) and \(model) would both write \(target); "
            + "check them in two runs")
      }
    }
  }
}
