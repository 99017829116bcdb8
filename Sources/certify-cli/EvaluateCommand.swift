import ArgumentParser
import Certify
import CertifyKernel
import Checkpoints
import Dynamics
import Foundation
import Tasks
import Train

/// `certify evaluate MODEL --task TASK`: accuracy on a task, of a network that is certified as it runs.
struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Accuracy of a certified model on a task.",
    discussion: """
      TASK is a cognitive task (dm1, dmsseqr, ...), a list of them (yang-20, mod-cog-82, all-126), or a training \
      configuration (FILE.toml), whose [task] is used. `certify data list` lists the tasks.

      For cognitive tasks the accuracy is the authors': the share of fresh trials whose last step is right; the \
      share of trials that are right at every step stands beside it. A model that is not certified as it runs is \
      refused.
      """)

  @ArgumentParser.Argument(help: "A model.", completion: .file())
  var model: String

  @Option(help: "A task, a list of tasks, or a training configuration.")
  var task: String

  @Option(help: "Fresh trials of each cognitive task.")
  var trials = 4000

  @Option(help: "The seed of the trials.")
  var seed = 1

  @Option(help: "How labels are written: authors (class 16 wraps to 0) or clean.")
  var coding = "authors"

  @OptionGroup var description: DescriptionOptions

  @Option(help: "Threads; sequences are dealt out.")
  var threads = ProcessInfo.processInfo.activeProcessorCount

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func validate() throws {
    guard ["authors", "clean"].contains(coding) else {
      throw ValidationError("--coding \(coding): authors or clean")
    }
    for (name, value) in [("--trials", trials), ("--threads", threads)] where value < 1 {
      throw ValidationError("\(name) \(value): it must be at least 1")
    }
    if seed < 0 { throw ValidationError("--seed \(seed): seeds count from 0") }
  }

  func run() throws {
    let integrator = try certifiedIntegrator(
      model, try description.modelOptions())
    do {
      let data = try data()
      guard data.inputs == integrator.network.input.inputs else {
        throw CommandFailure(
          status: .usage,
          message:
            "the task has \(data.inputs) inputs, \(printable(model)) takes \(integrator.network.input.inputs)"
        )
      }
      guard let readout = integrator.network.readout, readout.classes == data.classes else {
        let found = integrator.network.readout.map { "reads out \($0.classes) classes" }
        throw CommandFailure(
          status: .usage,
          message:
            "the task has \(data.classes) classes, \(printable(model)) \(found ?? "has no readout")"
        )
      }
      let accuracy = try integrator.evaluate(data, trials: trials, threads: threads)
      standardOutput(format == .text ? text(accuracy, integrator) : json(accuracy, integrator))
    } catch let error as TrainingError {
      throw CommandFailure(status: error.status, message: error.description)
    } catch let error as NetworkError {
      throw CommandFailure(status: .rejected, message: error.description)
    }
  }

  private func data() throws -> TaskData {
    if task.hasSuffix(".toml") {
      let configuration = try Configuration(path: task)
      return try TaskData(
        configuration.task, batch: 250, steps: configuration.task.steps, seed: seed)
    }
    var plan = TaskPlan()
    plan.kind = .cognitive
    plan.tasks = [task]
    plan.coding = coding == "authors" ? .authors : .clean
    plan.authorsDelays = true
    return try TaskData(plan, batch: 1, steps: nil, seed: seed)
  }

  private func text(_ accuracy: Accuracy, _ integrator: AnyIntegrator) -> String {
    func percent(_ share: Double) -> String { String(format: "%.2f %%", 100 * share) }
    var lines: [String] = []
    var first = "\(printable(model)): \(percent(accuracy.share)) of \(accuracy.count)"
    if let whole = accuracy.wholeShare {
      first += " trials right at the last step, \(percent(whole)) at every step"
    } else {
      first += " sequences right"
    }
    lines.append(first)
    lines.append(
      "  certified by \(integrator.guarantee.rule.rawValue), factor<=\(factorText(integrator.factor)) a step"
    )
    if accuracy.tasks.count > 1 {
      for (name, score) in accuracy.tasks {
        let padded = name.padding(toLength: 18, withPad: " ", startingAt: 0)
        lines.append(
          "  \(padded) \(percent(score.lastStep)), every step \(percent(score.wholeTrial))")
      }
    }
    return lines.joined(separator: "\n")
  }

  private func json(_ accuracy: Accuracy, _ integrator: AnyIntegrator) -> String {
    func number(_ value: Double) -> JSONValue { .number(JSONNumber("\(value)") ?? JSONNumber(0)) }
    var object: JSONObject = [
      "schema": .string("certify.evaluation/v1"), "model": .string(model), "task": .string(task),
      "sequences": .number(JSONNumber(accuracy.count)), "accuracy": number(accuracy.share),
      "rule": .string(integrator.guarantee.rule.rawValue), "factor": number(integrator.factor),
    ]
    if let whole = accuracy.wholeShare { object.append("wholeTrialAccuracy", number(whole)) }
    if accuracy.tasks.count > 1 {
      object.append(
        "tasks",
        .array(
          accuracy.tasks.map { task in
            .object([
              "task": .string(task.name), "accuracy": number(task.score.lastStep),
              "wholeTrialAccuracy": number(task.score.wholeTrial),
            ])
          }))
    }
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}
