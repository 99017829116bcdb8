internal import CertifyKernel
internal import TestSupport

/// Certificates that a forger or a faulty proposer might send.
enum Attack {
  /// A network and a certificate of it, one of the two changed in one place.
  static func mutant(
    _ network: Specification, _ certificate: Certificate, _ generator: inout SplitMix64
  ) -> (Specification, Certificate) {
    if generator.integer(in: 0...3) == 0, let other = changed(network, &generator) {
      return (other, certificate)
    }
    switch certificate.claim {
    case .contracts(let proof):
      let scope =
        generator.integer(in: 0...9) == 0
        ? (certificate.scope == .continuous ? Scope.asRun : .continuous) : certificate.scope
      return (
        network,
        Certificate(scope: scope, claim: .contracts(changed(network, proof, scope, &generator)))
      )
    case .unstable(let claim):
      let changed = changed(claim, units: network.units, &generator)
      return (network, Certificate(scope: certificate.scope, claim: .unstable(changed)))
    }
  }

  /// A certificate for which no search was made, at the best bound the kernel lets pass.
  static func random(
    _ network: Specification, _ scope: Scope, _ generator: inout SplitMix64
  ) -> Certificate? {
    if generator.integer(in: 0...3) == 0 {
      return Certificate(scope: scope, claim: .unstable(instability(network.units, &generator)))
    }
    let rule = Rule.allCases[generator.integer(in: 0...(Rule.allCases.count - 1))]
    let argument = rule.randomArgument(for: network, scope, &generator)
    guard let bound = network.tightestBound(argument, scope) else { return nil }
    return Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound)))
  }

  // MARK: - Networks

  private static func changed(
    _ network: Specification, _ generator: inout SplitMix64
  ) -> Specification? {
    var W = network.recurrent.dense()
    switch generator.integer(in: 0...4) {
    case 0:
      guard network.form != .map, network.nonlinearCoupling == nil else { return nil }
      return try? network.with(form: network.form == .outside ? .inside : .outside)
    case 1: return try? network.with(recurrent: W.transposed())
    case 2:
      let g = network.slopes.upper
      guard let wider = try? SlopeInterval(.zero, ExactRatio(2 * g.numerator, over: g.denominator))
      else { return nil }
      return try? network.with(slopes: wider)
    case 3:
      let (i, j) = (
        generator.integer(in: 0...(W.rows - 1)), generator.integer(in: 0...(W.rows - 1))
      )
      W[i, j] = W[i, j].nextUp
      return try? network.with(recurrent: W)
    default: return try? network.scalingWeights(by: 1 + generator.unit())
    }
  }

  // MARK: - Proofs

  private static func changed(
    _ network: Specification, _ proof: Proof, _ scope: Scope, _ generator: inout SplitMix64
  ) -> Proof {
    let isFlow = scope == .continuous
    switch generator.integer(in: 0...3) {
    case 0: return Proof(proof.argument, bound: isFlow ? proof.bound.nextUp : proof.bound.nextDown)
    case 1:
      let share = [0x1p-48, 0x1p-30, 0x1p-10, 0.1][generator.integer(in: 0...3)]
      return Proof(proof.argument, bound: proof.bound * (isFlow ? 1 + share : 1 - share))
    case 2:
      let argument = inverted(proof.argument)
      return Proof(argument, bound: network.tightestBound(argument, scope) ?? proof.bound)
    default:
      let argument = dented(proof.argument, &generator)
      return Proof(argument, bound: network.tightestBound(argument, scope) ?? proof.bound)
    }
  }

  /// The same numbers the wrong way round: v for w, P⁻¹ for P, M⁻¹ for M.
  private static func inverted(_ argument: Argument) -> Argument {
    switch argument {
    case .absoluteValue(let v, let w): return .absoluteValue(columnScaling: w, rowScaling: v)
    case .symmetric: return .symmetric
    case .productForm(let s, let floor):
      return .productForm(rowScaling: s.map { 1 / $0 }, floor: floor)
    case .triangular(let order): return .triangular(order: order.reversed())
    case .singularValue(let p, let s, let drops):
      return .singularValue(
        metric: p.map { 1 / $0 }, norm: s, dropsInhibitoryDiagonal: !drops)
    case .disk(let p): return .disk(metric: p.map { 1 / $0 })
    case .slopeLMI(let m, let multiplier, let floor):
      guard let turned = inverse(m) else { return argument }
      return .slopeLMI(metric: turned, multiplier: multiplier, floor: floor)
    case .vertexLMI(let m, let floor):
      return inverse(m).map { .vertexLMI(metric: $0, floor: floor) } ?? argument
    case .assembly(let h):
      return .assembly(
        .init(
          h.structure, components: h.components, proofs: h.proofs, columnScaling: h.rowScaling,
          rowScaling: h.columnScaling, norms: h.norms))
    case .splitStep(let split):
      return .splitStep(
        .init(
          metric: split.metric.map { 1 / $0 }, components: split.components, norms: split.norms))
    case .step(let step):
      return .step(
        .init(
          flow: step.flow, components: step.components, columnScaling: step.rowScaling,
          rowScaling: step.columnScaling, norms: step.norms, couplingNorm: step.couplingNorm))
    }
  }

  /// M⁻¹, rounded; nil if singular.
  private static func inverse(_ m: Matrix) -> Matrix? {
    guard let inverse = RationalMatrix(m).inverse else { return nil }
    var turned = m
    for i in 0..<m.rows { for j in 0..<m.rows { turned[i, j] = inverse[i, j].approximation } }
    return turned
  }

  /// One number changed: a little, a lot, or in sign.
  private static func dented(
    _ argument: Argument, _ generator: inout SplitMix64
  ) -> Argument {
    let factor = [1 + 0x1p-52, 0.5, 4, -1, 0][generator.integer(in: 0...4)]
    func dent(_ values: [Double]) -> [Double] {
      var values = values
      values[generator.integer(in: 0...(values.count - 1))] *= factor
      return values
    }
    func dent(_ m: Matrix) -> Matrix {
      var m = m
      let (i, j) = (
        generator.integer(in: 0...(m.rows - 1)), generator.integer(in: 0...(m.rows - 1))
      )
      m[i, j] *= factor
      if generator.integer(in: 0...2) > 0 { m[j, i] = m[i, j] }
      return m
    }
    switch argument {
    case .absoluteValue(let v, let w): return .absoluteValue(columnScaling: dent(v), rowScaling: w)
    case .symmetric: return .symmetric
    case .productForm(let s, let floor): return .productForm(rowScaling: dent(s), floor: floor)
    case .triangular(var order):
      let (i, j) = (0, generator.integer(in: 0...(order.count - 1)))
      order.swapAt(i, j)
      return .triangular(order: order)
    case .singularValue(let p, let s, let drops):
      return generator.integer(in: 0...1) == 0
        ? .singularValue(metric: dent(p), norm: s, dropsInhibitoryDiagonal: drops)
        : .singularValue(metric: p, norm: s * factor, dropsInhibitoryDiagonal: drops)
    case .disk(let p): return .disk(metric: dent(p))
    case .slopeLMI(let m, let multiplier, let floor):
      guard generator.integer(in: 0...1) == 0 else {
        return .slopeLMI(metric: m, multiplier: dent(multiplier), floor: floor)
      }
      return .slopeLMI(metric: dent(m), multiplier: multiplier, floor: floor)
    case .vertexLMI(let m, let floor): return .vertexLMI(metric: dent(m), floor: floor)
    case .assembly(let h):
      return .assembly(
        .init(
          h.structure, components: h.components, proofs: h.proofs,
          columnScaling: dent(h.columnScaling), rowScaling: h.rowScaling, norms: h.norms))
    case .splitStep(let split):
      return .splitStep(
        generator.integer(in: 0...1) == 0
          ? .init(
            metric: dent(split.metric), components: split.components, norms: split.norms)
          : .init(
            metric: split.metric, components: split.components, norms: dent(split.norms)))
    case .step(let step):
      return .step(
        .init(
          flow: step.flow, components: step.components, columnScaling: dent(step.columnScaling),
          rowScaling: step.rowScaling, norms: step.norms,
          couplingNorm: step.couplingNorm.map { $0 * factor }))
    }
  }

  // MARK: - Refutations

  private static func changed(
    _ claim: Instability, units n: Int, _ generator: inout SplitMix64
  ) -> Instability {
    switch generator.integer(in: 0...2) {
    case 0:
      var active = Set(claim.active)
      let unit = Int32(generator.integer(in: 0...(n - 1)))
      if active.remove(unit) == nil { active.insert(unit) }
      return Instability(active: active.sorted(), reason: claim.reason)
    case 1:
      let other = instability(n, &generator)
      return Instability(active: claim.active, reason: other.reason)
    default:
      guard case .inertia(let m, let x, let c) = claim.reason else {
        return Instability(active: claim.active, reason: .flip)
      }
      let pushed = generator.integer(in: 0...1) == 0 ? c + 0.01 : c.nextUp
      return Instability(
        active: claim.active, reason: .inertia(metric: m, direction: x, margin: pushed))
    }
  }

  private static func instability(_ n: Int, _ generator: inout SplitMix64) -> Instability {
    let active = (0..<Int32(n)).filter { _ in generator.integer(in: 0...1) == 0 }
    switch generator.integer(in: 0...3) {
    case 0: return Instability(active: active, reason: .determinant)
    case 1: return Instability(active: active, reason: .flip)
    case 2:
      return Instability(
        active: [], reason: .skew(direction: (0..<n).map { _ in generator.symmetric() }))
    default:
      var M = Matrix(rows: n, columns: n)
      for i in 0..<n {
        for j in 0...i {
          M[i, j] = (i == j ? (generator.integer(in: 0...1) == 0 ? -1 : 1) : 0.3) * generator.unit()
          M[j, i] = M[i, j]
        }
      }
      return Instability(
        active: active,
        reason: .inertia(
          metric: M, direction: (0..<n).map { _ in generator.symmetric() },
          margin: Double(generator.integer(in: 0...1))))
    }
  }
}
