import CertifyKernel
import TestSupport

// Networks made of modules whose metric and rate are given: W = 0 and L_ii = 1 − λ inside a module has rate λ in
// every metric.

/// Modules with a metric and a rate each, coupled linearly (L) and through ψ (K).
struct ModuleNetwork {
  /// The diagonal of each metric, or a full one.
  enum Metric {
    case diagonal([Double])
    case full(Matrix)

    var units: Int {
      switch self {
      case .diagonal(let p): p.count
      case .full(let m): m.rows
      }
    }
  }

  let metrics: [Metric]
  let rates: [Double]
  let specification: Specification

  init(
    _ metrics: [Metric], rates: [Double], L: Matrix? = nil, K: Matrix? = nil,
    slopesOfK: SlopeInterval = .unit, step: Specification.Step? = nil
  ) throws(InputError) {
    let n = metrics.reduce(0) { $0 + $1.units }
    var coupling = L ?? Matrix(rows: n, columns: n)
    var unit = 0
    for (metric, rate) in zip(metrics, rates) {
      for _ in 0..<metric.units {
        coupling[unit, unit] += 1 - rate
        unit += 1
      }
    }
    self.metrics = metrics
    self.rates = rates
    specification = try Specification(
      form: .outside, recurrent: .dense(Matrix(rows: n, columns: n)), coupling: .dense(coupling),
      nonlinearCoupling: K.map { .init(weights: .dense($0), slopes: slopesOfK) }, step: step)
  }

  var components: [[Int32]] {
    var start: Int32 = 0
    return metrics.map { metric in
      defer { start += Int32(metric.units) }
      return (start..<start + Int32(metric.units)).map { $0 }
    }
  }

  /// The rate itself where the metric is diagonal, a hair less where a multiplier must be paid for.
  var proofs: [Proof] {
    zip(metrics, rates).map { metric, rate in
      switch metric {
      case .diagonal(let p):
        Proof(.absoluteValue(columnScaling: p.map { _ in 1 }, rowScaling: p), bound: rate)
      case .full(let m):
        Proof(
          .slopeLMI(
            metric: m, multiplier: (0..<m.rows).map { _ in 1e-11 }, floor: floor(m)),
          bound: rate - 1e-10)
      }
    }
  }

  /// A power of two below the least eigenvalue.
  private func floor(_ m: Matrix) -> Double {
    var floor = 1.0
    let unit = RationalMatrix.identity(m.rows)
    while !(RationalMatrix(m) - unit * Rational(floor)).isPositiveDefinite { floor /= 2 }
    return floor / 2
  }

  func argument(
    _ structure: Argument.Structure, v: [Double]? = nil, w: [Double]? = nil, norms: [NormClaim] = []
  ) -> Argument {
    .assembly(assembly(structure, v: v, w: w, norms: norms))
  }

  func assembly(
    _ structure: Argument.Structure, v: [Double]? = nil, w: [Double]? = nil, norms: [NormClaim] = []
  ) -> Argument.Assembly {
    let ones = metrics.map { _ in 1.0 }
    return Argument.Assembly(
      structure, components: components, proofs: proofs, columnScaling: v ?? ones,
      rowScaling: w ?? ones, norms: norms)
  }

  /// v and w with w_i / v_i = θ_i and √(v_i w_i) the Perron vector of the loads: the best there are for these θ.
  func bestScaling(
    _ structure: Argument.Structure, θ: [Double]? = nil, norms: [NormClaim] = []
  ) throws -> (v: [Double], w: [Double], rate: Double) {
    let θ = θ ?? metrics.map { _ in 1.0 }
    let weighed = assembly(structure, v: θ.map { _ in 1 }, w: θ, norms: norms)
    guard case .accepted(let loads) = try specification.pairLoads(of: weighed, .continuous) else {
      return (θ.map { _ in 1 }, θ, -.infinity)
    }
    let p = θ.count
    var S = [[Double]](repeating: [Double](repeating: 0, count: p), count: p)
    for load in loads {
      let (a, b) = (load.first, load.second)
      let ratio = (θ[a] / θ[b]).squareRoot()
      let own =
        load.residual / (θ[a] * θ[b]).squareRoot()
        + 0.5 * (ratio * load.toFirst + load.toSecond / ratio)
      (S[a][b], S[b][a]) = (own, own)
    }
    let shift = rates.max() ?? 0
    var z = [Double](repeating: 1, count: p)
    var largest = 0.0
    for _ in 0..<20000 {
      let y = (0..<p).map { i in
        (shift - rates[i] + 1) * z[i] + (0..<p).reduce(1e-14) { $0 + S[i][$1] * z[$1] }
      }
      largest = y.max() ?? 1
      z = y.map { $0 / largest }
    }
    let roots = θ.map { $0.squareRoot() }
    return (
      zip(z, roots).map { $0 / $1 }, zip(z, roots).map { $0 * $1 }, shift + 1 - largest
    )
  }

  /// The best rate that the kernel accepts for these scales; nil if it accepts none.
  func rate(
    _ structure: Argument.Structure, θ: [Double]? = nil, norms: [NormClaim] = []
  ) throws -> Double? {
    let scaling = try bestScaling(structure, θ: θ, norms: norms)
    return specification.tightestBound(
      argument(structure, v: scaling.v, w: scaling.w, norms: norms), .continuous)
  }
}

/// The spectral norm of a matrix, for proposing claims: it decides nothing.
func spectralNorm(_ X: [[Double]]) -> Double {
  let columns = X.first?.count ?? 0
  var y = (0..<columns).map { 1 + 0.1 * Double($0) }
  var size = 0.0
  for _ in 0..<500 {
    let image = X.map { row in zip(row, y).reduce(0) { $0 + $1.0 * $1.1 } }
    let back = (0..<columns).map { j in zip(X, image).reduce(0) { $0 + $1.0[j] * $1.1 } }
    size = back.reduce(0) { max($0, $1.magnitude) }
    if size == 0 { return 0 }
    y = back.map { $0 / size }
  }
  let image = X.map { row in zip(row, y).reduce(0) { $0 + $1.0 * $1.1 } }
  let (a, b) = (image.reduce(0) { $0 + $1 * $1 }, y.reduce(0) { $0 + $1 * $1 })
  return (a / b).squareRoot()
}

/// A claim for the pair of modules (0, k), a hair above the norm; none for 0.
func claim(
  _ first: Int, _ second: Int, _ kind: NormClaim.Kind, above norm: Double, by share: Double = 1e-12
) -> [NormClaim] {
  norm == 0
    ? [] : [NormClaim(first: first, second: second, kind: kind, bound: norm * (1 + share))]
}

/// The kernel's best rate is true in the referee's metric, and it is there at all.
func confirmedRate(
  _ network: Specification, _ argument: Argument, _ scope: Scope = .continuous
) -> (bound: Double, isTrue: Bool)? {
  guard let bound = network.tightestBound(argument, scope) else { return nil }
  let certificate = Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound)))
  return (bound, ExactNetwork(network).judge(certificate, slopeLimit: 12) == .confirmed)
}
