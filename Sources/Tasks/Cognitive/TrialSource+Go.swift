extension TrialSource {
  /// go, dlygo, anti, dlyanti, rtgo, rtanti.
  ///
  ///     fixation 500, stimulus 500, delay 500, decision 500 ms     (rt: fixation 500, decision 500)
  ///
  /// The direction is uniform over the 16; the stimulus stands there or (anti) opposite, strength 1, no
  /// noise, during the stimulus period (rt: the decision). go and anti have the delay too, as coded.
  ///
  /// Interval: the delay is drawn from 0, 100, …, 1100 ms, and it is the stimulus that is displaced, by
  /// ±1 radian (2.546 directions) for each 100 ms, so that the answer lies that far *back* from it.
  /// Sequence: the decision takes 1000 ms (rt: 500), and the answer drifts.
  func goTrial(using generator: inout Seeded) -> Trial {
    let base = task.base
    let target = generator.below(Ring.directions)
    var angle = Ring.angle(target) + (base.isAnti ? .pi : 0)
    var canvas: TrialCanvas
    if base.isReactionTime {
      canvas = TrialCanvas([.fixation: 5, .decision: 5])
      canvas.show(.decision, ring: modality, angle: angle)
    } else {
      var delay = 5
      if let interval = task.interval {
        delay = drawnDelay(using: &generator)
        // 0.01 radians for each millisecond.
        angle += Double(interval.rawValue * delay)
      }
      canvas = TrialCanvas([
        .fixation: 5, .stimulus: 5, .delay: delay, .decision: task.sequence == nil ? 5 : 10,
      ])
      canvas.show(.stimulus, ring: modality, angle: angle)
    }
    canvas.fixate()
    canvas.answer(target, drift: task.sequence, coding: coding)
    return canvas.trial(of: task)
  }
}
