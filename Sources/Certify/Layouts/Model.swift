public import CertifyKernel
internal import Checkpoints
internal import Markup

/// A network read from a file: the specification, and where each part of it came from.
///
/// The file stays open. Digests are worked out from it when they are asked for, so a file that somebody
/// changes in place meanwhile gives digests of the changed bytes; a file that is replaced does not.
public struct Model: Sendable {
  /// As given.
  public let path: String
  public let specification: Specification
  /// Where the meaning of the tensors came from.
  public let description: DescriptionSource
  /// One printable line: what was recognised.
  public let recognised: String
  /// The tensors behind W, L and K.
  public let sources: ModelBinding.Sources
  /// The parametrised tensors that were rebuilt.
  public let reconstructions: [Reconstruction]
  /// A metric that the file proposes; never believed.
  public let proposedMetric: ProposedMetric?
  /// Index of the hub among the modules.
  public let workspace: Int?
  /// The activation, where the description or the layout names one; the specification has its slopes.
  public let activation: Activation?
  /// Remarks a reader of the verdict should see, one line each.
  public let notes: [String]
  /// The names of the tensors that the specification depends on, sorted.
  public let tensorNames: [String]

  let file: TensorFile
  /// What the description said; nil if a layout said everything.
  let manifest: Manifest?
  /// Input weights and biases that a recognised layout names; units along their first dimension.
  let companions: [String]

  public var form: Specification.Form { specification.form }

  /// The tensors that the specification depends on, with the SHA-256 of their bytes.
  ///
  /// - Complexity: reads and hashes each of them; nothing is kept.
  public func tensors() throws(ModelError) -> [TensorBinding] {
    var bindings: [TensorBinding] = []
    for name in tensorNames {
      bindings.append(try TensorBinding(name, in: file))
    }
    return bindings
  }

  /// The SHA-256 of the model file, hashed anew at each call.
  public func fileDigest() throws(ModelError) -> Digest {
    if case .memory(let bytes, _) = file.source { return Digest(of: bytes) }
    do {
      return try Digest(ofFileAt: path)
    } catch {
      throw .rejected(code: CheckpointError.Code.io.rawValue, reason: error.description)
    }
  }

  /// What a certificate says of this model.
  public func binding() throws(ModelError) -> ModelBinding {
    ModelBinding(
      tensors: try tensors(), reconstructions: reconstructions, sources: sources,
      specification: specification)
  }
}

/// Where the meaning of a file's tensors came from, in the order in which it is looked for.
public enum DescriptionSource: Sendable, Hashable {
  case manifest(path: String)
  case metadata
  case sidecar(path: String)
  case layout

  /// For messages.
  var words: String {
    switch self {
    case .manifest(let path): "manifest \(printable(path))"
    case .metadata: "metadata certify.network"
    case .sidecar(let path): "sidecar \(printable(path))"
    case .layout: "recognised layout"
    }
  }
}

/// A metric that came with a file, for proposers to try.
public enum ProposedMetric: Sendable, Hashable {
  /// One entry a unit.
  case diagonal([Double])
  /// One matrix a module, in order.
  case blocks([Matrix])
}

/// What the caller adds to a file.
public struct ModelOptions: Sendable, Hashable {
  /// `--manifest FILE`: replaces every other description.
  public var manifest: String?
  /// The text of a manifest that lies in memory; `manifest` is then what messages call it, and no file.
  package var manifestText: String?
  /// `--step H`: replaces the size of the step.
  public var step: ExactRatio?
  /// `--scheme S`: replaces the scheme; `euler` where nothing says.
  public var scheme: Specification.Step.Scheme?

  public init(
    manifest: String? = nil, step: ExactRatio? = nil, scheme: Specification.Step.Scheme? = nil
  ) {
    self.manifest = manifest
    self.step = step
    self.scheme = scheme
  }
}

/// What ties a certificate to a network in a file: the tensors by digest, and how they make the network.
public struct ModelBinding: Sendable, Hashable {
  /// Sorted by name.
  public let tensors: [TensorBinding]
  public let reconstructions: [Reconstruction]
  public let sources: Sources
  public let specification: Specification

  /// Which tensors the matrices come from.
  public struct Sources: Sendable, Hashable {
    public let recurrent: TensorSource
    public let coupling: TensorSource?
    public let nonlinearCoupling: TensorSource?

    public init(
      recurrent: TensorSource, coupling: TensorSource? = nil, nonlinearCoupling: TensorSource? = nil
    ) {
      self.recurrent = recurrent
      self.coupling = coupling
      self.nonlinearCoupling = nonlinearCoupling
    }
  }

  public init(
    tensors: [TensorBinding], reconstructions: [Reconstruction] = [], sources: Sources,
    specification: Specification
  ) {
    self.tensors = tensors.sorted { $0.name < $1.name }
    self.reconstructions = reconstructions
    self.sources = sources
    self.specification = specification
  }
}

extension ModelBinding {
  /// SHA-256 over the names, types, shapes and contents of the tensors: the same for the same weights in any container.
  public var digest: Digest {
    var digester = Digester()
    for tensor in tensors {
      // Lengths first, so that no name can pretend to be more than one.
      digester.update("\(tensor.name.utf8.count):\(tensor.name) \(tensor.dtype) \(tensor.shape) ")
      digester.update("\(tensor.sha256.hex)\n")
    }
    return digester.finish()
  }
}

/// A tensor of a file, exactly.
public struct TensorBinding: Sendable, Hashable {
  public let name: String
  /// "float32" and so on.
  public let dtype: String
  public let shape: [Int]
  /// Of the elements in C order, little endian, in the stored type, whatever the container.
  public let sha256: Digest

  public init(name: String, dtype: String, shape: [Int], sha256: Digest) {
    self.name = name
    self.dtype = dtype
    self.shape = shape
    self.sha256 = sha256
  }

  init(_ name: String, in file: TensorFile) throws(ModelError) {
    let entry = try file.entry(name, for: "digest")
    self.init(
      name: name, dtype: entry.dtype.rawValue, shape: entry.shape, sha256: try file.digest(name))
  }
}
