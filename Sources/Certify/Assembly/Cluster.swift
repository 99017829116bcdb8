internal import Foundation
import CertifyKernel

/// Modules that drive each other, to be joined by one inequality: chooses how their metrics are scaled against
/// each other (θ) and the Perron vector z of what the couplings cost, and hands v = z/√θ, w = z√θ to the kernel.
struct Cluster {
  let network: Specification
  let modules: [ModuleCandidate]
  /// The hub, if the network says that it has one.
  let hub: Int?

  /// The best proof found for the network, checked by the kernel; nil if none was accepted.
  func join(_ acceptance: inout Acceptance) {
    guard let couplings = ModuleCouplings(network, modules: modules.map(\.units)) else { return }
    let structure = structure(couplings)
    var tried: [[Double]] = []
    for scales in [skewScales, equalScales, balancedScales] {
      guard let θ = scales(couplings), !tried.contains(θ) else { continue }
      tried.append(θ)
      offer(structure, θ, couplings, to: &acceptance)
      // A large network is not certified twice for a better rate.
      if acceptance.best != nil, network.units > 256 { return }
    }
  }

  private func offer(
    _ structure: Argument.Structure, _ θ: [Double], _ couplings: ModuleCouplings,
    to acceptance: inout Acceptance
  ) {
    var (v, w) = weights(θ, z: [Double](repeating: 1, count: θ.count))
    func assembly(_ norms: [NormClaim]) -> Argument.Assembly {
      Argument.Assembly(
        structure, components: modules.map(\.units), proofs: modules.map(\.proof),
        columnScaling: v, rowScaling: w, norms: norms)
    }
    guard
      case .accepted(var loads)? = try? network.pairLoads(
        of: assembly([]), .continuous, on: .suited(to: network))
    else { return }
    let least = modules.map(\.proof.bound).min() ?? 0
    let cost = loads.reduce(0) { max($0, $1.residual, $1.toFirst, $1.toSecond) }
    var norms: [NormClaim] = []
    // Sums of magnitudes overestimate norms, by √n at most; where that can matter, norms are claimed.
    let rates = modules.map(\.proof.bound)
    let rough = LoadMatrix(loads, θ, rates: rates)
    if cost > 1e-6 * least, rough.bound(rough.perronVector()) > -16 * least {
      norms = claims(couplings, loads, v, w)
      if !norms.isEmpty,
        case .accepted(let sharper)? = try? network.pairLoads(
          of: assembly(norms), .continuous, on: .suited(to: network))
      {
        loads = sharper
      } else {
        norms = []
      }
    }
    let load = LoadMatrix(loads, θ, rates: rates)
    let z = load.perronVector()
    (v, w) = weights(θ, z: z)
    let bound = load.bound(z)
    guard bound > 0 else {
      acceptance.note(
        Obstruction(
          rule: Argument.assembly(assembly([])).rule.rawValue,
          .boundNotReached(claimed: 0, attained: bound)), bound)
      return
    }
    // Scales are rounded again: a residual that was within rounding of its claim may not be any more.
    let argument = Argument.assembly(assembly(norms.map { $0.widened(by: 1e-14) }))
    acceptance.offer(argument, estimate: bound, scale: 1 + cost / max(least, 1e-300))
  }

  private func weights(_ θ: [Double], z: [Double]) -> (v: [Double], w: [Double]) {
    let root = θ.map { $0.squareRoot() }
    return (zip(z, root).map { $0 / $1 }, zip(z, root).map { $0 * $1 })
  }

  /// The name of the theorem that the couplings call for.
  private func structure(_ couplings: ModuleCouplings) -> Argument.Structure {
    if !couplings.pairs.contains(where: \.hasSlopes) { return .feedback }
    if let hub, couplings.pairs.allSatisfy({ $0.first == hub || $0.second == hub }) {
      return .globalWorkspace(hub: hub)
    }
    guard modules.count > 2, let first = couplings.pairs.first else { return .interconnection }
    for candidate in [first.first, first.second]
    where couplings.pairs.allSatisfy({ $0.first == candidate || $0.second == candidate }) {
      return .globalWorkspace(hub: candidate)
    }
    return .interconnection
  }
}

// MARK: Scales worth a try

extension Cluster {
  private func equalScales(_ couplings: ModuleCouplings) -> [Double]? {
    [Double](repeating: 1, count: modules.count)
  }

