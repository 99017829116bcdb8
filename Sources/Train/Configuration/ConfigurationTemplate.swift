/// The configurations that `certify init` writes; each reads back, and each can be certified before training.
public enum ConfigurationTemplate {
  public static func text(for kind: NetworkKind) -> String {
    """
    # \(kind.rawValue): \(kind.summary)
    # Train with: certify train THIS -o model.safetensors

    \(task(kind))
    [network]
    kind = "\(kind.rawValue)"
    \(network(kind))
    \(training(kind))
    """
  }

  private static func task(_ kind: NetworkKind) -> String {
    guard kind == .lmRNN else {
      return """
        [task]
        kind = "rows"              # rows | pixels (images) | cognitive
        data = "fashion-mnist"     # fashion-mnist (Debian: dataset-fashion-mnist) | mnist | cifar10
        # folder = "data"          # where the files are, if not where Debian puts Fashion-MNIST
        # pool = 2                 # mean of 2 x 2 pixels
        # permutation = 1          # steps in an order drawn from this seed

        """
    }
    return """
      [task]
      kind = "cognitive"         # rows | pixels (images) | cognitive
      tasks = ["yang-20"]        # names, or yang-20 | mod-cog-82 | all-126
      coding = "authors"         # authors | clean
      steps = 100                # steps of a training sequence

      """
  }

  private static let modules = """
    modules = 8
    units = 32                 # of each module
    """

  private static let split = """
    scheme = "split"           # no bound on couplings; euler and semi-implicit are the others
    step = 0.1                 # scales the couplings
    leak = "unit"              # a learned leak for each unit | module, or fixed
    leak-range = [0.05, 0.8]   # where leaks begin; the lower end about 1.5 over the length of a sequence
    """

  private static func network(_ kind: NetworkKind) -> String {
    let activation =
      "activation = \"relu\"        # relu | tanh | sigmoid | softplus | hard-tanh | leaky-relu"
    let lines: [String] =
      switch kind {
      case .combo:
        [
          modules, "bound = 0.99               # what the norm of every module stays below",
          "adjacency = \"all\"          # all | workspace | random | hubs", split, activation,
        ]
      case .sparseCombo:
        [
          modules, "density = 0.033            # of the fixed modules",
          "bound = 0.9                # Theorem 1 holds with this to spare",
          "adjacency = \"all\"          # all | workspace | random | hubs", split, activation,
        ]
      case .learnedSparseCombo, .svdCombo:
        [
          modules, "bound = 0.99               # what the norm of every module stays below",
          "scaling = true             # the metric's scaling is learned too",
          "adjacency = \"all\"          # all | workspace | random | hubs", split, activation,
        ]
      case .adaDiag:
        [
          modules, "weights = \"diagonal-tanh\"  # or diagonal-clip",
          "bound = 0.99               # what every weight stays below",
          "adjacency = \"random\"", "fraction = 0.2             # of the pairs that are coupled",
          split,
          activation,
        ]
      case .workspace:
        [modules, "bound = 0.99               # module 0 is the hub", split, activation]
      case .workspacePsi:
        [
          modules, "bound = 0.5                # module 0 is the hub",
          "coupling = \"psi\"           # nonlinear, and so within a budget",
          "budget = 0.4               # of all spokes together, by the root of the sum of squares",
          "scheme = \"euler\"", "step = 0.1", activation,
        ]
      case .trainedWorkspace:
        [
          "sources = [\"a.safetensors\", \"b.safetensors\"]  # networks whose modules are used",
          "units = 32", "modules = 3                # the sources and the hub",
          "bound = 0.99               # what the norm of the hub stays below", split,
          "# form = \"inside\"          # for networks h+ = (1-h)h + h phi(Wh+u); then scheme = \"euler\"",
          activation,
        ]
      case .lmRNN:
        [
          "grid = [16, 16]", "radius = 4.0               # units no farther apart are connected",
          "mask = \"radius\"            # radius, or random with as many connections",
          "bound = 0.99               # what the spectral norm stays below",
          "scheme = \"euler\"", "step = 0.3                 # alpha", activation,
        ]
      }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func training(_ kind: NetworkKind) -> String {
    let length =
      kind == .lmRNN
      ? "steps = 5000\nbatch = 32\nlearning-rate = 1e-3"
      : "epochs = 10\nbatch = 128\nlearning-rate = 3e-3"
    return """
      [training]
      \(length)
      schedule = "cosine"        # cosine | constant | steps, with cuts = [1000, 2000]
      warm-up = 100
      clip = 1.0                 # the largest norm of a gradient
      dropout = 0.0              # the share of units left out of a step
      seed = 1

      [output]
      path = "model.safetensors"

      """
  }
}
