public import CertifyKernel

/// What the tensors of a file mean: the content of a manifest, checked as text but not yet against tensors.
///
/// It is read from `--manifest FILE`, from `certify.network` in safetensors metadata and from the sidecar
/// `FILE.certify.toml`, always by the same parser. A manifest that names neither `form` nor `recurrent` adds to
/// a recognised layout: it may then give the parametrisation, the step, the modules and so on.
public struct Manifest: Sendable, Hashable {
  /// Nil together with `recurrent`: the layout says.
  public let form: Specification.Form?
  public let recurrent: TensorSource?
  public let coupling: TensorSource?
  public let nonlinearCoupling: TensorSource?
  /// How a tensor that is stored in pieces is put together, where names alone do not tell.
  public let parametrisation: Parametrisation?
  /// From `activation` or `slopes`; nil only where a layout says.
  public let slopes: SlopeInterval?
  /// Nil where `slopes` were given, or where a layout says.
  public let activation: Activation?
  public let couplingSlopes: SlopeInterval?
  public let modules: [Int]?
  /// Index of the hub among the modules.
  public let workspace: Int?
  /// One for all units, or one a module.
  public let timeConstants: [ExactRatio]?
  public let metric: Metric?
  public let step: Specification.Step?
  /// The leak of a split step: name of a tensor, one entry a unit.
  public let leak: String?

  /// What drives the units, and what is read off them; no theorem speaks of either.
  public let input: Input?
  public let readout: Readout?

  /// Uu + b: tensors of n × k and n.
  public struct Input: Sendable, Hashable {
    public let weight: String
    public let bias: String?
  }

  /// F f(x) + c: tensors of classes × width and classes, and what f gives.
  public struct Readout: Sendable, Hashable {
    public enum Features: String, Sendable, Hashable, CaseIterable { case state, rates, both }
    public let weight: String
    public let bias: String?
    public let features: Features
  }

  /// The tensors of a metric that the file proposes.
  public enum Metric: Sendable, Hashable {
    case diagonal(String)
    /// One matrix a module.
    case blocks([String])
  }

  /// Whether the manifest adds to a recognised layout instead of saying everything.
  public var addsToLayout: Bool { form == nil }

  /// Reads a manifest.
  ///
  /// - Throws: the first fault met: syntax, unknown key or table, wrong type, number out of range.
  public init(text: String) throws(ManifestError) {
    let root = ManifestTable(
      name: "", known: ["network", "metric", "step", "input", "readout"],
      try ManifestNode.parse(text))
    try root.checkKeys()
    let network = try root.table(
      "network",
      known: [
        "form", "recurrent", "coupling", "nonlinear-coupling", "parametrisation", "activation",
        "negative-slope", "slopes", "coupling-slopes", "modules", "workspace", "time-constant",
      ])
    form = try network.word("form")
    recurrent = try network.source("recurrent")
    coupling = try network.source("coupling")
    nonlinearCoupling = try network.source("nonlinear-coupling")
    parametrisation = try network.word("parametrisation")
    slopes = try network.activationSlopes()
    activation = try network.activation()
    couplingSlopes = try network.slopeInterval("coupling-slopes")
    modules = try network.sizes("modules")
    workspace = try network.index("workspace")
    timeConstants = try network.positiveNumbers("time-constant")
    metric = try root.metric()
    (step, leak) = try root.step()
    input = try root.input()
    readout = try root.readout()
    try checkTogether(hasNetwork: root.has("network"))
  }

  /// What no single key can be blamed for.
  private func checkTogether(hasNetwork: Bool) throws(ManifestError) {
    if form == nil, recurrent != nil || coupling != nil || nonlinearCoupling != nil {
      throw .missing(
        "network.form", hint: "say outside, inside or map for the network these tensors make")
    }
    if form != nil {
      guard recurrent != nil else {
        throw .missing("network.recurrent", hint: "name the n × n tensor of recurrent weights")
      }
      guard slopes != nil else {
        throw .missing(
          "network.activation",
          hint: "give activation (\(Activation.names.joined(separator: ", "))) or slopes = [l, g]")
      }
    }
    switch (nonlinearCoupling, couplingSlopes) {
    case (.some, nil):
      throw .missing("network.coupling-slopes", hint: "the slopes [l, g] of ψ in K ψ(x)")
    case (nil, .some):
      throw .missing("network.nonlinear-coupling", hint: "coupling-slopes speaks of its slopes")
    default: break
    }
    if let workspace, workspace >= modules?.count ?? 1 {
      throw .outOfRange(
        "network.workspace", found: "\(workspace)",
        reason: "modules are numbered 0 to \((modules?.count ?? 1) - 1)")
    }
    if let count = timeConstants?.count, count != 1, count != modules?.count ?? 1 {
      throw .outOfRange(
        "network.time-constant", found: "\(count) numbers",
        reason: "give one, or one for each of the \(modules?.count ?? 1) modules")
    }
    if case .blocks(let names) = metric, names.count != modules?.count ?? 1 {
      throw .outOfRange(
        "metric.blocks", found: "\(names.count) tensors",
        reason: "give one for each of the \(modules?.count ?? 1) modules")
    }
    guard form == .map else { return }
    let foreign: [(String, Bool)] = [
      ("step", step != nil), ("network.coupling", coupling != nil),
      ("network.time-constant", timeConstants != nil),
      ("network.nonlinear-coupling", nonlinearCoupling != nil),
    ]
    for case (let key, true) in foreign {
      throw .conflict(
        "network.form = \"map\"", key, reason: "a map h⁺ = φ(W h + u) has none; it is a step itself"
      )
    }
  }
}

/// Which tensors a matrix of the network is read from.
public enum TensorSource: Sendable, Hashable {
  /// One n × n tensor, stored as such or in the pieces of a parametrisation.
  case dense(String)
  /// Compressed sparse rows: int32 or int64 pointers and indices from 0, strictly increasing in a row.
  case compressedRows(indptr: String, indices: String, values: String)
  /// The layers of an nn.RNN, see `RNNLayout`: W_hh of each, and W_ih of each but the first.
  case layers(hidden: [String], input: [String])
}
