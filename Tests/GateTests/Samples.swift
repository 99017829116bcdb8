import Checkpoints
import TestSupport

@testable import Gate

/// The strict reader of the package, not the one that reads vectors.
typealias JSONValue = Checkpoints.JSONValue

/// Entries and names that formats have trouble with.
enum Samples {
  static let digest = String(repeating: "0123456789abcdef", count: 4)

  static func certified(_ path: String, rate: Double = 0.25) -> GateEntry {
    GateEntry(
      path: path, verdict: .certified, lines: ["\(path): s CERTIFIED"],
      guarantees: [
        GateGuarantee(
          scope: "continuous", rule: "feedback", allRules: ["feedback", "symmetric"], rate: rate),
        GateGuarantee(
          scope: "as-run", rule: "step", allRules: ["step", "feedback", "symmetric"], rate: rate,
          factor: 0.99, step: "0.03"),
      ], tensors: digest, seconds: 0.012)
  }

  static func refuted(_ path: String) -> GateEntry {
    GateEntry(
      path: path, verdict: .refuted,
      problems: [
        GateProblem(
          rule: "unstable-vertex", kind: .refuted, level: .error, scope: "as-run",
          message: "slopes 1 at units 0, 3")
      ], lines: ["\(path): s REFUTED"], tensors: digest)
  }

  static func undecided(_ path: String) -> GateEntry {
    GateEntry(
      path: path, verdict: .undecided,
      problems: [
        GateProblem(
          rule: "undecided", kind: .undecided, level: .error, scope: "continuous",
          message: "no metric found", advice: ["scale W by 0.9", "try --step 0.01"])
      ], lines: ["\(path): s UNDECIDED"], tensors: digest)
  }

  static func rejected(_ path: String) -> GateEntry {
    GateEntry(
      path: path, verdict: .rejected,
      problems: [
        GateProblem(
          rule: "rejected", kind: .rejected, level: .error, message: "pickle_unsafe: os.system")
      ], lines: ["\(path): s REJECTED"])
  }

  /// A run in which every text is hostile.
  static func hostileRun(_ generator: inout SplitMix64) -> [GateEntry] {
    (0..<generator.integer(in: 0...4)).map { _ in
      let path = hostileText(&generator)
      let make = [
        certified(_:rate:), { path, _ in refuted(path) }, { path, _ in undecided(path) },
        { path, _ in rejected(path) },
      ]
      var entry = make[generator.integer(in: 0...3)](path, 0.25)
      entry.lines = [hostileText(&generator), hostileText(&generator)]
      for k in entry.problems.indices {
        entry.problems[k].message = hostileText(&generator)
        entry.problems[k].advice = [hostileText(&generator)]
        if generator.integer(in: 0...2) == 0 {
          entry.problems[k].acceptance = .waived(
            reason: hostileText(&generator), until: "2027-01-01", line: nil)
        }
      }
      return entry
    }
  }
}
