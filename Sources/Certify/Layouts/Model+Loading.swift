internal import CertifyKernel
internal import Checkpoints
internal import Markup

extension Model {
  /// Reads a model file and works out which network it is.
  ///
  /// What the tensors mean comes from the first of: `options.manifest`; `certify.network` in the file's own
  /// metadata; the sidecar, the full file name plus `.certify.toml`; a recognised layout. A description that is
  /// there and malformed is an error, never passed over for the next one.
  ///
  /// - Throws: `.configuration` for options that contradict each other or the network, and for a fault in the
  ///   text of `options.manifest`; `.rejected` for everything else that is wrong with the file, a missing or
  ///   misshapen tensor included.
  /// - Complexity: reads the tensors that matter once; nothing is hashed.
  public static func load(
    path: String, options: ModelOptions = ModelOptions()
  ) throws(ModelError) -> Model {
    try load(.file(path), options: options)
  }

  /// Reads a model as `load(path:options:)` does; beside bytes in memory no sidecar is looked for.
  package static func load(
    _ source: ModelSource, options: ModelOptions
  ) throws(ModelError) -> Model {
    let file = try TensorFile(source)
    guard let (description, manifest) = try ModelDescription.find(source, file, options)
    else {
      return try Model(source.name, file, .layout, nil, options)
    }
    return try Model(source.name, file, description, manifest, options)
  }

  private init(
    _ path: String, _ file: TensorFile, _ description: DescriptionSource, _ manifest: Manifest?,
    _ options: ModelOptions
  ) throws(ModelError) {
    var parts = try NetworkParts(file, description, manifest)
    var step = try Model.step(of: parts, manifest, options)
    if let name = manifest?.leak, let split = step, split.scheme == .split {
      parts.names.append(name)
      let leak = try file.vector(name, "step.leak", count: parts.units)
      if let i = leak.firstIndex(where: { !($0 > 0 && $0 <= 1) }) {
        throw .rejected(
          .malformed,
          "step.leak: \(printable(name))[\(i)] = \(leak[i]); a leak lies above 0 and is at most 1")
      }
      step = Specification.Step(scheme: .split, size: split.size, leak: leak)
    }
    do {
      specification = try Specification(
        form: parts.form, recurrent: parts.recurrent, coupling: parts.coupling,
        nonlinearCoupling: parts.nonlinearCoupling, slopes: parts.slopes,
        timeConstants: parts.timeConstants, modules: parts.modules, step: step)
    } catch {
      throw .rejected(.malformed, error.reason)
    }
    if let hub = manifest?.workspace { try specification.checkWorkspace(hub) }
    proposedMetric = try Model.metric(manifest?.metric, file, specification)
    self.path = path
    self.file = file
    self.description = description
    recognised = parts.line
    sources = parts.sources
    reconstructions = parts.reconstructions
    workspace = manifest?.workspace
    // The layout of form inside is that of rnns-of-rnns, which uses ReLU; nn.RNN may be tanh or ReLU.
    let isFiringRate = manifest?.form == nil && parts.form == .inside
    activation = manifest?.activation ?? (isFiringRate ? .relu : nil)
    notes = parts.reconstructions.map {
      "\(printable($0.tensor)) is rebuilt from its stored pieces (\($0.parametrisation.definition)); "
        + "PyTorch's own last bits depend on its BLAS"
    }
    tensorNames = Set(parts.names).sorted()
    self.manifest = manifest
    companions = parts.companions
  }

