internal import Certify
internal import CertifyKernel
internal import Checkpoints
internal import Dispatch
internal import Dynamics
internal import Glibc
internal import Tasks

/// The time of a gradient step on random data of a configuration's shape; nothing is certified, kept or saved.
public struct Measurement: Sendable {
  public let units: Int
  public let seconds: [Double]
  public let threads: Int

  /// - Throws: `.configuration` if the shape of the data is not given.
  public static func run(
    _ configuration: Configuration, steps count: Int, _ options: TrainingRun.Options
  ) throws(TrainingError) -> Measurement {
    let task = configuration.task
    guard let steps = task.steps, let inputs = task.inputs, let classes = task.classes else {
      throw .configuration("--measure needs steps, inputs and classes under [task]")
    }
    let plan = configuration.training
    var builder = NetworkBuilder(
      configuration.network, inputs: inputs, classes: classes, seed: plan.seed)
    let built = try builder.build()
    let question: Question = task.kind == .cognitive ? .everyStep : .lastStep
    let trainer = Trainer<Float>(
      built.network, θ: built.θ, readoutWeights: built.readoutWeights,
      readoutBias: built.readoutBias,
      features: .init(rawValue: configuration.network.features.rawValue)!, classes: classes,
      steps: steps, batch: plan.batch, question: question, threads: options.threads,
      memory: options.memory)
    var optimiser = Optimiser(plan, count: built.θ.count, total: count + 1)
    var generator = Seeded(seed: UInt64(truncatingIfNeeded: plan.seed))
    let input = (0..<(steps * inputs * plan.batch)).map { _ in Float(generator.unit()) }
    let labels = (0..<((question == .everyStep ? steps : 1) * plan.batch)).map { _ in
      Int32(generator.below(classes))
    }
    var seconds: [Double] = []
    for step in 0...count {
      let start = DispatchTime.now().uptimeNanoseconds
      let (_, gradient) = trainer.gradient(input: input, labels: labels)
      _ = optimiser.move(&trainer.θ, gradient)
      // The first step warms caches and memory up.
      if step > 0 { seconds.append(Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9) }
    }
    return Measurement(
      units: built.network.units, seconds: seconds.sorted(), threads: options.threads)
  }

  /// One line of the schema `certify.measure/v1`.
  public var json: String {
    let median =
      seconds.count % 2 == 1
      ? seconds[seconds.count / 2]
      : (seconds[seconds.count / 2 - 1] + seconds[seconds.count / 2]) / 2
    let object: JSONObject = [
      "schema": .string("certify.measure/v1"), "units": .number(JSONNumber(units)),
      "secondsPerStep": .object([
        "minimum": .number(JSONNumber("\(seconds[0])")!),
        "median": .number(JSONNumber("\(median)")!),
      ]),
      "threads": .number(JSONNumber(threads)), "blas": .string(LAPACKBackend.coreName),
      "peakMemoryBytes": .number(JSONNumber(Self.peakMemory)),
    ]
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }

  /// The most memory this program has held, in bytes. What getrusage tells may be that of the process it was forked
  /// from.
  private static var peakMemory: Int {
    if let status = fopen("/proc/self/status", "r") {
      defer { fclose(status) }
      var line = [CChar](repeating: 0, count: 256)
      while fgets(&line, 256, status) != nil {
        let words = String(
          decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self
        )
        .split(whereSeparator: \.isWhitespace)
        if words.first == "VmHWM:", words.count > 1, let kilobytes = Int(words[1]) {
          return kilobytes * 1024
        }
      }
    }
    var usage = rusage()
    getrusage(__rusage_who_t(0), &usage)
    return usage.ru_maxrss * 1024
  }
}
