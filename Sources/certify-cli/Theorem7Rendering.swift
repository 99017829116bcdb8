import Certify
import CertifyKernel
import Checkpoints

extension Theorem7Audit {
  private var rate: Double? { certified?.guarantee.rate }

  private var summary: String {
    let metric = hasConstantMetric ? "constant metric" : "no constant metric"
    return switch contracts {
    case true?: "\(metric), contracts"
    case false?: "\(metric), diverges for some slopes"
    case nil: "\(metric), no verdict: c is too near c*"
    }
  }

  var text: String {
    let size = shortText(c)
    var lines = [
      "theorem7 c=\(c): \(summary)",
      "  x' = -x + W phi(x) + u, W = c (0 -1; 1 0), slopes in [0, 1]; time in units of tau",
    ]
    if let rate {
      lines.append(
        "  constant metric: I, rate>=\(roundedDown(rate)), certified at the four vertices by vertex-lmi"
      )
    } else if hasConstantMetric {
      lines.append("  constant metric: one exists (exact criterion of two units)")
    }
    if let impossibility {
      lines.append("  constant metric: none (checked by the kernel), because Z >= 0 and S >= 0:")
      lines += impossibility.dualLines.map { "    \($0)" }
    }
    switch contracts {
    case true?:
      if let worst = worstCaseRate {
        lines.append(
          "  any metric: contracts for all slopes, worst-case rate 1 - c/c* >= \(roundedDown(worst))"
            + (hasConstantMetric ? "" : ", in a norm that is not quadratic"))
      }
    case false?:
      lines.append(
        "  any metric: none; slopes switching (1,0) (1,1) (0,1) (1,1) make solutions diverge")
    case nil:
      lines.append("  any metric: no verdict; the enclosure of the growth contains 0")
    }
    if (0x1p-500...0x1p500).contains(c) {
      lines.append(
        "  growth of a quarter turn under the worst slopes: exp f(c), f(c) = ln(1+c^2)/2 - 1 - "
          + "atan(1/c)/c in [\(roundedDown(quarterTurn.lower, digits: 6)), "
          + "\(roundedUp(quarterTurn.upper, digits: 6))]")
    }
    lines.append("  threshold c* in [\(Self.thresholdText)]")
    if let replay {
      lines.append(
        "  replay at c=\(size): \(shortText(replay.timePerTurn)) tau a turn, "
          + "growth per turn \(shortText(replay.growthPerTurn)), "
          + "exponent \(shortText(replay.exponent)) (integrated numerically)")
      lines.append(
        "  story: any smooth x*(t) solves the network for u = x*' + x* - W phi(x*), so a tanh or ReLU network "
          + "is driven through these slopes by an input, and a neighbour with the same input leaves it"
      )
    }
    return lines.joined(separator: "\n")
  }

  static var thresholdText: String {
    let threshold = SkewPair.threshold
    return
      "\(roundedDown(threshold.lower, digits: 15)), \(roundedUp(threshold.upper, digits: 15))"
  }

  /// One line a value of c.
  static func table(_ audits: [Theorem7Audit]) -> String {
    var lines = [
      "theorem7: W = c (0 -1; 1 0), slopes in [0, 1], c* in [\(thresholdText)]",
      "  c        constant metric  rate     contracts  worst-case rate  growth per turn",
    ]
    func padded(_ text: String, _ width: Int) -> String {
      text + String(repeating: " ", count: max(0, width - text.count))
    }
    for audit in audits {
      let isThreshold = audit.c == SkewPair.threshold.lower
      lines.append(
        "  " + padded(isThreshold ? "c*" : shortText(audit.c), 9)
          + padded(audit.hasConstantMetric ? "I" : "none", 17)
          + padded(audit.rate.map { roundedDown($0) } ?? "-", 9)
          + padded(audit.contracts.map { $0 ? "yes" : "no" } ?? "no verdict", 11)
          + padded(audit.worstCaseRate.map { roundedDown($0) } ?? "-", 17)
          + (audit.replay.map { shortText($0.growthPerTurn) } ?? "-"))
    }
    lines.append(
      "  c* stands for the largest double proved to lie below it; certify audit theorem7 --c C tells each story"
    )
    return lines.joined(separator: "\n")
  }

  var jsonLine: String {
    let isModerate = (0x1p-500...0x1p500).contains(c)
    let object: JSONObject = [
      "schema": .string("certify.audit/v1"), "audit": .string("theorem7"), "c": number(c),
      "constantMetric": .bool(hasConstantMetric), "rate": number(rate),
      "contracts": contracts.map(JSONValue.bool) ?? .null,
      "worstCaseRate": number(worstCaseRate),
      "threshold": number(SkewPair.threshold.lower),
      "thresholdUpper": number(SkewPair.threshold.upper),
      "quarterTurn": isModerate
        ? .array([number(quarterTurn.lower), number(quarterTurn.upper)]) : .null,
      "obstruction": impossibility?.json ?? .null,
      "replay": replay.map {
        [
          "timePerTurn": number($0.timePerTurn), "growthPerTurn": number($0.growthPerTurn),
          "exponent": number($0.exponent),
        ]
      } ?? .null,
    ]
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}
