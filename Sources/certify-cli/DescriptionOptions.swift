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
    try Certify.modelOptions(manifest: manifest, step: step, scheme: scheme)
  }
}
