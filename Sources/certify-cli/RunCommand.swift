import Markup
import ArgumentParser
import Certify
import CertifyKernel
import Checkpoints
import Dynamics
import Foundation

/// `certify run MODEL --input FILE -o TRAJECTORY`: integrates a network, if it is certified for the step it takes.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Integrate a certified model on a batch of inputs.",
    discussion: """
      The input is an .npy array of floats, steps × inputs or steps × sequences × inputs; the trajectory holds the \
      states after each step, steps × units or steps × sequences × units, in the order that came in.

      A model that is not certified as it runs is refused: with the status that `certify check --as-run` gives.
      """)

  @ArgumentParser.Argument(help: "A model.", completion: .file())
  var model: String

  @Option(help: "The inputs, an .npy file.", completion: .file())
  var input: String

  @Option(
    name: [.customShort("o"), .long], help: "Where the trajectory goes, an .npy file.",
    completion: .file())
  var output: String

  @Option(help: "An .npy file of the states to start from: units or sequences × units; else 0.")
  var start: String?

  @OptionGroup var description: DescriptionOptions

  @Option(help: "float32 or float64: what the run is computed and written in.")
  var precision = "float32"

  @Option(help: "Threads; sequences are dealt out.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func validate() throws {
    guard ["float32", "float64"].contains(precision) else {
      throw ValidationError("--precision \(precision): float32 or float64")
    }
    if threads < 1 { throw ValidationError("--threads \(threads): it must be at least 1") }
  }

  func run() throws {
    let integrator = try certifiedIntegrator(
      model, try description.modelOptions(),
      isDouble: precision == "float64")
    let array = try InputArray(path: input, inputs: integrator.network.input.inputs)
    let n = integrator.network.units
    let initial = try start.map {
      try InputArray(path: $0, states: n, sequences: array.sequences).values
    }
    try integrate(integrator, array, from: initial)
    report(integrator, array)
  }

  private func integrate(
    _ integrator: AnyIntegrator, _ array: InputArray, from start: [Double]?
  ) throws {
    let (n, batch) = (integrator.network.units, array.sequences)
    let isDouble = precision == "float64"
    do {
      var states = [Double](repeating: 0, count: array.steps * batch * n)
      try integrator.walk(
        input: array.values, steps: array.steps, batch: batch, from: start, threads: threads
      ) { t, first, share, x in
        for b in 0..<share {
          for i in 0..<n { states[(t * batch + first + b) * n + i] = x[i * share + b] }
        }
      }
      let shape = array.isBatch ? [array.steps, batch, n] : [array.steps, n]
      var writer = try NPYWriter(path: output, shape: shape, isDouble: isDouble)
      if isDouble { try writer.write(states) } else { try writer.write(states.map { Float($0) }) }
      try writer.commit()
    } catch let error as NetworkError {
      throw CommandFailure(status: .rejected, message: error.description)
    } catch let error as CheckpointError {
      throw CommandFailure(status: .usage, message: error.description)
    }
  }

  private func report(_ integrator: AnyIntegrator, _ array: InputArray) {
    let factor = integrator.factor
    let folding = integrator.forgettingSteps(to: exp(-1))
    let hundredth = integrator.forgettingSteps(to: 0.01)
    switch format {
    case .text:
      var line = "\(printable(output)): \(array.steps) steps of \(array.sequences) sequences, "
      line +=
        "\(counted(integrator.network.units, "unit")); certified by \(integrator.guarantee.rule.rawValue), "
      line += "factor<=\(factorText(factor)) a step"
      standardOutput(line)
      if let folding, let hundredth {
        standardOutput(
          "  two runs with the same input are within 1/e of their first distance after \(folding) steps, "
            + "within 1 % after \(hundredth)")
      } else {
        standardOutput(
          "  the metric's condition number has no finite bound, so no forgetting time in the Euclidean norm"
        )
      }
    case .json:
      var object: JSONObject = [
        "schema": .string("certify.run/v1"), "model": .string(model), "output": .string(output),
        "steps": .number(JSONNumber(array.steps)),
        "sequences": .number(JSONNumber(array.sequences)),
        "units": .number(JSONNumber(integrator.network.units)),
        "rule": .string(integrator.guarantee.rule.rawValue),
        "factor": .number(JSONNumber("\(factor)")!),
      ]
      object.append("forgettingSteps", folding.map { .number(JSONNumber($0)) } ?? .null)
      object.append(
        "forgettingStepsToHundredth", hundredth.map { .number(JSONNumber($0)) } ?? .null)
      standardOutput(String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self))
    }
  }
}

