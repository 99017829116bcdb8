extension TrialSource {
  /// dms, dnms, dmc, dnmc.
  ///
  ///     fixation 300, sample 500, delay, test 500, decision 900 ms
  ///
  /// Half the trials are matches. dms, dnms: the test stands where the sample stood, or opposite. dmc, dnmc:
  /// it is of the sample's category or of the other one; the test's categories are 0–7 and 8–15, while the
  /// sample's are 0–8 and 9–15, as coded. Matches (dms, dmc) or non-matches (dnms, dnmc) are answered with the
  /// test's direction; in the other trials, "fixate" is right to the end. Strength 1; noise on the 16
  /// channels of the trial's ring while the sample or the test is shown.
  ///
  /// Interval: the delay is drawn in each trial from 0, 100, …, 1100 ms, and the answer is displaced by as
  /// many directions as it has steps. Sequence: the decision takes 1000 ms, and the answer drifts.
  func matchTrial(using generator: inout Seeded) -> Trial {
    let base = task.base
    let isMatch = generator.below(2) == 0
    let sample = generator.below(Ring.directions)
    let test: Int
    if base.isByCategory {
      let category = (sample > 8) == isMatch ? 1 : 0
      test = 8 * category + generator.below(8)
    } else {
      test = isMatch ? sample : Ring.wrapped(sample + 8)
    }
    let delay =
      task.interval == nil ? delays.steps(ring: modality) : drawnDelay(using: &generator)
    var canvas = TrialCanvas([
      .fixation: 3, .sample: 5, .delay: delay, .test: 5,
      .decision: task.sequence == nil ? 9 : 10,
    ])
    canvas.fixate()
    let channels = Trial.channels(ofRing: modality)
    canvas.show(.sample, ring: modality, angle: Ring.angle(sample))
    canvas.show(.test, ring: modality, angle: Ring.angle(test))
    canvas.addNoise(.sample, channels: channels, deviation: noise, using: &generator)
    canvas.addNoise(.test, channels: channels, deviation: noise, using: &generator)
    if isMatch == base.answersMatch {
      let displaced = test + (task.interval?.rawValue ?? 0) * delay
      canvas.answer(displaced, drift: task.sequence, coding: coding)
    }
    return canvas.trial(of: task)
  }
}