  /// θ along a spanning forest of the pairs that are nearly skew, the most nearly skew first.
  private func skewScales(_ couplings: ModuleCouplings) -> [Double]? {
    var edges: [(first: Int, second: Int, ratio: Double, cosine: Double)] = []
    for pair in couplings.pairs {
      let (a, b) = (modules[pair.first].metric, modules[pair.second].metric)
      guard let (ratio, cosine) = pair.skewRatio(a, b), cosine > 0.5, ratio > 0 else { continue }
      edges.append((pair.first, pair.second, snapped(ratio, pair), cosine))
    }
    guard !edges.isEmpty else { return nil }
    edges.sort { $0.cosine > $1.cosine }
    var parent = Array(modules.indices)
    func root(_ i: Int) -> Int {
      var i = i
      while parent[i] != i { i = parent[i] }
      return i
    }
    var tree = [[(to: Int, ratio: Double)]](repeating: [], count: modules.count)
    for edge in edges where root(edge.first) != root(edge.second) {
      parent[root(edge.first)] = root(edge.second)
      tree[edge.first].append((edge.second, edge.ratio))
      tree[edge.second].append((edge.first, 1 / edge.ratio))
    }
    var θ = [Double](repeating: 0, count: modules.count)
    for start in modules.indices where θ[start] == 0 {
      θ[start] = 1
      var open = [start]
      while let i = open.popLast() {
        for (j, ratio) in tree[i] where θ[j] == 0 {
          θ[j] = θ[i] * ratio
          open.append(j)
        }
      }
    }
    return θ
  }

  /// 1, or the quotient of the time constants, if the ratio is that but for the rounding of a float32.
  private func snapped(_ ratio: Double, _ pair: ModuleCouplings.Pair) -> Double {
    func time(_ module: Int) -> Double {
      network.timeConstant(Int(modules[module].units[0])).approximation
    }
    for candidate in [1, time(pair.second) / time(pair.first)]
    where abs(ratio / candidate - 1) < 1e-5 { return candidate }
    return ratio
  }

  /// θ = w/v for the right and left Perron vectors of the gains.
  private func balancedScales(_ couplings: ModuleCouplings) -> [Double]? {
    let n = modules.count
    guard n <= 512 else { return nil }
    var gains = Matrix(rows: n, columns: n)
    for pair in couplings.pairs {
      for toFirst in [true, false] {
        let (to, from) = toFirst ? (pair.first, pair.second) : (pair.second, pair.first)
        let linear = toFirst ? pair.linearToFirst : pair.linearToSecond
        let slopes = toFirst ? pair.slopesToFirst : pair.slopesToSecond
        for x in [linear, slopes].compactMap({ $0 }) {
          guard let norm = scaledNorm(x, modules[to].metric, modules[from].metric) else {
            return nil
          }
          gains[to, from] += norm
        }
      }
    }
    for i in 0..<n {
      gains[i, i] += (modules.map(\.proof.bound).max() ?? 0) - modules[i].proof.bound
    }
    guard let vectors = PerronVectors.dense(gains) else { return nil }
    let θ = zip(vectors.left, vectors.right).map { $0 / $1 }
    return θ.allSatisfy { $0 > 0 && $0.isFinite } ? θ : nil
  }

  /// Norms of the couplings just above what floating point finds.
  private func claims(
    _ couplings: ModuleCouplings, _ loads: [PairLoad], _ v: [Double], _ w: [Double]
  ) -> [NormClaim] {
    let known = Dictionary(
      loads.map { ([$0.first, $0.second], $0) }, uniquingKeysWith: { first, _ in first })
    let least = modules.map(\.proof.bound).min() ?? 0
    var claims: [NormClaim] = []
    for pair in couplings.pairs {
      guard let load = known[[pair.first, pair.second]] else { continue }
      let (a, b) = (modules[pair.first].metric, modules[pair.second].metric)
      func claim(_ kind: NormClaim.Kind, _ norm: Double?, below known: Double) {
        guard let norm, norm.isFinite else { return }
        let bound = norm * (1 + 1e-12) + 1e-15 * known
        // What is negligible is not worth a claim, which the rounding of the scales might break.
        if known > 1e-9 * least, bound > 0, bound < known * (1 - 1e-9) {
          claims.append(
            NormClaim(first: pair.first, second: pair.second, kind: kind, bound: bound))
        }
      }
      let (θa, θb) = (w[pair.first] / v[pair.first], w[pair.second] / v[pair.second])
      claim(.residual, pair.residualNorm(a, b, θa, θb), below: load.residual)
      guard !(pair.slopesOfW && pair.slopesOfK) else { continue }
      if let x = pair.slopesToFirst, load.toFirst > 0 {
        claim(.toFirst, gainNorm(x, a, b), below: load.toFirst)
      }
      if let x = pair.slopesToSecond, load.toSecond > 0 {
        claim(.toSecond, gainNorm(x, b, a), below: load.toSecond)
      }
    }
    return claims
  }