/// The integrator of a model that is certified as it runs.
///
/// - Throws: `CommandFailure` with the status of `certify check --as-run` where it is not.
func certifiedIntegrator(
  _ path: String, _ options: ModelOptions, isDouble: Bool = false
) throws -> AnyIntegrator {
  let loaded: Model
  do {
    loaded = try Model.load(path: path, options: options)
    try loaded.checkProposedMetric()
  } catch {
    switch error {
    case .rejected(let code, let reason):
      throw CommandFailure(status: .rejected, message: "\(printable(path)): \(code): \(reason)")
    case .configuration(let reason): throw CommandFailure(status: .usage, message: reason)
    }
  }
  guard loaded.specification.exists(in: .asRun) else {
    throw CommandFailure(
      status: .usage,
      message:
        "\(printable(path)): neither the model nor --step says how the network is run")
  }
  do {
    return try AnyIntegrator(
      certifying: RateNetwork(loaded),
      with: Checker(
        findsMaximumStep: false, findsLargestScale: false, shippedMetric: loaded.proposedMetric,
        workspace: loaded.workspace), isDouble: isDouble)
  } catch {
    guard case .notCertified(let finding) = error else {
      throw CommandFailure(status: .rejected, message: "\(printable(path)): \(error)")
    }
    switch finding.result {
    case .refuted(let witness, _):
      throw CommandFailure(
        status: .refuted,
        message:
          "\(printable(path)): not run: the network as it runs does not contract (refuted by "
          + "\(witness.refutation.rawValue)); `certify check --as-run` shows the witness")
    default:
      throw CommandFailure(
        status: .undecided,
        message:
          "\(printable(path)): not run: no certificate was found for the network as it runs; "
          + "`certify check --as-run` says what was tried")
    }
  }
}

/// An .npy array as the integrator wants it: steps × inputs × sequences.
struct InputArray {
  let steps: Int
  let sequences: Int
  let isBatch: Bool
  let values: [Double]

  /// Inputs: steps × inputs, or steps × sequences × inputs.
  init(path: String, inputs: Int) throws {
    let (shape, numbers) = try Self.read(path)
    guard shape.count == 2 || shape.count == 3, shape.last == inputs, !shape.contains(0) else {
      throw CommandFailure(
        status: .rejected,
        message:
          "\(printable(path)): shape \(shape); the network takes steps x \(inputs) or "
          + "steps x sequences x \(inputs)")
    }
    isBatch = shape.count == 3
    steps = shape[0]
    sequences = isBatch ? shape[1] : 1
    let batch = sequences
    var values = [Double](repeating: 0, count: numbers.count)
    for t in 0..<steps {
      for b in 0..<batch {
        for k in 0..<inputs {
          values[(t * inputs + k) * batch + b] = numbers[(t * batch + b) * inputs + k]
        }
      }
    }
    self.values = values
  }

  /// States to start from: units, or sequences × units; as units × sequences.
  init(path: String, states n: Int, sequences: Int) throws {
    let (shape, numbers) = try Self.read(path)
    guard shape == [sequences, n] || shape == [n] else {
      throw CommandFailure(
        status: .rejected,
        message: "\(printable(path)): shape \(shape), expected [\(sequences), \(n)] or [\(n)]")
    }
    (steps, self.sequences, isBatch) = (1, sequences, shape.count == 2)
    var values = [Double](repeating: 0, count: n * sequences)
    for i in 0..<n {
      for b in 0..<sequences {
        values[i * sequences + b] = numbers[shape.count == 2 ? b * n + i : i]
      }
    }
    self.values = values
  }

  private static func read(_ path: String) throws -> ([Int], [Double]) {
    do {
      let file = try Checkpoint(contentsOf: path)
      guard file.entries.count == 1 else {
        throw CommandFailure(
          status: .rejected,
          message: "\(printable(path)): \(file.entries.count) arrays, one is needed")
      }
      let numbers = try file.doubles(named: file.entries[0].name)
      guard numbers.allSatisfy(\.isFinite) else {
        throw CommandFailure(
          status: .rejected, message: "\(printable(path)): a value is not finite")
      }
      return (file.entries[0].shape, numbers)
    } catch let error as CheckpointError {
      throw CommandFailure(status: .rejected, message: "\(printable(path)): \(error)")
    }
  }
}
