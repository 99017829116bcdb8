import CertifyKernel

/// Asks of a small network whether a constant metric exists, and has the kernel check the answer.
///
/// A metric is offered as `vertex-lmi`; matrices that exclude one come back as a checked impossibility. On the
/// boundary, where neither has room, only the closed form for two units and small whole numbers can tell.
enum ImpossibilitySearch {
  /// Up to how many units the search goes: 4,096 vertices.
  static let limit = 12

  /// Everything that can be shown to be impossible for a network that is not certified; may certify it.
  static func run(
    _ problem: Problem, to acceptance: inout Acceptance
  ) -> [ProvedImpossibility] {
    guard problem.network.nonlinearCoupling == nil else { return [] }
    var proved: [ProvedImpossibility] = []
    if problem.units <= limit {
      if let none = constantMetric(problem, to: &acceptance) { proved.append(none) }
      if acceptance.best != nil { return [] }
    }
    if let perron = perron(problem) { proved.append(perron) }
    return proved
  }

  /// Offers a constant metric, or shows that there is none.
  static func constantMetric(
    _ problem: Problem, to acceptance: inout Acceptance
  ) -> ProvedImpossibility? {
    if let none = twoUnits(problem) { return none }
    let none = problem.scope == .continuous ? 0.0 : 1
    // A component without a metric leaves the whole without one; the others are switched off there.
    if problem.isPlain, problem.slopes.lower == 0, problem.components.count > 1 {
      for members in problem.components.components where members.count > 1 {
        guard let alone = try? problem.network.restricted(to: members) else { continue }
        let system = Problem(alone, problem.scope).lureSystem
        // Form outside by the transposes: then units at slope 0 feel nothing of the component.
        let padded = problem.network.form == .outside ? system.transposed : system
        guard let search = VertexMetric(padded, start: nil),
          case .dual(let found) = search.decide(bound: none)
        else { continue }
        let terms = found.map { pad($0, members, problem.units) }
        if let proved = prove(terms, problem) { return proved }
      }
    }
    guard let search = search(problem) else { return nil }
    switch search.decide(bound: none) {
    case .dual(let terms): return prove(terms, problem)
    case .metric(let M):
      let rounds = problem.units <= 4 ? 12 : problem.units <= 8 ? 5 : 2
      let best = search.best(from: M, rounds: rounds) ?? (M, 0)
      VertexLMIProposer.offer(problem, best.metric, estimate: best.bound, to: &acceptance)
      return nil
    case .neither: return nil
    }
  }

  /// Theorem 1 fails: the Perron vector of the component with the largest spectral radius.
  static func perron(_ problem: Problem) -> ProvedImpossibility? {
    guard problem.scope == .continuous, problem.units <= 400 else { return nil }
    let N = comparison(problem)
    for members in problem.components.components {
      let part = N.principalSubmatrix(members)
      var best: [Double]?
      if members.count == 1 {
        if part[0, 0] >= 1 { best = [1] }
      } else if let eigen = LAPACKBackend.generalEigen(part, vectors: true),
        let k = eigen.real.indices.max(by: { eigen.real[$0] < eigen.real[$1] }),
        eigen.real[k] > 1 - 1e-9
      {
        best = eigen.right(k).real.map { abs($0) }
      }
      guard let best, let largest = best.max(), largest > 0 else { continue }
      // As it is, and, for ρ = 1 exactly, as small whole numbers.
      let least = best.filter { $0 > 1e-9 * largest }.min() ?? largest
      for scale in [1 / largest] + (1...8).map({ Double($0) / least }) {
        var u = [Double](repeating: 0, count: problem.units)
        for (a, i) in members.enumerated() {
          let value = best[a] * scale
          u[i] = scale * largest == 1 ? value : value.rounded()
        }
        if let proved = accepted(.absoluteValue(direction: u), problem) { return proved }
      }
    }
    return nil
  }

