import Markup
import ArgumentParser
import Certify
import CertifyKernel
import Checkpoints

/// `certify audit metric MODEL --metric FILE`
struct AuditMetric: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "metric",
    abstract: "Is this matrix a metric of this network? With which rate, or where does it fail?",
    discussion: """
      The file holds one tensor of n numbers (a diagonal) or n x n (.npy, .safetensors, …).

      Exit status: 0 a metric with a positive rate for every scope judged, 1 a vector and slopes show that it \
      is none, 5 neither was shown.
      """)

  @ArgumentParser.Argument(help: "A checkpoint or tensor file.", completion: .file())
  var model: String

  @Option(help: "The metric.", completion: .file())
  var metric: String

  @Option(help: "A TOML file that says what the tensors mean.", completion: .file())
  var manifest: String?

  @Option(help: "The step of the map that runs: a number, or an exact \"3/10\".")
  var step: String?

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func run() throws {
    let loaded: Model
    do {
      loaded = try Model.load(
        path: model, options: modelOptions(manifest: manifest, step: step, scheme: nil))
    } catch let error as ModelError {
      throw CommandFailure(status: error.status, message: "\(model): \(error)")
    }
    let network = loaded.specification
    let proposed: ProposedMetric
    do {
      proposed = try ProposedMetric.read(path: metric, units: network.units)
    } catch {
      throw CommandFailure(status: .rejected, message: error.description)
    }
    let scopes = Scope.allCases.filter {
      network.exists(in: $0) && ($0 == .continuous || network.step?.scheme ?? .euler == .euler)
    }
    let audits = scopes.map { MetricAudit(network, $0, proposed) }
    standardOutput(
      format == .text
        ? text(audits, network)
        : audits.map { $0.jsonLine(model: model, metric: metric) }.joined(separator: "\n"))
    let worst = ExitStatus.worst(audits.map(\.status))
    if worst != .certified { throw worst }
  }

  private func text(_ audits: [MetricAudit], _ network: Specification) -> String {
    let worst = ExitStatus.worst(audits.map(\.status))
    let verdict =
      switch worst {
      case .certified: "a metric"
      case .refuted: "NO METRIC"
      default: "unknown"
      }
    let head =
      "\(printable(metric)): \(verdict) of \(printable(model)), \(counted(network.units, "unit"))"
    return ([head] + audits.flatMap { $0.lines(units: network.units) }).joined(separator: "\n")
  }
}

extension MetricAudit {
  var status: ExitStatus {
    switch answer {
    case .metric: .certified
    case .fault: .refuted
    case .unknown: .undecided
    }
  }

  fileprivate func lines(units n: Int) -> [String] {
    let name = scope == .continuous ? "continuous" : "as run"
    switch answer {
    case .metric(let certified):
      let guarantee = certified.guarantee
      let bound =
        guarantee.factor.map { "factor<=\(factorText($0)) a step" }
        ?? "rate>=\(roundedDown(guarantee.rate))"
      return ["  \(name): \(bound) in this metric (rule \(guarantee.rule.rawValue))" + limitText]
    case .fault(let fault):
      return ["  \(name): \(fault.explanation(units: n))"]
    case .unknown:
      return [
        "  \(name): no rule accepts a rate in this metric, and no fault was shown" + limitText
      ]
    }
  }

  private var limitText: String {
    guard let limit else { return "" }
    return scope == .continuous
      ? "; no rate above \(roundedUp(limit)) is possible in it"
      : "; no factor below \(roundedDown(limit)) is possible in it"
  }

  fileprivate func jsonLine(model: String, metric: String) -> String {
    var object: JSONObject = [
      "schema": .string("certify.audit/v1"), "audit": .string("metric"), "model": .string(model),
      "metric": .string(metric), "scope": .string(scope.rawValue),
    ]
    var diagnoses: [JSONValue] = []
    switch answer {
    case .metric(let certified):
      object.append("isMetric", .bool(true))
      object.append("rule", .string(certified.guarantee.rule.rawValue))
      object.append("rate", number(certified.guarantee.rate))
      object.append("factor", number(certified.guarantee.factor))
    case .fault(let fault):
      object.append("isMetric", .bool(false))
      object.append("sentence", .string(fault.explanation(units: fault.direction.count)))
      let active = fault.active.map { JSONValue.number(JSONNumber(Int($0))) }
      object.append("activeUnits", .array(active))
      object.append("direction", .array(fault.direction.map { number($0) }))
      diagnoses.append(["id": .string(DiagnosisKind.metricNotValid.rawValue)])
    case .unknown: object.append("isMetric", .null)
    }
    object.append("limit", number(limit))
    object.append("diagnoses", .array(diagnoses))
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}
