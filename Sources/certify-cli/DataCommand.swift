import ArgumentParser
import Certify
import Checkpoints
import Foundation
import Tasks
import Train

/// `certify data`: the tasks and data that networks are trained on.
struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "List tasks, draw a few trials or images, and write trials for other programs.",
    subcommands: [DataListCommand.self, DataShowCommand.self, DataExportCommand.self])
}

struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "All tasks, by the lists they belong to.")

  func run() throws {
    var lines = [
      "yang-20: the 20 tasks of Yang et al. 2019",
      "mod-cog-82: those, 22 interval and 40 sequence tasks, in the authors' order",
      "all-126: those and 44 composed of an interval and a sequence; all that the definitions give "
        + "(the paper's 132 is a slip: 11 tasks have a delay, not 12)",
    ]
    let sections: [(String, [CognitiveTask])] = [
      ("yang-20", CognitiveTask.yang20),
      ("mod-cog-82, beyond yang-20", Array(CognitiveTask.modCog82.dropFirst(20))),
      ("all-126, beyond mod-cog-82", Array(CognitiveTask.all126.dropFirst(82))),
    ]
    for (title, tasks) in sections {
      lines.append("")
      lines.append(title)
      var line = " "
      for name in tasks.map(\.name) {
        if line.count + name.count > 98 {
          lines.append(line)
          line = " "
        }
        line += " " + name
      }
      lines.append(line)
    }
    lines.append("")
    lines.append("images: fashion-mnist, mnist, cifar10; by rows or by pixels, pooled or permuted")
    standardOutput(lines.joined(separator: "\n"))
  }
}

struct DataShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Draw a few trials of a task, or a few images as sequences.",
    discussion: "TASK is a cognitive task, or a training configuration (FILE.toml) for its images.")

  @ArgumentParser.Argument(help: "A task or a training configuration.")
  var task: String

  @Option(
    name: [.customShort("o"), .long], help: "Where the picture goes, an .svg file.",
    completion: .file())
  var output: String

  @Option(help: "Trials or images.")
  var count = 3

  @Option(help: "The seed of the trials.")
  var seed = 1

  @Option(help: "How labels are written: authors or clean.")
  var coding = "authors"

  func validate() throws {
    guard (1...32).contains(count) else { throw ValidationError("--count \(count): 1 to 32") }
    guard ["authors", "clean"].contains(coding) else {
      throw ValidationError("--coding \(coding): authors or clean")
    }
    if seed < 0 { throw ValidationError("--seed \(seed): seeds count from 0") }
  }

  func run() throws {
    let picture: String
    do {
      if task.hasSuffix(".toml") {
        let configuration = try Configuration(path: task)
        guard
          case .images(_, let test, _) = try TaskData(
            configuration.task, batch: 1, steps: nil, seed: seed)
        else {
          throw CommandFailure(
            status: .usage, message: "\(printable(task)): its tasks are cognitive; name one of them"
          )
        }
        picture = try Drawing.svg(
          of: test.images, places: Array(0..<min(count, test.images.count)),
          as: configuration.task.sequence)
      } else {
        let named = try CognitiveTask(named: task)
        var source = TrialSource(
          named, generator: Seeded(seed: UInt64(seed)),
          coding: coding == "authors" ? .authors : .clean)
        picture = Drawing.svg(of: (0..<count).map { _ in source.trial() })
      }
      try AtomicFile.write(Array(picture.utf8), to: output)
    } catch let error as TrainingError {
      throw CommandFailure(status: error.status, message: error.description)
    } catch let error as CognitiveTaskError {
      throw CommandFailure(status: .usage, message: "\(error)")
    } catch let error as CheckpointError {
      throw CommandFailure(status: .usage, message: error.description)
    } catch let error as ImageSequenceError {
      throw CommandFailure(status: .usage, message: "\(error)")
    }
  }
}

struct DataExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write the trials that `certify evaluate` uses, for other programs.",
    discussion: """
      Into the folder OUT: inputs.npy (float32, steps x 33 x trials), labels.npy (float32 whole numbers, steps x \
      trials; -1 after a trial's end) and lengths.npy (trials). The same seed gives the trials of `certify evaluate`.
      """)

  @ArgumentParser.Argument(help: "A cognitive task.")
  var task: String

  @Option(
    name: [.customShort("o"), .long], help: "A folder, made if it is not there.",
    completion: .file())
  var output: String

  @Option(help: "Trials.")
  var trials = 4000

  @Option(help: "The seed of the trials.")
  var seed = 1

  func validate() throws {
    guard trials > 0, seed >= 0 else { throw ValidationError("--trials from 1, --seed from 0") }
  }

  func run() throws {
    var plan = TaskPlan()
    plan.kind = .cognitive
    plan.tasks = [task]
    plan.authorsDelays = true
    do {
      guard case .trials(let stream, _) = try TaskData(plan, batch: 1, steps: nil, seed: seed),
        stream.tasks.count == 1
      else {
        throw CommandFailure(status: .usage, message: "\(printable(task)): name one task")
      }
      let batch = stream.evaluation(task: 0, count: trials)
      try FileManager.default.createDirectory(
        atPath: output, withIntermediateDirectories: true)
      try write("inputs", [batch.steps, batch.channels, batch.columns], batch.inputs)
      try write("labels", [batch.steps, batch.columns], batch.labels.map { Float($0) })
      try write("lengths", [batch.columns], batch.lengths.map { Float($0) })
    } catch let error as TrainingError {
      throw CommandFailure(status: error.status, message: error.description)
    } catch let error as CheckpointError {
      throw CommandFailure(status: .usage, message: error.description)
    }
  }

  private func write(_ name: String, _ shape: [Int], _ values: [Float]) throws {
    var writer = try NPYWriter(path: "\(output)/\(name).npy", shape: shape, isDouble: false)
    try writer.write(values)
    try writer.commit()
  }
}
