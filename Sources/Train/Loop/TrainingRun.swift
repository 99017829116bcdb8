internal import Certify
internal import CertifyKernel
internal import Checkpoints
internal import Dispatch
internal import Dynamics
internal import Foundation
internal import Tasks

/// Trains a network as a configuration says. The kernel checks the network before each evaluation and each save, and
/// nothing else is saved.
public final class TrainingRun {
  public struct Options: Sendable {
    public var output: String?
    public var resumes = false
    /// Stop after so many gradient steps in all.
    public var steps: Int?
    public var threads = ProcessInfo.processInfo.activeProcessorCount
    /// Bytes for the states that backpropagation keeps.
    public var memory = 2 << 30
    /// Trials of each task in an evaluation.
    public var trials = 200

    public init() {}
  }

  /// Ends all processes of a run of several; does nothing for one alone.
  public static func endOthers(status: Int32) { Processes.all.end(status) }

  /// How a run stands after an evaluation.
  public struct Report: Sendable {
    public let step: Int
    public let total: Int
    public let epoch: Double?
    /// Mean loss since the last report.
    public let loss: Double
    /// On training data since the last report, and on test data.
    public let trainingAccuracy: Double
    public let accuracy: Double
    public let wholeAccuracy: Double?
    /// The certified factor of a step, and 1 less it: the margin to not contracting.
    public let factor: Double
    public let rule: String
    public let seconds: Double
    public let secondsLeft: Double
    public let rate: Double
  }

  public enum Event: Sendable {
    case started(units: Int, parameters: Int, steps: Int, factor: Double, rule: String)
    /// Between evaluations, about once a second.
    case progress(step: Int, total: Int, loss: Double, secondsLeft: Double)
    case report(Report)
    case saved(step: Int)
  }

  public let configuration: Configuration
  private let options: Options
  private let data: TaskData
  private let built: BuiltNetwork
  private let trainer: Trainer<Float>
  private var optimiser: Optimiser
  private let folder: RunFolder?
  private let digest: Digest
  private let processes = Processes.all
  private let total: Int
  private let every: Int
  private var secondsBefore = 0.0

  /// Reads the data, draws or resumes the network, and has the kernel check it before anything is trained.
  ///
  /// - Throws: `TrainingError`; nothing is written then.
  public init(_ configuration: Configuration, _ options: Options) throws(TrainingError) {
    self.configuration = configuration
    self.options = options
    let plan = configuration.training
    data = try TaskData(
      configuration.task, batch: plan.batch, steps: configuration.task.steps, seed: plan.seed)
    var builder = NetworkBuilder(
      configuration.network, inputs: data.inputs, classes: data.classes, seed: plan.seed)
    built = try builder.build()
    let perEpoch = data.stepsPerEpoch
    if let perEpoch, perEpoch == 0 {
      throw .configuration(
        "training.batch = \(plan.batch): more than there are sequences to train on")
    }
    total = plan.steps ?? (perEpoch.map { $0 * (plan.epochs ?? 3) } ?? 1000)
    every = plan.evaluateEvery ?? perEpoch ?? 100
    optimiser = Optimiser(plan, count: built.θ.count, total: total)
    trainer = Trainer(
      built.network, θ: built.θ, readoutWeights: built.readoutWeights,
      readoutBias: built.readoutBias,
      features: .init(rawValue: configuration.network.features.rawValue)!,
      classes: data.classes, steps: data.steps, batch: plan.batch, question: data.question,
      threads: options.threads, memory: options.memory)
    folder = options.output.map { RunFolder(path: $0) }
    digest = Digest(of: try TrainingState.identity(configuration, data))
    if options.resumes {
      guard let folder else { throw .resume("--resume needs the path of the run") }
      if processes.isFirst { try folder.prepare(resuming: true) }
      let state = try TrainingState(path: folder.statePath, layout: built.layout, digest)
      trainer.θ = state.θ
      optimiser.restore(steps: state.steps, m: state.m, v: state.v)
      secondsBefore = state.seconds
    }
  }

