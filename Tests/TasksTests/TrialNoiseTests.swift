import Testing

@testable import Tasks

@Suite("Cognitive tasks: noise and chance") struct TrialNoiseTests {
  /// The channels of a step that have noise.
  private func noisy(_ trial: Trial, ring: Int?, step: Int) -> Range<Int> {
    let period = trial.periods.first { $0.steps.contains(step) }?.name
    switch (trial.task.base.family, period) {
    case (.decision, .stimulus), (.decision, .stimulus1), (.decision, .stimulus2): return 0..<33
    case (.match, .sample), (.match, .test): return ring == 0 ? 1..<17 : 17..<33
    default: return 0..<0
    }
  }

  /// Noise is what is over when the sum of bumps that the noise-free twin shows is taken off.
  @Test(arguments: CognitiveTask.all126)
  func deviation(task: CognitiveTask) throws {
    var values: [Double] = []
    for seed in 0..<60 {
      let generator = Seeded(seed: UInt64(seed))
      let delays = MatchDelays(3, 7)
      let first = seed % 2
      var source = TrialSource(task, generator: generator, modality: first, delays: delays)
      var quiet = TrialSource(
        task, generator: generator, noise: 0, modality: first, delays: delays)
      let (trial, plain) = (source.trial(), quiet.trial())
      #expect(trial.labels == plain.labels)
      let shown = TrialReading(plain)
      let ring = shown.shownSteps.first.flatMap { shown.shownRing(at: $0) }
      for step in 0..<trial.steps {
        let channels = noisy(trial, ring: ring, step: step)
        for channel in 0..<33 {
          let place = step * 33 + channel
          let difference = Double(trial.inputs[place] - plain.inputs[place])
          if channels.contains(channel) { values.append(difference) }
          if channels.contains(channel) == (difference == 0) {
            Issue.record("step \(step), channel \(channel): \(difference)")
          }
        }
      }
    }
    guard task.base.family != .go else {
      #expect(values.isEmpty)
      return
    }
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let deviation = (values.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
    #expect(abs(mean) < 4.5 * 0.1 / count.squareRoot())
    #expect(abs(deviation - 0.1) < 4.5 * 0.1 / (2 * count).squareRoot())
  }

  @Test func delaysOfMatchTasks() throws {
    var counts = [Int](repeating: 0, count: 13)
    for seed in 0..<1000 {
      var generator = Seeded(seed: UInt64(seed))
      let delays = MatchDelays(using: &generator)
      counts[delays.first] += 1
      counts[delays.second] += 1
    }
    for (steps, count) in counts.enumerated() {
      #expect(MatchDelays.range.contains(steps) ? abs(count - 200) < 65 : count == 0)
    }
    // Constant for the life of a source, and different for the two modalities.
    var source = TrialSource(
      CognitiveTask(.dnmc), generator: Seeded(seed: 1), delays: MatchDelays(2, 10))
    for _ in 0..<10 {
      #expect(source.trial().steps(of: .delay).count == 2)
      #expect(source.trial().steps(of: .delay).count == 10)
    }
  }

  @Test func authorsDelays() throws {
    // np.random.seed(42), then two of uniform(200, 1200) for each match task of the 82, in order.
    let expected = [
      "dms": (5, 11), "dnms": (9, 7), "dmc": (3, 3), "dnmc": (2, 10), "dmsseqr": (6, 9),
      "dnmsseqr": (3, 7), "dmcseqr": (7, 2), "dnmcseqr": (8, 3), "dmsseql": (2, 11),
      "dnmsseql": (11, 10), "dmcseql": (5, 2), "dnmcseql": (8, 6),
    ]
    for task in CognitiveTask.all126 {
      let delays = MatchDelays.authorsSeed42(of: task)
      #expect(delays == expected[task.name].map { MatchDelays($0.0, $0.1) })
    }
  }

  /// A sample at 8 is of the lower category, a test at 8 of the upper one.
  @Test func categories() throws {
    var source = TrialSource(
      CognitiveTask(.dmc), generator: Seeded(seed: 2), noise: 0, delays: MatchDelays(4, 4))
    var answers: [Int: Set<Bool>] = [:]
    for _ in 0..<4000 {
      let trial = source.trial()
      let reading = TrialReading(trial)
      let ring = try #require(reading.shownRing(at: 3))
      let sample = reading.direction(ring, at: 3)
      let test = reading.direction(ring, at: 12)
      let isAnswered = trial.labels[21] == UInt8((test + 1) % 16) && test != 15
      guard test != 15 else { continue }
      answers[16 * sample + test, default: []].insert(isAnswered)
    }
    #expect(answers[16 * 8 + 7] == [true])
    #expect(answers[16 * 8 + 8] == [false])
    #expect(answers[16 * 9 + 8] == [true])
    #expect(answers[16 * 9 + 7] == [false])
    #expect(answers.count == 16 * 15)
    #expect(answers.values.allSatisfy { $0.count == 1 })
  }

  /// Half of all match trials ask for no answer.
  @Test(arguments: CognitiveTask.all126.filter { $0.base.family == .match })
  func noGoTrials(task: CognitiveTask) {
    var source = TrialSource(task, generator: Seeded(seed: 3), coding: .clean)
    var silent = 0
    for _ in 0..<1000 where source.trial().labels.allSatisfy({ $0 == 0 }) { silent += 1 }
    #expect(abs(silent - 500) < 72)
  }

  /// Ties occur where two rings count, and go either way.
  @Test func tiesAreBrokenAtRandom() throws {
    var source = TrialSource(CognitiveTask(.multidm), generator: Seeded(seed: 5), noise: 0)
    var lower = 0
    var ties = 0
    for _ in 0..<2000 {
      let trial = source.trial()
      guard let allowed = TrialReading(trial).allowedAnswers(), allowed.count == 2 else { continue }
      ties += 1
      if allowed.map({ UInt8(($0 + 1) % 16) }).min() == trial.labels.last { lower += 1 }
    }
    // The other ring has the same coherence with the other sign in one trial of eight.
    #expect(abs(ties - 250) < 70)
    #expect(abs(2 * lower - ties) < 70)
  }

  @Test func tasksAndSeedsDecideAll() {
    let task = CognitiveTask(.ctxdlydm2, interval: .left, sequence: .right)
    var one = TrialSource(task, generator: Seeded(seed: 8))
    var two = TrialSource(task, generator: Seeded(seed: 8))
    var three = TrialSource(task, generator: Seeded(seed: 9))
    let (a, b, c) = (one.trial(), two.trial(), three.trial())
    #expect(a == b)
    #expect(a != c)
    #expect(one.trial() != a)
  }
}
