import ArgumentParser
import Certify
import CertifyKernel
import Checkpoints

/// `certify audit identity-coupling [--a A]`
struct AuditIdentityCoupling: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity-coupling",
    abstract: "Three units that show why L = -L^T needs the identity metric; without --a a table.",
    discussion: """
      W = (0 a 0; 0 0 0; 0 0 0) in modules {0, 1} and {2}, L = (0 0 -1; 0 0 1; 1 -1 0), slopes in [0, 1]. Each \
      module contracts for every a.

      Exit status with --a: 0 certified, 1 refuted, 5 undecided.
      """)

  @Option(help: "The weight inside the first module: a finite number.")
  var a: String?

  @Option(help: "text or json (one object a line).")
  var format: OutputFormat = .text

  func run() throws {
    let audits: [IdentityCouplingAudit]
    if let a {
      guard let value = Double(a) else {
        throw CommandFailure(status: .usage, message: "--a \(a): expected a number")
      }
      audits = [try audit(value)]
    } else {
      audits = try [2, 3, 4].map { try audit($0) }
    }
    standardOutput(
      audits.map { format == .text ? $0.text : $0.jsonLine }.joined(separator: "\n"))
    if a != nil, let status = audits.first?.finding.status, status != .certified { throw status }
  }

  private func audit(_ a: Double) throws -> IdentityCouplingAudit {
    do {
      return try IdentityCouplingAudit(a: a)
    } catch {
      throw CommandFailure(status: .usage, message: error.description)
    }
  }
}

extension IdentityCouplingAudit {
  fileprivate var text: String {
    let head =
      "a = \(short(a)): s \(finding.verdictName.uppercased())  leading eigenvalue at slopes 1 about "
      + short(leadingEigenvalue)
    return ([head] + finding.lines(network, requiredRate: nil) + diagnoses.flatMap(\.lines))
      .joined(separator: "\n")
  }

  fileprivate var jsonLine: String {
    var object: JSONObject = [
      "schema": .string("certify.audit/v1"), "audit": .string("identity-coupling"), "a": number(a),
      "verdict": .string(finding.verdictName), "continuous": finding.json(step: nil),
      "leadingEigenvalueApproximate": number(leadingEigenvalue),
    ]
    object.append("diagnoses", .array(diagnoses.map(\.json)))
    object.append("obstruction", finding.obstructionJSON ?? .null)
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}

/// `certify audit orientation MODEL MODEL [--gain G]`
struct AuditOrientation: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "orientation",
    abstract: "Couple two symmetric modules by feedback that is skew in M, and in its inverse.",
    discussion: """
      Both models must be of form inside with symmetric weights (constraint sym of rnns-of-rnns).

      Exit status: 0 the swapped coupling is certified too, 1 it is refuted, 5 undecided.
      """)

  @ArgumentParser.Argument(help: "The first module.")
  var first: String

  @ArgumentParser.Argument(help: "The second module, driven by the first.")
  var second: String

  @Option(help: "The spectral norm of the block from the first to the second.")
  var gain: String = "3"

  @Option(help: "text or json.")
  var format: OutputFormat = .text

  func run() throws {
    guard let value = Double(gain) else {
      throw CommandFailure(status: .usage, message: "--gain \(gain): expected a number")
    }
    let audit: SwappedOrientation
    do {
      audit = try SwappedOrientation(load(first), load(second), gain: value)
    } catch let error as AuditError {
      let status: ExitStatus = if case .argument = error { .usage } else { .rejected }
      throw CommandFailure(status: status, message: error.description)
    }
    standardOutput(format == .text ? audit.text : audit.jsonLine)
    if audit.swapped.finding.status != .certified { throw audit.swapped.finding.status }
  }

  private func load(_ path: String) throws -> Specification {
    do {
      return try Model.load(path: path, options: ModelOptions()).specification
    } catch {
      throw CommandFailure(status: error.status, message: "\(path): \(error)")
    }
  }
}

extension SwappedOrientation {
  fileprivate var text: String {
    var lines: [String] = []
    for (name, side) in [("L = B - M^-1 B' M", right), ("L = B - M B' M^-1", swapped)] {
      lines.append(
        "\(name), gain \(short(gain)): s \(side.finding.verdictName.uppercased())  largest real part "
          + "met about \(short(side.abscissa))")
      lines += side.finding.lines(side.network, requiredRate: nil)
    }
    for (index, fault) in faults.enumerated() {
      guard let fault else { continue }
      lines.append(
        "  in M^-1, module \(index): " + fault.explanation(units: fault.direction.count))
    }
    lines += diagnoses.flatMap(\.lines)
    return lines.joined(separator: "\n")
  }

  fileprivate var jsonLine: String {
    func side(_ side: Side) -> JSONValue {
      [
        "verdict": .string(side.finding.verdictName), "continuous": side.finding.json(step: nil),
        "abscissaApproximate": number(side.abscissa),
      ]
    }
    let object: JSONObject = [
      "schema": .string("certify.audit/v1"), "audit": .string("orientation"), "gain": number(gain),
      "right": side(right), "swapped": side(swapped), "diagnoses": .array(diagnoses.map(\.json)),
    ]
    return String(decoding: JSONValue.object(object).orderedBytes, as: UTF8.self)
  }
}
