package import CertifyKernel
internal import Checkpoints
internal import Foundation

/// The options that say how to read a model, from the texts that a caller gives.
///
/// - Throws: `CommandFailure` with status `usage` for a step that is no positive number, and for
///   a scheme that is not known.
package func modelOptions(
  manifest: String?, step: String?, scheme: String?
) throws(CommandFailure) -> ModelOptions {
  var options = ModelOptions()
  options.manifest = manifest
  if let step {
    // A plain decimal means the double it parses to; "a/b" and hexadecimal are exact.
    let isExact = step.contains("/") || step.lowercased().contains("0x")
    let size = isExact ? ExactRatio(exactly: step) : Double(step).map { ExactRatio($0) }
    guard let size, size.isFinite, size.numerator > 0 else {
      throw CommandFailure(
        status: .usage, message: "--step \(step): expected a positive number such as 0.03 or 3/10")
    }
    options.step = size
  }
  if let scheme {
    guard let known = Specification.Step.Scheme(rawValue: scheme) else {
      let names = Specification.Step.Scheme.allCases.map(\.rawValue).sorted()
      throw CommandFailure(
        status: .usage,
        message: "--scheme \(scheme): known schemes are \(names.joined(separator: ", "))")
    }
    options.scheme = known
  }
  return options
}

/// The format of a float run by its name.
///
/// - Throws: `CommandFailure` with status `usage` for a name that is not known.
package func floatFormat(_ name: String) throws(CommandFailure) -> FloatTube.Format {
  guard let format = FloatTube.Format(rawValue: name) else {
    let known = FloatTube.Format.allCases.map(\.rawValue).joined(separator: ", ")
    throw CommandFailure(status: .usage, message: "--tube \(name): known formats are \(known)")
  }
  return format
}

extension CertificateFile {
  /// Makes the folder that certificates go to, and refuses one where nothing can be written.
  ///
  /// - Throws: `CommandFailure` with status `usage`.
  package static func checkFolder(_ path: String) throws(CommandFailure) {
    do {
      let folder = URL(fileURLWithPath: path, isDirectory: true)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      _ = try AtomicFile(path: "\(path)/.certify-probe")
    } catch let error as CheckpointError {
      throw CommandFailure(status: .usage, message: "--certificates \(path): \(error)")
    } catch {
      throw CommandFailure(
        status: .usage, message: "--certificates \(path): the folder cannot be made")
    }
  }
}
