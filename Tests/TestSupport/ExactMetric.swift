public import CertifyKernel

// The metric in which each rule states its bound, built in rational numbers from the statement of the rule.
// An implementation of its own: nothing of the kernel is used but the data of the certificate.

extension ExactNetwork {
  /// The metric of a proof, or nil if the statement of its rule gives none for this network.
  public func metric(of proof: Proof, _ scope: Scope) -> RationalMatrix? {
    metric(of: proof.argument, scope, bound: Rational(proof.bound))
  }

  func metric(of argument: Argument, _ scope: Scope, bound: Rational) -> RationalMatrix? {
    switch argument {
    case .absoluteValue(let v, let w):
      return paced(scope) { Rational(w[$0]) / Rational(v[$0]) }
    case .symmetric: return symmetricMetric(scope, bound)
    case .productForm(let s, _): return productFormMetric(s.map { Rational($0) })
    case .triangular(let order): return triangularMetric(order.map(Int.init), scope, bound)
    case .singularValue(let p, _, _), .disk(let p): return paced(scope) { Rational(p[$0]) }
    case .slopeLMI(let m, _, _), .vertexLMI(let m, _): return RationalMatrix(m)
    case .assembly(let assembly): return assemblyMetric(assembly, scope)
    case .step(let step): return metric(of: step.flow, .continuous)
    case .splitStep(let split): return RationalMatrix(diagonal: split.metric.map { Rational($0) })
    }
  }

  /// diag(τ_i p_i) for the flow, diag(p_i) for the map that runs.
  ///
  /// A time constant that all units share is left out. It would scale the metric, which matters where the
  /// network is one component of a hierarchy.
  private func paced(_ scope: Scope, _ p: (Int) -> Rational) -> RationalMatrix {
    let isPaced = scope == .continuous && tau.contains { $0 != tau[0] }
    return RationalMatrix(diagonal: (0..<units).map { isPaced ? tau[$0] * p($0) : p($0) })
  }

  /// 2aI − gW with a = 1 − λτ, or ((ρ² − (1 − h)²)I − h(1 − h)gW)/ρ; the inverse for form outside.
  private func symmetricMetric(_ scope: Scope, _ bound: Rational) -> RationalMatrix? {
    let unit = RationalMatrix.identity(units)
    let inside: RationalMatrix
    switch scope {
    case .continuous:
      let a = 1 - bound * tau[0]
      inside = unit * (2 * a) - W * slopes.upper
    case .asRun:
      let h = pace(scope, 0)
      let rest = 1 - h
      inside = (unit * (bound * bound - rest * rest) - W * (h * rest * slopes.upper)) * (1 / bound)
    }
    return specification.form == .outside ? inside.inverse : inside
  }

  /// Q = −diag(s)W for form inside, S Q⁻¹ S for form outside.
  private func productFormMetric(_ s: [Rational]) -> RationalMatrix? {
    let S = RationalMatrix(diagonal: s)
    let Q = S * W * -1
    guard specification.form == .outside else { return Q }
    return Q.inverse.map { S * $0 * S }
  }

  /// v and w by the recursion of the rule; nil where a slack that must be positive is not.
  private func triangularMetric(
    _ order: [Int], _ scope: Scope, _ bound: Rational
  ) -> RationalMatrix? {
    let n = units
    let slack = (0..<n).map { i -> Rational in
      let (low, high) = range(i, i)
      guard scope == .asRun else { return 1 - high - bound * tau[i] }
      let h = pace(scope, i)
      return bound - max((1 - h + h * low).magnitude, (1 - h + h * high).magnitude)
    }
    func share(_ i: Int) -> Rational { scope == .asRun ? pace(scope, i) : 1 }
    var v = [Rational](repeating: 0, count: n)
    var w = v
    for i in order {
      let load = (0..<n).reduce(Rational.zero) {
        $1 == i ? $0 : $0 + share(i) * weight(i, $1) * v[$1]
      }
      guard load.signum == 0 || slack[i] > 0 else { return nil }
      v[i] = load.signum == 0 ? 1 : load / slack[i]
    }
    for i in order.reversed() {
      let load = (0..<n).reduce(Rational.zero) {
        $1 == i ? $0 : $0 + share($1) * weight($1, i) * w[$1]
      }
      guard load.signum == 0 || slack[i] > 0 else { return nil }
      w[i] = load.signum == 0 ? 1 : load / slack[i]
    }
    return paced(scope) { w[$0] / v[$0] }
  }

  /// blkdiag((w_i / v_i) M_i), the metrics of the components in their places.
  private func assemblyMetric(_ h: Argument.Assembly, _ scope: Scope) -> RationalMatrix? {
    var result = RationalMatrix.zero(units, units)
    for (part, members) in h.components.enumerated() {
      let indices = members.map(Int.init)
      guard let alone = restricted(to: indices),
        let block = alone.metric(of: h.proofs[part], scope)
      else { return nil }
      let scale = Rational(h.rowScaling[part]) / Rational(h.columnScaling[part])
      for (a, i) in indices.enumerated() {
        for (b, j) in indices.enumerated() { result[i, j] = block[a, b] * scale }
      }
    }
    return result
  }
}

extension RationalMatrix {
  /// Whether κ(M) > squared is proved, for a symmetric positive definite M: λmax(M) > squared · t for some
  /// t ≥ λmin(M), the least diagonal entry of a diagonal matrix and otherwise the upper end of a bisection.
  public func conditionNumberExceeds(_ squared: Rational) -> Bool {
    let unit = RationalMatrix.identity(rows)
    return !(unit * (squared * leastEigenvalueBound()) - self).isPositiveSemidefinite
  }

  /// An upper bound on the least eigenvalue of a symmetric positive definite matrix, within a relative 2⁻³⁰ by
  /// exact definiteness tests; the eigenvalue itself for a diagonal matrix.
  public func leastEigenvalueBound() -> Rational {
    var upper = (0..<rows).map { self[$0, $0] }.min() ?? 0
    let isDiagonal = (0..<rows).allSatisfy { i in
      (0..<i).allSatisfy { self[i, $0].signum == 0 }
    }
    if isDiagonal { return upper }
    let unit = RationalMatrix.identity(rows)
    func isBelow(_ t: Rational) -> Bool { (self - unit * t).isPositiveDefinite }
    var lower = upper / 2
    while !isBelow(lower) {
      upper = lower
      lower = lower / 2
    }
    for _ in 0..<30 {
      let middle = (lower + upper) / 2
      if isBelow(middle) { lower = middle } else { upper = middle }
    }
    return upper
  }
}