  /// ‖M_to^{1/2} X(D) M_from^{-1/2}‖₂ as the kernel bounds it: a full metric next to the slopes by its extremes.
  private func gainNorm(_ x: Matrix, _ to: FloatMetric, _ from: FloatMetric) -> Double? {
    network.form == .outside
      ? scaledNorm(x, to, from.flattened(byLargest: false))
      : scaledNorm(x, to.flattened(byLargest: true), from)
  }
}

extension FloatMetric {
  /// The extreme eigenvalue everywhere, for a full metric; a little beyond it, as the kernel's bounds are.
  func flattened(byLargest largest: Bool) -> FloatMetric {
    guard case .full(let m) = self,
      let extreme = LAPACKBackend.extremeEigen(m, largest: largest)?.value
    else { return self }
    // The kernel knows the largest eigenvalue by row sums only.
    let rowSum = (0..<m.rows).map { i in (0..<m.rows).reduce(0) { $0 + abs(m[i, $1]) } }.max() ?? 0
    return .diagonal(
      [Double](repeating: largest ? rowSum : extreme * (1 - 0x1p-9), count: m.rows))
  }
}

/// ‖M_to^{1/2} X M_from^{-1/2}‖₂ = ‖G_toᵀ X G_from^{-T}‖₂ with M = G Gᵀ.
func scaledNorm(_ x: Matrix, _ to: FloatMetric, _ from: FloatMetric) -> Double? {
  guard let left = to.root, let right = from.root else { return nil }
  var y = x
  switch left {
  case .diagonal(let d):
    for i in 0..<y.rows { for j in 0..<y.columns { y[i, j] *= d[i] } }
  case .full(let g): y = LAPACKBackend.multiply(g, y, transposeA: true)
  }
  switch right {
  case .diagonal(let d):
    for i in 0..<y.rows { for j in 0..<y.columns { y[i, j] /= d[j] } }
  case .full(let g): y = LAPACKBackend.solveLowerTriangular(g, y.transposed()).transposed()
  }
  return LAPACKBackend.largestSingularValue(y)
}

extension ModuleCouplings.Pair {
  /// ‖M_a^{-1/2} ½(θ_a M_a A_ab + θ_b A_baᵀ M_b) M_b^{-1/2}‖₂.
  func residualNorm(_ a: FloatMetric, _ b: FloatMetric, _ θa: Double, _ θb: Double) -> Double? {
    let x = a.times(linearToFirst)
    let y = b.times(linearToSecond).transposed()
    var sum = x
    for i in 0..<x.rows { for j in 0..<x.columns { sum[i, j] = (θa * x[i, j] + θb * y[i, j]) / 2 } }
    // M_a^{-1/2} R M_b^{-1/2} has the norm of G_a⁻¹ R G_b^{-T}.
    guard let left = a.root, let right = b.root else { return nil }
    switch left {
    case .diagonal(let d): for i in 0..<x.rows { for j in 0..<x.columns { sum[i, j] /= d[i] } }
    case .full(let g): sum = LAPACKBackend.solveLowerTriangular(g, sum)
    }
    switch right {
    case .diagonal(let d): for i in 0..<x.rows { for j in 0..<x.columns { sum[i, j] /= d[j] } }
    case .full(let g): sum = LAPACKBackend.solveLowerTriangular(g, sum.transposed()).transposed()
    }
    return LAPACKBackend.largestSingularValue(sum)
  }
}

extension NormClaim {
  func widened(by share: Double) -> NormClaim {
    NormClaim(
      first: place.first, second: place.second, kind: place.kind, bound: bound * (1 + share))
  }
}
