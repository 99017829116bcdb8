import Testing

@testable import Tasks

@Suite("Cognitive tasks: trials") struct TrialTests {
  private func trials(
    _ task: CognitiveTask, _ count: Int, coding: LabelCoding = .authors, noise: Double = 0.1,
    seed: UInt64 = 1
  ) -> [Trial] {
    var source = TrialSource(
      task, generator: Seeded(seed: seed).child(UInt64(task.index)), coding: coding, noise: noise)
    return (0..<count).map { _ in source.trial() }
  }

  /// Lengths in steps that were seen in the authors' code; a match task's depend on its two delays.
  private func lengths(_ task: CognitiveTask) -> ClosedRange<Int> {
    let isLong = task.sequence != nil
    switch task.base {
    case .rtgo, .rtanti: return 10...10
    case .go, .anti: return isLong ? 25...25 : 20...20
    case .dlygo, .dlyanti:
      let fixed = isLong ? 25...25 : 20...20
      return task.interval == nil ? fixed : isLong ? 20...31 : 15...26
    case .dm1, .dm2, .ctxdm1, .ctxdm2, .multidm: return isLong ? 17...19 : 9...11
    case .dlydm1, .dlydm2, .ctxdlydm1, .ctxdlydm2, .multidlydm: return isLong ? 27...29 : 19...21
    case .dms, .dnms, .dmc, .dnmc:
      return task.interval == nil
        ? (isLong ? 25...34 : 24...33) : (isLong ? 23...34 : 22...33)
    }
  }

