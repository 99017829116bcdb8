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

  /// v = (I − g|W|)⁻¹1 and w = (I − g|W|ᵀ)⁻¹1 if both are positive, which they are just if ρ(g|W|) < 1.
  ///
  /// They are at least 1 then; half of that keeps rounding from having a say in what is drawn.
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
      v.values.allSatisfy({ $0 > 0.5 }), w.values.allSatisfy({ $0 > 0.5 })
    else { return nil }
    return (v.values, w.values)
  }

  /// Other v and w with the same w/v, hence the same metric P, and nearly the best rate that Theorem 1 has in it:
  /// v = P^{-1/2}(θI − S)⁻¹1 with S = ½(P^{1/2}NP^{-1/2} + its transpose) and θ a little above its largest eigenvalue.
  private static func sharper(
    _ scaling: (v: [Double], w: [Double]), _ module: Specification
  ) -> (v: [Double], w: [Double])? {
    let (n, g) = (module.units, module.slopes.upper.approximation)
    let w = module.recurrent.dense()
    let p = zip(scaling.w, scaling.v).map(/)
    func loaded(_ i: Int, _ j: Int) -> Double {
      g * (i == j ? max(0, w[i, i]) : abs(w[i, j])) * (p[i] / p[j]).squareRoot()
    }
    var s = Matrix(rows: n, columns: n)
    for i in 0..<n { for j in 0..<n { s[i, j] = 0.5 * (loaded(i, j) + loaded(j, i)) } }
    guard let top = LAPACKBackend.extremeEigen(s, largest: true)?.value, top < 1 else { return nil }
    let θ = top + (1 - top) * 0x1p-7
    var a = Matrix(rows: n, columns: n, values: s.values.map { -$0 })
    for i in 0..<n { a[i, i] += θ }
    guard
      let z = LAPACKBackend.solve(a, Matrix(rows: n, columns: 1, repeating: 1))?.values,
      z.allSatisfy({ $0 > 0 })
    else { return nil }
    return (zip(z, p).map { $0 / $1.squareRoot() }, zip(z, p).map { $0 * $1.squareRoot() })
  }

  /// The certificate that negative feedback keeps what Theorem 1 gives each module; nil if the recipe has none.
  func feedbackProof() -> Proof? {
    guard !scalings.isEmpty else { return nil }
    let n = specification.units / scalings.count
    var components: [[Int32]] = []
    var proofs: [Proof] = []
    for (index, scaling) in scalings.enumerated() {
      let units = (index * n)..<(index * n + n)
      guard let module = try? specification.restricted(to: Array(units)) else { return nil }
      let best = [scaling, Self.sharper(scaling, module)].compactMap { own in
        own.flatMap { own -> Proof? in
          guard
            case .accepted(let bound)? = try? AbsoluteValue.bound(
              of: module, scope: .continuous, columnScaling: own.v, rowScaling: own.w),
            bound > 0
          else { return nil }
          return Proof(.absoluteValue(columnScaling: own.v, rowScaling: own.w), bound: bound)
        }
      }.max { $0.bound < $1.bound }
      guard let best else { return nil }
      components.append(units.map(Int32.init))
      proofs.append(best)
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
