internal import Certify
internal import Checkpoints

/// What an earlier run said, as JSON Lines of `certify check --format json`.
public struct Baseline: Sendable, Hashable {
  private struct Model: Sendable, Hashable {
    let verdict: GateEntry.Verdict
    /// The certified rate of each scope.
    let rates: [String: Double]
  }
  private var models: [String: Model] = [:]

  public struct Fault: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
  }

  /// How much lower a rate may be before it counts as fallen: searches round differently from machine to machine.
  public static let tolerance = 1e-9

  /// - Throws: `Fault` with the number of the first line that is no verdict, or that repeats a model.
  public init(_ text: String) throws(Fault) {
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      let value: JSONValue
      do { value = try JSONValue(parsing: String(line)) } catch {
        throw Fault(description: "line \(number + 1): \(error)")
      }
      guard value["schema"]?.string == "certify.verdict/v1", let path = value["model"]?.string,
        let verdict = value["verdict"]?.string.flatMap(GateEntry.Verdict.init(rawValue:))
      else {
        throw Fault(
          description:
            "line \(number + 1): expected a verdict as `certify check --format json` prints")
      }
      var rates: [String: Double] = [:]
      for (key, scope) in [("continuous", "continuous"), ("asRun", "as-run")] {
        if let rate = value[key]?["rate"]?.number?.double { rates[scope] = rate }
      }
      guard models.updateValue(Model(verdict: verdict, rates: rates), forKey: path) == nil else {
        throw Fault(description: "line \(number + 1): \(printable(path)) is there twice")
      }
    }
  }

  /// The entry compared with the earlier run: verdicts that were as bad are known, rates that fell are problems.
  public func judge(_ entry: GateEntry) -> GateEntry {
    guard let earlier = models[entry.path] else { return entry }
    var entry = entry
    let known: Set<GateProblem.Kind> =
      switch earlier.verdict {
      case .certified: []
      case .undecided: [.undecided]
      case .refuted: [.refuted, .undecided]
      case .rejected: [.rejected]
      }
    for k in entry.problems.indices
    where entry.problems[k].acceptance == nil && known.contains(entry.problems[k].kind) {
      entry.problems[k].acceptance = .known
    }
    for guarantee in entry.guarantees {
      guard let before = earlier.rates[guarantee.scope] else { continue }
      if !(guarantee.rate >= before * (1 - Self.tolerance)) {
        entry.problems.append(
          GateProblem(
            rule: "rate-fell", kind: .unmet, level: .error, scope: guarantee.scope,
            message: "certified rate \(roundedDown(guarantee.rate, digits: 6)), in the baseline "
              + roundedDown(before, digits: 6),
            advice: ["compare the weights with those of the earlier run"]))
      }
    }
    return entry
  }
}
