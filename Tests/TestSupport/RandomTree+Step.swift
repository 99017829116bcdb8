internal import CertifyKernel

extension TreeGrower {
  /// The step taken from a proof of the flow, at the best factor that the kernel accepts.
  func step(
    from flow: Proof, _ network: Specification, _ generator: inout SplitMix64
  ) -> Proof? {
    var components = [(0..<Int32(network.units)).map { $0 }]
    if case .assembly(let assembly) = flow.argument, generator.integer(in: 0...3) > 0 {
      components = assembly.components
    }
    func scaling() -> [Double] {
      let isOne = generator.integer(in: 0...1) == 0
      return components.map { _ in isOne ? 1 : 0.5 + generator.unit() }
    }
    let (y, x) = (scaling(), scaling())
    var norms: [NormClaim] = []
    var couplingNorm: Double?
    func argument() -> Argument {
      .step(
        .init(
          flow: flow, components: components, columnScaling: y, rowScaling: x, norms: norms,
          couplingNorm: couplingNorm))
    }
    /// Whether the kernel accepts the norms, whatever the bound.
    func areShown() -> Bool {
      let certificate = Certificate(
        scope: .asRun, claim: .contracts(Proof(argument(), bound: 0)))
      guard case .undecided(let why)? = try? network.certify(using: certificate) else {
        return true
      }
      if case .boundNotReached = why.reason { return true }
      return false
    }
    for (first, second) in components.indices.flatMap({ i in components.indices.map { (i, $0) } })
    where first <= second && generator.integer(in: 0...1) == 0 {
      let kind: NormClaim.Kind =
        first == second || generator.integer(in: 0...1) == 0 ? .toFirst : .toSecond
      var (low, high) = (0.0, 64.0)
      let kept = norms
      func claim(_ σ: Double) -> [NormClaim] {
        kept + [NormClaim(first: first, second: second, kind: kind, bound: σ)]
      }
      for _ in 0..<generator.integer(in: 3...50) {
        norms = claim(low + (high - low) / 2)
        if areShown() {
          high = norms[norms.count - 1].bound
        } else {
          low = norms[norms.count - 1].bound
        }
      }
      norms = claim(high)
    }
    if network.coupling != nil, generator.integer(in: 0...1) == 0 {
      var (low, high) = (0.0, 1024.0)
      for _ in 0..<generator.integer(in: 3...50) {
        let middle = low + (high - low) / 2
        couplingNorm = middle
        if areShown() { high = middle } else { low = middle }
      }
      couplingNorm = high
    }
    guard let bound = network.tightestBound(argument(), .asRun) else { return nil }
    return Proof(argument(), bound: bound)
  }
}
