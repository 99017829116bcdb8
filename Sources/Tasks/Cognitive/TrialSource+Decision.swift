extension TrialSource {
  /// dm1, dm2, ctxdm1, ctxdm2, multidm, and the five with a delay.
  ///
  ///     fixation 200 to 400, stimulus 500, decision 200 ms
  ///     fixation 200 to 400, stimulus1 500, delay 500, stimulus2 500, decision 200 ms
  ///
  /// Two different directions are drawn and shown in every ring of the task, together with strengths
  /// ½ ± c/2, c one of ±0.08, ±0.16, ±0.32, ±0.64, or one after the other with two different
  /// strengths of 0.3, 0.6, 1. The answer is the direction with the larger sum of strengths in
  /// the rings that count; a tie is broken at random. Noise is on all 33 channels, the fixation
  /// included, while a stimulus is shown.
  ///
  /// Interval: as coded the delay stays at 500 ms, and the answer is displaced by 5 directions always.
  /// Sequence: the decision takes 1000 ms, and the answer drifts.
  func decisionTrial(using generator: inout Seeded) -> Trial {
    let fixation = 2 + generator.below(3)
    let first = generator.below(Ring.directions)
    let second = Ring.wrapped(first + 1 + generator.below(Ring.directions - 1))
    let decision = task.sequence == nil ? 2 : 10
    let isDelayed = task.base.hasDelay
    var canvas =
      isDelayed
      ? TrialCanvas([
        .fixation: fixation, .stimulus1: 5, .delay: 5, .stimulus2: 5, .decision: decision,
      ])
      : TrialCanvas([.fixation: fixation, .stimulus: 5, .decision: decision])
    canvas.fixate()

    let (one, two): (Trial.Period.Name, Trial.Period.Name) =
      isDelayed ? (.stimulus1, .stimulus2) : (.stimulus, .stimulus)
    var advantage = 0.0
    for (ring, weight) in task.base.evidence {
      let strengths =
        isDelayed ? Self.successive(using: &generator) : Self.simultaneous(using: &generator)
      canvas.show(one, ring: ring, angle: Ring.angle(first), strength: strengths.0)
      canvas.show(two, ring: ring, angle: Ring.angle(second), strength: strengths.1)
      advantage += weight * (strengths.0 - strengths.1)
    }
    let tieBreak = (2 * generator.unit() - 1) * 1e-6
    let all = 0..<CognitiveTask.channels
    canvas.addNoise(one, channels: all, deviation: noise, using: &generator)
    if isDelayed { canvas.addNoise(two, channels: all, deviation: noise, using: &generator) }

    let target = advantage + tieBreak > 0 ? first : second
    let displaced = target + 5 * (task.interval?.rawValue ?? 0)
    canvas.answer(displaced, drift: task.sequence, coding: coding)
    return canvas.trial(of: task)
  }

  /// Strengths of two directions that are shown together.
  private static func simultaneous(using generator: inout Seeded) -> (Double, Double) {
    let coherence = [0.08, 0.16, 0.32, 0.64][generator.below(4)]
    let signed = generator.below(2) == 0 ? coherence : -coherence
    return (0.5 + signed / 2, 0.5 - signed / 2)
  }

  /// Strengths of two directions that are shown one after the other.
  private static func successive(using generator: inout Seeded) -> (Double, Double) {
    let strengths = [0.3, 0.6, 1.0]
    let one = generator.below(3)
    return (strengths[one], strengths[(one + 1 + generator.below(2)) % 3])
  }
}
