import Certify
import CertifyKernel
import Checkpoints
import Foundation

extension RecipeAudit {
  var status: ExitStatus {
    var statuses: [ExitStatus] = diagnoses.isEmpty ? [] : [.refuted]
    for outcome in outcomes {
      for decision in [outcome.continuous, outcome.asRun].compactMap({ $0 }) {
        switch decision {
        case .certified: statuses.append(.certified)
        case .refuted: statuses.append(.refuted)
        case .undecided: statuses.append(.undecided)
        }
      }
    }
    return .worst(statuses)
  }

  private static let columns = [
    ("flow c/r/u", 11), ("run c/r/u", 10), ("~|L|", 19), ("~radius D=0", 12), ("~radius D=I", 12),
    ("~max Re D=I", 12), ("~radius half", 13), ("~max Re half", 13),
    ("~norm D=I", 10), ("~norm half", 11), ("step", 8),
  ]

  static func header(_ names: [String]) -> String {
    let width = nameWidth(names)
    let head = "recipe".padding(toLength: width, withPad: " ", startingAt: 0)
    return head + columns.map { padded($0.0, $0.1) }.joined()
  }

  private static func nameWidth(_ names: [String]) -> Int {
    max(8, (names.map(\.count).max() ?? 0) + 2)
  }

  private static func padded(_ text: String, _ width: Int) -> String {
    text.count >= width ? text + " " : text + String(repeating: " ", count: width - text.count)
  }

  /// One line of the table, then the seeds and what was diagnosed.
  func text(_ names: [String]) -> String {
    let cells = [
      counts(.continuous), counts(.asRun), spread(outcomes.map(\.couplingNorm), digits: 2),
      mean(outcomes.compactMap(\.atLower.radius), digits: 4),
      mean(outcomes.compactMap(\.atUpper.radius), digits: 4),
      mean(outcomes.map(\.atUpper.abscissa), digits: 2),
      mean(outcomes.compactMap(\.atHalf.radius), digits: 4),
      mean(outcomes.map(\.atHalf.abscissa), digits: 2),
      mean(outcomes.compactMap(\.atUpper.norm), digits: 2),
      mean(outcomes.compactMap(\.atHalf.norm), digits: 2),
      outcomes.compactMap(\.largestStep).min().map(stepText) ?? "-",
    ]
    let name = recipe.name.padding(
      toLength: Self.nameWidth(names), withPad: " ", startingAt: 0)
    var lines = [
      printable(name) + zip(cells, Self.columns).map { Self.padded($0, $1.1) }.joined(),
      "  seeds \(recipe.seed) to \(recipe.seed + UInt64(recipe.networks - 1)), "
        + "\(recipe.modules) x \(recipe.units) units",
    ]
    if recipe.metric == .certified {
      lines[1] += ", |L| in the metric \(spread(outcomes.map(\.couplingNormInMetric), digits: 0)), "
      lines[1] += "condition \(spread(outcomes.map(\.condition), digits: -1))"
    }
    for diagnosis in diagnoses { lines.append("  seed \(recipe.seed) \(diagnosis.id)") }
    return lines.joined(separator: "\n")
  }

  private func counts(_ scope: Scope) -> String {
    let numbers = RecipeOutcome.Decision.allCases.map { count(scope, $0) }
    return numbers.contains(nil) ? "-" : numbers.map { "\($0 ?? 0)" }.joined(separator: "/")
  }

  private func mean(_ values: [Double], digits: Int) -> String {
    guard !values.isEmpty else { return "-" }
    return fixed(values.reduce(0, +) / Double(values.count), digits)
  }

  private func spread(_ values: [Double], digits: Int) -> String {
    guard let least = values.min(), let greatest = values.max() else { return "-" }
    return "\(mean(values, digits: digits)) [\(fixed(least, digits)), \(fixed(greatest, digits))]"
  }

  private func fixed(_ x: Double, _ digits: Int) -> String {
    digits < 0 || abs(x) >= 1e6 ? String(format: "%.0e", x) : String(format: "%.\(digits)f", x)
  }

  var jsonLine: String {
    var object: JSONObject = [
      "schema": .string("certify.audit/v1"), "audit": .string("recipe"),
      "recipe": .string(recipe.name), "seed": .number(JSONNumber(Int(clamping: recipe.seed))),
      "networks": .number(JSONNumber(recipe.networks)),
      "modules": .number(JSONNumber(recipe.modules)), "units": .number(JSONNumber(recipe.units)),
    ]
    for (name, scope) in [("continuous", Scope.continuous), ("asRun", .asRun)] {
      var counts = JSONObject()
      for decision in RecipeOutcome.Decision.allCases {
        counts.append(
          decision.rawValue, count(scope, decision).map { .number(JSONNumber($0)) } ?? .null)
      }
      object.append(name, count(scope, .certified) == nil ? .null : .object(counts))
    }
    object.append("approximate", .array(outcomes.map(\.json)))
    object.append("diagnoses", .array(diagnoses.map(\.json)))
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}

extension RecipeOutcome {
  /// Floating-point numbers, and the decisions that belong to them.
  fileprivate var json: JSONValue {
    func spectrum(_ s: Spectrum) -> JSONValue {
      ["abscissa": number(s.abscissa), "radius": number(s.radius), "norm": number(s.norm)]
    }
    return [
      "seed": .number(JSONNumber(Int(clamping: seed))),
      "continuous": continuous.map { .string($0.rawValue) } ?? .null,
      "asRun": asRun.map { .string($0.rawValue) } ?? .null, "couplingNorm": number(couplingNorm),
      "couplingNormInMetric": number(couplingNormInMetric), "condition": number(condition),
      "slopesLower": spectrum(atLower), "slopesUpper": spectrum(atUpper),
      "slopesHalf": spectrum(atHalf), "rate": number(rate), "largestStep": number(largestStep),
    ]
  }
}
