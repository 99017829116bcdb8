/// What `certify train` is asked to do: a TOML text with the tables task, network, training and output.
public struct Configuration: Sendable, Hashable {
  public var task: TaskPlan
  public var network: NetworkPlan
  public var training: TrainingPlan
  /// Where the model goes, unless the command line says.
  public var output: String?
}

/// The data, and what is asked of it.
public struct TaskPlan: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Images row by row, and pixel by pixel.
    case rows, pixels
    /// The tasks of Yang et al. and of Mod-Cog.
    case cognitive
  }

  public enum Data: String, Sendable, Hashable, CaseIterable {
    case fashionMNIST = "fashion-mnist"
    case mnist, cifar10
  }

  public enum Coding: String, Sendable, Hashable, CaseIterable { case authors, clean }

  public init() {}

  public var kind = Kind.rows
  public var data = Data.fashionMNIST
  /// The folder with the files of the data; nil for where the Debian package puts Fashion-MNIST.
  public var folder: String?
  /// Steps, inputs and classes: needed by `--measure` alone, which reads no data.
  public var steps: Int?
  public var inputs: Int?
  public var classes: Int?
  /// Mean pooling of pool × pool pixels.
  public var pool = 1
  /// Pixels in an order drawn from this seed.
  public var permutation: Int?
  /// Images for training and testing, from the front and the back; nil for the data's own split.
  public var split: [Int]?
  /// Names of tasks, or one of the lists yang-20, mod-cog-82, all-126.
  public var tasks = ["yang-20"]
  public var coding = Coding.authors
  /// Delays of the match tasks as the authors' environments drew them with seed 42, where that is known; for
  /// evaluating networks that were trained there.
  public var authorsDelays = false
}

/// How long, how fast and from where.
public struct TrainingPlan: Sendable, Hashable {
  public enum Schedule: String, Sendable, Hashable, CaseIterable { case cosine, steps, constant }

  public init() {}

  public var batch = 128
  /// Passes over the data; for streams, `steps` counts.
  public var epochs: Int?
  public var steps: Int?
  public var learningRate = 2e-3
  public var schedule = Schedule.cosine
  public var warmUp = 100
  /// For the schedule `steps`: where the rate is divided by ten.
  public var cuts: [Int] = []
  /// The largest norm of a gradient.
  public var clip = 1.0
  /// The share of units that are left out of a step.
  public var dropout = 0.0
  /// Whether images are mirrored left to right, each with probability ½, in training; by rows only.
  public var flips = false
  public var seed = 1
  /// Gradient steps between evaluations; nil for once an epoch, or every 100 steps.
  public var evaluateEvery: Int?
  /// Stop when an evaluation reaches this accuracy.
  public var target: Double?
}
