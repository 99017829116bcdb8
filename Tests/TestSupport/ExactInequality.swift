public import CertifyKernel

// The inequality that each rule asks for, in rational numbers: what the kernel must have seen to be true. For
// networks with too many slopes to look at every vertex.

extension ExactNetwork {
  /// Whether the rule's own inequality holds with ⪯ where the kernel asks for ≺; nil where a rule has none
  /// that this file can work out.
  public func satisfiesInequality(of proof: Proof, _ scope: Scope) -> Bool? {
    let bound = Rational(proof.bound)
    switch proof.argument {
    case .absoluteValue(let v, let w):
      return absoluteValue(v.map { Rational($0) }, w.map { Rational($0) }, scope, bound)
    case .symmetric: return symmetric(scope, bound)
    case .productForm(let s, _):
      let Q = RationalMatrix(diagonal: s.map { Rational($0) }) * W * -1
      return isPlain && scope == .continuous && Q.isPositiveDefinite
        && tau.allSatisfy { bound * $0 <= 1 }
    case .triangular(let order): return triangular(order.map(Int.init), scope, bound)
    case .singularValue(let p, let s, let drops):
      return singularValue(p.map { Rational($0) }, Rational(s), drops, scope, bound)
    case .disk(let p): return disk(p.map { Rational($0) }, scope, bound)
    case .slopeLMI(let m, let multiplier, _):
      return slopeLMI(RationalMatrix(m), multiplier.map { Rational($0) }, scope, bound)
    case .vertexLMI, .step, .splitStep:
      // The inequality is the one at every vertex; of a step with more than twelve slopes, at 2¹⁰ of them.
      guard slopeCount <= 12 || proof.rule != .vertexLMI, let metric = metric(of: proof, scope)
      else { return nil }
      return contracts(in: metric, scope, bound: bound)
    case .assembly: return nil
    }
  }

  private var isPlain: Bool { L == nil && K == nil }
  private var hasOneTimeConstant: Bool { tau.allSatisfy { $0 == tau[0] } }

  private func absoluteValue(
    _ v: [Rational], _ w: [Rational], _ scope: Scope, _ bound: Rational
  ) -> Bool {
    let n = units
    var rows = Rational.zero
    var columns = Rational.zero
    for i in 0..<n {
      let (low, high) = range(i, i)
      let others = (0..<n).filter { $0 != i }
      func share(_ k: Int) -> Rational { scope == .asRun ? pace(scope, k) : 1 }
      let row = others.reduce(Rational.zero) { $0 + share(i) * weight(i, $1) * v[$1] } / v[i]
      let column = others.reduce(Rational.zero) { $0 + share($1) * weight($1, i) * w[$1] } / w[i]
      if scope == .continuous {
        guard 1 - high - (row + column) / 2 >= bound * tau[i] else { return false }
      } else {
        let h = pace(scope, i)
        let own = max((1 - h + h * low).magnitude, (1 - h + h * high).magnitude)
        rows = max(rows, own + row)
        columns = max(columns, own + column)
      }
    }
    return scope == .continuous || rows * columns <= bound * bound
  }

  private func symmetric(_ scope: Scope, _ bound: Rational) -> Bool {
    guard W.isSymmetric, isPlain, hasOneTimeConstant else { return false }
    let unit = RationalMatrix.identity(units)
    let gW = W * slopes.upper
    guard scope == .asRun else { return (unit * (1 - bound * tau[0]) - gW).isPositiveSemidefinite }
    let h = pace(scope, 0)
    return (unit * (bound - 1 + h) - gW * h).isPositiveSemidefinite
      && (unit * (bound + 1 - h) + gW * h).isPositiveSemidefinite
  }

  private func triangular(_ order: [Int], _ scope: Scope, _ bound: Rational) -> Bool {
    for (place, i) in order.enumerated() {
      let (low, high) = range(i, i)
      let later = order[(place + 1)...]
      guard later.allSatisfy({ weight(i, $0).signum == 0 }) else { return false }
      let isLinked = order.contains { j in
        j != i && (weight(i, j).signum != 0 || weight(j, i).signum != 0)
      }
      let h = pace(scope, i)
      let slack =
        scope == .continuous
        ? 1 - high - bound * tau[i]
        : bound - max((1 - h + h * low).magnitude, (1 - h + h * high).magnitude)
      guard isLinked ? slack > 0 : slack >= 0 else { return false }
    }
    return true
  }

