import CertifyKernel

/// Proposes the map that runs from a proof for the flow: bounds on the parts of the right-hand side in the flow's
/// metric, just above what floating point finds.
enum StepProposer {
  static func propose(
    _ problem: Problem, flow: Certified<Specification>, to acceptance: inout Acceptance
  ) {
    let network = problem.network
    guard problem.scope == .asRun, network.form != .map, let scheme = network.step?.scheme,
      let argument = argument(network, flow, scheme)
    else { return }
    acceptance.offer(argument, given: flow)
  }

  /// A proof for the flow, as the kernel accepts it.
  static func certified(_ flow: Proof, _ network: Specification) -> Certified<Specification>? {
    let certificate = Certificate(scope: .continuous, claim: .contracts(flow))
    guard
      case .certified(let found)? = try? network.certify(
        using: certificate, on: .suited(to: network))
    else { return nil }
    return found
  }

  /// The largest Euler step of the flow's proof by the formulas of the rule, a little below where they end.
  static func largestEulerStep(
    _ network: Specification, flow: Certified<Specification>
  ) -> (size: Double, argument: Argument.Step)? {
    guard network.timeConstants.count == 1 else { return nil }
    let norm = Meanwhile { FloatMetric(of: flow).flatMap { couplingNorm(network, $0) } }
    guard let parts = argument(network, flow, .euler, findsCouplingNorm: false),
      var sizes = StepEstimate(flow, parts)
    else { return nil }
    let argument = Argument.Step(
      flow: parts.flow, components: parts.components, columnScaling: parts.columnScaling,
      rowScaling: parts.rowScaling, norms: parts.norms, couplingNorm: norm.value)
    sizes.coupling = min(sizes.coupling, norm.value ?? .infinity)
    let τ = network.timeConstant(0).approximation
    let λ = flow.guarantee.rate * τ
    func factor(_ h: Double) -> Double {
      let (ω, ℓ, r) = (sizes.load, sizes.coupling, sizes.residual)
      let rest = abs(1 - h)
      let direct = (rest * rest + 2 * rest * h * r + h * h * ℓ * ℓ).squareRoot() + h * ω
      let size = h * ((1 + 2 * r + ℓ * ℓ).squareRoot() + ω)
      return min(direct, max(0, 1 - 2 * h * λ + size * size).squareRoot())
    }
    var (low, high) = (0.0, 2.0)
    // Contracting steps form an interval from 0, because the norm of I + hJ is convex in h.
    for _ in 0..<60 {
      let middle = low + (high - low) / 2
      if factor(middle) < 1 { low = middle } else { high = middle }
    }
    return low > 0 ? (low * τ * (1 - 1e-9), argument) : nil
  }

  /// ω, ℓ and r as the kernel bounds them, without a claim about the norm of L.
  private struct StepEstimate {
    let load: Double
    var coupling: Double
    let residual: Double

    init?(_ flow: Certified<Specification>, _ argument: Argument.Step) {
      guard let sizes = try? flow.stepSizes(of: argument, on: .suited(to: flow.specification)).value
      else { return nil }
      (load, coupling, residual) = (sizes.load, sizes.coupling, sizes.residual)
    }
  }

  static func argument(
    _ network: Specification, _ flow: Certified<Specification>,
    _ scheme: Specification.Step.Scheme, findsCouplingNorm: Bool = true
  ) -> Argument.Step? {
    guard let proof = flow.proof else { return nil }
    let n = Int32(network.units)
    let whole = [(0..<n).map { $0 }]
    if scheme == .implicit {
      return Argument.Step(flow: proof, components: whole, columnScaling: [1], rowScaling: [1])
    }
    guard network.timeConstants.count == 1, let metric = FloatMetric(of: flow) else {
      return nil
    }
    var components = leaves(proof, units: whole[0])
    let isDiagonal = metric.isDiagonal
    if !isDiagonal, !spansComponents(flow, components) { components = whole }
    var norms: [NormClaim] = []
    for (index, units) in components.enumerated() where units.count > 1 && units.count <= 2048 {
      let members = units.map(Int.init)
      let own = metric.restricted(to: members)
      guard let norm = loadNorm(network, members, own) else { continue }
      norms.append(
        NormClaim(first: index, second: index, kind: .toFirst, bound: norm * (1 + 1e-12) + 1e-300))
    }
    let between = gains(network, components, metric)
    norms += between.map {
      NormClaim(
        first: min($0.to, $0.from), second: max($0.to, $0.from),
        kind: $0.to < $0.from ? .toFirst : .toSecond, bound: $0.norm)
    }
    let (x, y) = scalings(norms, count: components.count)
    return Argument.Step(
      flow: proof, components: components, columnScaling: y, rowScaling: x, norms: norms,
      couplingNorm: scheme == .euler && findsCouplingNorm ? couplingNorm(network, metric) : nil)
  }

