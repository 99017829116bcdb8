public import CertifyKernel

/// What one network of a recipe turned out to be. Verdicts are the kernel's, all other numbers floating point.
public struct RecipeOutcome: Sendable {
  public enum Decision: String, Sendable, Hashable, CaseIterable {
    case certified, refuted, undecided
  }

  public let seed: UInt64
  /// ‖L‖₂; 0 without couplings.
  public let couplingNorm: Double
  /// ‖L‖_M in the metric that the couplings are skew in.
  public let couplingNormInMetric: Double
  /// κ(M) of that metric.
  public let condition: Double
  /// The spectral radius of the Euler map, nil without a step, and the largest real part of J: at all slopes 0, at
  /// all slopes g, and at a random half of them.
  public let atLower: Spectrum
  public let atUpper: Spectrum
  public let atHalf: Spectrum
  /// Nil where the scope does not exist.
  public let continuous: Decision?
  public let asRun: Decision?
  /// The rate or the rule, where the flow is certified.
  public let rate: Double?
  /// The largest Euler step at which the kernel accepted contraction.
  public let largestStep: Double?

  public struct Spectrum: Sendable, Hashable {
    public let abscissa: Double
    public let radius: Double?
    /// ‖I + hJ‖_M in the metric that the couplings are skew in.
    public let norm: Double?
  }
}

/// What `certify audit recipe` reports: all networks of a recipe.
public struct RecipeAudit: Sendable {
  public let recipe: Recipe
  /// In the order of the seeds.
  public let outcomes: [RecipeOutcome]
  /// The diagnoses of the first network.
  public let diagnoses: [Diagnosis]

  public init(_ recipe: Recipe, outcomes: [RecipeOutcome], diagnoses: [Diagnosis]) {
    self.recipe = recipe
    self.outcomes = outcomes
    self.diagnoses = diagnoses
  }

  /// Draws network k of a recipe and judges it. Safe to call from several threads at once.
  ///
  /// - Throws: `.argument` if no module is accepted.
  /// - Complexity: for n units in all about five eigenvalue problems of size n and a refutation, some 200n³ flops.
  public static func outcome(_ recipe: Recipe, network k: Int) throws(AuditError) -> RecipeOutcome {
    let seed = recipe.seed &+ UInt64(k)
    let drawn = try RecipeNetwork(recipe, seed: seed)
    let network = drawn.specification
    let all = (0..<Int32(network.units)).map { $0 }
    var generator = SplitMix(seed: ~seed)
    let half = all.filter { _ in generator.next() >> 63 == 1 }
    let l = network.coupling?.dense()
    let judge = RecipeJudge(drawn)
    let flow = network.form == .map ? nil : judge.decide(.continuous)
    let map = network.exists(in: .asRun) ? judge.decide(.asRun) : nil
    return RecipeOutcome(
      seed: seed, couplingNorm: l.flatMap(spectralNorm) ?? 0,
      couplingNormInMetric: l.map { inMetric(drawn.metric, $0) }.flatMap(spectralNorm) ?? 0,
      condition: (drawn.metric.max() ?? 1) / (drawn.metric.min() ?? 1),
      atLower: judge.spectrum([]), atUpper: judge.spectrum(all), atHalf: judge.spectrum(half),
      continuous: flow?.decision, asRun: map?.decision, rate: flow?.rate,
      largestStep: flow?.decision == .certified ? judge.largestStep() : nil)
  }

  /// What an audit says of network 0, its metric taken as the file's.
  ///
  /// - Throws: `.argument` if no module is accepted.
  public static func diagnoses(_ recipe: Recipe) throws(AuditError) -> [Diagnosis] {
    let drawn = try RecipeNetwork(recipe, seed: recipe.seed)
    var subject = AuditSubject(drawn.specification, findings: [])
    subject.shippedMetric = .diagonal(drawn.metric)
    return subject.shippedMetricDiagnoses() + subject.orientation() + subject.identityCoupling()
  }

  /// How often a scope was decided one way; nil where the scope does not exist.
  public func count(_ scope: Scope, _ decision: RecipeOutcome.Decision) -> Int? {
    let decisions = outcomes.compactMap { scope == .continuous ? $0.continuous : $0.asRun }
    return decisions.isEmpty ? nil : decisions.filter { $0 == decision }.count
  }
}

/// Decides a drawn network: by its own certificate first, then by what refutes most often.
final class RecipeJudge {
  private let drawn: RecipeNetwork
  private var flow: Certified<Specification>?

  init(_ drawn: RecipeNetwork) { self.drawn = drawn }

