import Certify
import CertifyKernel
import Checkpoints

/// The functions of the library that judge, by the names of the executable's commands.
enum LibraryCommand: Sendable {
  case check, inspect, verify

  /// Answers a request. A model that is nil is the file that the options name.
  func reply(model: [UInt8]?, options bytes: [UInt8]) -> Reply {
    do {
      let options = try LibraryOptions(bytes, of: self)
      let source = try options.source(model)
      switch self {
      case .check: return try check(source, options)
      case .inspect: return try inspect(source, options)
      case .verify: return try verify(source, options)
      }
    } catch {
      return .failure(error.status, error.message)
    }
  }

  private func check(
    _ source: ModelSource, _ options: LibraryOptions
  ) throws(CommandFailure) -> Reply {
    let requiredRate = try options.requiredRate()
    var job = CheckJob(
      options: try options.modelOptions(), scopes: try options.scopes(),
      certificateFolder: try options.text("certificates"))
    job.floatFormat = try options.floatFormat(for: job.scopes)
    if let folder = job.certificateFolder { try CertificateFile.checkFolder(folder) }
    let report = LAPACKBackend.withOneThread { job.run(source) }
    if let fault = report.certificateFault {
      throw CommandFailure(status: .internalError, message: "\(report.path): \(fault)")
    }
    return Reply(text: report.jsonLine(), status: report.status(requiredRate: requiredRate))
  }

  private func inspect(
    _ source: ModelSource, _ options: LibraryOptions
  ) throws(CommandFailure) -> Reply {
    let description = try options.modelOptions()
    let checkpoint: Checkpoint
    do {
      checkpoint = try source.open()
    } catch {
      return Reply(
        text: rejectionLine(path: source.name, code: error.code.rawValue, reason: "\(error)"),
        status: .rejected)
    }
    return Reply(text: Inspection(source, checkpoint, description).jsonLine, status: .certified)
  }

  private func verify(
    _ source: ModelSource, _ options: LibraryOptions
  ) throws(CommandFailure) -> Reply {
    guard let certificate = try options.text("certificate") else {
      throw CommandFailure(status: .usage, message: "the option \"certificate\" is needed")
    }
    let report = verificationReport(
      certificate: certificate, model: source, options: try options.modelOptions())
    return Reply(text: report.jsonLine, status: report.status)
  }
}