  /// sup ‖WD‖ or ‖KD′‖ between two components, just above what floating point finds, where one of them runs there.
  private static func gains(
    _ network: Specification, _ components: [[Int32]], _ metric: FloatMetric
  ) -> [(to: Int, from: Int, norm: Double)] {
    guard components.count > 1, components.allSatisfy({ $0.count <= 2048 }) else { return [] }
    var home = [Int](repeating: 0, count: network.units)
    for (index, units) in components.enumerated() { for unit in units { home[Int(unit)] = index } }
    var parts = [(weights: network.recurrent, slope: network.slopes.upper.approximation)]
    if let coupling = network.nonlinearCoupling {
      parts.append((coupling.weights, coupling.slopes.upper.approximation))
    }
    // Which part runs between two components; both together are left to sums of magnitudes.
    var sources: [[Int]: Set<Int>] = [:]
    for (number, part) in parts.enumerated() {
      let sparse = part.weights.sparse()
      for i in 0..<sparse.rows {
        var last = home[i]
        for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] where sparse.values[k] != 0 {
          let from = home[Int(sparse.columnIndices[k])]
          if from != home[i], from != last { sources[[home[i], from], default: []].insert(number) }
          last = from
        }
      }
    }
    var found: [(to: Int, from: Int, norm: Double)] = []
    for pair in sources.keys.sorted(by: { ($0[0], $0[1]) < ($1[0], $1[1]) }) {
      guard let numbers = sources[pair], numbers.count == 1, let number = numbers.first else {
        continue
      }
      let (to, from) = (components[pair[0]].map(Int.init), components[pair[1]].map(Int.init))
      var x = parts[number].weights.submatrix(to, from)
      let slope = parts[number].slope
      x.withUnsafeMutableValues { for k in $0.indices { $0[k] *= slope } }
      let (m, p) = (metric.restricted(to: to), metric.restricted(to: from))
      let norm =
        network.form == .outside
        ? scaledNorm(x, m, p.flattened(byLargest: false))
        : scaledNorm(x, m.flattened(byLargest: true), p)
      if let norm, norm > 0, norm.isFinite {
        found.append((pair[0], pair[1], norm * (1 + 1e-12) + 1e-300))
      }
    }
    return found
  }

  /// Rows and columns scaled by the singular vectors of the matrix of norms, which lose nothing; 1 where there is
  /// nothing between components.
  private static func scalings(
    _ norms: [NormClaim], count: Int
  ) -> (rows: [Double], columns: [Double]) {
    let ones = [Double](repeating: 1, count: count)
    guard count > 1, count <= 1024, norms.contains(where: { $0.place.first != $0.place.second })
    else { return (ones, ones) }
    var b = Matrix(rows: count, columns: count)
    for claim in norms {
      let (i, j) =
        claim.place.kind == .toSecond
        ? (claim.place.second, claim.place.first) : (claim.place.first, claim.place.second)
      b[i, j] += claim.bound
    }
    guard let top = LAPACKBackend.topSingular(b) else { return (ones, ones) }
    // The vectors of a matrix that is not negative can be taken so; what is 0 in them is made small.
    func positive(_ vector: [Double]) -> [Double] { vector.map { max(abs($0), 1e-3) } }
    let (x, y) = (positive(top.left), positive(top.right))
    /// The square of the bound that the kernel works out.
    func bound(_ x: [Double], _ y: [Double]) -> Double {
      let rows = LAPACKBackend.multiply(b, y)
      let columns = LAPACKBackend.multiply(b, x, transpose: true)
      return (zip(rows, x).map { $0 / $1 }.max() ?? 0)
        * (zip(columns, y).map { $0 / $1 }.max() ?? 0)
    }
    return bound(x, y) < bound(ones, ones) ? (x, y) : (ones, ones)
  }

  /// The units of the modules at the ends of a tree of assemblies.
  private static func leaves(_ proof: Proof, units: [Int32]) -> [[Int32]] {
    guard case .assembly(let assembly) = proof.argument else { return [units] }
    return zip(assembly.components, assembly.proofs).flatMap { members, child in
      leaves(child, units: members.map { units[Int($0)] })
    }
  }

  /// Whether the full blocks of the metric lie inside the components.
  private static func spansComponents(
    _ flow: Certified<Specification>, _ components: [[Int32]]
  ) -> Bool {
    guard let parts = flow.metricParts else { return false }
    var home = [Int](repeating: 0, count: flow.specification.units)
    for (index, units) in components.enumerated() { for unit in units { home[Int(unit)] = index } }
    return parts.allSatisfy { part in
      if case .diagonal = part.body { return true }
      return Set(part.units.map { home[Int($0)] }).count == 1
    }
  }

  /// sup ‖WD‖ of one component in its metric, as the kernel bounds it; nil where W and K meet.
  private static func loadNorm(
    _ network: Specification, _ members: [Int], _ metric: FloatMetric
  ) -> Double? {
    if let coupling = network.nonlinearCoupling {
      let own = coupling.weights.submatrix(members, members)
      if own.values.contains(where: { $0 != 0 }) { return nil }
    }
    let g = network.slopes.upper.approximation
    var w = network.recurrent.submatrix(members, members)
    w.withUnsafeMutableValues { for k in $0.indices { $0[k] *= g } }
    if !w.values.contains(where: { $0 != 0 }) { return nil }
    return network.form == .outside
      ? scaledNorm(w, metric, metric.flattened(byLargest: false))
      : scaledNorm(w, metric.flattened(byLargest: true), metric)
  }

  /// ‖L‖ in a diagonal metric, just above what floating point finds.
  private static func couplingNorm(_ network: Specification, _ metric: FloatMetric) -> Double? {
    guard let coupling = network.coupling, network.units <= 1536, case .diagonal(let p) = metric,
      let norm = spectralNorm(inMetric(p, coupling.dense()))
    else { return nil }
    return norm > 0 ? norm * (1 + 1e-12 * Double(network.units)) : nil
  }
}

extension FloatMetric {
  /// The metric of some units; blocks between them and the others are taken to be 0.
  func restricted(to units: [Int]) -> FloatMetric {
    switch self {
    case .diagonal(let p): .diagonal(units.map { p[$0] })
    case .full(let m): .full(m.principalSubmatrix(units))
    }
  }
}
