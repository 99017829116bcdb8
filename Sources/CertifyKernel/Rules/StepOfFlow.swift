/// A step taken from a proof for the flow: (M, λ) certifies the flow, and bounds on the parts of the right-hand
/// side in the same M bound the factor ρ of the map.
///
/// With h = step/τ, ω ≥ sup ‖WD + KD′‖_M, ℓ ≥ ‖L‖_M and r ≥ sup |eᵀMLe| / eᵀMe (0 for skew L):
///
///     euler          ρ = √((1 − h)² + 2|1 − h|hr + h²ℓ²) + hω                        (theory E3)
///                or  ρ² = 1 − 2·step·λ + β²,  β = √(h² + 2h²r + h²ℓ²) + hω              (E1)
///     semi-implicit  x⁺ = ((1 + h)I − hL)⁻¹(x + h(Wφ(x) + Kψ(x) + u)):  ρ = (1 + hω)/(1 + h − hr)
///     exponential    x⁺ = Ex + ∫₀ʰ e^{−sA}ds (Wφ(x) + Kψ(x) + u), A = I − L, E = e^{−hA}, κ = 1 − r:
///                    ρ = e^{−hκ} + (1 − e^{−hκ})ω/κ
///     implicit       x⁺ = x + h f(x⁺):  ρ = 1/(1 + step·λ), for any metric and coupling
///
/// and for form inside with φ(Wh + u) likewise. The last three need no bound on h when ω + r < 1. Proofs:
/// ⟨x, ((1 + h)I − hL)x⟩_M ≥ (1 + h − hr)|x|²_M; the logarithmic norm of −A is at most −κ; for the implicit step
/// ⟨e⁺, e⟩_M = |e⁺|² − step⟨e⁺, f⁺ − f⟩_M ≥ (1 + step·λ)|e⁺|²_M. Source: theory §6 (E1, E3, integrators).
///
/// ω and ℓ are norms of the matrix of block norms over the components. Time constants that differ are allowed
/// for implicit steps only.
///
/// - Complexity: the flow's check, O(entries), a factorisation for each norm that is claimed, and products and
///   a factorisation of size n for `couplingNorm`.
struct StepOfFlow: Sendable {
  let network: Specification
  let argument: Argument.Step
  var workers = Workers.one
  /// What the kernel has checked before; a flow among it is not checked again.
  var known: Certified<Specification>?

  /// - Parameter claimed: the factor; nil for the one that is attained.
  func check(_ scope: Scope, claimed: Double?) throws(InputError) -> Outcome<Checked> {
    guard scope == .asRun else { return decline(.notCovered(.notAFlow)) }
    guard network.form != .map, let step = network.step else {
      return decline(.notCovered(.noStep))
    }
    guard argument.flow.rule != .step else { return decline(.notCovered(.notAFlow)) }
    let flow: Checked
    if let checked = known?.checkedFlow(argument.flow, of: network) {
      flow = checked
    } else {
      switch try network.check(argument.flow, .continuous, on: workers) {
      case .accepted(let checked): flow = checked
      case .declined(let why): return .declined(why.inside(component: 0))
      }
    }
    let rate = Interval(flow.node.bound) * step.size.enclosure
    let attained: Double
    if step.scheme == .implicit {
      // The rate is all it takes, but what the certificate says besides must mean something.
      if case .declined(let why) = try componentOfEachUnit() { return .declined(why) }
      attained = (1.0).dividingUp((1.0).addingDown(rate.lower))
    } else {
      guard step.scheme != .split else { return decline(.notCovered(.scheme)) }
      guard network.timeConstants.count == 1 else {
        return decline(.notCovered(.timeConstantsDiffer))
      }
      switch try sizes(flow.metric) {
      case .accepted(let sizes): attained = factor(step.scheme, rate: rate, sizes)
      case .declined(let why): return .declined(why)
      }
    }
    let bound = claimed ?? attained
    guard bound >= attained else {
      return decline(.boundNotReached(claimed: bound, attained: attained))
    }
    return .accepted(
      Checked(
        rule: .step, bound: bound, units: network.units, metric: flow.metric,
        children: [flow.node], loads: [0]))
  }

  typealias Sizes = StepSizes

