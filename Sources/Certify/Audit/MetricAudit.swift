public import CertifyKernel
internal import Checkpoints
internal import Markup

/// Whether a given matrix is a metric of a network, and with which rate: `certify audit metric`.
public struct MetricAudit: Sendable {
  public enum Answer: Sendable {
    /// The kernel accepted a rate in this very metric.
    case metric(Certified<Specification>)
    /// A vector and slopes at which it fails.
    case fault(MetricFault)
    /// No rule accepted it, and no fault was shown.
    case unknown
  }

  public let scope: Scope
  public let answer: Answer
  /// No rate (a map: no factor) in this metric is better than this, by one evaluation of the kernel; nil if M is
  /// not positive definite.
  public let limit: Double?

  /// - Precondition: the network has the scope, and runs as an Euler step if the scope is the map.
  /// - Complexity: for n units a few dozen dense eigenvalue problems of size n.
  public init(_ network: Specification, _ scope: Scope, _ metric: ProposedMetric) {
    self.scope = scope
    let problem = Problem(network, scope)
    let m = metric.matrix
    let search = MetricFaultSearch(problem, m)
    if let worst = search.worst(),
      let form = try? network.evaluate(
        metric: m, scope, active: worst.active, direction: worst.direction)
    {
      let bound = form.limit(scope)
      limit = scope == .continuous ? bound : MatrixFacts.squareRootDown(max(0, bound))
    } else {
      limit = nil
    }
    if let fault = search.fault() {
      answer = .fault(fault)
      return
    }
    problem.shippedMetric = metric
    var acceptance = Acceptance(network, scope)
    ShippedMetricProposer.propose(problem, to: &acceptance)
    if case .diagonal(let p) = metric { Self.absoluteValue(problem, p, to: &acceptance) }
    answer = acceptance.best.map { .metric($0) } ?? .unknown
  }

  /// Theorem 1 in a given diagonal metric: v with the least max (Sv)_i/(p_i v_i), S = ½(PN + NᵀP), and w = Pv.
  private static func absoluteValue(
    _ problem: Problem, _ p: [Double], to acceptance: inout Acceptance
  ) {
    guard problem.scope == .continuous, problem.isPlain, problem.slopes.lower == 0 else { return }
    let n = problem.units
    var s = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n {
        func part(_ i: Int, _ j: Int) -> Double {
          i == j ? max(0, problem.scaled[i, i]) : abs(problem.scaled[i, j])
        }
        s[i, j] =
          0.5 * (p[i] * part(i, j) + p[j] * part(j, i)) / (p[i].squareRoot() * p[j].squareRoot())
      }
    }
    guard let top = LAPACKBackend.extremeEigen(s, largest: true) else { return }
    // The leading vector of a nonnegative matrix has one sign; what is 0 is lifted a little.
    let largest = top.vector.reduce(0) { max($0, abs($1)) }
    for lift in [0, 0x1p-30, 0x1p-16] {
      let v = top.vector.indices.map {
        (abs(top.vector[$0]) + lift * largest) / p[$0].squareRoot()
      }
      guard v.allSatisfy({ $0 > 0 && $0.isFinite }) else { continue }
      AbsoluteValueProposer.offer(problem, v, zip(v, p).map(*), to: &acceptance)
    }
  }
}

extension ProposedMetric {
  /// A metric from a file that holds one tensor of n numbers or of n × n.
  ///
  /// - Throws: `.rejected` for a file that cannot be read or holds something else, with both numbers.
  public static func read(path: String, units n: Int) throws(AuditError) -> ProposedMetric {
    let file: Checkpoint
    let values: [Double]
    let entry: Checkpoint.Entry
    do {
      file = try Checkpoint(contentsOf: path)
    } catch {
      throw .rejected("\(printable(path)): \(error)")
    }
    guard file.entries.count == 1, let only = file.entries.first else {
      throw .rejected("\(printable(path)): \(file.entries.count) tensors, expected 1, the metric")
    }
    entry = only
    guard entry.shape == [n] || entry.shape == [n, n] else {
      throw .rejected(
        "\(printable(path)): shape \(entry.shape), expected [\(n)] or [\(n), \(n)] for \(n) units")
    }
    do {
      values = try file.doubles(named: entry.name)
    } catch {
      throw .rejected("\(printable(path)): \(error)")
    }
    if let k = values.firstIndex(where: { !$0.isFinite }) {
      throw .rejected("\(printable(path)): entry \(k) is \(values[k])")
    }
    guard entry.shape.count == 2 else {
      if let i = values.firstIndex(where: { !($0 > 0) }) {
        throw .rejected(
          "\(printable(path)): [\(i)] = \(values[i]); a metric needs entries above 0")
      }
      return .diagonal(values)
    }
    let m = Matrix(rows: n, columns: n, values: values)
    for i in 0..<n {
      for j in 0..<i where !(m[i, j] == m[j, i]) {
        throw .rejected(
          "\(printable(path)): [\(i), \(j)] = \(m[i, j]) but [\(j), \(i)] = \(m[j, i]); "
            + "a metric is symmetric")
      }
    }
    return .blocks([m])
  }
}
