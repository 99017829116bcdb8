public import CertifyKernel

/// A random network of modules, themselves of modules, with a certificate that follows its tree, at the best
/// bound that the kernel accepts. Every module is checked by the kernel alone before it is coupled.
public struct RandomTree: Sendable {
  public let network: Specification
  public let certificate: Certificate
  /// The rules of the tree, the root's first.
  public let rules: [Rule]

  /// Which claim a tree ends in.
  public enum Kind: Sendable, CaseIterable {
    case flow, step, map
  }

  /// A tree with at most `units` units; nil where the kernel accepted nothing for it.
  public init?(
    units: Int, depth: Int, kind: Kind, _ generator: inout SplitMix64
  ) {
    var grower = TreeGrower(units: units, kind: kind, &generator)
    guard let part = grower.grow(Array(0..<units), depth: depth, &generator),
      let network = grower.network(of: part.units)
    else { return nil }
    var proof = part.proof
    // The metric of a symmetric network depends on the bound; all others are taken to their best.
    if proof.rule != .symmetric, kind != .step,
      let best = network.tightestBound(proof.argument, grower.scope)
    {
      proof = Proof(proof.argument, bound: best)
    }
    if kind == .step {
      guard let step = grower.step(from: proof, network, &generator) else { return nil }
      proof = step
    }
    self.network = network
    certificate = Certificate(
      scope: kind == .flow ? .continuous : .asRun, claim: .contracts(proof))
    rules = proof.allRules
  }
}

extension Proof {
  /// The rules of the proof and of all that it rests on, this one first.
  public var allRules: [Rule] { [rule] + argument.children.flatMap(\.allRules) }
}

/// The weights of a growing network, and what has been proved of the units grown so far.
struct TreeGrower {
  var W: Matrix
  var L: Matrix
  var K: Matrix
  let form: Specification.Form
  let slopes: SlopeInterval
  let slopesOfK: SlopeInterval
  let tau: [ExactRatio]
  let step: Specification.Step?
  let scope: Scope
  /// Whether modules may be coupled linearly: maps and steps of some schemes have rules without L only.
  let allowsL: Bool

  /// A module that the kernel has accepted: a proof with a bound, its metric, and that inverted.
  struct Part {
    let units: [Int]
    let proof: Proof
    let inverse: RationalMatrix
  }

  init(units n: Int, kind: RandomTree.Kind, _ generator: inout SplitMix64) {
    func pick<T>(_ choices: [T]) -> T { choices[generator.integer(in: 0...(choices.count - 1))] }
    W = Matrix(rows: n, columns: n)
    (L, K) = (W, W)
    let isMap = kind == .map && generator.integer(in: 0...2) == 0
    form = isMap ? .map : pick([.outside, .outside, .inside])
    let third = ExactRatio(1, over: 3)
    let intervals: [(ExactRatio, ExactRatio)] = [
      (.zero, .one), (.zero, .one), (.zero, .one), (.zero, ExactRatio(0.5)),
      (ExactRatio(0.125), .one), (third, .one), (.zero, third),
    ]
    func slopes() -> SlopeInterval {
      let (l, g) = pick(intervals)
      return (try? SlopeInterval(l, g)) ?? .unit
    }
    self.slopes = slopes()
    slopesOfK = slopes()
    switch isMap ? 0 : generator.integer(in: 0...5) {
    case 4: tau = [pick([ExactRatio(0.5), ExactRatio(3, over: 10), ExactRatio(2)])]
    case 5 where kind != .step:
      tau = (0..<n).map { _ in ExactRatio(pick([0.25, 0.5, 1, 2])) }
    default: tau = [.one]
    }
    let sizes = [0.5, 0.25, 0.125, 0x1p-5].map { ExactRatio($0) } + [ExactRatio(1, over: 10)]
    let scheme: Specification.Step.Scheme
    switch kind {
    case .flow: scheme = .euler
    case .map: scheme = pick([.euler, .euler, .semiImplicit, .exponential])
    case .step: scheme = pick([.euler, .euler, .semiImplicit, .exponential, .implicit])
    }
    step = kind == .flow || isMap ? nil : .init(scheme: scheme, size: pick(sizes))
    scope = kind == .map ? .asRun : .continuous
    allowsL = !isMap && (kind != .map || scheme == .euler)
  }

  /// The network of some units as grown so far.
  func network(of units: [Int]) -> Specification? {
    let whole = try? Specification(
      form: form, recurrent: .dense(W), coupling: .dense(L),
      nonlinearCoupling: form == .outside ? .init(weights: .dense(K), slopes: slopesOfK) : nil,
      slopes: slopes, timeConstants: tau, step: step)
    if form == .map {
      return try? Specification(form: .map, recurrent: .dense(W), slopes: slopes)
        .restricted(to: units)
    }
    return try? whole?.restricted(to: units)
  }

  /// The part with a proof at the best bound, or a weaker one that has few digits.
  func part(_ units: [Int], _ argument: Argument, _ generator: inout SplitMix64) -> Part? {
    guard let network = network(of: units),
      let best = network.tightestBound(argument, scope)
    else { return nil }
    var bound = best
    // The metric of a symmetric network depends on the bound; with few digits it is the kernel's exactly.
    if argument.rule == .symmetric || generator.integer(in: 0...1) == 0 {
      bound = (best * 0x1p20).rounded(scope == .continuous ? .down : .up) * 0x1p-20
    }
    guard network.accepts(argument, bound: bound, scope) else { return nil }
    let proof = Proof(argument, bound: bound)
    guard let inverse = ExactNetwork(network).metric(of: proof, scope)?.inverse else { return nil }
    return Part(units: units, proof: proof, inverse: inverse)
  }

  /// Units split into random parts, each grown, then coupled; a leaf where there is no depth left.
  mutating func grow(
    _ units: [Int], depth: Int, _ generator: inout SplitMix64
  ) -> Part? {
    guard depth > 0, units.count > 1, generator.integer(in: 0...7) > 0 else {
      return leaf(units, &generator)
    }
    var shuffled = units
    if generator.integer(in: 0...1) == 0 { shuffled.shuffle(using: &generator) }
    var cuts: Set<Int> = []
    let count = min(units.count, generator.integer(in: 2...3))
    while cuts.count < count - 1 { cuts.insert(generator.integer(in: 1...(units.count - 1))) }
    var parts: [Part] = []
    var start = 0
    for end in cuts.sorted() + [units.count] {
      guard
        let part = grow(Array(shuffled[start..<end]), depth: depth - 1, &generator)
      else { return nil }
      parts.append(part)
      start = end
    }
    return couple(parts, of: units, &generator)
  }
}