  func decide(_ scope: Scope) -> (decision: RecipeOutcome.Decision, rate: Double?) {
    let network = drawn.specification
    if scope == .continuous, let proof = drawn.feedbackProof(),
      case .certified(let certified)? = try? network.certify(
        using: Certificate(scope: .continuous, claim: .contracts(proof)))
    {
      flow = certified
      return (.certified, certified.guarantee.rate)
    }
    let problem = Problem(network, scope)
    if RefutationSearch.quick(problem) != nil || RefutationSearch.likely(problem) != nil {
      return (.refuted, nil)
    }
    if scope == .asRun, let proof = flow?.proof,
      stepProof(proof, network.step?.size.approximation ?? .nan) != nil
    {
      return (.certified, nil)
    }
    var checker = Checker()
    checker.findsMaximumStep = false
    checker.findsLargestScale = false
    switch checker.check(network, scope, hint: flow).result {
    case .certified(let certified):
      if scope == .continuous { flow = certified }
      return (.certified, certified.guarantee.rate)
    case .refuted: return (.refuted, nil)
    case .undecided: return (.undecided, nil)
    }
  }

  /// The eigenvalues at a vertex, in floating point.
  func spectrum(_ active: [Int32]) -> RecipeOutcome.Spectrum {
    let network = drawn.specification
    let h = network.form == .map ? 1 : network.step?.size.approximation
    let problem = Problem(network, network.form == .map ? .asRun : .continuous)
    let vertex = vertexMatrix(problem, active)
    guard let values = LAPACKBackend.generalEigen(vertex) else {
      return RecipeOutcome.Spectrum(abscissa: .nan, radius: nil, norm: nil)
    }
    let shift = network.form == .map ? 1.0 : 0
    let real = values.real.map { $0 - shift }
    let radius = h.map { h in
      zip(real, values.imaginary).map { a, b in
        ((1 + h * a) * (1 + h * a) + h * h * b * b).squareRoot()
      }.max() ?? 0
    }
    let norm = h.flatMap { h -> Double? in
      var map = vertex
      if network.form != .map {
        for i in 0..<map.rows {
          for j in 0..<map.columns { map[i, j] = (i == j ? 1 : 0) + h * vertex[i, j] }
        }
      }
      return Certify.spectralNorm(inMetric(drawn.metric, map))
    }
    return RecipeOutcome.Spectrum(abscissa: real.max() ?? .nan, radius: radius, norm: norm)
  }

  /// The largest step h at which the kernel accepts the Euler map by E3 or by E1, within a few percent.
  func largestStep() -> Double? {
    guard let proof = flow?.proof else { return nil }
    let ℓ =
      drawn.specification.coupling.map { inMetric(drawn.metric, $0.dense()) }
      .flatMap(spectralNorm) ?? 0
    // v = (I − N)⁻¹1 has (Nv)_i/v_i = 1 − 1/v_i, and w likewise.
    func load(_ x: [Double]) -> Double { 1 - 1 / (x.max() ?? 1) }
    let ω = (load(drawn.scalings.flatMap(\.v)) * load(drawn.scalings.flatMap(\.w))).squareRoot()
    var best: Double?
    let β = (1 + ℓ * ℓ).squareRoot() + ω
    for limit in [2 * (1 - ω) / (1 + ℓ * ℓ - ω * ω), 2 * proof.bound / (β * β)] {
      for share in [0.5, 0.75, 0.9, 0.97, 0.995] {
        let h = share * limit
        guard h > best ?? 0, stepProof(proof, h) != nil else { continue }
        best = h
      }
    }
    return best
  }

  /// A certificate for the map with step h from one for the flow, if the kernel accepts it (theory E3).
  private func stepProof(_ flow: Proof, _ h: Double) -> Certified<Specification>? {
    let n = drawn.specification.units
    guard !drawn.scalings.isEmpty,
      let network = try? drawn.specification.with(step: .init(size: ExactRatio(h)))
    else { return nil }
    let v = drawn.scalings.flatMap(\.v)
    let p = drawn.scalings.flatMap { zip($0.w, $0.v).map(/) }
    let w = zip(v, p).map { $0 * $1.squareRoot() }
    let ℓ = network.coupling.map { inMetric(p, $0.dense()) }.flatMap(spectralNorm)
    let argument = Argument.step(
      .init(
        flow: flow, components: (0..<Int32(n)).map { [$0] }, columnScaling: w, rowScaling: w,
        couplingNorm: ℓ.map { $0 * (1 + 1e-9) }))
    // What the rule works out is not known here: the bound is backed off from 1.
    for slack in [0x1p-30, 0x1p-44, 0x1p-52] {
      let certificate = Certificate(
        scope: .asRun, claim: .contracts(Proof(argument, bound: 1 - slack)))
      if case .certified(let certified)? = try? network.certify(using: certificate) {
        return certified
      }
    }
    return nil
  }
}