  /// The step that file and options give together.
  private static func step(
    of parts: NetworkParts, _ manifest: Manifest?, _ options: ModelOptions
  ) throws(ModelError) -> Specification.Step? {
    guard options.step != nil || options.scheme != nil else { return manifest?.step }
    guard parts.form != .map else {
      throw .configuration(
        reason: "a map h⁺ = φ(W h + u) is a step itself and takes no --step or --scheme")
    }
    guard let size = options.step ?? manifest?.step?.size else {
      throw .configuration(reason: "--scheme needs a step: give --step H")
    }
    guard size.isFinite, size.numerator > 0 else {
      throw .configuration(reason: "--step \(size): a step must be above 0")
    }
    let scheme = options.scheme ?? manifest?.step?.scheme ?? .euler
    if scheme == .split, manifest?.leak == nil {
      throw .configuration(
        reason: "scheme split needs a leak tensor: give [step] scheme, size and leak in a manifest")
    }
    return Specification.Step(scheme: scheme, size: size)
  }

  private static func metric(
    _ metric: Manifest.Metric?, _ file: TensorFile, _ network: Specification
  ) throws(ModelError) -> ProposedMetric? {
    switch metric {
    case nil: return nil
    case .diagonal(let name):
      let entries = try file.vector(name, "metric.diagonal", count: network.units)
      if let i = entries.firstIndex(where: { !($0 > 0) }) {
        throw .rejected(
          .metric,
          "metric.diagonal: \(printable(name))[\(i)] = \(entries[i]); a metric needs entries above 0"
        )
      }
      return .diagonal(entries)
    case .blocks(let names):
      var blocks: [Matrix] = []
      for (index, (name, n)) in zip(names, network.modules).enumerated() {
        let block = try file.matrix(name, "metric.blocks[\(index)]", rows: n, columns: n)
        for i in 0..<n {
          guard block[i, i] > 0 else {
            throw .rejected(
              .metric,
              "metric.blocks[\(index)]: \(printable(name))[\(i), \(i)] = \(block[i, i]); "
                + "a metric needs a diagonal above 0")
          }
          for j in 0..<i where block[i, j] != block[j, i] {
            throw .rejected(
              .metric,
              "metric.blocks[\(index)]: \(printable(name))[\(i), \(j)] = \(block[i, j]) but "
                + "[\(j), \(i)] = \(block[j, i]); a metric is symmetric")
          }
        }
        blocks.append(block)
      }
      return .blocks(blocks)
    }
  }
}

/// The description that comes with a model, where there is one.
enum ModelDescription {
  /// Nil if only a layout can tell.
  static func find(
    _ model: ModelSource, _ file: TensorFile, _ options: ModelOptions
  ) throws(ModelError) -> (DescriptionSource, Manifest)? {
    if let text = options.manifestText {
      let source = DescriptionSource.manifest(path: options.manifest ?? "text")
      return (source, try parse(text, source))
    }
    if let manifest = options.manifest {
      let text: String
      do {
        text = try TextFile.read(manifest)
      } catch {
        throw .configuration(reason: "manifest \(printable(manifest)): \(error.reason)")
      }
      let source = DescriptionSource.manifest(path: manifest)
      return (source, try parse(text, source))
    }
    if let text = file.checkpoint.metadata["certify.network"] {
      return (.metadata, try parse(text, .metadata))
    }
    guard case .file(let path) = model else { return nil }
    let sidecar = path + ".certify.toml"
    do {
      let text = try TextFile.read(sidecar)
      let source = DescriptionSource.sidecar(path: sidecar)
      return (source, try parse(text, source))
    } catch let error as TextFile.Fault {
      if case .missing = error { return nil }
      throw .rejected(.manifest, "sidecar \(printable(sidecar)): \(error.reason)")
    } catch let error as ModelError {
      throw error
    } catch {
      throw .rejected(.manifest, "sidecar \(printable(sidecar))")
    }
  }

  /// A fault in the text of `--manifest` is the caller's; in any other text it is the file's.
  private static func parse(
    _ text: String, _ source: DescriptionSource
  ) throws(ModelError) -> Manifest {
    do {
      return try Manifest(text: text)
    } catch {
      let reason = "\(source.words): \(error)"
      if case .manifest = source { throw .configuration(reason: reason) }
      throw .rejected(.manifest, reason)
    }
  }
}
