import CertifyKernel

extension AuditSubject {
  /// `workspace-equality`: the spokes of a hub reach λ/(g√q), q leaves, where the theorem needs less.
  ///
  /// λ is bounded from above by what no module can exceed, 1/τ of the slowest unit (all slopes 0). Norms are bounded from below by Rayleigh's quotient in the identity. A hub is taken from the
  /// description, or from couplings that all touch one module.
  func workspaceEquality() -> [Diagnosis] {
    guard isSmall, network.modules.count > 2, network.slopes.startsAtZero, network.form != .map,
      finding(.continuous)?.isCertified != true
    else { return [] }
    let nonlinear = network.nonlinearCoupling
    guard let weights = nonlinear?.weights ?? network.coupling else { return [] }
    // Linear couplings that are skew are free; only a linear part that is not counts like a nonlinear one.
    if nonlinear == nil,
      MatrixFacts.residual(Matrix.identity(network.units), weights.dense())
        .residual.upper == 0
    {
      return []
    }
    let gain = nonlinear?.slopes.upper ?? .one
    let modules = modules
    guard let hub = hub(of: weights), let rate = rateBound() else { return [] }
    var largest = (square: 0.0, module: 0)
    var leaves = 0
    for (index, units) in modules.enumerated() where index != hub {
      let blocks = [
        weights.submatrix(units, modules[hub]), weights.submatrix(modules[hub], units),
      ]
      let squares = blocks.compactMap { block -> Double? in
        guard block.values.contains(where: { $0 != 0 }) else { return nil }
        return Self.squaredNorm(block)
      }
      if !squares.isEmpty { leaves += 1 }
      for square in squares where square > largest.square { largest = (square, index) }
    }
    guard leaves > 1 else { return [] }
    let load = MatrixFacts.workspaceLoad(
      squaredNorm: largest.square, gain: gain, spokes: leaves, rate: rate)
    guard load >= 1 else { return [] }
    let fewer = load * Double(leaves - 1) / Double(leaves)
    var remark = ""
    if load == 1 { remark = "; equality is only non-expansive and certifies nothing" }
    if load > 1, fewer <= 1 {
      remark =
        "; it holds only if the \(leaves) leaves are counted as p with sqrt(p-1), "
        + "which leaves one of them out"
    }
    return [
      Diagnosis(
        .workspaceEquality,
        "the coupling between hub \(hub) and module \(largest.module) has norm >= "
          + "\(shortDown(MatrixFacts.squareRootDown(largest.square))), "
          + "\(shortDown(MatrixFacts.squareRootDown(load))) times the bound lambda/(g sqrt(\(leaves))) with "
          + "\(leaves) leaves, g = \(gain) and lambda <= \(rate)\(remark)",
        advice: "scale the couplings below the bound (strictly), or make linear ones skew in the "
          + "modules' metrics, which costs nothing")
    ]
  }

  /// The module that all couplings between modules touch; nil if there is none, or if several qualify.
  private func hub(of weights: Weights) -> Int? {
    if let workspace { return workspace }
    var home = [Int](repeating: 0, count: network.units)
    for (index, units) in modules.enumerated() { for i in units { home[i] = index } }
    var candidates = Set(network.modules.indices)
    let sparse = weights.sparse()
    for i in 0..<sparse.rows {
      for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] where sparse.values[k] != 0 {
        let j = Int(sparse.columnIndices[k])
        if home[i] != home[j] { candidates.formIntersection([home[i], home[j]]) }
      }
    }
    return candidates.count == 1 ? candidates.first : nil
  }

  /// An exact number that the rate of no module of the network exceeds in any metric; nil if it is not above 0.
  private func rateBound() -> ExactRatio? {
    // With slopes 0 the slowest unit decays with 1/τ.
    var slowest = network.timeConstant(0)
    for i in 1..<network.units where slowest.isLess(than: network.timeConstant(i)) {
      slowest = network.timeConstant(i)
    }
    return slowest.inverse
  }

  /// A lower bound on ‖A‖₂²: the best of the leading singular vector and of short whole vectors near it, which
  /// give the exact norm where it is simple.
  private static func squaredNorm(_ a: Matrix) -> Double? {
    guard let top = LAPACKBackend.topSingular(a) else { return nil }
    let largest = top.right.reduce(0) { max($0, abs($1)) }
    let whole = top.right.map { ($0 / largest * 16).rounded() }
    return [top.right, whole].map { MatrixFacts.squaredNormLowerBound(a, direction: $0) }
      .filter { !$0.isNaN }.max()
  }
}

extension ExactRatio {
  /// 1/x for x > 0.
  fileprivate var inverse: ExactRatio? {
    numerator > 0 ? ExactRatio(denominator, over: numerator) : nil
  }
}
