internal import Certify
internal import Checkpoints
internal import Markup

/// What an earlier run said, as JSON Lines of `certify check --format json`.
public struct Baseline: Sendable, Hashable {
  private struct Model: Sendable, Hashable {
    let verdict: GateEntry.Verdict
    /// The verdict and the certified rate of each scope that was judged.
    var scopes: [String: GateEntry.Verdict] = [:]
    var rates: [String: Double] = [:]
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
      var model = Model(verdict: verdict)
      for (key, scope) in [("continuous", "continuous"), ("asRun", "as-run")] {
        let word = value[key]?["verdict"]?.string
        model.scopes[scope] = word.flatMap(GateEntry.Verdict.init(rawValue:))
        model.rates[scope] = value[key]?["rate"]?.number?.double
      }
      guard models.updateValue(model, forKey: path) == nil else {
        throw Fault(description: "line \(number + 1): \(printable(path)) is there twice")
      }
    }
  }

  /// The entry compared with the earlier run: what was as bad in the same scope is known; rates that fell, and scopes
  /// that were certified and are not judged any more, are problems.
  public func judge(_ entry: GateEntry) -> GateEntry {
    guard let earlier = models[entry.path] else { return entry }
    var entry = entry
    for k in entry.problems.indices
    where entry.problems[k].acceptance == nil && isKnown(entry.problems[k], earlier) {
      entry.problems[k].acceptance = .known
    }
    for (scope, before) in earlier.rates.sorted(by: { $0.key < $1.key }) {
      let now = entry.guarantees.first { $0.scope == scope }
      let isDecided = entry.problems.contains { $0.scope == scope || $0.kind == .rejected }
      if let now, now.rate >= before * (1 - Self.tolerance) { continue }
      if now == nil, isDecided { continue }
      entry.problems.append(
        GateProblem(
          rule: "rate-fell", kind: .unmet, level: .error, scope: scope,
          message: (now.map { "certified rate \(roundedDown($0.rate, digits: 6))" }
            ?? "\(scope) is not judged") + ", in the baseline "
            + roundedDown(before, digits: 6),
          advice: [
            now == nil
              ? "judge it in the same scopes as the baseline"
              : "compare the weights with those of the earlier run"
          ]))
    }
    return entry
  }

  private func isKnown(_ problem: GateProblem, _ earlier: Model) -> Bool {
    let before = problem.scope.flatMap { earlier.scopes[$0] }
    switch problem.kind {
    case .refuted: return before == .refuted
    case .undecided: return before == .undecided || before == .refuted
    case .rejected: return earlier.verdict == .rejected
    case .misconfigured, .internalError, .unmet, .diagnosis: return false
    }
  }
}