  /// Whether ‖P^{1/2}XP^{-1/2}‖₂² ≤ squared.
  private func normIsAtMost(
    _ squared: Rational, _ X: RationalMatrix, _ P: RationalMatrix
  ) -> Bool {
    (P * squared - X.transposed * P * X).isPositiveSemidefinite
  }

  private func singularValue(
    _ p: [Rational], _ s: Rational, _ drops: Bool, _ scope: Scope, _ bound: Rational
  ) -> Bool {
    let P = RationalMatrix(diagonal: p)
    var kept = W
    var dropped = RationalMatrix.zero(units, units)
    if drops, scope == .continuous {
      for i in 0..<units where W[i, i] < 0 {
        dropped[i, i] = W[i, i]
        kept[i, i] = 0
      }
    }
    guard K == nil, normIsAtMost(s * s, kept, P) else { return false }
    guard scope == .continuous else {
      let h = pace(scope, 0)
      return L == nil && hasOneTimeConstant
        && (1 - h).magnitude + h * slopes.upper * s <= bound
    }
    let centre = (slopes.lower + slopes.upper) / 2
    let spread = (slopes.upper - slopes.lower) / 2
    let slowest = tau.reduce(tau[0]) { max($0, $1) }
    let μ = 1 - bound * slowest - spread * s
    let mean = kept * centre + dropped * slopes.lower + (L ?? .zero(units, units))
    return (P * μ - (P * mean).symmetricPart).isPositiveSemidefinite
  }

  private func disk(_ p: [Rational], _ scope: Scope, _ bound: Rational) -> Bool {
    guard isPlain else { return false }
    let unit = RationalMatrix.identity(units)
    let P = RationalMatrix(diagonal: p)
    let gW = W * slopes.upper
    guard scope == .asRun else {
      let slowest = tau.reduce(tau[0]) { max($0, $1) }
      return normIsAtMost(4 * (1 - bound * slowest), unit + gW, P)
    }
    let h = pace(scope, 0)
    let rest = 1 - h
    guard hasOneTimeConstant, h < 2 else { return false }
    return normIsAtMost((bound * bound - rest * rest) * (2 - h) / h, unit * rest + gW, P)
  }

  private func slopeLMI(
    _ M: RationalMatrix, _ multiplier: [Rational], _ scope: Scope, _ bound: Rational
  ) -> Bool {
    guard K == nil, M.isPositiveDefinite, multiplier.allSatisfy({ $0 > 0 }) else { return false }
    let n = units
    let unit = RationalMatrix.identity(n)
    let paces = RationalMatrix(diagonal: (0..<n).map { pace(scope, $0) })
    let Λ = RationalMatrix(diagonal: multiplier)
    let leak = paces * ((L ?? .zero(n, n)) - unit)
    let isOutside = specification.form == .outside
    let G = isOutside ? paces * W : paces
    let C = isOutside ? unit : W
    let CΛ = C.transposed * Λ
    let lowest = CΛ * C * (2 * slopes.lower * slopes.upper)
    let sum = slopes.lower + slopes.upper
    let corner: RationalMatrix
    let side: RationalMatrix
    var last = Λ * 2
    switch scope {
    case .continuous:
      corner = (M * leak + leak.transposed * M + M * (2 * bound)) * -1 + lowest
      side = (M * G + CΛ * sum) * -1
    case .asRun:
      let F = unit + leak
      corner = M * (bound * bound) - F.transposed * M * F + lowest
      side = (F.transposed * M * G + CΛ * sum) * -1
      last = last - G.transposed * M * G
    }
    return RationalMatrix(rows: 2 * n, columns: 2 * n) { i, j in
      switch (i < n, j < n) {
      case (true, true): corner[i, j]
      case (true, false): side[i, j - n]
      case (false, true): side[j, i - n]
      case (false, false): last[i - n, j - n]
      }
    }.isPositiveSemidefinite
  }
}
