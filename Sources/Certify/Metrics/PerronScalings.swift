internal import Foundation
import CertifyKernel

/// Pairs v, w > 0 for the absolute-value rule, most promising first; nil when the network is too large or a
/// coupling makes the comparison matrix too costly to write out.
///
/// The nonnegative matrix is A = cI − T⁻¹(I − N) for the flow, B ≥ |I + HJ| for the map. Small networks get
/// Perron vectors by Noda's iteration, or resolvents (μI − A)⁻¹1 when the Perron vectors have zeros; large ones
/// power iteration on A + ε11ᵀ/n.
func scalings(_ problem: Problem) -> [(v: [Double], w: [Double])]? {
  if problem.units > 320 { return [powerScalings(problem)].compactMap { $0 } }
  let a = nonnegativeMatrix(problem)
  guard a.values.allSatisfy(\.isFinite) else { return nil }
  let times =
    problem.scope == .continuous
    ? (0..<problem.units).map { problem.pace($0) } : [Double](repeating: 1, count: problem.units)
  var pairs = perronPairs(a, problem.components)
  // For the flow the left vector y belongs to T⁻¹(I − N); the rule wants w = y/τ.
  for k in pairs.indices { pairs[k].w = zip(pairs[k].w, times).map { $0 * $1 } }
  return pairs.filter { pair in
    (pair.v + pair.w).allSatisfy { $0 > 0 && $0 < .infinity }
  }
}

/// cI − T⁻¹(I − N) or the bound on |I + HJ|, dense.
private func nonnegativeMatrix(_ problem: Problem) -> Matrix {
  let n = problem.units
  let (l, g) = problem.slopes
  let diagonal = diagonalBounds(problem)
  var a = Matrix(rows: n, columns: n)
  let w = problem.dense
  let nonlinear = problem.network.nonlinearCoupling.map {
    ($0.weights.dense(), $0.slopes.lower.approximation, $0.slopes.upper.approximation)
  }
  var c = 0.0
  for i in 0..<n {
    let pace = problem.pace(i)
    for j in 0..<n where j != i {
      var low = min(l * w[i, j], g * w[i, j]) + (problem.denseCoupling?[i, j] ?? 0)
      var high = max(l * w[i, j], g * w[i, j]) + (problem.denseCoupling?[i, j] ?? 0)
      if let (k, kl, kg) = nonlinear {
        low += min(kl * k[i, j], kg * k[i, j])
        high += max(kl * k[i, j], kg * k[i, j])
      }
      a[i, j] = pace * max(abs(low), abs(high))
    }
    switch problem.scope {
    case .continuous:
      a[i, i] = -pace * (1 - diagonal[i].upper)
      c = max(c, -a[i, i])
    case .asRun:
      a[i, i] = max(
        abs(1 - pace + pace * diagonal[i].lower), abs(1 - pace + pace * diagonal[i].upper))
    }
  }
  for i in 0..<n { a[i, i] += c }
  return a
}

/// Right and left vectors for a nonnegative matrix: Perron vectors where all entries are positive, and
/// resolvents at several distances above the Perron root.
private func perronPairs(_ a: Matrix, _ components: StronglyConnectedComponents) -> [(
  v: [Double], w: [Double]
)] {
  let n = a.rows
  var root = 0.0
  var v = [Double](repeating: 0, count: n)
  var w = v
  var classes: [(units: [Int], root: Double, v: [Double], w: [Double])] = []
  for component in components {
    let units = component.map(Int.init)
    let part = a.principalSubmatrix(units)
    guard let right = nodaVector(part), let left = nodaVector(part.transposed()) else { return [] }
    classes.append((units, min(right.root, left.root), right.vector, left.vector))
    root = max(root, min(right.root, left.root))
  }
  var pairs: [(v: [Double], w: [Double])] = []
  // Perron vectors serve when every class at the root stands alone (for an irreducible network: always).
  let basic = classes.filter { $0.root >= root * (1 - 1e-12) }
  let isolated = basic.allSatisfy { isIsolated($0.units, a) }
  if isolated {
    for part in basic {
      for (k, unit) in part.units.enumerated() {
        v[unit] = part.v[k]
        w[unit] = part.w[k]
      }
    }
    let rest = (0..<n).filter { v[$0] == 0 }
    if rest.isEmpty {
      pairs.append((v, w))
    } else {
      let second = classes.filter { $0.root < root * (1 - 1e-12) }.map(\.root).max() ?? 0
      for share in [0.0, 0.25] {
        let μ = root - share * (root - second)
        if let (x, y) = resolvents(a.principalSubmatrix(rest), μ) {
          var (v, w) = (v, w)
          for (k, unit) in rest.enumerated() { (v[unit], w[unit]) = (x[k], y[k]) }
          pairs.append((v, w))
        }
      }
    }
  }
  if !isolated || basic.isEmpty {
    // The nearer to the root, the better the bound and the longer the metric; the kernel's overshoot tells.
    for share in [0x1p-20, 0x1p-14, 0x1p-10, 0x1p-7, 0x1p-4, 0.25] {
      let μ = root == 0 ? share * max(1, a.values.max() ?? 1) : root * (1 + share)
      if let (x, y) = resolvents(a, μ), elongation(x, y) < 1e6 {
        pairs.append((x, y))
        break
      }
    }
    let ceiling = max(1, root)
    for share in [0.5, 0.9, 1] {
      if let (x, y) = resolvents(a, root + share * (ceiling - root) + 0x1p-20) {
        pairs.append((x, y))
      }
    }
  }
  return pairs
}

