public import CertifyKernel

// Certificates out of thin air, for tests of the kernel alone: numbers that no search has improved, and the
// best bound that the kernel accepts for them.

extension Specification {
  /// Whether the kernel accepts the argument at this bound.
  public func accepts(_ argument: Argument, bound: Double, _ scope: Scope) -> Bool {
    let certificate = Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound)))
    guard case .certified? = try? certify(using: certificate) else { return false }
    return true
  }

  /// The best bound that the kernel accepts for the argument, found by bisection to neighbouring doubles; nil
  /// if it accepts neither a rate of 2⁻³⁰ nor a factor of 1 − 2⁻³⁰.
  public func tightestBound(_ argument: Argument, _ scope: Scope) -> Double? {
    let isFlow = scope == .continuous
    var good = isFlow ? 0x1p-30 : 1 - 0x1p-30
    guard accepts(argument, bound: good, scope) else { return nil }
    var bad = isFlow ? 0x1p20 : -1.0
    while true {
      let middle = good + (bad - good) / 2
      guard middle != good, middle != bad else { return good }
      if accepts(argument, bound: middle, scope) { good = middle } else { bad = middle }
    }
  }
}

extension Rule {
  /// Numbers for this rule, drawn without regard to the network except where nothing else can be accepted.
  public func randomArgument(
    for network: Specification, _ scope: Scope, _ generator: inout SplitMix64
  ) -> Argument {
    let n = network.units
    func positives() -> [Double] { (0..<n).map { _ in 0.5 + generator.unit() } }
    switch self {
    case .absoluteValue: return .absoluteValue(columnScaling: positives(), rowScaling: positives())
    case .symmetric: return .symmetric
    case .productForm:
      // The scaling that makes diag(s) W symmetric, where one column has no zeros.
      let W = network.recurrent.dense()
      let s = (0..<n).map { i in
        let ratio = i == 0 ? 1 : W[0, i] / W[i, 0]
        return ratio > 0 && ratio.isFinite ? ratio : 1
      }
      return .productForm(rowScaling: s, floor: 0x1p-20)
    case .triangular: return .triangular(order: Self.order(network))
    case .singularValue:
      let W = network.recurrent.dense()
      var square = 0.0
      for x in W.values { square += x * x }
      // Between the spectral norm of a matrix of rank one and less than any norm of it.
      let share = 0.5 + 0.6 * generator.unit()
      let isOne = generator.integer(in: 0...1) == 0
      return .singularValue(
        metric: isOne ? [Double](repeating: 1, count: n) : positives(),
        norm: share * square.squareRoot(),
        dropsInhibitoryDiagonal: generator.integer(in: 0...1) == 0)
    case .disk:
      return .disk(
        metric: generator.integer(in: 0...1) == 0
          ? [Double](repeating: 1, count: n) : positives())
    case .vertexLMI:
      return .vertexLMI(metric: Self.metric(n, &generator), floor: 0x1p-4)
    case .slopeLMI:
      let M = Self.metric(n, &generator)
      return .slopeLMI(
        metric: M, multiplier: (0..<n).map { _ in 0.4 + generator.unit() }, floor: 0x1p-4)
    case .feedback: return Self.assembly(.feedback, network, scope, &generator)
    case .hierarchy: return Self.assembly(.hierarchy, network, scope, &generator)
    case .globalWorkspace:
      return Self.assembly(.globalWorkspace(hub: 0), network, scope, &generator)
    case .interconnection: return Self.assembly(.interconnection, network, scope, &generator)
    case .step: return Self.step(network, &generator)
    case .splitStep:
      return .splitStep(
        .init(
          metric: positives(), components: [(0..<Int32(n)).map { $0 }],
          norms: [0.2 + generator.unit()]))
    }
  }

  /// A symmetric matrix near the identity.
  private static func metric(_ n: Int, _ generator: inout SplitMix64) -> Matrix {
    var M = Matrix(rows: n, columns: n)
    for i in 0..<n {
      M[i, i] = 1 + 0.2 * generator.symmetric()
      for j in 0..<i {
        M[i, j] = 0.3 * generator.symmetric() / Double(n)
        M[j, i] = M[i, j]
      }
    }
    return M
  }

  /// The units in topological order where there is one: each time a unit that no unit left drives.
  private static func order(_ network: Specification) -> [Int32] {
    let exact = ExactNetwork(network)
    var left = Array(0..<network.units)
    var order: [Int32] = []
    while !left.isEmpty {
      let next = left.first { i in left.allSatisfy { $0 == i || exact.weight(i, $0).signum == 0 } }
      let chosen = next ?? left[0]
      order.append(Int32(chosen))
      left.removeAll { $0 == chosen }
    }
    return order
  }

  /// A random proof that the kernel accepts for a network, or what comes nearest.
  private static func proof(
    _ network: Specification?, _ scope: Scope, _ generator: inout SplitMix64
  ) -> Proof {
    guard let network else { return Proof(.symmetric, bound: 0.5) }
    for rule in [Rule.absoluteValue, .symmetric, .disk, .slopeLMI] {
      let argument = rule.randomArgument(for: network, scope, &generator)
      if let bound = network.tightestBound(argument, scope) {
        return Proof(argument, bound: bound)
      }
    }
    return Proof(.symmetric, bound: 0.5)
  }

  /// A proof for the flow, and one component or, where its metric may be diagonal, two.
  private static func step(
    _ network: Specification, _ generator: inout SplitMix64
  ) -> Argument {
    let n = Int32(network.units)
    let flow = proof(network.form == .map ? nil : network, .continuous, &generator)
    let cut = n == 1 || generator.integer(in: 0...1) == 0 ? n : n / 2
    let parts = cut == n ? [Array(0..<n)] : [Array(0..<cut), Array(cut..<n)]
    return .step(
      .init(
        flow: flow, components: parts, columnScaling: parts.map { _ in 0.5 + generator.unit() },
        rowScaling: parts.map { _ in 0.5 + generator.unit() }))
  }

  /// Two parts, each with a random proof that the kernel accepts for it alone, or what comes nearest.
  private static func assembly(
    _ structure: Argument.Structure, _ network: Specification, _ scope: Scope,
    _ generator: inout SplitMix64
  ) -> Argument {
    let n = network.units
    let cut = generator.integer(in: 1...max(1, n - 1))
    let parts = n == 1 ? [[0]] : [Array(0..<cut), Array(cut..<n)]
    let proofs = parts.map { proof(try? network.restricted(to: $0), scope, &generator) }
    return .assembly(
      .init(
        structure, components: parts.map { $0.map { Int32($0) } }, proofs: proofs,
        columnScaling: parts.map { _ in 0.1 + generator.unit() },
        rowScaling: parts.map { _ in 0.1 + generator.unit() }))
  }
}
