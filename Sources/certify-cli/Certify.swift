import ArgumentParser
import Certify
import Foundation

/// `certify`: one subcommand a file; rendering only, no mathematics.
struct CertifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "certify",
    abstract: "Proves that a recurrent network contracts, or shows a witness that it does not.",
    discussion: """
      A small kernel with its own arithmetic checks every claim; search only proposes.

      Verdicts: certified, refuted, undecided, rejected.

      Exit status: 0 certified, 1 refuted or a rate not met, 2 internal error, 3 rejected input, \
      4 usage or configuration error, 5 undecided.
      """,
    version: Tool.version,
    subcommands: [
      CheckCommand.self, VerifyCommand.self, AttestCommand.self, AuditCommand.self,
      PruneCommand.self,
      AblateCommand.self, InspectCommand.self,
      ShowCommand.self, ReportCommand.self, InitCommand.self, TrainCommand.self, RunCommand.self,
      EvaluateCommand.self,
      DataCommand.self,
    ])
}

@main
enum Main {
  static func main() {
    do {
      var command = try CertifyCommand.parseAsRoot()
      try command.run()
    } catch let status as ExitStatus {
      exit(status.rawValue)
    } catch let failure as CommandFailure {
      standardError("certify: \(printable(failure.message))")
      exit(failure.status.rawValue)
    } catch {
      let text = CertifyCommand.fullMessage(for: error)
      switch CertifyCommand.exitCode(for: error) {
      // Help and version are answers.
      case .success: standardOutput(text)
      // The parser's own 64.
      case .validationFailure:
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        standardError(lines.map { printable(String($0)) }.joined(separator: "\n"))
        exit(ExitStatus.usage.rawValue)
      default:
        standardError("certify: internal error: \(printable("\(error)"))")
        exit(ExitStatus.internalError.rawValue)
      }
    }
  }
}