/// √κ of diag(w/v).
private func elongation(_ v: [Double], _ w: [Double]) -> Double {
  let ratios = zip(v, w).map { $1 / $0 }
  return ((ratios.max() ?? .infinity) / (ratios.min() ?? 1)).squareRoot()
}

private func isIsolated(_ units: [Int], _ a: Matrix) -> Bool {
  let own = Set(units)
  return units.allSatisfy { i in
    (0..<a.rows).allSatisfy { own.contains($0) || (a[i, $0] == 0 && a[$0, i] == 0) }
  }
}

/// (μI − A)⁻¹1 and (μI − Aᵀ)⁻¹1 if both are positive.
private func resolvents(_ a: Matrix, _ μ: Double) -> ([Double], [Double])? {
  var m = a
  m.withUnsafeMutableValues { for k in $0.indices { $0[k] = -$0[k] } }
  for i in 0..<a.rows { m[i, i] += μ }
  let ones = Matrix(rows: a.rows, columns: 1, repeating: 1)
  guard let x = LAPACKBackend.solve(m, ones), let y = LAPACKBackend.solve(m.transposed(), ones),
    x.values.allSatisfy({ $0 > 0 }), y.values.allSatisfy({ $0 > 0 })
  else { return nil }
  return (x.values, y.values)
}

/// The Perron root and right vector of an irreducible nonnegative matrix by Noda's iteration, which converges
/// quadratically: x ← (μI − A)⁻¹x with μ = max (Ax)_i / x_i.
private func nodaVector(_ a: Matrix) -> (root: Double, vector: [Double])? {
  let n = a.rows
  if n == 1 { return (a[0, 0], [1]) }
  var x = [Double](repeating: 1, count: n)
  // A few powers first, on a matrix made aperiodic.
  let shift = (a.values.max() ?? 0) * 0.1
  var root = Double.infinity
  for _ in 0..<8 { x = normalised(multiply(a, x, plus: shift)) }
  var best = (root: Double.infinity, vector: x)
  for _ in 0..<40 {
    let image = multiply(a, x, plus: 0)
    root = zip(image, x).map { $0 / $1 }.max() ?? .infinity
    let least = zip(image, x).map { $0 / $1 }.min() ?? 0
    guard root.isFinite else { return nil }
    if root < best.root { best = (root, x) } else { break }
    if root - least <= 4e-16 * root { break }
    var m = a
    m.withUnsafeMutableValues { for k in $0.indices { $0[k] = -$0[k] } }
    for i in 0..<n { m[i, i] += root * (1 + 1e-15) }
    guard let next = LAPACKBackend.solve(m, Matrix(rows: n, columns: 1, values: x)) else { break }
    let sign: Double = next.values[0] < 0 ? -1 : 1
    let candidate = normalised(next.values.map { $0 * sign })
    guard candidate.allSatisfy({ $0 > 0 }) else { break }
    x = candidate
  }
  return best
}

private func multiply(_ a: Matrix, _ x: [Double], plus shift: Double) -> [Double] {
  (0..<a.rows).map { i in
    var sum = shift * x[i]
    for j in 0..<a.columns { sum += a[i, j] * x[j] }
    return sum
  }
}

private func normalised(_ x: [Double]) -> [Double] {
  let largest = x.reduce(0) { max($0, abs($1)) }
  return x.map { $0 / largest }
}
