public import CertifyKernel

/// A certificate file, `certificate/v1`: claims about a network, bound to the tensors that make it.
///
/// What is in it was written by anybody. Reading checks form and digests; only `verify(against:)` makes the
/// kernel check the claims. The format is described field by field in the article `CertificateFormat`.
public struct CertificateFile: Sendable, Hashable {
  /// The name of the format, which stands in every file.
  public static let schema = "certificate/v1"

  /// What this version writes about itself; it decides nothing.
  public static let toolVersion = "certify \(Tool.version)"

  /// At most one a scope.
  public let claims: [Certificate]
  /// Sorted by name.
  public let tensors: [TensorBinding]
  public let reconstructions: [ReconstructionRecord]
  public let specification: SpecificationRecord
  /// The program that wrote the file.
  public let tool: String

  /// A certificate of claims that were made about the network of `binding`.
  ///
  /// Nothing is checked here; `verify` does.
  public init(claims: [Certificate], binding: ModelBinding) {
    self.init(
      claims: claims, tensors: binding.tensors,
      reconstructions: binding.reconstructions.map(ReconstructionRecord.init),
      specification: SpecificationRecord(binding), tool: Self.toolVersion)
  }

  init(
    claims: [Certificate], tensors: [TensorBinding], reconstructions: [ReconstructionRecord],
    specification: SpecificationRecord, tool: String
  ) {
    self.claims = claims
    self.tensors = tensors
    self.reconstructions = reconstructions
    self.specification = specification
    self.tool = tool
  }

  /// Where the certificate of a model stands under a folder: the model's path mirrored, plus `.cert.json`.
  ///
  /// Leading `/` and `../` are dropped, `.` and `..` inside are worked out, so the result lies under `folder`
  /// whatever the path is.
  public static func path(forModel model: String, in folder: String) -> String {
    var parts: [Substring] = []
    for part in model.split(separator: "/") {
      switch part {
      case ".": continue
      case "..": _ = parts.popLast()
      default: parts.append(part)
      }
    }
    var root = Substring(folder)
    while root.count > 1, root.hasSuffix("/") { root = root.dropLast() }
    let separator = root == "/" ? "" : "/"
    return "\(root)\(separator)\(parts.joined(separator: "/")).cert.json"
  }

  /// The tensors of a certificate file: `X.cert.json` has `X.cert.safetensors` beside it.
  static func sidecarPath(of path: String) -> String {
    (path.hasSuffix(".json") ? String(path.dropLast(5)) : path) + ".safetensors"
  }
}

/// The part of a certificate that says which definition put a tensor together.
public struct ReconstructionRecord: Sendable, Hashable {
  /// The name the whole tensor would have.
  public let tensor: String
  /// Such as "binary32-left-to-right/v1: spectral-norm".
  public let definition: String
  /// The names of the stored pieces, which the tensor list digests.
  public let pieces: [String]

  init(tensor: String, definition: String, pieces: [String]) {
    self.tensor = tensor
    self.definition = definition
    self.pieces = pieces
  }

  init(_ reconstruction: Reconstruction) {
    self.init(
      tensor: reconstruction.tensor, definition: reconstruction.parametrisation.definition,
      pieces: reconstruction.pieces)
  }
}

/// The part of a certificate that says which network it speaks of, weights by the names of their tensors.
public struct SpecificationRecord: Sendable, Hashable {
  public let form: Specification.Form
  public let units: Int
  public let sources: ModelBinding.Sources
  public let slopes: SlopeInterval
  public let couplingSlopes: SlopeInterval?
  /// Equal neighbours together.
  public let timeConstants: [Run<ExactRatio>]
  /// Sizes of the modules, equal neighbours together.
  public let modules: [Run<Int>]
  public let step: Specification.Step?

  /// A value that occurs several times in a row.
  public struct Run<Value: Sendable & Hashable>: Sendable, Hashable {
    public let count: Int
    public let value: Value
  }

  init(
    form: Specification.Form, units: Int, sources: ModelBinding.Sources, slopes: SlopeInterval,
    couplingSlopes: SlopeInterval?, timeConstants: [Run<ExactRatio>], modules: [Run<Int>],
    step: Specification.Step?
  ) {
    self.form = form
    self.units = units
    self.sources = sources
    self.slopes = slopes
    self.couplingSlopes = couplingSlopes
    self.timeConstants = timeConstants
    self.modules = modules
    self.step = step
  }

  init(_ binding: ModelBinding) {
    let network = binding.specification
    let uniform = network.timeConstants.count == 1
    self.init(
      form: network.form, units: network.units, sources: binding.sources, slopes: network.slopes,
      couplingSlopes: network.nonlinearCoupling?.slopes,
      timeConstants: uniform
        ? [Run(count: network.units, value: network.timeConstants[0])]
        : Self.runs(network.timeConstants),
      modules: Self.runs(network.modules),
      step: network.step.map { .init(scheme: $0.scheme, size: $0.size) })
  }

  private static func runs<Value: Sendable & Hashable>(_ values: [Value]) -> [Run<Value>] {
    var runs: [Run<Value>] = []
    for value in values {
      if let last = runs.last, last.value == value {
        runs[runs.count - 1] = Run(count: last.count + 1, value: value)
      } else {
        runs.append(Run(count: 1, value: value))
      }
    }
    return runs
  }

  /// The number of modules.
  public var moduleCount: Int { modules.reduce(0) { $0 + $1.count } }
}
