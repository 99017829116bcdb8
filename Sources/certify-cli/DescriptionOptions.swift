import ArgumentParser
import Certify
import CertifyKernel

/// What a model does not say of itself; the same options wherever a model is read.
struct DescriptionOptions: ParsableArguments {
  @Option(
    help: "A TOML file that says what the tensors mean, for every model given.", completion: .file()
  )
  var manifest: String?

  @Option(help: "The step of the map that runs: a number, or an exact \"3/10\".")
  var step: String?

  @Option(
    help:
      "How the network is advanced: euler (default), semi-implicit, exponential, implicit, split.")
  var scheme: String?

  func modelOptions() throws -> ModelOptions {
    try certify_cli.modelOptions(manifest: manifest, step: step, scheme: scheme)
  }
}

/// The options that say how to read a model, as the library wants them.
func modelOptions(manifest: String?, step: String?, scheme: String?) throws -> ModelOptions {
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