  /// The factor of a scheme by the sizes alone, rounded up; infinity where its condition fails.
  func factor(
    _ scheme: Specification.Step.Scheme, rate: Interval, _ sizes: Sizes
  ) -> Double {
    let h = network.stepInTimeConstants(unit: 0)
    let (ω, ℓ, r) = (
      Interval(0, sizes.load), Interval(0, sizes.coupling), Interval(0, sizes.residual)
    )
    let one = Interval(1)
    switch scheme {
    case .euler:
      let rest = Interval((one - h).magnitude)
      let linear = rest * rest + Interval(2) * rest * h * r + h * h * ℓ * ℓ
      let direct = (Interval(linear.upper).squareRoot() + h * ω).upper
      let size = h * ((one + Interval(2) * r + ℓ * ℓ).squareRoot() + ω)
      let square = one - Interval(2) * rate + Interval(size.upper) * Interval(size.upper)
      // A square that is not negative; NaN stays NaN.
      let byRate = square.upper < 0 ? 0 : square.upper.squareRootUp()
      // NaN in one does not hide the other.
      return byRate < direct ? byRate : direct
    case .semiImplicit: return ((one + h * ω) / (one + h - h * r)).upper
    case .exponential:
      let κ = (1.0).subtractingDown(sizes.residual)
      guard κ > 0 else { return .infinity }
      let decay = Interval.exponentialOfNegative(h * Interval(κ)).upper
      // e + (1 − e)q with q = ω/κ: increasing in e while q ≤ 1, and at least 1 beyond.
      let q = sizes.load.dividingUp(κ)
      guard q < 1 else { return .infinity }
      return (Interval(decay) * (one - Interval(q)) + Interval(q)).upper
    case .implicit, .split: return .infinity
    }
  }

  func decline<T>(_ reason: Obstruction.Reason) -> Outcome<T> {
    .declined(Obstruction(.step, reason))
  }
}

/// ω, ℓ and r of a step taken from a flow, as upper bounds and without time.
public struct StepSizes: Sendable, Hashable {
  public internal(set) var load = 0.0
  public internal(set) var coupling = 0.0
  public internal(set) var residual = 0.0
}

extension Certified {
  /// The sizes that the step rule would use of this flow, whatever the step and the flow that `step` names; for
  /// proposers. Cost: that of the rule without the flow's check.
  public func stepSizes(
    of step: Argument.Step, on workers: Workers = .one
  ) throws(InputError) -> Outcome<StepSizes> {
    try StepOfFlow(network: specification, argument: step, workers: workers).sizes(metric)
  }
}

extension StepOfFlow {
  /// The component of each unit; declined unless they part the units and all scalings are positive.
  private func componentOfEachUnit() throws(InputError) -> Outcome<[Int]> {
    let parts = argument.components
    for scaling in [argument.columnScaling, argument.rowScaling] {
      guard scaling.count == parts.count else {
        throw .length(.scaling, found: scaling.count, expected: parts.count)
      }
      if let fault = firstNotPositive(scaling, .scaling) { return decline(fault) }
    }
    return moduleOfEachUnit(parts, units: network.units, .step)
  }

  fileprivate func sizes(_ metric: MetricBounds) throws(InputError) -> Outcome<Sizes> {
    let parts = argument.components
    let home: [Int]
    switch try componentOfEachUnit() {
    case .accepted(let found): home = found
    case .declined(let why): return .declined(why)
    }
    guard let metrics = metric.restricted(to: parts, home: home) else {
      return decline(.notCovered(.splitMetric))
    }
    let set = ModuleSet(
      form: network.form, units: parts, metrics: metrics, total: network.units)
    let ones = [Interval](repeating: Interval(1), count: network.units)
    let pairs = CouplingPair.all(
      of: network, paces: ones, home: home, .wholeEverywhere, on: workers)
    guard let pairs else { return decline(.notCovered(.unfinished)) }
    return sizes(of: pairs, set, metric)
  }