  /// Trains to the end of the plan, or as far as the options say.
  ///
  /// - Throws: `TrainingError`; the last pair that was saved stays.
  public func run(_ observe: (Event) -> Void) throws(TrainingError) {
    let plan = configuration.training
    if processes.isFirst { try begin(observe) }
    built.network.forgetIterations()
    let last = min(total, options.steps ?? total)
    var watch = Watch(before: secondsBefore, begun: optimiser.steps, last: last)
    var since = Interim()
    var epochs = ImageEpochs(data)
    while optimiser.steps < last {
      let t = optimiser.steps
      var (inputs, labels) = epochs.batch(t)
      if plan.flips { flip(&inputs, t) }
      drop(plan, t)
      let (result, gradient) = trainer.gradient(input: inputs, labels: labels)
      let norm = optimiser.move(&trainer.θ, gradient)
      guard result.loss.isFinite, norm.isFinite else {
        throw .notFinite(step: t, what: result.loss.isFinite ? "the gradient" : "the loss")
      }
      since.add(result)
      let done = optimiser.steps
      if processes.isFirst, watch.isDue {
        observe(
          .progress(
            step: done, total: last, loss: since.meanLoss, secondsLeft: watch.secondsLeft(done)))
      }
      guard done % every == 0 || done == last else { continue }
      built.network.unitMask = nil
      var isReached = false
      if processes.isFirst {
        let report = try look(since, watch, observe)
        isReached = plan.target.map { report.accuracy >= $0 } ?? false
      }
      since = Interim()
      // What a resumed run does not know must not matter for one that goes on.
      built.network.forgetIterations()
      if processes.any(isReached) { break }
    }
  }

  /// Certifies the network that training begins with, and saves it.
  private func begin(_ observe: (Event) -> Void) throws(TrainingError) {
    let (first, model) = try certified()
    observe(
      .started(
        units: built.network.units, parameters: trainer.θ.count, steps: total,
        factor: first.factor, rule: first.guarantee.rule.rawValue))
    guard let folder, !options.resumes else { return }
    try folder.prepare(resuming: false)
    try save(folder, model, first, seconds: 0)
    observe(.saved(step: 0))
  }

  /// Certifies, evaluates and saves the network as it stands.
  private func look(
    _ since: Interim, _ watch: Watch, _ observe: (Event) -> Void
  ) throws(TrainingError) -> Report {
    let done = optimiser.steps
    let (integrator, model) = try certified()
    let accuracy = try evaluated(integrator)
    let report = Report(
      step: done, total: watch.last, epoch: data.stepsPerEpoch.map { Double(done) / Double($0) },
      loss: since.meanLoss, trainingAccuracy: since.accuracy, accuracy: accuracy.share,
      wholeAccuracy: accuracy.wholeShare, factor: integrator.factor,
      rule: integrator.guarantee.rule.rawValue, seconds: watch.seconds,
      secondsLeft: watch.secondsLeft(done), rate: optimiser.rate(at: done - 1))
    if let folder {
      try save(folder, model, integrator, seconds: report.seconds)
      try append(report, to: folder.metricsPath)
      observe(.saved(step: done))
    }
    observe(.report(report))
    return report
  }

  /// Units that are left out of this step: any of them may be, by ablation.
  private func drop(_ plan: TrainingPlan, _ t: Int) {
    guard plan.dropout > 0 else { return }
    var generator = Seeded(seed: UInt64(truncatingIfNeeded: plan.seed)).child(0xD20)
      .child(UInt64(t))
    built.network.unitMask = (0..<built.network.units).map { _ in generator.unit() >= plan.dropout }
  }

  /// Mirrors about half of the images of a batch, steps × width × columns.
  private func flip(_ inputs: inout [Float], _ t: Int) {
    let (width, columns) = (data.inputs, configuration.training.batch)
    var generator = Seeded(seed: UInt64(truncatingIfNeeded: configuration.training.seed))
      .child(0xF11).child(UInt64(t))
    for b in 0..<columns where generator.unit() < 0.5 {
      for row in 0..<data.steps {
        for k in 0..<(width / 2) {
          inputs.swapAt(
            (row * width + k) * columns + b, (row * width + width - 1 - k) * columns + b)
        }
      }
    }
  }

  /// The network as it stands, and the integrator that the kernel's verdict allows. What is saved is this very model:
  /// norms come from iterations, so that making it again would give other last bits.
  private func certified() throws(TrainingError) -> (AnyIntegrator, TrainedModel) {
    let step = optimiser.steps
    guard trainer.θ.allSatisfy(\.isFinite) else {
      throw .notFinite(step: step, what: "a parameter")
    }
    let model = try built.model(trainer.θ, step: step)
    do {
      return (try model.certify(), model)
    } catch {
      let reason = Self.words(error)
      if step == 0 { throw .refused("the network cannot be certified: \(reason)") }
      throw .uncertified(step: step, reason: reason)
    }
  }

  private static func words(_ error: NetworkError) -> String {
    guard case .notCertified(let finding) = error else { return error.description }
    guard case .undecided(let shortfall) = finding.result else { return error.description }
    return ([shortfall.obstruction.explanation] + shortfall.advice).joined(separator: "; ")
  }

