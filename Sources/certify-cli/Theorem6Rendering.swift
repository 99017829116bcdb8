import Certify
import CertifyKernel
import Checkpoints

extension Theorem6Audit {
  private var word: String { verdict == .conditional ? "conditional" : "violated" }

  private var sentence: String {
    switch verdict {
    case .conditional:
      "conditional: contracts along these trajectories, as far as their samples show, and nothing follows for others"
    case .violated(let sample, let unit, let excess):
      "hypothesis violated at sample \(sample), unit \(unit) by \(shortText(excess)): the slope changes too fast"
    case .slopeOutside(let sample, let unit, let slope):
      "hypothesis violated at sample \(sample), unit \(unit): slope \(shortText(slope)) is not in (0, g]"
    case .noMetric(let reason): "no c > 0 for this P: \(reason.explanation)"
    }
  }

  func text(_ model: String, _ network: Specification) -> String {
    let metric = network.form == .outside ? "D P^-1" : "D^-1 P^-1"
    let rate = network.form == .outside ? "D'" : "-D'"
    var lines = ["\(printable(model)): theorem6 \(word)", "  \(sentence)"]
    if let c {
      lines.append(
        "  (gW - I)P + P(gW^T - I) <= -c P with c = \(shortText(c)) (checked by the kernel)")
    }
    if let β {
      let consequence =
        β > 0
        ? "V in the metric \(metric) falls with beta, distances with beta/2 = \(shortText(β / 2))"
        : "V in the metric \(metric) need not fall"
      lines.append(
        "  \(rate) <= (c - beta) D on \(samples) samples with beta = \(shortText(β)): \(consequence)"
      )
    }
    if let leastSlope, let overshoot {
      lines.append(
        "  least slope \(shortText(leastSlope)), overshoot sqrt(g kappa(P) / d_min) = \(shortText(overshoot))"
      )
    }
    return lines.joined(separator: "\n")
  }

  func jsonLine(_ model: String) -> String {
    var object: JSONObject = [
      "schema": .string("certify.audit/v1"), "audit": .string("theorem6"), "model": .string(model),
      "verdict": .string(word), "reason": .string(sentence), "c": number(c), "beta": number(β),
      "leastSlope": number(leastSlope), "overshoot": number(overshoot),
      "samples": .number(JSONNumber(samples)),
    ]
    switch verdict {
    case .violated(let sample, let unit, _), .slopeOutside(let sample, let unit, _):
      object.append("sample", .number(JSONNumber(sample)))
      object.append("unit", .number(JSONNumber(unit)))
    case .conditional, .noMetric: break
    }
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}