  private func sizes(
    of pairs: [CouplingPair], _ set: ModuleSet, _ metric: MetricBounds
  ) -> Outcome<Sizes> {
    var claimed: [NormClaim.Place: Double] = [:]
    for claim in argument.norms { claimed[claim.place] = claim.bound }
    let claims = claimed
    let outcomes = workers.map(pairs.count) { pairSizes(pairs[$0], set, claims) }
    guard let outcomes else { return decline(.notCovered(.unfinished)) }
    var loads = NormMatrix(argument)
    var couplings = loads
    var residuals = [Double](repeating: 0, count: argument.components.count)
    for (pair, outcome) in zip(pairs, outcomes) {
      let own: PairSizes
      switch outcome {
      case .accepted(let found): own = found
      case .declined(let why): return .declined(why)
      }
      let (a, b) = (pair.first, pair.second)
      loads.add(own.load.toFirst, to: a, from: b)
      couplings.add(own.coupling.toFirst, to: a, from: b)
      residuals[a] = residuals[a].addingUp(own.residual)
      if a == b { continue }
      loads.add(own.load.toSecond, to: b, from: a)
      couplings.add(own.coupling.toSecond, to: b, from: a)
      residuals[b] = residuals[b].addingUp(own.residual)
    }
    var sizes = Sizes(load: loads.norm, coupling: couplings.norm)
    for r in residuals { sizes.residual = r.isNaN ? .nan : Swift.max(sizes.residual, r) }
    if let ℓ = argument.couplingNorm, let coupling = network.coupling, !(ℓ >= sizes.coupling) {
      guard metric.isDiagonal else {
        return decline(.normNotShown(first: 0, second: 0, bound: ℓ))
      }
      let p = metric.diagonalBounds(units: network.units)
      if let fault = EnclosedMatrix(coupling.dense())
        .normFault(in: p, below: Interval(ℓ), on: workers)
      {
        return decline(fault)
      }
      sizes.coupling = ℓ
    }
    return .accepted(sizes)
  }

  /// What one pair of components adds to each of the sizes.
  struct PairSizes: Sendable {
    var load = (toFirst: 0.0, toSecond: 0.0)
    var coupling = (toFirst: 0.0, toSecond: 0.0)
    var residual = 0.0
  }

  func pairSizes(
    _ pair: CouplingPair, _ set: ModuleSet, _ claims: [NormClaim.Place: Double]
  ) -> Outcome<PairSizes> {
    var sizes = PairSizes()
    for toFirst in pair.first == pair.second ? [true] : [true, false] {
      if pair.hasSlopes {
        var load = set.gain(pair, toFirst: toFirst) {
          toFirst ? $0.slopesToFirst.magnitude : $0.slopesToSecond.magnitude
        }
        let place = NormClaim.Place(
          first: pair.first, second: pair.second, kind: toFirst ? .toFirst : .toSecond)
        if let σ = claims[place], !(σ >= load) {
          guard set.gainIsBelow(σ, pair, toFirst: toFirst) else {
            return decline(.normNotShown(first: pair.first, second: pair.second, bound: σ))
          }
          load = σ
        }
        if toFirst { sizes.load.toFirst = load } else { sizes.load.toSecond = load }
      }
      if network.coupling != nil {
        let gain = set.gain(pair, toFirst: toFirst) {
          toFirst ? $0.toFirst.magnitude : $0.toSecond.magnitude
        }
        if toFirst { sizes.coupling.toFirst = gain } else { sizes.coupling.toSecond = gain }
      }
    }
    if network.coupling != nil {
      let one = Interval(1)
      // ½‖X + Xᵀ‖ ≤ ½(‖X_ab‖ + ‖X_ba‖) where the metric itself is not known.
      sizes.residual =
        set.residualBound(pair, scales: (one, one))
        ?? set.gain(pair, toFirst: true, \.toFirst.magnitude)
        .addingUp(set.gain(pair, toFirst: false, \.toSecond.magnitude)).multiplyingUp(0.5)
    }
    return .accepted(sizes)
  }

  /// A matrix of norms between components, and a bound on its own spectral norm.
  private struct NormMatrix {
    private let (x, y): ([Double], [Double])
    private var (rows, columns): (NormSums, NormSums)

    init(_ argument: Argument.Step) {
      (x, y) = (argument.rowScaling, argument.columnScaling)
      rows = NormSums(count: x.count)
      columns = rows
    }

    mutating func add(_ norm: Double, to i: Int, from j: Int) {
      rows.add(norm, times: y[j], over: x[i], at: i)
      columns.add(norm, times: x[i], over: y[j], at: j)
    }

    /// √(max_i (By)_i / x_i · max_j (Bᵀx)_j / y_j).
    var norm: Double {
      func largest(_ values: [Double]) -> Double {
        values.reduce(0) { $0.isNaN || $1.isNaN ? .nan : Swift.max($0, $1) }
      }
      return largest(rows.values).multiplyingUp(largest(columns.values)).squareRootUp()
    }
  }
}
