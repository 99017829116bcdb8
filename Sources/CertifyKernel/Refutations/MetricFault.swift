/// Why a symmetric matrix M is no metric in which the network contracts, shown by one vector and, where M is
/// positive on it, by slopes at a vertex of [l, g]ⁿ.
///
///     notPositive    xᵀMx ≤ 0 for x ≠ 0: M is not positive definite
///     notShrinking   with A = T⁻¹J(D): xᵀMAx ≥ 0 < xᵀMx, so sym(MA) ⪯ −λM holds for no λ > 0
///                    (a map, A = I + HJ(D): xᵀAᵀMAx ≥ xᵀMx, so AᵀMA ⪯ ρ²M holds for no ρ < 1)
///
/// It says nothing about other metrics. Source: theory §0 (definition of a certificate).
public struct MetricFault: Sendable, Hashable {
  public enum Kind: Sendable, Hashable { case notPositive, notShrinking }

  public let kind: Kind
  public let scope: Scope
  /// The units with the upper slope, ascending; the others have the lower one.
  public let active: [Int32]
  /// x.
  public let direction: [Double]
  /// Encloses xᵀMx.
  public let size: Interval
  /// Encloses xᵀMAx (flow) or xᵀAᵀMAx − xᵀMx (map).
  public let growth: Interval

  /// A lower bound on how fast |e|_M grows along x: growth / size for the flow, (growth / size) / 2 a step for
  /// the map to first order. 0 at the boundary.
  public var relativeGrowth: Double {
    guard size.lower > 0 else { return .infinity }
    return growth.lower.dividingDown(size.upper)
  }
}

/// xᵀMx and xᵀMAx (a map: xᵀAᵀMAx − xᵀMx) at one vertex, enclosed.
public struct MetricForm: Sendable, Hashable {
  public let size: Interval
  public let growth: Interval

  /// An upper bound on the rate that M can give (a map: a lower bound on the square of its factor).
  public func limit(_ scope: Scope) -> Double {
    guard size.lower > 0 else { return .nan }
    switch scope {
    // −growth/size, rounded up: the magnitude is rounded with its sign in mind.
    case .continuous:
      let shrinking = -growth.lower
      return shrinking.dividingUp(shrinking >= 0 ? size.lower : size.upper)
    case .asRun: return (Interval(1) + growth / size).lower
    }
  }
}

extension Specification {
  /// Evaluates a metric on one direction at one vertex of the slopes.
  ///
  /// - Returns: the enclosures, or nil if the pattern is malformed or the network has no such vertex.
  /// - Throws: `InputError` for a metric or a direction of the wrong size, or not finite, or a scope it lacks.
  /// - Complexity: O(n²) interval operations.
  public func evaluate(
    metric m: Matrix, _ scope: Scope, active: [Int32], direction x: [Double]
  ) throws(InputError) -> MetricForm? {
    guard m.rows == units, m.columns == units else {
      throw .shape(.metric, rows: m.rows, columns: m.columns, expected: units)
    }
    guard x.count == units else { throw .length(.witness, found: x.count, expected: units) }
    if let k = firstNonFiniteIndex(m.values) {
      throw .nonFinite(.metric, row: k / units, column: k % units)
    }
    if let k = firstNonFiniteIndex(x) { throw .nonFinite(.witness, row: k, column: 0) }
    guard has(scope), scope == .continuous || runsAsEuler, m.firstAsymmetry() == nil,
      case .accepted(let vertex) = VertexJacobian.make(
        self, scope, active: active, .unstableVertex)
    else { return nil }
    let e = x.map { Interval($0) }
    let metric = EnclosedMatrix(m)
    let me = metric.applied(to: e)
    let size = dot(e, me)
    let image = vertex.enclosed().applied(to: e)
    switch scope {
    case .continuous: return MetricForm(size: size, growth: dot(me, image))
    case .asRun:
      return MetricForm(size: size, growth: dot(image, metric.applied(to: image)) - size)
    }
  }

  /// The fault of a metric on one direction at one vertex; nil if nothing is shown.
  ///
  /// - Throws: as `evaluate`.
  /// - Complexity: O(n²) interval operations. Every comparison fails on NaN.
  public func fault(
    ofMetric m: Matrix, _ scope: Scope, active: [Int32], direction x: [Double]
  ) throws(InputError) -> MetricFault? {
    guard let form = try evaluate(metric: m, scope, active: active, direction: x) else {
      return nil
    }
    func fault(_ kind: MetricFault.Kind) -> MetricFault {
      MetricFault(
        kind: kind, scope: scope, active: active, direction: x, size: form.size,
        growth: form.growth)
    }
    if form.size.upper <= 0, x.contains(where: { $0 != 0 }) { return fault(.notPositive) }
    if form.size.lower > 0, form.growth.lower >= 0 { return fault(.notShrinking) }
    return nil
  }
}

extension EnclosedMatrix {
  /// A x, entry by entry.
  func applied(to x: [Interval]) -> [Interval] {
    precondition(x.count == columns, "\(x.count) entries for \(columns) columns")
    return (0..<rows).map { i in
      var sum = Interval(0)
      for j in 0..<columns where x[j] != Interval(0) { sum = sum + self[i, j] * x[j] }
      return sum
    }
  }
}

/// xᵀy.
func dot(_ x: [Interval], _ y: [Interval]) -> Interval {
  var sum = Interval(0)
  for (a, b) in zip(x, y) { sum = sum + a * b }
  return sum
}
