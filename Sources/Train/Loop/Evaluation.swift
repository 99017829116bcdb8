package import Dynamics
package import Tasks

/// What a network got right on data it was not trained on.
package struct Accuracy: Sendable, Hashable {
  /// Images, or trials at their last step as the authors of the tasks count.
  package var right = 0
  package var count = 0
  /// Trials right at every step; nil for images.
  package var wholeRight: Int?
  /// For each task: its trials, and those right at the last step.
  package var tasks: [(name: String, score: TrialScore)] = []

  package var share: Double { count == 0 ? .nan : Double(right) / Double(count) }
  package var wholeShare: Double? { wholeRight.map { Double($0) / Double(max(1, count)) } }

  package static func == (a: Self, b: Self) -> Bool {
    a.right == b.right && a.count == b.count && a.wholeRight == b.wholeRight
  }
  package func hash(into hasher: inout Hasher) {
    hasher.combine(right)
    hasher.combine(count)
  }
}

extension AnyIntegrator {
  /// Runs test images, or fresh trials of each task.
  package func evaluate(
    _ data: TaskData, trials: Int, threads: Int
  ) throws(NetworkError) -> Accuracy {
    var result = Accuracy()
    switch data {
    case .images(_, let test, _):
      for batch in test.evaluation() {
        let answers = try answers(
          batch.inputs, steps: batch.steps, columns: batch.columns, onlyLast: true,
          threads: threads)
        for (answer, label) in zip(answers, batch.labels) where answer == label {
          result.right += 1
        }
        result.count += batch.columns
      }
    case .trials(let stream, _):
      result.wholeRight = 0
      for task in stream.tasks.indices {
        let score = try score(stream, task: task, trials: trials, threads: threads)
        result.right += score.lastStepRight
        result.wholeRight! += score.wholeTrialRight
        result.count += score.trials
        result.tasks.append((stream.tasks[task].name, score))
      }
    }
    return result
  }

  /// Fresh whole trials of one task, in batches of at most 256.
  package func score(
    _ stream: TrialStream, task: Int, trials: Int, threads: Int
  ) throws(NetworkError) -> TrialScore {
    var total = TrialScore()
    var first = 0
    while first < trials {
      let count = min(256, trials - first)
      let batch = stream.evaluation(task: task, first: first, count: count)
      total += batch.score(
        try answers(
          batch.inputs, steps: batch.steps, columns: batch.columns, onlyLast: false,
          threads: threads))
      first += count
    }
    return total
  }

  /// The first largest class after every step, steps × columns, or after the last one.
  private func answers(
    _ inputs: [Float], steps: Int, columns: Int, onlyLast: Bool, threads: Int
  ) throws(NetworkError) -> [Int32] {
    guard let readout = network.readout else { throw .input("the network has no readout") }
    let skipped = onlyLast ? steps - 1 : 0
    var answers = [Int32](repeating: 0, count: (steps - skipped) * columns)
    try walk(
      input: inputs.map(Double.init), steps: steps, batch: columns, firstVisited: skipped,
      threads: threads
    ) { t, first, share, states in
      guard let logits = logits(states, batch: share) else { return }
      for b in 0..<share {
        var best = 0
        for c in 1..<readout.classes where logits[c * share + b] > logits[best * share + b] {
          best = c
        }
        answers[(t - skipped) * columns + first + b] = Int32(best)
      }
    }
    return answers
  }
}
