import ArgumentParser
import Certify
import CertifyKernel
import Checkpoints
import Dispatch
import Foundation
import Gate
import Report
import Synchronization

/// `certify report MODEL... -o FILE`
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Judge networks and write what was found as one HTML page.",
    discussion: """
      The page needs no network and no script. It holds the verdicts, the proofs, pictures of the weights, the metric \
      and the eigenvalues, the certified rate against the step, what can be removed, trajectories of a \
      refutation, and training curves where MODEL.metrics.jsonl lies beside the model.

      The status is 0 when the page is written, whatever the verdicts; 3 when a model was rejected. \
      `certify check` is what gates.
      """)

  @ArgumentParser.Argument(
    help: ArgumentHelp("Checkpoints or tensor files.", valueName: "model"), completion: .file())
  var models: [String] = []

  @Option(
    name: [.customShort("o"), .customLong("output")],
    help: ArgumentHelp("The page, written whole or not at all.", valueName: "file"),
    completion: .file())
  var output: String

  @OptionGroup var description: DescriptionOptions

  @Option(help: "The heading of the page.")
  var title = "Contraction report"

  @Option(
    help: ArgumentHelp(
      "Training figures of the one model given, as `certify train` writes them.", valueName: "file"),
    completion: .file())
  var metrics: String?

  @Option(
    help: ArgumentHelp(
      "Also write each picture of the one model given as an SVG file in this folder.",
      valueName: "dir"), completion: .directory)
  var pictures: String?

  func validate() throws {
    guard !models.isEmpty else { throw ValidationError("name at least one model") }
    for (option, value) in [("--metrics", metrics), ("--pictures", pictures)]
    where value != nil && models.count > 1 {
      throw ValidationError("\(option) is for one model, \(models.count) are given")
    }
  }

  func run() throws {
    var check = CheckJob(
      options: try description.modelOptions(),
      scopes: Scope.allCases, certificateFolder: nil)
    check.hashesFiles = false
    let job = PortraitJob(check)
    // Refuses before any work is done what could not be written after it.
    do { _ = try AtomicFile(path: output) } catch {
      throw CommandFailure(status: .usage, message: "-o \(output): \(error)")
    }
    if let pictures { try makeFolder(pictures) }
    let training = try models.map(trainingCurves)
    let paths = models
    let found = Mutex<[Int: ReportSubject]>([:])
    DispatchQueue.concurrentPerform(iterations: paths.count) { index in
      let portrait = job.run(paths[index])
      let subject = ReportSubject(
        entry: portrait.report.gateEntry(requiredRate: nil), portrait: portrait,
        training: training[index])
      found.withLock { $0[index] = subject }
    }
    let subjects = found.withLock { found in paths.indices.compactMap { found[$0] } }
    let page = ReportPage(title: title, subjects: subjects)
    do {
      try AtomicFile.write(Array(page.html.utf8), to: output)
      if let pictures {
        for picture in subjects.flatMap(\.pictureFiles) {
          try AtomicFile.write(Array(picture.svg.utf8), to: "\(pictures)/\(picture.name)")
        }
      }
    } catch {
      throw CommandFailure(status: .usage, message: "-o \(output): \(error)")
    }
    let counts = GateEntry.Verdict.allCases.compactMap { verdict -> String? in
      let count = subjects.count { $0.entry.verdict == verdict }
      return count > 0 ? "\(count) \(verdict.rawValue)" : nil
    }
    standardOutput("\(printable(output)): \(counts.joined(separator: ", "))")
    // What a model says of itself decides nothing here; what cannot be judged does.
    let statuses = subjects.map(\.portrait.report).map { $0.status(requiredRate: nil) }
    let failed = ExitStatus.worst(statuses.filter { $0 != .refuted && $0 != .undecided })
    if failed != .certified { throw failed }
  }

  private func makeFolder(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(
        at: URL(fileURLWithPath: path, isDirectory: true), withIntermediateDirectories: true)
    } catch {
      throw CommandFailure(
        status: .usage, message: "--pictures \(path): the folder cannot be made")
    }
  }

  /// What lies beside a model; what is named must be readable.
  private func trainingCurves(_ model: String) throws -> TrainingCurves? {
    let path = metrics ?? model + ".metrics.jsonl"
    guard let data = FileManager.default.contents(atPath: path) else {
      if metrics == nil { return nil }
      throw CommandFailure(
        status: .usage, message: "--metrics \(path): the file cannot be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw CommandFailure(status: .usage, message: "\(path): the file is not UTF-8")
    }
    do { return try TrainingCurves(text) } catch {
      throw CommandFailure(status: .usage, message: "\(path): \(error)")
    }
  }
}
