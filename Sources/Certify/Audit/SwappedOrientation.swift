public import CertifyKernel

/// Two symmetric modules of form inside, coupled by negative feedback in the right and in the inverse metric.
///
///     M = blkdiag(θ(W_1)², θ(W_2)²),   right  L = B − M⁻¹BᵀM,   swapped  L = B − MBᵀM⁻¹,   B = ‖B‖ x_2 (P_1x_1)ᵀ / …
///
/// θ² is a metric of each module (Theorem 2), P = M⁻¹ in general is not: x_i is the direction along which P_i
/// fails worst, so the swapped coupling turns the state from one growing direction into the other. B is a block of
/// rank one from module 1 to module 2 with the given spectral norm. Source: theory §7, the public code's
/// `parametrizations.py`.
public struct SwappedOrientation: Sendable {
  public struct Side: Sendable {
    public let network: Specification
    public let finding: Finding
    /// The largest real part at the worst slopes met, in floating point.
    public let abscissa: Double
  }

  public let gain: Double
  /// For each module: what xᵀPJx / xᵀPx reaches at least in the inverse metric; nil if no fault was shown.
  public let faults: [MetricFault?]
  public let right: Side
  public let swapped: Side
  /// What the swapped network is diagnosed with, its coupling and the metric M as it came.
  public let diagnoses: [Diagnosis]

  /// - Throws: `.argument` for a gain that is not positive, `.rejected` for modules Theorem 2 does not cover.
  /// - Complexity: for modules of n units, searches over 2n units.
  public init(_ first: Specification, _ second: Specification, gain: Double) throws(AuditError) {
    guard gain > 0, gain < .infinity else {
      throw .argument("--gain \(gain): expected a positive number")
    }
    self.gain = gain
    let modules = [first, second]
    var metrics: [(metric: Matrix, inverse: Matrix)] = []
    var directions: [[Double]] = []
    var pattern: [Int32] = []
    var faults: [MetricFault?] = []
    for (index, module) in modules.enumerated() {
      guard module.form == .inside, module.coupling == nil, module.slopes == .unit else {
        throw .rejected("model \(index): expected form inside, slopes [0, 1] and no coupling")
      }
      guard let pair = symmetricModuleMetric(module.recurrent.dense(), gain: 1) else {
        throw .rejected(
          "model \(index): Theorem 2's metric needs symmetric weights with largest eigenvalue in (0, 1)"
        )
      }
      let search = MetricFaultSearch(Problem(module, .continuous), pair.inverse)
      guard let worst = search.worst() else {
        throw .rejected("model \(index): its metric is too ill-conditioned")
      }
      metrics.append(pair)
      directions.append(worst.direction)
      pattern += worst.active.map { $0 + (index == 0 ? 0 : Int32(first.units)) }
      faults.append(search.fault())
    }
    self.faults = faults
    let couplings = Self.couplings(metrics, directions, gain)
    right = try Self.side(modules, couplings.right, pattern)
    swapped = try Self.side(modules, couplings.swapped, pattern)
    var subject = AuditSubject(swapped.network, findings: [swapped.finding])
    subject.shippedMetric = .blocks(metrics.map(\.metric))
    diagnoses = subject.shippedMetricDiagnoses() + subject.orientation()
  }

  private static func couplings(
    _ metrics: [(metric: Matrix, inverse: Matrix)], _ x: [[Double]], _ gain: Double
  ) -> (right: Matrix, swapped: Matrix) {
    let (m, n) = (x[0].count, x[1].count)
    let driven = LAPACKBackend.multiply(metrics[0].inverse, x[0])
    func length(_ v: [Double]) -> Double { v.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let scale = gain / (length(driven) * length(x[1]))
    var b = Matrix(rows: n, columns: m)
    for i in 0..<n { for j in 0..<m { b[i, j] = scale * x[1][i] * driven[j] } }
    func coupling(_ left: Matrix, _ right: Matrix) -> Matrix {
      // The upper block is −A_1 Bᵀ A_2⁻¹ with A = M⁻¹ (right) or M (swapped).
      let above = LAPACKBackend.multiply(
        left, LAPACKBackend.multiply(b, right, transposeA: true))
      var l = Matrix(rows: m + n, columns: m + n)
      for i in 0..<n { for j in 0..<m { l[m + i, j] = b[i, j] } }
      for i in 0..<m { for j in 0..<n { l[i, m + j] = -above[i, j] } }
      return l
    }
    return (
      coupling(metrics[0].inverse, metrics[1].metric),
      coupling(metrics[0].metric, metrics[1].inverse)
    )
  }

  private static func side(
    _ modules: [Specification], _ coupling: Matrix, _ pattern: [Int32]
  ) throws(AuditError) -> Side {
    let (m, n) = (modules[0].units, modules[1].units)
    var w = Matrix(rows: m + n, columns: m + n)
    for (start, module) in [(0, modules[0]), (m, modules[1])] {
      let own = module.recurrent.dense()
      for i in 0..<module.units {
        for j in 0..<module.units { w[start + i, start + j] = own[i, j] }
      }
    }
    do {
      let network = try Specification(
        form: .inside, recurrent: .dense(w), coupling: .dense(coupling), modules: [m, n])
      // The slopes at which the modules fail in the inverse metric are tried before any search.
      let problem = Problem(network, .continuous)
      let checker = Checker(findsMaximumStep: false, findsLargestScale: false)
      let finding =
        RefutationSearch.offer(vertex: pattern, problem)?.finding(.continuous)
        ?? checker.check(network, .continuous)
      return Side(
        network: network, finding: finding, abscissa: worstAbscissa(network, finding, pattern))
    } catch {
      throw .rejected("the coupled network: \(error)")
    }
  }

  /// The abscissa at the vertex that refutes, or the largest of a search.
  private static func worstAbscissa(
    _ network: Specification, _ finding: Finding, _ pattern: [Int32]
  ) -> Double {
    let problem = Problem(network, .continuous)
    var patterns: [[Int32]] = [[], (0..<Int32(network.units)).map { $0 }, pattern]
    if case .refuted(let witness, _) = finding.result {
      patterns.append(witness.instability.active)
    }
    var worst = patterns.compactMap { instabilityExcess(problem, $0) }.max() ?? .nan
    for vertex in VertexSearch.unstableVertices(problem.lureSystem) {
      worst = max(worst, vertex.measure)
    }
    return worst
  }
}
