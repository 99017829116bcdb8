import ArgumentParser
import Certify
import CertifyKernel
import Checkpoints
import Foundation
import Gate

/// How a run over models is printed: for people, one object a line, or as a whole for other programs.
enum CheckFormat: Sendable, Hashable, CaseIterable, RawRepresentable {
  case text, json
  case whole(ReportFormat)

  static let allCases: [CheckFormat] = [.text, .json] + ReportFormat.allCases.map { .whole($0) }

  init?(rawValue: String) {
    guard let found = Self.allCases.first(where: { $0.rawValue == rawValue }) else { return nil }
    self = found
  }

  var rawValue: String {
    switch self {
    case .text: "text"
    case .json: "json"
    case .whole(let format): format.rawValue
    }
  }
}

/// The options that `check` and `audit` share for use in pipelines.
struct GateOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "text, json (one object a line), sarif, junit, github (annotations), or markdown.",
      valueName: "format"))
  var format: CheckFormat = .text

  @Option(
    help: ArgumentHelp(
      "Write a report beside the one printed, as FORMAT=FILE; may be given several times.",
      valueName: "format=file"))
  var write: [String] = []

  @Flag(
    name: .customLong("exit-zero"),
    help: "Report without failing (internal and usage errors still fail).")
  var exitZero = false

  /// What `--write` asks for.
  struct Target: Sendable {
    let format: CheckFormat
    let path: String
  }

  func targets() throws -> [Target] {
    var paths = Set<String>()
    return try write.map { text in
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let format = CheckFormat(rawValue: parts[0]) else {
        let names = CheckFormat.allCases.map(\.rawValue).joined(separator: ", ")
        throw CommandFailure(
          status: .usage, message: "--write \(text): expected FORMAT=FILE with one of \(names)")
      }
      guard paths.insert(parts[1]).inserted else {
        throw CommandFailure(
          status: .usage, message: "--write \(text): another report goes to \(parts[1])")
      }
      return Target(format: format, path: parts[1])
    }
  }
}

extension [GateOptions.Target] {
  /// Refuses before any work is done what could not be written after it.
  func check() throws {
    for target in self {
      do { _ = try AtomicFile(path: target.path) } catch {
        throw CommandFailure(
          status: .usage, message: "--write \(target.format.rawValue)=\(target.path): \(error)")
      }
    }
  }
}

/// What one model gives to every format of a run.
struct GateOutput: Sendable {
  var entry: GateEntry
  var text: String
  var json: String
  /// Which line of the policy decided what.
  var notes: [String] = []
  var fault: String?
}

extension ReportFormat {
  /// The files of `--write`, each whole or not at all; what cannot be written is said, and the others still are.
  static func write(_ outputs: [GateOutput], to targets: [GateOptions.Target]) throws {
    var failures: [String] = []
    for target in targets {
      do {
        try AtomicFile.write(
          Array(CheckFormat.report(outputs, as: target.format).utf8), to: target.path)
      } catch {
        failures.append("--write \(target.format.rawValue)=\(target.path): \(error)")
      }
    }
    if !failures.isEmpty {
      throw CommandFailure(status: .usage, message: failures.joined(separator: "; "))
    }
  }
}

extension CheckFormat {
  /// The whole report in one format.
  static func report(_ outputs: [GateOutput], as format: CheckFormat) -> String {
    switch format {
    case .text: outputs.map { $0.entry.lines.joined(separator: "\n") + "\n" }.joined()
    case .json: outputs.map { $0.json + "\n" }.joined()
    case .whole(let format): format.text(outputs.map(\.entry), version: Tool.version)
    }
  }
}

extension GateEntry {
  /// The exit status that is left when everything accepted is left out.
  var status: ExitStatus {
    .worst(
      openProblems.map { problem in
        switch problem.kind {
        case .refuted, .unmet: .refuted
        case .undecided: .undecided
        case .rejected: .rejected
        case .misconfigured: .usage
        case .internalError: .internalError
        case .diagnosis: .refuted
        }
      })
  }
}

extension ModelReport {
  /// The report in the words of the gate, before policy and baseline.
  ///
  /// - Parameter requiredRate: what `--rate` asks for.
  func gateEntry(requiredRate: Double?) -> GateEntry {
    let lines = text(TextStyle(isTerminal: false), requiredRate: requiredRate)
      .split(separator: "\n").map(String.init)
    var entry = GateEntry(
      path: path, verdict: GateEntry.Verdict(rawValue: verdictName) ?? .rejected, lines: lines,
      seconds: seconds)
    switch outcome {
    case .rejected(let code, let reason):
      entry.problems = [
        GateProblem(rule: "rejected", kind: .rejected, level: .error, message: "\(code): \(reason)")
      ]
    case .misconfigured(let reason):
      entry.problems = [
        GateProblem(rule: "misconfigured", kind: .misconfigured, level: .error, message: reason)
      ]
    case .judged(let judgement):
      entry.tensors = judgement.tensorsDigest
      for finding in judgement.findings {
        entry.guarantees += finding.gateGuarantee(judgement.specification).map { [$0] } ?? []
        entry.problems += finding.gateProblems(judgement.specification, requiredRate: requiredRate)
      }
      if let fault = judgement.certificateFault {
        entry.problems.append(
          GateProblem(rule: "internal-error", kind: .internalError, level: .error, message: fault))
      }
    }
    return entry
  }
}

extension Finding {
  func gateGuarantee(_ network: Specification) -> GateGuarantee? {
    guard case .certified(let certified) = result else { return nil }
    let guarantee = certified.guarantee
    return GateGuarantee(
      scope: scope.rawValue, rule: guarantee.rule.rawValue,
      allRules: guarantee.proof.allRules.map(\.rawValue), rate: guarantee.rate,
      factor: guarantee.factor, step: scope == .asRun ? network.step.map { "\($0.size)" } : nil)
  }

  func gateProblems(_ network: Specification, requiredRate: Double?) -> [GateProblem] {
    switch result {
    case .certified(let certified):
      guard let requiredRate, !meets(requiredRate) else { return [] }
      return [
        GateProblem(
          rule: "rate-not-met", kind: .unmet, level: .error, scope: scope.rawValue,
          message: "certified rate \(roundedDown(certified.guarantee.rate)), below the "
            + "\(requiredRate) that --rate asks for")
      ]
    case .refuted(let witness, _):
      return [
        GateProblem(
          rule: witness.refutation.rawValue, kind: .refuted, level: .error, scope: scope.rawValue,
          message: sentence(network))
      ]
    case .undecided(let shortfall):
      return [
        GateProblem(
          rule: "undecided", kind: .undecided, level: .error, scope: scope.rawValue,
          message: sentence(network), advice: shortfall.advice)
      ]
    }
  }

  /// The first line of the text report, without its indentation.
  private func sentence(_ network: Specification) -> String {
    let line = lines(network, requiredRate: nil).first ?? ""
    return String(line.drop { $0 == " " })
  }
}

extension ProofNode {
  /// The rules of the whole tree, each once, the root's first.
  var allRules: [Rule] {
    var found: [Rule] = [rule]
    for child in children {
      for rule in child.allRules where !found.contains(rule) { found.append(rule) }
    }
    return found
  }
}
