internal import Certify
package import Tasks

/// Batches to train on, and batches to judge by.
package enum TaskData: Sendable {
  case images(training: ImageBatches, test: ImageBatches, Standardisation)
  case trials(TrialStream, taskCount: Int)

  /// Reads what a plan names.
  package init(_ plan: TaskPlan, batch: Int, steps: Int?, seed: Int) throws(TrainingError) {
    switch plan.kind {
    case .rows, .pixels: self = try Self.images(plan, batch: batch, seed: seed)
    case .cognitive:
      let tasks = try Self.tasks(plan)
      let coding = plan.coding == .authors ? LabelCoding.authors : .clean
      let seed = UInt64(truncatingIfNeeded: seed)
      var stream = TrialStream(
        tasks: tasks, columns: batch, steps: steps ?? 100, seed: seed, coding: coding)
      if plan.authorsDelays {
        stream = TrialStream(
          tasks: tasks, columns: batch, steps: steps ?? 100, seed: seed, coding: coding,
          delays: zip(tasks, stream.delays).map { .authorsSeed42(of: $0) ?? $1 })
      }
      self = .trials(stream, taskCount: tasks.count)
    }
  }

  private static func images(
    _ plan: TaskPlan, batch: Int, seed: Int
  ) throws(TrainingError) -> TaskData {
    let folder: String
    if let named = plan.folder {
      folder = named
    } else if plan.data == .fashionMNIST {
      folder = "/usr/share/datasets/fashion-mnist"
    } else {
      throw .configuration(
        "task.folder is missing: the folder with the files of \(plan.data.rawValue)")
    }
    do {
      var (training, test): (ImageSet, ImageSet)
      if let split = plan.split {
        let whole = try read(plan.data, folder, .test)
        let parts = try whole.split([split[0], split[1]])
        (training, test) = (parts[0], parts[1])
      } else {
        training = try read(plan.data, folder, .train)
        test = try read(plan.data, folder, .test)
      }
      let sequence = plan.sequence
      let scale = try Standardisation(of: training)
      return .images(
        training: try ImageBatches(
          training, as: sequence, standardisation: scale, columns: batch,
          seed: UInt64(truncatingIfNeeded: seed)),
        test: try ImageBatches(
          test, as: sequence, standardisation: scale, columns: batch, seed: 0), scale)
    } catch {
      throw .data("\(error)")
    }
  }

  private static func read(
    _ data: TaskPlan.Data, _ folder: String, _ part: ImageSet.Part
  ) throws(ImageError) -> ImageSet {
    data == .cifar10
      ? try .cifar10(folder: folder, part: part) : try .mnist(folder: folder, part: part)
  }

  private static func tasks(_ plan: TaskPlan) throws(TrainingError) -> [CognitiveTask] {
    var tasks: [CognitiveTask] = []
    for name in plan.tasks {
      switch name {
      case "yang-20": tasks += CognitiveTask.yang20
      case "mod-cog-82": tasks += CognitiveTask.modCog82
      case "all-126": tasks += CognitiveTask.all126
      default:
        do {
          tasks.append(try CognitiveTask(named: name))
        } catch {
          throw .configuration("task.tasks: \(error)")
        }
      }
    }
    guard Set(tasks).count == tasks.count, !tasks.isEmpty else {
      throw .configuration("task.tasks: no task, or one twice")
    }
    return tasks
  }

  package var steps: Int {
    switch self {
    case .images(let training, _, _): training.plan.steps
    case .trials(let stream, _): stream.steps
    }
  }

  package var inputs: Int {
    switch self {
    case .images(let training, _, _): training.plan.features
    case .trials(let stream, _): stream.channels
    }
  }

  package var classes: Int {
    switch self {
    case .images(let training, _, _): training.images.classes
    case .trials: CognitiveTask.classes
    }
  }

  package var question: Question {
    switch self {
    case .images: .lastStep
    case .trials: .everyStep
    }
  }

  /// Gradient steps of a pass over the data; nil for a stream, which has no end.
  package var stepsPerEpoch: Int? {
    switch self {
    case .images(let training, _, _): training.images.count / training.columns
    case .trials: nil
    }
  }
}

extension TaskData {
  /// Tells data apart: counts, and digests of pixels and labels.
  var fingerprint: String {
    switch self {
    case .images(let training, let test, _):
      [training.images, test.images].map {
        "\($0.count) \(Digest(of: $0.pixels)) \(Digest(of: $0.labels))"
      }.joined(separator: " ")
    case .trials(let stream, _): stream.tasks.map(\.name).joined(separator: " ")
    }
  }
}

extension TaskPlan {
  /// How an image becomes a sequence.
  package var sequence: ImageSequence {
    ImageSequence(
      kind == .rows ? .rows : .pixels, pooling: pool,
      order: permutation.map { .shuffled(seed: UInt64($0)) } ?? .natural)
  }
}
