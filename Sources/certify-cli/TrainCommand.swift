import ArgumentParser
import Certify
import Train

/// Trains a network that is certified whenever it is judged or saved.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network; each save is a model and its certificate.",
    discussion: """
      CONFIG is a TOML file; `certify init` writes one to start from. The model goes to OUT, its certificate to \
      OUT.cert.json, figures to OUT.metrics.jsonl. A run that was interrupted goes on with --resume.
      """)

  @Argument(help: "The configuration, a TOML file.") var config: String
  @Option(
    name: [.customShort("o"), .long], help: "Where the model goes; else [output] path.",
    completion: .file())
  var output: String?
  @Flag(help: "Go on with the run that OUT belongs to.") var resume = false
  @Option(help: "Stop after this many gradient steps in all.") var steps: Int?
  @Option(help: "Threads that share a batch; results depend on their number in the last bits.")
  var threads: Int?
  @Option(help: "The seed, instead of the configuration's.") var seed: Int?
  @Option(help: "Memory for backpropagation, such as 512M or 2G.") var memory: String?
  @Flag(
    help: "One task of a Slurm array: the task's number is added to the seed and to OUT's name.")
  var array = false
  @Option(help: "Run K steps (and one before) on random data, save nothing, print the time.")
  var measure: Int?

  func validate() throws {
    for (name, value) in [("--steps", steps), ("--threads", threads), ("--measure", measure)] {
      if let value, value < 1 { throw ValidationError("\(name) \(value): it must be at least 1") }
    }
    if let seed, seed < 0 { throw ValidationError("--seed \(seed): seeds count from 0") }
    if let memory, Self.bytes(memory) == nil {
      throw ValidationError("--memory \(memory): a number of bytes, with K, M or G behind it")
    }
  }

  static func bytes(_ text: String) -> Int? {
    let units: [Character: Int] = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    let factor = text.last.flatMap { units[$0] }
    guard let count = Int(factor == nil ? text : String(text.dropLast())), count > 0 else {
      return nil
    }
    let (bytes, overflow) = count.multipliedReportingOverflow(by: factor ?? 1)
    return overflow ? nil : bytes
  }

  func run() throws {
    do {
      var configuration = try Configuration(path: config)
      if let seed { configuration.training.seed = seed }
      var options = TrainingRun.Options()
      options.output = output ?? configuration.output
      if array { try enter(&configuration, &options) }
      options.resumes = resume
      options.steps = steps
      if let threads { options.threads = threads }
      if let memory { options.memory = Self.bytes(memory)! }
      if let measure {
        standardOutput(try Measurement.run(configuration, steps: measure, options).json)
        return
      }
      guard options.output != nil else {
        throw TrainingError.configuration(
          "no place for the model: give -o OUT, or path under [output] in the configuration")
      }
      let run = try TrainingRun(configuration, options)
      let progress = TrainingProgress()
      defer { progress.end() }
      try run.run { progress.show($0) }
    } catch let error as TrainingError {
      standardError("certify: \(printable(error.description))")
      TrainingRun.endOthers(status: error.status.rawValue)
      throw error.status
    }
  }
}

extension TrainCommand {
  /// Makes the run that of one task of an array.
  private func enter(
    _ configuration: inout Configuration, _ options: inout TrainingRun.Options
  ) throws {
    let name = "SLURM_ARRAY_TASK_ID"
    guard let text = environmentVariable(name), let task = Int(text), task >= 0 else {
      throw CommandFailure(
        status: .usage,
        message: "--array: \(name) is not set to a number; sbatch --array sets it")
    }
    configuration.training.seed += task
    options.output = options.output.map { path in
      // model.safetensors becomes model-3.safetensors.
      let file = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
      guard let dot = file.lastIndex(of: "."), dot != file.startIndex else {
        return "\(path)-\(task)"
      }
      return "\(path[..<dot])-\(task)\(path[dot...])"
    }
  }
}

extension TrainingError {
  /// What was asked for cannot be done; data are bad; training lost its certificate or its numbers.
  var status: ExitStatus {
    switch self {
    case .configuration, .refused, .resume, .unwritable: .usage
    case .data: .rejected
    case .uncertified, .notFinite: .refuted
    }
  }
}
