import ArgumentParser
import Certify
import CertifyKernel

/// `certify audit theorem6 MODEL --metric-p FILE --trajectory FILE --dt DT`
struct AuditTheorem6: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "theorem6",
    abstract:
      "Monitor the hypothesis of Theorem 6 along a trajectory: a conditional verdict at best.",
    discussion: """
      The trajectory is a .npy array, samples x units, of what the activation is applied to: the state x for \
      form outside, W h + u for form inside. With --slopes it holds the slopes of the activation themselves.
      """)

  @ArgumentParser.Argument(help: "A checkpoint or tensor file.", completion: .file())
  var model: String

  @Option(help: "A TOML file that says what the tensors mean.", completion: .file())
  var manifest: String?

  @Option(
    name: .customLong("metric-p"),
    help: "P of (gW - I)P + P(gW^T - I) <= -cP: a .npy of n numbers, or a diagonal n x n.",
    completion: .file())
  var metric: String

  @Option(help: "A .npy of samples x units.", completion: .file())
  var trajectory: String

  @Option(help: "The time between samples, in the unit of the time constants.")
  var dt: Double

  @Option(help: "tanh, sigmoid or softplus: whose slope to take.")
  var activation: String?

  @Flag(help: "The trajectory holds slopes.")
  var slopes = false

  @Option(help: "The c to check; absent: the largest that is found.")
  var c: Double?

  @Option(help: "The rate of V to ask for.")
  var beta: Double = 0

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func run() throws {
    let function = try smoothActivation()
    let loaded: Model
    do {
      loaded = try Model.load(
        path: model, options: modelOptions(manifest: manifest, step: nil, scheme: nil))
    } catch let error as ModelError {
      throw CommandFailure(status: error.status, message: "\(model): \(error)")
    }
    let network = loaded.specification
    if let function, !function.fits(network) {
      throw CommandFailure(
        status: .usage,
        message:
          "--activation \(function.rawValue): its slopes exceed the upper slope \(network.slopes.upper) of the model"
      )
    }
    do {
      let audit = try Theorem6Audit(
        network, metric: Theorem6Samples.metric(path: metric, units: network.units),
        logSlopes: Theorem6Samples.logSlopes(
          path: trajectory, units: network.units, activation: function), dt: dt, c: c,
        required: beta)
      standardOutput(format == .text ? audit.text(model, network) : audit.jsonLine(model))
      if audit.verdict != .conditional { throw ExitStatus.refuted }
    } catch let error as AuditError {
      let status: ExitStatus = if case .argument = error { .usage } else { .rejected }
      throw CommandFailure(status: status, message: error.description)
    }
  }

  private func smoothActivation() throws -> SmoothActivation? {
    if slopes, activation != nil {
      throw CommandFailure(status: .usage, message: "--slopes and --activation exclude each other")
    }
    if slopes { return nil }
    let names = SmoothActivation.allCases.map(\.rawValue).joined(separator: ", ")
    guard let activation else {
      throw CommandFailure(
        status: .usage, message: "give --activation (\(names)), or --slopes for a file of slopes")
    }
    guard let known = SmoothActivation(rawValue: activation) else {
      throw CommandFailure(
        status: .usage, message: "--activation \(activation): Theorem 6 needs one of \(names)")
    }
    return known
  }
}
