import Testing

@testable import Tasks

@Suite("Cognitive tasks: batches") struct TrialStreamTests {
  private func stream(
    _ tasks: [CognitiveTask], columns: Int = 3, steps: Int = 100, seed: UInt64 = 1
  ) -> TrialStream {
    TrialStream(tasks: tasks, columns: columns, steps: steps, seed: seed)
  }

  /// What the two rings show at a step.
  private func sums(_ batch: SequenceBatch, step: Int, column: Int) -> [Float] {
    [1..<17, 17..<33].map { (channels: Range<Int>) -> Float in
      var sum: Float = 0
      for channel in channels {
        sum += batch.inputs[(step * batch.channels + channel) * batch.columns + column]
      }
      return sum
    }
  }

  @Test func shape() {
    let one = stream([CognitiveTask(.go)]).batch(0)
    #expect((one.steps, one.channels, one.columns) == (100, 33, 3))
    #expect(one.inputs.count == 100 * 33 * 3)
    #expect(one.labels.count == 300)
    #expect(one.lengths == [100, 100, 100])
    #expect(one.tasks.allSatisfy { $0 == 0 })
    let all = stream(CognitiveTask.modCog82, columns: 2, steps: 350).batch(5)
    #expect((all.steps, all.channels, all.columns) == (350, 115, 2))
    #expect(!all.labels.contains(SequenceBatch.unlabelled))
    let rule = TrialStream(
      tasks: [CognitiveTask(.go)], columns: 1, steps: 5, seed: 1, hasRule: true)
    #expect(rule.batch(0).channels == 34)
    let none = TrialStream(
      tasks: CognitiveTask.yang20, columns: 1, steps: 5, seed: 1, hasRule: false)
    #expect(none.channels == 33)
    #expect(none.batch(0).inputs.count == 5 * 33)
  }

  @Test func batchesDependOnSeedAndNumberOnly() {
    let stream = stream(CognitiveTask.yang20)
    let third = stream.batch(3)
    _ = stream.batch(4)
    #expect(stream.batch(3) == third)
    #expect(self.stream(CognitiveTask.yang20).batch(3) == third)
    #expect(stream.batch(4) != third)
    #expect(self.stream(CognitiveTask.yang20, seed: 2).batch(3) != third)
    // A column does not depend on how many there are beside it.
    let narrow = self.stream(CognitiveTask.yang20, columns: 1).batch(3)
    let columns = (0..<3).map { column -> [Int32] in
      (0..<100).map { step in third.labels[3 * step + column] }
    }
    #expect(narrow.labels == columns[0])
    #expect(Set(columns).count == 3)
  }

  /// The columns of go, cut into trials by the fixation channel: each 20 steps, the last one cut.
  @Test func columnsAreChainsOfTrials() throws {
    let batch = stream([CognitiveTask(.go)], columns: 4, steps: 90).batch(7)
    for column in 0..<4 {
      var rings: [Int] = []
      for start in stride(from: 0, to: 90, by: 20) {
        for step in start..<min(start + 20, 90) {
          let sums = sums(batch, step: step, column: column)
          #expect(batch.inputs[step * 33 * 4 + column] == (step - start < 15 ? 1 : 0))
          #expect((max(sums[0], sums[1]) > 1) == (5..<10).contains(step - start))
          if step == start + 5 { rings.append(sums[0] > 1 ? 0 : 1) }
        }
      }
      #expect(rings.count == 5)
      #expect(zip(rings, rings.dropFirst()).allSatisfy { $0 != $1 })
    }
  }

  /// Both modalities begin columns; else trials of many tasks would show ring 1 only.
  @Test func modalitiesBeginByChance() {
    let batch = stream([CognitiveTask(.go)], columns: 400, steps: 10).batch(0)
    let first = (0..<400).filter { sums(batch, step: 5, column: $0)[0] > 1 }
    #expect(abs(first.count - 200) < 45)
  }

