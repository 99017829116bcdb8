public import CertifyKernel

/// Theorem 6 as corrected: a conditional verdict from a metric of the weights and slopes along trajectories.
///
/// With (gW − I)P + P(gWᵀ − I) ⪯ −cP, P diagonal, 0 < c ≤ 2, D = diag φ′ in (0, g] and time in units of τ,
///
///     outside   Ḋ ⪯ (c − β)D      V = eᵀ D P⁻¹ e      falls with rate β, distances with β/2
///     inside   −Ḋ ⪯ (c − β)D      V = eᵀ D⁻¹P⁻¹ e     likewise
///
/// and distances overshoot by at most √(g κ(P) / d_min). The first line is checked by the kernel; the second is
/// looked at between the samples of a trajectory, so nothing follows for any other. See the article `Theorem6`.
public struct Theorem6Audit: Sendable {
  public enum Verdict: Sendable, Hashable {
    /// It holds on all samples: β > 0 and at least what was asked for.
    case conditional
    /// The slope of unit i changes too fast after sample k, by `excess` more than c − β allows.
    case violated(sample: Int, unit: Int, excess: Double)
    /// A slope that is not in (0, g].
    case slopeOutside(sample: Int, unit: Int, slope: Double)
    /// The inequality of the weights does not hold for any c > 0, or not for the c given.
    case noMetric(Obstruction.Reason)
  }

  public let verdict: Verdict
  /// The c that the kernel checked.
  public let c: Double?
  /// c less the fastest change of a slope: what β holds on the samples.
  public let β: Double?
  public let leastSlope: Double?
  /// √(g κ(P) / d_min).
  public let overshoot: Double?
  public let samples: Int

  /// - Parameters:
  ///   - network: no couplings, one time constant.
  ///   - p: the diagonal of P.
  ///   - logSlopes: ln φ′ of each unit at each sample, samples one after the other.
  ///   - dt: time between samples, in the unit of the time constant.
  ///   - c: nil for the largest that is found.
  ///   - required: the β asked for; 0 if any positive one will do.
  /// - Throws: `.rejected` or `.argument` where sizes or numbers make no sense.
  public init(
    _ network: Specification, metric p: [Double], logSlopes: [Double], dt: Double,
    c requested: Double? = nil, required: Double = 0
  ) throws(AuditError) {
    let n = network.units
    guard dt > 0, dt < .infinity else { throw .argument("--dt \(dt): expected a positive number") }
    guard required >= 0, required < 2 else {
      throw .argument("--beta \(required): expected a number in [0, 2)")
    }
    if let requested {
      guard requested > 0, requested < .infinity else {
        throw .argument("--c \(requested): expected a positive number")
      }
    }
    guard logSlopes.count % n == 0, logSlopes.count >= 2 * n else {
      throw .rejected("the trajectory needs at least two samples of \(n) units")
    }
    samples = logSlopes.count / n
    let (found, fault) = try Self.largestRate(network, p, requested)
    c = found
    let τ = network.timeConstant(0).approximation
    let sign = network.form == .outside ? 1.0 : -1
    let ceiling = network.slopes.upper.approximation
    var fastest = (rate: -Double.infinity, sample: 0, unit: 0)
    var least = Double.infinity
    for k in 0..<samples {
      for i in 0..<n {
        let here = logSlopes[k * n + i]
        let slope = exponential(here)
        guard slope > 0, slope <= ceiling * (1 + 0x1p-50) else {
          verdict = .slopeOutside(sample: k, unit: i, slope: slope)
          (β, leastSlope, overshoot) = (nil, nil, nil)
          return
        }
        least = min(least, slope)
        guard k + 1 < samples else { continue }
        let rate = sign * (logSlopes[(k + 1) * n + i] - here) / (dt / τ)
        if rate > fastest.rate { fastest = (rate, k, i) }
      }
    }
    leastSlope = least
    let condition = (p.max() ?? .nan) / (p.min() ?? .nan)
    overshoot = (ceiling * condition / least).squareRoot()
    guard let found else {
      verdict = .noMetric(fault ?? .notContracting(bound: 0))
      β = nil
      return
    }
    let attained = found - fastest.rate
    β = attained
    if attained > 0, attained >= required {
      verdict = .conditional
    } else {
      verdict = .violated(
        sample: fastest.sample, unit: fastest.unit, excess: fastest.rate - (found - required))
    }
  }

  /// The c asked for (at most 2), or the largest that the kernel accepts, by bisection.
  private static func largestRate(
    _ network: Specification, _ p: [Double], _ requested: Double?
  ) throws(AuditError) -> (Double?, Obstruction.Reason?) {
    func fault(_ c: Double) throws(AuditError) -> Obstruction.Reason? {
      do {
        return try SlowSlopes.fault(network, metric: p, rate: c)
      } catch {
        throw .rejected("the metric does not fit the network: \(error.reason)")
      }
    }
    if let requested {
      let why = try fault(min(requested, 2))
      return why == nil ? (min(requested, 2), nil) : (nil, why)
    }
    guard let why = try fault(2) else { return (2, nil) }
    var (low, high) = (0.0, 2.0)
    for _ in 0..<60 {
      let middle = 0.5 * (low + high)
      if middle == low || middle == high { break }
      if try fault(middle) == nil { low = middle } else { high = middle }
    }
    return low > 0 ? (low, nil) : (nil, why)
  }
}
