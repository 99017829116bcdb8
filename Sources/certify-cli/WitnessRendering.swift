import Certify
import CertifyKernel
import Checkpoints

extension OrderedOutput {
  /// Adds the line of a model's witness, or why there is none; an empty text for a model that is not refuted.
  func realise(_ report: ModelReport, at index: Int) -> RealisedWitness? {
    guard case .judged(let judgement) = report.outcome else {
      add("", at: index)
      return nil
    }
    for finding in judgement.findings {
      guard case .refuted(let witness, _) = finding.result else { continue }
      var object: JSONObject = [
        "schema": .string("certify.witness/v1"), "model": .string(report.path),
      ]
      do {
        let realised = try RealisedWitness(
          judgement.specification, witness, activation: judgement.activation)
        object.append("witness", realised.json)
        object.append("replay", realised.replay().json)
        add(String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self), at: index)
        return realised
      } catch {
        object.append("witness", .object(witness.object))
        object.append("reason", .string(error.reason))
        add(String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self), at: index)
        return nil
      }
    }
    add("", at: index)
    return nil
  }
}

extension Replay {
  /// One sentence; an illustration, not the proof.
  var sentence: String {
    guard let last = samples.last else { return "" }
    let time = scope == .asRun ? "\(steps) steps" : "t = \(short(last.time))"
    let start = short(Replay.separation)
    if factor >= Replay.goal {
      return
        "two trajectories \(start) apart, same input: \(short(factor)) times that after \(time)"
    }
    return
      "two trajectories \(start) apart, same input: \(short(finalFactor)) times that after \(time)"
      + (finalFactor >= 0.99 ? "; they do not approach each other" : "")
  }
}
