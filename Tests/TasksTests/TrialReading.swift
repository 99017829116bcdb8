import Foundation

@testable import Tasks

/// Trials without noise, read back from what is shown: a second way from inputs to labels, which shares no
/// code with the first.
struct TrialReading {
  let trial: Trial

  init(_ trial: Trial) { self.trial = trial }

  func input(_ step: Int, _ channel: Int) -> Double {
    Double(trial.inputs[step * 33 + channel])
  }

  func ring(_ ring: Int, at step: Int) -> [Double] {
    (0..<16).map { input(step, 1 + 16 * ring + $0) }
  }

  func sum(_ ring: Int, at step: Int) -> Double { self.ring(ring, at: step).reduce(0, +) }

  /// The ring that shows more at a step, nil if none shows anything.
  func shownRing(at step: Int) -> Int? {
    let sums = [sum(0, at: step), sum(1, at: step)]
    guard max(sums[0], sums[1]) > 1e-3 else { return nil }
    return sums[0] > sums[1] ? 0 : 1
  }

  /// The angle of a single bump, in directions, in [0, 16).
  func place(_ ring: Int, at step: Int) -> Double {
    let values = self.ring(ring, at: step)
    let x = (0..<16).reduce(0.0) { $0 + values[$1] * cos(Double($1) * .pi / 8) }
    let y = (0..<16).reduce(0.0) { $0 + values[$1] * sin(Double($1) * .pi / 8) }
    let place = atan2(y, x) * 8 / .pi
    return place < 0 ? place + 16 : place
  }

  /// The direction of a bump that stands on one.
  func direction(_ ring: Int, at step: Int) -> Int {
    Int(place(ring, at: step).rounded()) % 16
  }

  /// The first step without fixation.
  var decisionStart: Int { (0..<trial.steps).first { input($0, 0) == 0 } ?? trial.steps }

  /// Steps at which the inputs of the rings are not all 0.
  var shownSteps: [Int] { (0..<trial.steps).filter { shownRing(at: $0) != nil } }

  /// 0.8 exp(−(d/(π/8))²/2), d the distance in directions of π/8: so exp(−d²/2).
  static func bump(_ direction: Int) -> [Double] {
    (0..<16).map { j in
      let steps = abs(j - direction)
      let d = Double(min(steps, 16 - steps))
      return 0.8 * exp(-d * d / 2)
    }
  }

  /// Two bumps that together give what is shown, of strengths ½ ± c/2: stronger and weaker direction.
  func pair(_ ring: Int, at step: Int) -> (strong: Int, weak: Int, coherence: Double)? {
    let shown = self.ring(ring, at: step)
    for strong in 0..<16 {
      for weak in 0..<16 where weak != strong {
        for c in [0.08, 0.16, 0.32, 0.64] {
          let (one, two) = (Self.bumps[strong], Self.bumps[weak])
          let fits = (0..<16).allSatisfy {
            abs((0.5 + c / 2) * one[$0] + (0.5 - c / 2) * two[$0] - shown[$0]) < 1e-6
          }
          if fits { return (strong, weak, c) }
        }
      }
    }
    return nil
  }

  private static let bumps = (0..<16).map(bump)
}
