public import Certify
public import CertifyKernel

/// The network of a configuration: which model of the papers, how large, and how it is stepped.
public struct NetworkPlan: Sendable, Hashable {
  /// What makes the weights of the modules.
  public enum Weights: String, Sendable, Hashable, CaseIterable {
    /// Drawn sparse, scaled to Theorem 1 and left as they are.
    case sparse
    /// Learned under a spectral norm below 1 (Theorem 5).
    case spectral
    /// Learned under Theorem 1, in the scaling of rows and columns.
    case absolute
    /// Learned as ΦUΣVᵀΦ⁻¹ (Theorem 5).
    case svd
    /// A learned diagonal, kept small by tanh or by clipping (AdaDiag).
    case diagonalTanh = "diagonal-tanh"
    case diagonalClip = "diagonal-clip"
    /// One matrix with a mask over a grid of units (LM-RNN), under a spectral norm below 1.
    case masked
    /// Modules of networks trained before, as they are.
    case trained
  }

  public enum Adjacency: String, Sendable, Hashable, CaseIterable {
    case all, workspace, random, hubs, none
  }

  public enum Coupling: String, Sendable, Hashable, CaseIterable {
    /// Linear and skew in the metric of the modules: negative feedback.
    case skew
    /// Kψ(x) over the pairs, within a budget of norms that is shared out by learning.
    case psi
  }

  public enum Leak: String, Sendable, Hashable, CaseIterable { case unit, module, fixed }
  public enum Mask: String, Sendable, Hashable, CaseIterable { case radius, random }

  public var kind: NetworkKind
  public var weights: Weights
  public var modules: Int
  /// Units of each module.
  public var units: Int
  /// ω: what the norm of every module stays below.
  public var bound: Double
  public var density: Double
  public var adjacency: Adjacency
  /// The share of pairs, for a random adjacency.
  public var fraction: Double
  /// The number of hubs, each coupled with every module.
  public var hubs: Int
  public var coupling: Coupling
  /// For ψ: what the root of the sum of squares of all spokes' norms stays below.
  public var budget: Double
  public var form: Specification.Form
  public var scheme: Specification.Step.Scheme
  public var step: ExactRatio
  public var leak: Leak
  /// Where the leaks lie at first, evenly by their logarithm.
  public var leakRange: (lower: Double, upper: Double) {
    get { (leakBounds[0], leakBounds[1]) }
    set { leakBounds = [newValue.lower, newValue.upper] }
  }
  private var leakBounds = [0.05, 0.8]
  /// Whether the metric's scaling e^s is learned too.
  public var learnsScaling: Bool
  public var activation: Activation
  public var features: Features
  public var grid: [Int]
  public var radius: Double
  public var mask: Mask
  /// Files of networks whose W is taken, for `trained`.
  public var sources: [String]

  public enum Features: String, Sendable, Hashable, CaseIterable { case state, rates, both }

  public var totalUnits: Int { weights == .masked ? grid[0] * grid[1] : modules * units }

  /// The plan that a kind starts from.
  public init(_ kind: NetworkKind) {
    self.kind = kind
    weights = .spectral
    (modules, units) = (8, 32)
    bound = 0.99
    density = 0.033
    adjacency = .all
    (fraction, hubs) = (0.3, 2)
    coupling = .skew
    budget = 0.5
    form = .outside
    scheme = .split
    step = ExactRatio(exactly: "1/10")!
    leak = .unit
    learnsScaling = false
    activation = .relu
    features = .both
    grid = [16, 16]
    radius = 4
    mask = .radius
    sources = []
    switch kind {
    case .combo: break
    case .sparseCombo:
      (weights, bound, leak) = (.sparse, 0.9, .unit)
    case .learnedSparseCombo: (weights, learnsScaling) = (.absolute, true)
    case .svdCombo: (weights, learnsScaling) = (.svd, true)
    case .adaDiag: (weights, adjacency, fraction) = (.diagonalTanh, .random, 0.2)
    case .workspace: adjacency = .workspace
    case .workspacePsi:
      (adjacency, coupling, bound, budget) = (.workspace, .psi, 0.5, 0.4)
      (scheme, leak) = (.euler, .fixed)
    case .trainedWorkspace: (weights, adjacency) = (.trained, .workspace)
    case .lmRNN:
      (weights, adjacency, form, scheme, leak) = (.masked, .none, .inside, .euler, .fixed)
      (modules, step, features) = (1, ExactRatio(exactly: "3/10")!, .state)
    }
  }
}

/// The models that `certify init` knows.
public enum NetworkKind: String, Sendable, Hashable, CaseIterable {
  case combo
  case sparseCombo = "sparse-combo"
  case learnedSparseCombo = "learned-sparse-combo"
  case svdCombo = "svd-combo"
  case adaDiag = "adadiag"
  case workspace
  case workspacePsi = "workspace-psi"
  case trainedWorkspace = "trained-workspace"
  case lmRNN = "lm-rnn"

  /// One line for a list.
  public var summary: String {
    switch self {
    case .combo: "modules, couplings and leaks learned; the split step (the one to start with)"
    case .sparseCombo: "fixed sparse Theorem-1 modules, learned skew couplings"
    case .learnedSparseCombo: "modules learned under Theorem 1 in a learned scaling"
    case .svdCombo: "all weights learned under Theorem 5, by singular values"
    case .adaDiag: "diagonal modules, by tanh or clip, and coupling blocks"
    case .workspace: "modules coupled with a hub only, linear feedback"
    case .workspacePsi: "modules coupled with a hub by a nonlinear psi, within a learned budget"
    case .trainedWorkspace: "a workspace over modules trained before"
    case .lmRNN: "units on a grid with local or random connections"
    }
  }
}