  /// The dual of the multiplier inequality at the bound where it would first mean contraction.
  static func multiplier(_ problem: Problem) -> ProvedImpossibility? {
    guard problem.units <= limit, problem.network.nonlinearCoupling == nil else { return nil }
    let start = proposeSlopeLMI(problem.lureSystem, effort: .quick).first
    let bound = problem.scope == .continuous ? 0.0 : 1
    guard
      let factor = SlopeInfeasibility.factor(
        problem.lureSystem, bound: bound, start: start.map { ($0.metric, $0.multiplier) })
    else { return nil }
    return accepted(.multiplier(SlopeDual(.factor(factor), bound: bound)), problem)
  }

  // MARK: Pieces

  private static func search(_ problem: Problem) -> VertexMetric? {
    let start = proposeSlopeLMI(problem.lureSystem, effort: .quick).first
    return VertexMetric(problem.lureSystem, start: start?.metric)
  }

  /// Two units without self-weights: matrices with numbers to show where rounding allows, else the closed form.
  private static func twoUnits(_ problem: Problem) -> ProvedImpossibility? {
    guard TwoUnits.hasConstantMetric(problem.network) == false else { return nil }
    let (W, g) = (problem.dense, problem.slopes.upper)
    if W[0, 1] * W[1, 0] < 0 {
      // Z = vvᵀ, v = (1, ±t) with t = 2/(g|W₁₂|), or its twin on the other side of rounding.
      for t in [g * abs(W[1, 0]) / 2, 2 / (g * abs(W[0, 1])), abs(W[1, 0] / W[0, 1]).squareRoot()] {
        let sign = W[1, 0] > 0 ? 1.0 : -1
        let terms = [1.0, -1].enumerated().map { unit, s in
          (
            active: [Int32(unit)],
            factor: Matrix(rows: 2, columns: 1, values: [1, s * sign * t])
          )
        }
        if let proved = prove(terms, problem) { return proved }
      }
    }
    return accepted(.constantMetricOfTwoUnits, problem)
  }

  /// A term of a component's dual in the whole network.
  private static func pad(
    _ term: (active: [Int32], factor: Matrix), _ members: [Int], _ units: Int
  ) -> (active: [Int32], factor: Matrix) {
    var factor = Matrix(rows: units, columns: term.factor.columns)
    for (a, i) in members.enumerated() {
      for j in 0..<term.factor.columns { factor[i, j] = term.factor[a, j] }
    }
    return (term.active.map { Int32(members[Int($0)]) }, factor)
  }

  private static func prove(
    _ terms: [(active: [Int32], factor: Matrix)], _ problem: Problem
  ) -> ProvedImpossibility? {
    let bound = problem.scope == .continuous ? 0.0 : 1
    let blocks = terms.map { MetricDual.Term(active: $0.active, .factor($0.factor)) }
    for isTransposed in [false, true] {
      let dual = MetricDual(terms: blocks, isTransposed: isTransposed, bound: bound)
      if let proved = accepted(.constantMetric(dual), problem) { return proved }
    }
    return nil
  }

  private static func accepted(
    _ claim: Impossibility, _ problem: Problem
  ) -> ProvedImpossibility? {
    // A malformed claim is a proposer's mistake; it proposes nothing then.
    (try? problem.network.prove(claim, problem.scope))?.value
  }

  /// N, in floating point.
  private static func comparison(_ problem: Problem) -> Matrix {
    let n = problem.units
    var N = Matrix(rows: n, columns: n)
    let (l, g) = problem.slopes
    for i in 0..<n {
      for j in 0..<n {
        let own = problem.denseCoupling?[i, j] ?? 0
        let ends = [own + l * problem.dense[i, j], own + g * problem.dense[i, j]]
        N[i, j] = i == j ? max(ends[0], ends[1]) : max(abs(ends[0]), abs(ends[1]))
      }
    }
    return N
  }
}