  @Test(arguments: CognitiveTask.all126)
  func lengthsAndShape(task: CognitiveTask) {
    let trials = trials(task, 120)
    for trial in trials {
      #expect(lengths(task).contains(trial.steps))
      #expect(trial.channels == 33)
      #expect(trial.inputs.count == 33 * trial.steps)
      #expect(trial.labels.count == trial.steps)
      #expect(trial.periods.first?.name == .fixation)
      #expect(trial.periods.last?.name == .decision)
      #expect(trial.periods.map(\.steps.count).reduce(0, +) == trial.steps)
      #expect(
        zip(trial.periods, trial.periods.dropFirst()).allSatisfy {
          $0.steps.upperBound == $1.steps.lowerBound
        })
      #expect(trial.labels[..<trial.steps(of: .decision).lowerBound].allSatisfy { $0 == 0 })
    }
    let seen = Set(trials.map(\.steps))
    if task.base.family == .match && task.interval == nil {
      let source = TrialSource(task, generator: Seeded(seed: 1).child(UInt64(task.index)))
      let rest = task.sequence == nil ? 22 : 23
      #expect(seen == [rest + source.delays.first, rest + source.delays.second])
    } else {
      #expect(seen == Set(lengths(task)))
    }
  }

  /// The label of every step of every task, from what is shown alone.
  @Test(arguments: CognitiveTask.all126)
  func labelsFollowFromInputs(task: CognitiveTask) {
    var answered = 0
    for coding in LabelCoding.allCases {
      for trial in trials(task, 25, coding: coding, noise: 0, seed: 77) {
        let reading = TrialReading(trial)
        guard let allowed = reading.allowedAnswers() else {
          Issue.record("\(task) shows something else")
          return
        }
        let start = reading.decisionStart
        let decided = trial.labels[start...]
        if allowed.isEmpty {
          #expect(decided.allSatisfy { $0 == 0 })
          continue
        }
        answered += 1
        let drift = task.name.hasSuffix("seqr") ? 1 : task.name.hasSuffix("seql") ? -1 : 0
        let choices = allowed.map { direction in
          decided.indices.map { step in
            let moved = direction + drift * (step - start) + 160
            return coding == .authors ? UInt8((moved + 1) % 16) : UInt8(1 + moved % 16)
          }
        }
        #expect(choices.contains(Array(decided)), "\(task) \(coding): \(decided) \(allowed)")
      }
    }
    #expect(answered >= 10)
  }

  @Test func labelsByHand() {
    let authors = LabelCoding.authors
    let clean = LabelCoding.clean
    #expect((0..<4).map { authors.label(direction: 13, drift: 1, step: $0) } == [14, 15, 0, 1])
    #expect((0..<4).map { clean.label(direction: 13, drift: 1, step: $0) } == [14, 15, 16, 1])
    #expect((0..<4).map { authors.label(direction: 1, drift: -1, step: $0) } == [2, 1, 0, 15])
    #expect((0..<4).map { clean.label(direction: 1, drift: -1, step: $0) } == [2, 1, 16, 15])
    #expect(authors.label(direction: 15, drift: 0, step: 9) == 0)
    #expect(clean.label(direction: 15, drift: 0, step: 9) == 16)
    #expect(authors.label(direction: -11, drift: -1, step: 9) == 13)
    #expect(clean.label(direction: 26, drift: 1, step: 9) == 4)
  }

  /// Class 16 is never written by the authors' coding, and is by the clean one.
  @Test(arguments: CognitiveTask.all126)
  func classes(task: CognitiveTask) {
    let count = task.base.family == .match ? 300 : 150
    let authors = Set(trials(task, count).flatMap(\.labels))
    #expect(authors == Set(0...15))
    let clean = Set(trials(task, count, coding: .clean).flatMap(\.labels))
    #expect(clean == Set(0...16))
  }

  /// 1/16 of trials end with class 0; in match tasks, 1/2 + 1/32 of them.
  @Test(arguments: CognitiveTask.all126)
  func lastLabels(task: CognitiveTask) {
    let count = 500
    let zeros = trials(task, count, seed: 9).filter { $0.labels.last == 0 }.count
    let expected = task.base.family == .match ? 0.53125 : 0.0625
    let deviation = (expected * (1 - expected) / Double(count)).squareRoot()
    #expect(abs(Double(zeros) / Double(count) - expected) < 4.5 * deviation)
    guard task.base.family != .match else { return }
    #expect(trials(task, 50, coding: .clean).allSatisfy { $0.labels.last != 0 })
  }

  @Test func bump() {
    let bump = Ring.bump(at: Ring.angle(3), strength: 1)
    let expected: [Int: Float] = [3: 0.8, 2: 0.485225, 4: 0.485225, 5: 0.108268, 0: 0.008887]
    for (place, value) in expected { #expect(abs(bump[place] - value) < 1e-6) }
    #expect(abs(bump.reduce(0, +) - 2.005303) < 1e-6)
    // Around the ring, from either side, and with whole turns.
    #expect(Ring.bump(at: Ring.angle(16), strength: 1)[15] == Ring.bump(at: 0, strength: 1)[1])
    let turned = Ring.bump(at: Ring.angle(3) - 8 * .pi, strength: 0.5)
    #expect(zip(turned, bump).allSatisfy { abs($0 - $1 / 2) < 1e-6 })
  }

  /// Pairs that are the same as coded; the rest of the 82 differ.
  @Test(arguments: [
    ("dlygo", "go"), ("dlyanti", "anti"), ("dlygoseqr", "goseqr"), ("dlygoseql", "goseql"),
    ("dlyantiseqr", "antiseqr"), ("dlyantiseql", "antiseql"),
  ])
  func duplicates(one: String, other: String) throws {
    let generator = Seeded(seed: 4)
    var first = TrialSource(try CognitiveTask(named: one), generator: generator)
    var second = TrialSource(try CognitiveTask(named: other), generator: generator)
    for _ in 0..<50 {
      let (a, b) = (first.trial(), second.trial())
      #expect(a.inputs == b.inputs)
      #expect(a.labels == b.labels)
      #expect(a.periods == b.periods)
    }
  }

  @Test func seventySixDiffer() {
    var seen: Set<[[Float]]> = []
    for task in CognitiveTask.modCog82 {
      var source = TrialSource(
        task, generator: Seeded(seed: 4), coding: .clean, noise: 0, delays: MatchDelays(5, 5))
      seen.insert(
        (0..<40).map { _ in
          let trial = source.trial()
          return trial.inputs + trial.labels.map(Float.init)
        })
    }
    #expect(seen.count == 76)
  }

  @Test func modalitiesAlternate() throws {
    for name in ["go", "rtanti", "dlygointl", "dms", "dnmcintrseql"] {
      for first in 0...1 {
        var source = TrialSource(
          try CognitiveTask(named: name), generator: Seeded(seed: 6), noise: 0, modality: first)
        for number in 0..<10 {
          let reading = TrialReading(source.trial())
          let rings = Set(reading.shownSteps.map { reading.shownRing(at: $0) })
          #expect(rings == [(first + number) % 2])
        }
      }
    }
  }

  @Test(arguments: BaseTask.allCases)
  func fixation(base: BaseTask) {
    for trial in trials(CognitiveTask(base), 20, noise: 0) {
      let decision = trial.steps(of: .decision)
      for step in 0..<trial.steps {
        #expect(trial.inputs[33 * step] == (decision.contains(step) ? 0 : 1))
        if decision.contains(step) && !base.isReactionTime {
          #expect(trial.inputs[33 * step..<33 * (step + 1)].allSatisfy { $0 == 0 })
        }
      }
    }
  }
}
