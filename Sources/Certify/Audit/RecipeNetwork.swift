import CertifyKernel

/// A network drawn from a recipe, with the metric its couplings are skew in.
struct RecipeNetwork {
  let specification: Specification
  /// The diagonal of M over all units; ½ for the identity rule.
  let metric: [Double]
  /// Theorem 1 for each module, where it was asked for: v and w.
  let scalings: [(v: [Double], w: [Double])]

  /// How many modules are drawn before a recipe is given up.
  static let attempts = 100_000

  /// - Throws: `.argument` if no module is accepted.
  init(
    _ recipe: Recipe, seed: UInt64, attempts: Int = RecipeNetwork.attempts
  ) throws(AuditError) {
    var generator = SplitMix(seed: seed)
    let (p, n) = (recipe.modules, recipe.units)
    var w = Matrix(rows: p * n, columns: p * n)
    var metric = [Double](repeating: 0.5, count: p * n)
    var scalings: [(v: [Double], w: [Double])] = []
    for module in 0..<p {
      let (own, scaling) = try Self.module(recipe, attempts, &generator)
      for i in 0..<n { for j in 0..<n { w[module * n + i, module * n + j] = own[i, j] } }
      guard let scaling else { continue }
      scalings.append(scaling)
      if recipe.metric == .certified {
        for i in 0..<n { metric[module * n + i] = scaling.w[i] / scaling.v[i] }
      }
    }
    var coupling: Matrix?
    if recipe.adjacency != .none {
      var l = Matrix(rows: p * n, columns: p * n)
      for (to, from) in recipe.pairs(&generator) {
        for i in (to * n)..<(to * n + n) {
          for j in (from * n)..<(from * n + n) {
            let b = recipe.deviation * generator.normal()
            l[i, j] = b
            // L = B − M⁻¹BᵀM.
            l[j, i] = metric[i] == metric[j] ? -b : -b * metric[i] / metric[j]
          }
        }
      }
      coupling = l
    }
    do {
      specification = try Specification(
        form: recipe.form, recurrent: .dense(w), coupling: coupling.map { .dense($0) },
        slopes: recipe.slopes, modules: [Int](repeating: n, count: p), step: recipe.step)
    } catch {
      throw .argument("\(recipe.name), seed \(seed): \(error)")
    }
    self.metric = metric
    self.scalings = scalings
  }

  private static func module(
    _ recipe: Recipe, _ attempts: Int, _ generator: inout SplitMix
  ) throws(AuditError) -> (Matrix, (v: [Double], w: [Double])?) {
    let n = recipe.units
    let count = Int((recipe.density * Double(n * n)).rounded())
    for _ in 0..<attempts {
      var w = Matrix(rows: n, columns: n)
      for place in generator.distinct(count, below: n * n) {
        switch recipe.weights {
        case .uniform(let range): w[place / n, place % n] = range * (2 * generator.unit() - 1)
        case .normal(let deviation): w[place / n, place % n] = deviation * generator.normal()
        }
      }
      guard recipe.acceptance == .theorem1 else { return (w, nil) }
      if let scaling = theorem1(w, gain: recipe.slopes.upper.approximation) { return (w, scaling) }
    }
    throw .argument(
      "\(recipe.name): none of \(attempts) modules of \(n) units with density \(recipe.density) had "
        + "rho(|W|) < 1")
  }

  /// v = (I − g|W|)⁻¹1 and w = (I − g|W|ᵀ)⁻¹1 if both are at least 1, which they are just if ρ(g|W|) < 1.
  private static func theorem1(_ w: Matrix, gain g: Double) -> (v: [Double], w: [Double])? {
    let n = w.rows
    var a = Matrix(rows: n, columns: n, values: w.values.map { -g * abs($0) })
    for i in 0..<n {
      // A loop of weight 1 or more is never accepted; the solution might have the wrong sign.
      guard a[i, i] > -1 else { return nil }
      a[i, i] += 1
    }
    let ones = Matrix(rows: n, columns: 1, repeating: 1)
    guard let v = LAPACKBackend.solve(a, ones), let w = LAPACKBackend.solve(a.transposed(), ones),
      v.values.allSatisfy({ $0 >= 1 }), w.values.allSatisfy({ $0 >= 1 })
    else { return nil }
    return (v.values, w.values)
  }

  /// The certificate that negative feedback keeps what Theorem 1 gives each module; nil if the recipe has none.
  func feedbackProof() -> Proof? {
    guard !scalings.isEmpty else { return nil }
    let n = specification.units / scalings.count
    var components: [[Int32]] = []
    var proofs: [Proof] = []
    for (index, scaling) in scalings.enumerated() {
      let units = (index * n)..<(index * n + n)
      guard let module = try? specification.restricted(to: Array(units)),
        case .accepted(let bound)? = try? AbsoluteValue.bound(
          of: module, scope: .continuous, columnScaling: scaling.v, rowScaling: scaling.w),
        bound > 0
      else { return nil }
      components.append(units.map(Int32.init))
      proofs.append(
        Proof(.absoluteValue(columnScaling: scaling.v, rowScaling: scaling.w), bound: bound))
    }
    if specification.coupling == nil, proofs.count == 1 { return proofs[0] }
    let ones = [Double](repeating: 1, count: proofs.count)
    let assembly = Argument.Assembly(
      .feedback, components: components, proofs: proofs, columnScaling: ones, rowScaling: ones)
    // What the rounding of L leaves of its skewness costs a little of the rate.
    let rate = proofs.map(\.bound).min() ?? 0
    return Proof(.assembly(assembly), bound: rate * (1 - 0x1p-20))
  }
}