  private func evaluated(_ integrator: AnyIntegrator) throws(TrainingError) -> Accuracy {
    do {
      return try integrator.evaluate(data, trials: options.trials, threads: options.threads)
    } catch {
      throw .data("\(error)")
    }
  }

  private func append(_ report: Report, to path: String) throws(TrainingError) {
    var fields: JSONObject = [
      "schema": .string("certify.metrics/v1"), "step": .number(JSONNumber(report.step)),
    ]
    func add(_ name: String, _ value: Double?) {
      guard let value, value.isFinite else { return }
      fields.append(name, .number(JSONNumber("\(value)")!))
    }
    add("loss", report.loss)
    add("trainingAccuracy", report.trainingAccuracy)
    add("accuracy", report.accuracy)
    add("wholeTrialAccuracy", report.wholeAccuracy)
    add("factor", report.factor)
    add("seconds", report.seconds)
    add("learningRate", report.rate)
    let line = JSONValue.object(fields).orderedBytes + [0x0A]
    let handle = fopen(path, "ab")
    guard let handle else { throw .unwritable("\(path): \(String(cString: strerror(errno)))") }
    let written = fwrite(line, 1, line.count, handle)
    guard fclose(handle) == 0, written == line.count else {
      throw .unwritable("\(path): cannot be written")
    }
  }

  private func save(
    _ folder: RunFolder, _ model: TrainedModel, _ integrator: AnyIntegrator, seconds: Double
  ) throws(TrainingError) {
    let state = TrainingState(
      θ: trainer.θ, m: optimiser.m, v: optimiser.v, steps: optimiser.steps, seconds: seconds)
    let (layout, digest) = (built.layout, digest)
    try folder.save(step: optimiser.steps) { (stage, name) throws(TrainingError) in
      let path = "\(stage)/\(name)"
      do {
        try writeSafetensors(
          model.tensors, metadata: ["certify.network": model.manifest], to: path)
        let read = try Model.load(path: path)
        let file = CertificateFile(
          claims: [integrator.certificate], binding: try read.binding())
        try file.write(to: path + ".cert.json")
        _ = try CertificateFile.verify(certificatePath: path + ".cert.json", model: read)
        try state.write(to: "\(stage)/state.safetensors", layout: layout, digest)
      } catch let error as CheckpointError {
        throw .unwritable(error.description)
      } catch {
        throw .uncertified(step: state.steps, reason: "the model read back: \(error)")
      }
    }
  }
}

/// Sums between two evaluations.
private struct Interim {
  private var result = PassResult()
  private var steps = 0

  mutating func add(_ other: PassResult) {
    result.add(other)
    steps += 1
  }

  var meanLoss: Double { result.loss / Double(max(1, steps)) }
  var accuracy: Double { Double(result.right) / Double(max(1, result.judged)) }
}

/// The time a run has taken and will take.
private struct Watch {
  let before: Double
  let begun: Int
  let last: Int
  private let start = DispatchTime.now().uptimeNanoseconds
  private var shown = DispatchTime.now().uptimeNanoseconds

  init(before: Double, begun: Int, last: Int) {
    (self.before, self.begun, self.last) = (before, begun, last)
  }

  private var own: Double { Double(DispatchTime.now().uptimeNanoseconds - start) * 1e-9 }
  /// Of this run and those that it goes on with.
  var seconds: Double { before + own }

  func secondsLeft(_ done: Int) -> Double {
    own / Double(max(1, done - begun)) * Double(last - done)
  }

  /// Whether a second has passed since this was last true.
  var isDue: Bool {
    mutating get {
      let now = DispatchTime.now().uptimeNanoseconds
      guard now - shown > 1_000_000_000 else { return false }
      shown = now
      return true
    }
  }
}

/// Batches by the number of the gradient step.
private struct ImageEpochs {
  let data: TaskData
  private var number = -1
  private var epoch: ImageEpoch?

  init(_ data: TaskData) { self.data = data }

  mutating func batch(_ t: Int) -> (inputs: [Float], labels: [Int32]) {
    switch data {
    case .images(let training, _, _):
      let perEpoch = data.stepsPerEpoch!
      if t / perEpoch != number || epoch == nil {
        number = t / perEpoch
        epoch = training.training(epoch: number)
      }
      let batch = epoch![t % perEpoch]
      return (batch.inputs, batch.labels)
    case .trials(let stream, _):
      let batch = stream.batch(t)
      return (batch.inputs, batch.labels)
    }
  }
}
