internal import Markup
internal import CertifyKernel

/// The parts of a network, read from a file as a manifest or a recognised layout says.
struct NetworkParts {
  let form: Specification.Form
  let recurrent: Weights
  let coupling: Weights?
  let nonlinearCoupling: Specification.NonlinearCoupling?
  let slopes: SlopeInterval
  let timeConstants: [ExactRatio]
  let modules: [Int]?
  let line: String
  let sources: ModelBinding.Sources
  let reconstructions: [Reconstruction]
  let companions: [String]
  var names: [String]

  var units: Int { recurrent.rows }

  init(
    _ file: TensorFile, _ description: DescriptionSource, _ manifest: Manifest?
  ) throws(ModelError) {
    let plan = try Plan(file, description, manifest)
    let w = try file.weights(plan.recurrent, "network.recurrent", plan.parametrisation)
    if let wanted = manifest?.parametrisation, w.reconstruction == nil {
      let reason =
        "\(description.words): parametrisation = \"\(wanted.rawValue)\", but the recurrent weights are "
        + "stored whole"
      if case .manifest = description { throw .configuration(reason: reason) }
      throw .rejected(.manifest, reason)
    }
    var read = [w]
    func part(_ source: TensorSource?, _ name: String) throws(ModelError) -> Weights? {
      guard let source else { return nil }
      let l = try file.weights(source, name, manifest?.parametrisation)
      guard l.weights.rows == w.weights.rows, l.weights.columns == w.weights.rows else {
        throw .rejected(
          .shape,
          "\(name) is \(l.weights.rows) x \(l.weights.columns), expected \(w.weights.rows) x "
            + "\(w.weights.rows) like network.recurrent")
      }
      read.append(l)
      return l.weights
    }
    coupling = try part(manifest?.coupling, "network.coupling")
    let k = try part(manifest?.nonlinearCoupling, "network.nonlinear-coupling")
    for name in plan.companions { try file.requireFinite(name, "input weights and biases") }
    companions = plan.companions
    recurrent = w.weights
    form = plan.form
    slopes = manifest?.slopes ?? .unit
    nonlinearCoupling = k.map {
      Specification.NonlinearCoupling(weights: $0, slopes: manifest?.couplingSlopes ?? .unit)
    }
    let sizes = manifest?.modules ?? plan.modules
    modules = sizes
    let n = recurrent.rows
    if let sizes {
      // Sizes up to n cannot overflow before their sum exceeds any n.
      if let k = sizes.firstIndex(where: { $0 > n }) {
        throw .rejected(
          .shape,
          "network.modules[\(k)] = \(sizes[k]) units, network.recurrent has \(n) in all")
      }
      let sum = sizes.reduce(0, +)
      guard sum == n else {
        throw .rejected(
          .shape, "network.modules add up to \(sum) units, network.recurrent has \(n)")
      }
    }
    let constants = manifest?.timeConstants ?? [.one]
    timeConstants =
      constants.count == 1
      ? constants
      : zip(constants, sizes ?? [n]).flatMap { [ExactRatio](repeating: $0, count: $1) }
    line = plan.line(units: n)
    sources = ModelBinding.Sources(
      recurrent: plan.recurrent, coupling: manifest?.coupling,
      nonlinearCoupling: manifest?.nonlinearCoupling)
    reconstructions = read.compactMap(\.reconstruction)
    names = read.flatMap(\.tensors)
  }

  /// What to read, before anything is read.
  private struct Plan {
    let form: Specification.Form
    let recurrent: TensorSource
    let parametrisation: Parametrisation?
    let modules: [Int]?
    let companions: [String]
    private let layout: String?
    private let description: DescriptionSource

    init(
      _ file: TensorFile, _ description: DescriptionSource, _ manifest: Manifest?
    ) throws(ModelError) {
      self.description = description
      if let manifest, let form = manifest.form, let recurrent = manifest.recurrent {
        self.form = form
        self.recurrent = recurrent
        parametrisation = manifest.parametrisation
        modules = nil
        companions = []
        layout = nil
        return
      }
      let recognised = try Layout.recognise(file, manifest?.parametrisation)
      form = recognised.form == .map ? .map : .inside
      recurrent = recognised.recurrent
      parametrisation = recognised.parametrisation
      modules = recognised.modules
      companions = recognised.companions
      layout = recognised.line
      guard form == .map, let manifest else { return }
      if manifest.step != nil || manifest.timeConstants != nil {
        let reason =
          "\(description.words): \(recognised.line); a map has no step or time constant of its own"
        if case .manifest = description { throw .configuration(reason: reason) }
        throw .rejected(.manifest, reason)
      }
    }

    func line(units n: Int) -> String {
      guard let layout else {
        return "\(description.words), \(counted(n, "unit")), form \(form.rawValue)"
      }
      return description == .layout ? layout : "\(layout), with \(description.words)"
    }
  }
}
