import Foundation

@testable import Tasks

/// The answers that the inputs of a trial without noise allow, by the text of the definitions.
extension TrialReading {
  /// Directions that may be answered at the first decision step; empty: "fixate" throughout.
  ///
  /// nil if the inputs are not what the task shows. More than one only where a decision is tied.
  func allowedAnswers() -> Set<Int>? {
    switch trial.task.name.prefix(while: { $0 != "o" }) {
    case "g", "rtg", "dlyg": goAnswers(opposite: false)
    default:
      if trial.task.name.contains("anti") {
        goAnswers(opposite: true)
      } else if ["dms", "dnm", "dmc"].contains(where: { trial.task.name.hasPrefix($0) }) {
        matchAnswers()
      } else {
        decisionAnswers()
      }
    }
  }

  private var intervalSign: Int {
    trial.task.name.contains("intr") ? 1 : trial.task.name.contains("intl") ? -1 : 0
  }

  private func goAnswers(opposite: Bool) -> Set<Int>? {
    guard let step = shownSteps.first, let ring = shownRing(at: step) else { return nil }
    var place = self.place(ring, at: step)
    if opposite { place += 8 }
    if intervalSign != 0 {
      let delay = decisionStart - 10
      // 1 radian is 8/π directions.
      place -= Double(intervalSign * delay) * 8 / .pi
    }
    let nearest = place.rounded()
    guard abs(place - nearest) < 1e-4 else { return nil }
    return [((Int(nearest) % 16) + 48) % 16]
  }

  private func decisionAnswers() -> Set<Int>? {
    let name = trial.task.name
    let rings =
      name.contains("ctx") || name.contains("multi") ? [0, 1] : name.contains("dm1") ? [0] : [1]
    let deciding = name.hasPrefix("multi") ? [0, 1] : name.contains("dm1") ? [0] : [1]
    var evidence = [Double](repeating: 0, count: 16)
    var directions: Set<Int> = []
    for ring in 0..<2 where !rings.contains(ring) {
      guard shownSteps.allSatisfy({ sum(ring, at: $0) == 0 }) else { return nil }
    }
    for ring in rings {
      guard let step = shownSteps.first else { return nil }
      if name.contains("dly") {
        let one = direction(ring, at: step)
        let two = direction(ring, at: step + 10)
        let strengths = [sum(ring, at: step) / 2.005303, sum(ring, at: step + 10) / 2.005303]
        guard strengths.allSatisfy({ s in [0.3, 0.6, 1].contains { abs($0 - s) < 1e-5 } }),
          abs(strengths[0] - strengths[1]) > 0.1
        else { return nil }
        directions.formUnion([one, two])
        if deciding.contains(ring) {
          evidence[one] += strengths[0]
          evidence[two] += strengths[1]
        }
      } else {
        guard let pair = pair(ring, at: step) else { return nil }
        directions.formUnion([pair.strong, pair.weak])
        if deciding.contains(ring) {
          evidence[pair.strong] += 0.5 + pair.coherence / 2
          evidence[pair.weak] += 0.5 - pair.coherence / 2
        }
      }
    }
    guard directions.count == 2, let most = evidence.max() else { return nil }
    let best = directions.filter { evidence[$0] > most - 1e-4 }
    return Set(best.map { ($0 + 5 * intervalSign + 16) % 16 })
  }

  private func matchAnswers() -> Set<Int>? {
    let name = trial.task.name
    guard let ring = shownRing(at: 3) else { return nil }
    let delay = decisionStart - 13
    let sample = direction(ring, at: 3)
    let test = direction(ring, at: 8 + delay)
    let isMatch: Bool
    if name.contains("mc") {
      isMatch = (sample > 8) == (test >= 8)
    } else {
      guard sample == test || (sample + 8) % 16 == test else { return nil }
      isMatch = sample == test
    }
    guard isMatch != name.hasPrefix("dn") else { return [] }
    return [((test + intervalSign * delay) % 16 + 16) % 16]
  }
}