  @Test func rulesAndOrder() {
    let tasks = Array(CognitiveTask.modCog82[6..<11])
    let batch = stream(tasks, columns: 6, steps: 3000).batch(1)
    var counts = [Int](repeating: 0, count: 25)
    var firsts: Set<Int32> = []
    for column in 0..<6 {
      var last: Int32?
      var wasFixating = false
      for step in 0..<3000 {
        let task = batch.tasks[step * 6 + column]
        let rule = (33..<38).map { batch.inputs[(step * 38 + $0) * 6 + column] }
        let expected = (0..<5).map { (place: Int) -> Float in place == Int(task) ? 1 : 0 }
        #expect(rule == expected)
        // A trial begins where a fixation follows a decision, whose inputs are all 0.
        let isFixating = batch.inputs[step * 38 * 6 + column] != 0
        if isFixating && !wasFixating {
          if let last { counts[5 * Int(last) + Int(task)] += 1 } else { firsts.insert(task) }
          last = task
        } else {
          #expect(task == last)
        }
        wasFixating = isFixating
      }
    }
    let total = counts.reduce(0, +)
    #expect(total > 1500)
    for (pair, count) in counts.enumerated() {
      if pair / 5 == pair % 5 {
        #expect(count == 0)
      } else {
        #expect(abs(Double(count) - Double(total) / 20) < 5 * (Double(total) / 20).squareRoot())
      }
    }
    #expect(firsts.count > 1)
  }

  @Test func wholeTrials() {
    let tasks = CognitiveTask.yang20
    let stream = stream(tasks)
    for (index, task) in tasks.enumerated() {
      let batch = stream.evaluation(task: index, count: 12)
      let trials = stream.evaluationTrials(task: index, count: 12)
      #expect(batch.lengths == trials.map(\.steps))
      #expect(batch.steps == trials.map(\.steps).max())
      for (column, trial) in trials.enumerated() {
        #expect(trial.task == task)
        for step in 0..<batch.steps {
          let isIn = step < trial.steps
          let place = step * 12 + column
          #expect(batch.labels[place] == (isIn ? Int32(trial.labels[step]) : -1))
          #expect(batch.tasks[place] == (isIn ? Int32(index) : -1))
          let values = (0..<53).map { batch.inputs[(step * 53 + $0) * 12 + column] }
          if isIn {
            #expect(values[..<33] == trial.inputs[step * 33..<step * 33 + 33])
            let rule = (0..<20).map { (place: Int) -> Float in place == index ? 1 : 0 }
            #expect(Array(values[33...]) == rule)
          } else {
            #expect(values.allSatisfy { $0 == 0 })
          }
        }
      }
    }
  }

  @Test func evaluationInPieces() {
    let stream = stream([CognitiveTask(.dms), CognitiveTask(.dm1)])
    let whole = stream.evaluationTrials(task: 0, count: 10)
    let pieces =
      stream.evaluationTrials(task: 0, count: 4)
      + stream.evaluationTrials(task: 0, first: 4, count: 6)
    #expect(whole == pieces)
    #expect(Set(whole).count == 10)
    // The delays are those of training: the same in all batches, by the seed and the task.
    let delays = stream.delays[0]
    #expect(whole[0].steps == 22 + delays.first)
    #expect(whole[1].steps == 22 + delays.second)
    let alone = self.stream([CognitiveTask(.dms)])
    #expect(alone.delays[0] == delays)
    #expect(alone.evaluationTrials(task: 0, count: 10) == whole)
  }

  @Test func scores() {
    // Three trials of 2, 3 and 1 steps; what is predicted after their end does not count.
    var batch = SequenceBatch(channels: 33, lengths: [2, 3, 1])
    batch.labels = [0, 0, 5, 4, 0, -1, -1, 6, -1]
    let score = batch.score([0, 1, 5, 4, 0, -1, -1, 6, 9])
    #expect(score.trials == 3)
    #expect(score.lastStepRight == 3)
    #expect(score.wholeTrialRight == 2)
    #expect((score.steps, score.stepsRight) == (6, 5))
    #expect(score.lastStep == 1)
    #expect(abs(score.perStep - 5.0 / 6) < 1e-15)
    var sum = score
    sum += batch.score([0, 0, 5, 3, 0, 0, 0, 0, 0])
    #expect((sum.trials, sum.lastStepRight, sum.wholeTrialRight) == (6, 4, 3))
    #expect((sum.steps, sum.stepsRight) == (12, 9))
  }

  /// Answering "fixate" always: 53 % of match trials, 6 % of the others.
  @Test func silenceScores() {
    let stream = stream(CognitiveTask.yang20)
    for (index, task) in stream.tasks.enumerated() {
      let batch = stream.evaluation(task: index, count: 800)
      let score = batch.score([Int32](repeating: 0, count: batch.labels.count))
      let expected = task.base.family == .match ? 0.53125 : 0.0625
      #expect(abs(score.lastStep - expected) < 0.08)
    }
  }
}
