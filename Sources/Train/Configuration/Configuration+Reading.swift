public import Certify
internal import CertifyKernel
internal import Checkpoints
internal import Markup

extension Configuration {
  /// Reads a configuration.
  ///
  /// - Throws: the first fault: syntax, an unknown table, key or word, a number out of range.
  public init(text: String) throws(ManifestError) {
    let root = ManifestTable(
      name: "", known: ["task", "network", "training", "output"], try ManifestNode.parse(text))
    try root.checkKeys()
    task = try TaskPlan(root)
    network = try NetworkPlan(root)
    training = try TrainingPlan(root)
    if training.flips, task.kind != .rows || task.permutation != nil {
      throw .conflict(
        "training.flips", "[task]", reason: "images are mirrored where a step is a row of one")
    }
    output = try root.table("output", known: ["path"]).text("path")
  }
}

extension Configuration {
  /// Reads a file. - Throws: `.configuration` with the path and what is wrong.
  public init(path: String) throws(TrainingError) {
    let text: String
    do {
      text = try TextFile.read(path)
    } catch {
      throw .configuration("\(printable(path)): \(error.reason)")
    }
    do {
      try self.init(text: text)
    } catch {
      throw .configuration("\(printable(path)): \(error)")
    }
  }
}

extension ManifestTable {
  func positive(_ key: String) throws(ManifestError) -> Int? {
    guard let value = try index(key) else { return nil }
    guard value > 0 else {
      throw .outOfRange("\(name).\(key)", found: "\(value)", reason: "it must be at least 1")
    }
    return value
  }

  /// A number in a range.
  func real(_ key: String, _ range: ClosedRange<Double>) throws(ManifestError) -> Double? {
    guard let value = try number(key)?.approximation else { return nil }
    guard range.contains(value) else {
      throw .outOfRange(
        "\(name).\(key)", found: "\(value)",
        reason: "it lies between \(range.lowerBound) and \(range.upperBound)")
    }
    return value
  }

  /// A number above the first and below the second.
  func open(_ key: String, _ lower: Double, _ upper: Double) throws(ManifestError) -> Double? {
    guard let value = try number(key)?.approximation else { return nil }
    guard value > lower, value < upper else {
      throw .outOfRange(
        "\(name).\(key)", found: "\(value)", reason: "it lies above \(lower) and below \(upper)")
    }
    return value
  }
}

