import Certify
import CertifyKernel
import Checkpoints
import Foundation
import Gate
import Synchronization

/// The policy and the baseline of one run, read before any model is.
struct GateJudge: Sendable {
  private let policy: Policy?
  private let baseline: Baseline?
  private let options: ModelOptions

  /// Whether there is anything to judge by.
  var isAsked: Bool { policy != nil || baseline != nil }

  init(policy: String?, baseline: String?, options: ModelOptions) throws {
    self.options = options
    self.policy = try policy.map { path in
      let text = try Self.read(path, option: "--policy")
      do {
        return try Policy(text, path: path, today: Self.today())
      } catch {
        throw CommandFailure(status: .usage, message: "--policy \(path): \(error)")
      }
    }
    self.baseline = try baseline.map { path in
      let text = try Self.read(path, option: "--baseline")
      do { return try Baseline(text) } catch {
        throw CommandFailure(status: .usage, message: "--baseline \(path): \(error)")
      }
    }
  }

  private static func read(_ path: String, option: String) throws -> String {
    guard let data = FileManager.default.contents(atPath: path) else {
      throw CommandFailure(status: .usage, message: "\(option) \(path): the file cannot be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw CommandFailure(status: .usage, message: "\(option) \(path): the file is not UTF-8")
    }
    return text
  }

  /// The day in UTC, "2026-11-21".
  private static func today() -> String {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    func two(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return "\(1900 + Int(parts.tm_year))-\(two(parts.tm_mon + 1))-\(two(parts.tm_mday))"
  }

  /// What is left to say of a model.
  struct Judged: Sendable {
    var entry: GateEntry
    let notes: [String]

    /// For the text report, below its verdict.
    var lines: [String] {
      var lines = notes.map { "  policy: \(printable($0))" }
      for problem in entry.problems {
        switch problem.acceptance {
        case .known: lines.append("  baseline: \(problem.rule) is known")
        case nil where problem.rule == "rate-fell":
          lines.append("  baseline: \(printable(problem.message))")
        default: break
        }
      }
      return lines
    }

    var json: JSONValue {
      func list(_ problems: [GateProblem]) -> JSONValue {
        .array(
          problems.map { problem in
            .object([
              "rule": .string(problem.rule), "scope": problem.scope.map(JSONValue.string) ?? .null,
              "message": .string(problem.message),
              "accepted": problem.acceptance.map { .string($0.sentence) } ?? .null,
            ])
          })
      }
      return .object([
        "passes": .bool(entry.openProblems.isEmpty), "problems": list(entry.problems),
        "tensors": entry.tensors.map(JSONValue.string) ?? .null,
        "notes": .array(notes.map(JSONValue.string)),
      ])
    }
  }

  func judge(_ report: ModelReport, requiredRate: Double?) -> Judged {
    var entry = report.gateEntry(requiredRate: requiredRate)
    var notes: [String] = []
    if let policy {
      if policy.asksForDiagnoses(report.path) {
        entry.problems += ModelAudit(path: report.path, options: options).gateProblems
      }
      var step: ExactRatio?
      if case .judged(let judgement) = report.outcome { step = judgement.specification.step?.size }
      (entry, notes) = policy.judge(entry, step: step)
    }
    if let baseline { entry = baseline.judge(entry) }
    var judged = Judged(entry: entry, notes: notes)
    judged.entry.lines += judged.lines
    return judged
  }
}

extension ModelAudit {
  /// The named diagnoses; what the verdict says anyway is left out.
  var gateProblems: [GateProblem] {
    guard case .success(let result) = outcome else { return [] }
    return result.diagnoses.filter { $0.kind != nil }.map { diagnosis in
      GateProblem(
        rule: diagnosis.id, kind: .diagnosis, level: GateProblem.Level(diagnosis.severity),
        message: diagnosis.sentence, advice: diagnosis.advice.map { [$0] } ?? [])
    }
  }
}

extension ModelAudit {
  /// The audit in the words of the gate: every diagnosis stands against the model.
  func gateEntry(text: String, seconds: Double) -> GateEntry {
    var entry = GateEntry(
      path: path, verdict: .rejected, problems: gateProblems,
      lines: text.split(separator: "\n").map(String.init), seconds: seconds)
    switch outcome {
    case .failure(.rejected(let code, let reason)):
      entry.problems = [
        GateProblem(rule: "rejected", kind: .rejected, level: .error, message: "\(code): \(reason)")
      ]
    case .failure(.configuration(let reason)):
      entry.problems = [
        GateProblem(rule: "misconfigured", kind: .misconfigured, level: .error, message: reason)
      ]
    case .success(let result):
      let names = result.findings.map(\.verdictName)
      entry.verdict =
        names.contains("refuted")
        ? .refuted : (names.contains("undecided") ? .undecided : .certified)
      entry.problems += result.diagnoses.filter { $0.kind == nil }.map { diagnosis in
        GateProblem(
          rule: diagnosis.id, kind: .diagnosis, level: .error, message: diagnosis.sentence)
      }
      entry.guarantees = result.findings.compactMap { $0.gateGuarantee(result.specification) }
    }
    return entry
  }
}

/// Prints a run in the order of the arguments: line by line as models are done, or whole at the end.
final class GatePrinter: Sendable {
  private let format: CheckFormat
  private let file: String?
  private let keepsAll: Bool
  private let lines: OrderedOutput
  private let kept = Mutex<[Int: GateOutput]>([:])

  init(format: CheckFormat, file: String?, keepsAll: Bool) {
    self.format = format
    self.file = file
    self.keepsAll = keepsAll
    lines = OrderedOutput(keepsText: file != nil)
  }

  private var isWhole: Bool { format != .text && format != .json }

  func add(_ output: GateOutput, at index: Int) {
    if !isWhole {
      lines.add(format == .text ? output.text : output.json, at: index, fault: output.fault)
    }
    kept.withLock { kept in
      // Texts are only kept where a file is to have them as well.
      var output = output
      if !keepsAll { (output.text, output.json) = ("", "") }
      kept[index] = output
    }
  }

  /// Writes what is written whole; the status of the run.
  func finish(_ targets: [GateOptions.Target]) throws -> ExitStatus {
    let outputs = kept.withLock { kept in kept.keys.sorted().compactMap { kept[$0] } }
    if isWhole {
      for output in outputs { if let fault = output.fault { standardError(fault) } }
      let text = CheckFormat.report(outputs, as: format)
      if let file {
        do { try AtomicFile.write(Array(text.utf8), to: file) } catch {
          standardOutput(String(text.dropLast()))
          throw CommandFailure(status: .usage, message: "--out \(file): \(error)")
        }
      } else if !text.isEmpty {
        standardOutput(String(text.dropLast()))
      }
    } else if let file {
      try lines.write(to: file)
    }
    try ReportFormat.write(outputs, to: targets)
    return .worst(outputs.map(\.entry.status))
  }
}
