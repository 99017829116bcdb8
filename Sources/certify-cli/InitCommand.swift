import ArgumentParser
import Certify
import Checkpoints
import Glibc
import Train

/// `certify init KIND -o CONFIG`: a commented configuration to start from.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented training configuration.",
    discussion:
      "Kinds:\n"
      + NetworkKind.allCases.map {
        "  \($0.rawValue.padding(to: 21)) \($0.summary)"
      }.joined(separator: "\n"))

  @ArgumentParser.Argument(help: "The kind of network.")
  var kind: String

  @Option(
    name: [.customShort("o"), .long], help: "Where the configuration goes; else standard output.",
    completion: .file())
  var output: String?

  func run() throws {
    guard let kind = NetworkKind(rawValue: kind) else {
      let known = NetworkKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw CommandFailure(status: .usage, message: "\(printable(kind)): known kinds are \(known)")
    }
    let text = ConfigurationTemplate.text(for: kind)
    guard let output else {
      standardOutput(text)
      return
    }
    guard access(output, F_OK) != 0 else {
      throw CommandFailure(
        status: .usage, message: "\(printable(output)) exists; it is left as it is")
    }
    do {
      try AtomicFile.write(Array(text.utf8), to: output)
    } catch {
      throw CommandFailure(status: .usage, message: error.description)
    }
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