extension TaskPlan {
  init(_ root: ManifestTable) throws(ManifestError) {
    let table = try root.table(
      "task",
      known: [
        "kind", "data", "folder", "steps", "inputs", "classes", "pool", "permutation", "split",
        "tasks", "coding",
      ])
    guard let kind: Kind = try table.word("kind") else {
      throw .missing("task.kind", hint: Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.kind = kind
    data = try table.word("data") ?? data
    folder = try table.text("folder")
    steps = try table.positive("steps")
    inputs = try table.positive("inputs")
    classes = try table.positive("classes")
    pool = try table.positive("pool") ?? 1
    permutation = try table.index("permutation")
    split = try table.sizes("split")
    if let split, split.count != 2 {
      throw .outOfRange(
        "task.split", found: "\(split.count) numbers", reason: "give two, for training and testing")
    }
    tasks = try table.texts("tasks") ?? tasks
    coding = try table.word("coding") ?? coding
  }
}

extension TrainingPlan {
  init(_ root: ManifestTable) throws(ManifestError) {
    let table = try root.table(
      "training",
      known: [
        "batch", "epochs", "steps", "learning-rate", "schedule", "warm-up", "cuts", "clip",
        "dropout", "flips", "seed", "evaluate-every", "target",
      ])
    batch = try table.positive("batch") ?? batch
    epochs = try table.positive("epochs")
    steps = try table.positive("steps")
    if epochs != nil, steps != nil {
      throw .conflict("training.epochs", "training.steps", reason: "one of them says how long")
    }
    learningRate = try table.open("learning-rate", 0, 10) ?? learningRate
    schedule = try table.word("schedule") ?? schedule
    warmUp = try table.index("warm-up") ?? warmUp
    cuts = try table.sizes("cuts") ?? cuts
    clip = try table.open("clip", 0, .infinity) ?? clip
    dropout = try table.real("dropout", 0...0.95) ?? dropout
    flips = try table.flag("flips") ?? flips
    seed = try table.index("seed") ?? seed
    evaluateEvery = try table.positive("evaluate-every")
    target = try table.real("target", 0...1)
  }
}

extension NetworkPlan {
  init(_ root: ManifestTable) throws(ManifestError) {
    let table = try root.table(
      "network",
      known: [
        "kind", "weights", "modules", "units", "bound", "density", "adjacency", "fraction", "hubs",
        "coupling", "budget", "form", "scheme", "step", "leak", "leak-range", "scaling",
        "activation",
        "negative-slope", "features", "grid", "radius", "mask", "sources",
      ])
    guard let kind: NetworkKind = try table.word("kind") else {
      throw .missing(
        "network.kind", hint: NetworkKind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    self.init(kind)
    weights = try table.word("weights") ?? weights
    modules = try table.positive("modules") ?? modules
    units = try table.positive("units") ?? units
    bound = try table.open("bound", 0, 1) ?? bound
    density = try table.open("density", 0, 1.000001) ?? density
    adjacency = try table.word("adjacency") ?? adjacency
    fraction = try table.real("fraction", 0...1) ?? fraction
    hubs = try table.positive("hubs") ?? hubs
    coupling = try table.word("coupling") ?? coupling
    budget = try table.open("budget", 0, 1e6) ?? budget
    if let form: Specification.Form = try table.word("form") { self.form = form }
    scheme = try table.word("scheme") ?? scheme
    step = try table.number("step") ?? step
    guard step.numerator > 0 else {
      throw .outOfRange("network.step", found: "\(step)", reason: "it must be above 0")
    }
    leak = try table.word("leak") ?? (scheme == .split ? leak : .fixed)
    if let range = try table.positiveNumbers("leak-range") {
      let (lower, upper) = (range[0].approximation, range.last!.approximation)
      guard range.count == 2, lower < upper, upper < 1 else {
        throw .outOfRange(
          "network.leak-range", found: "\(range.map(\.approximation))",
          reason: "two numbers, the first below the second, the second below 1")
      }
      leakRange = (lower, upper)
    }
    learnsScaling = try table.flag("scaling") ?? learnsScaling
    _ = try table.activationSlopes()
    activation = try table.activation() ?? activation
    features = try table.word("features") ?? features
    grid = try table.sizes("grid") ?? grid
    guard grid.count == 2 else {
      throw .outOfRange("network.grid", found: "\(grid)", reason: "rows and columns of units")
    }
    radius = try table.real("radius", 0...1e6) ?? radius
    mask = try table.word("mask") ?? mask
    sources = try table.texts("sources") ?? sources
    try checkTogether()
  }

  /// What cannot be certified, or is not built, is refused here, with the reason.
  private func checkTogether() throws(ManifestError) {
    if weights == .masked, kind != .lmRNN {
      throw .conflict("network.kind", "network.weights", reason: "a mask is that of lm-rnn")
    }
    if kind == .lmRNN, weights != .masked || scheme != .euler || adjacency != .none {
      throw .conflict(
        "network.kind = \"lm-rnn\"", "weights, scheme or adjacency",
        reason: "lm-rnn is one masked matrix of form inside in Euler steps, without couplings")
    }
    if form == .map || form == .inside && scheme != .euler || form == .inside && coupling == .psi {
      throw .conflict(
        "network.form = \"\(form.rawValue)\"", "network.scheme",
        reason: "form inside is trained in Euler steps with linear couplings, a map not at all")
    }
    if scheme == .split, coupling == .psi {
      throw .conflict(
        "network.scheme = \"split\"", "network.coupling = \"psi\"",
        reason: "the rule split-step knows linear couplings only; use euler or semi-implicit")
    }
    if scheme != .split, leak != .fixed {
      throw .conflict(
        "network.leak", "network.scheme", reason: "leaks are learned in split steps only")
    }
    if scheme == .implicit || scheme == .exponential {
      throw .outOfRange(
        "network.scheme", found: scheme.rawValue,
        reason: "trained are euler, semi-implicit and split")
    }
    if scheme == .euler, step.approximation > 1 {
      throw .outOfRange(
        "network.step", found: "\(step)", reason: "an Euler step above 1 turns the leak over")
    }
    if weights == .trained, sources.isEmpty {
      throw .missing("network.sources", hint: "files of the networks whose modules are used")
    }
    if coupling == .psi, adjacency != .workspace {
      throw .conflict(
        "network.coupling = \"psi\"", "network.adjacency",
        reason: "the budget is that of a workspace")
    }
  }
}
