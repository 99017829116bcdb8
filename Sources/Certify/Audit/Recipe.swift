public import CertifyKernel

/// How to draw networks of networks: what a paper or a script says it does, as numbers.
///
/// It is read from TOML; every key is known or an error. `RecipeNetwork` draws from it: the same seed gives
/// the same network, up to the last bits of the C library's logarithm for normal numbers.
public struct Recipe: Sendable, Hashable {
  public enum Acceptance: String, Sendable, Hashable, CaseIterable {
    /// Draw modules until ρ(|W|) < 1.
    case theorem1 = "theorem-1"
    case none
  }

  /// The distribution of the weights that are not 0.
  public enum Weights: Sendable, Hashable {
    /// Uniform in [−range, range].
    case uniform(range: Double)
    /// Normal with this standard deviation.
    case normal(deviation: Double)
  }

  public enum Adjacency: Sendable, Hashable {
    case none, all
    /// Module `hub` with every other.
    case workspace(hub: Int)
    /// This share of all pairs, rounded to a whole number of them.
    case fraction(Double)
    /// Pairs of modules.
    case edges([[Int]])
  }

  /// In which metric the couplings are made skew.
  public enum Metric: String, Sendable, Hashable, CaseIterable {
    /// ½I, which the public code always ends with.
    case identity
    /// diag(w/v) with v = (I − N)⁻¹1 and w = (I − Nᵀ)⁻¹1 of each module (Theorem 1).
    case certified
  }

  public let name: String
  /// Network k is drawn from seed + k.
  public let seed: UInt64
  public var networks: Int
  /// p.
  public let modules: Int
  /// n, of each module.
  public let units: Int
  /// Each module has round(density n²) weights that are not 0.
  public let density: Double
  public let weights: Weights
  public let acceptance: Acceptance
  public let form: Specification.Form
  public let slopes: SlopeInterval
  public let adjacency: Adjacency
  /// Of the entries of B; 1/√n unless given.
  public let deviation: Double
  public let metric: Metric
  public let step: Specification.Step?

  /// The largest network that is drawn.
  public static let largest = 4096

  /// All pairs (i, j), i > j, that the adjacency couples, chosen by the generator where it leaves a choice.
  func pairs(_ generator: inout SplitMix) -> [(Int, Int)] {
    let all = (0..<modules).flatMap { i in (0..<i).map { (i, $0) } }
    switch adjacency {
    case .none: return []
    case .all: return all
    case .workspace(let hub): return all.filter { $0.0 == hub || $0.1 == hub }
    case .fraction(let share):
      let count = Int((share * Double(all.count)).rounded())
      let chosen = generator.distinct(count, below: all.count)
      return chosen.sorted().map { all[$0] }
    case .edges(let edges): return edges.map { (max($0[0], $0[1]), min($0[0], $0[1])) }
    }
  }
}

/// SplitMix64: a seed replays it exactly. Source: Steele, Lea & Flood, OOPSLA 2014.
struct SplitMix {
  private var state: UInt64
  private var spare: Double?

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A multiple of 2⁻⁵³ in [0, 1).
  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// A standard normal number: Marsaglia's polar method.
  mutating func normal() -> Double {
    if let value = spare {
      spare = nil
      return value
    }
    while true {
      let (x, y) = (2 * unit() - 1, 2 * unit() - 1)
      let s = x * x + y * y
      guard s > 0, s < 1 else { continue }
      let factor = (-2 * logarithm(s) / s).squareRoot()
      spare = y * factor
      return x * factor
    }
  }

  /// `count` different numbers in 0 ..< limit: the first ones of a shuffle.
  mutating func distinct(_ count: Int, below limit: Int) -> [Int] {
    var items = Array(0..<limit)
    for k in 0..<min(count, limit) {
      items.swapAt(k, k + Int(next() % UInt64(limit - k)))
    }
    return Array(items.prefix(count))
  }
}
