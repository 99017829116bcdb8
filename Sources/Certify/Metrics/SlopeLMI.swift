package import CertifyKernel

/// A pair for the slope inequality, with the rate at which it is strict in floating point.
package struct SlopeCandidate: Sendable, Hashable {
  /// M, n × n, exactly symmetric.
  package var metric: Matrix
  /// The diagonal of Λ, every entry > 0.
  package var multiplier: [Double]
  /// λ in continuous and ρ in discrete time, with room for a checker's rounding.
  package var rate: Double
}

/// How long to look for a better pair.
package enum SlopeEffort: Sendable, Hashable {
  /// The given starts only.
  case starts
  /// A rate within about a hundredth of the best.
  case quick
  /// A rate within about 1e-5 of the best.
  case thorough

  var tolerance: Double {
    switch self {
    case .starts: .infinity
    case .quick: 1e-2
    case .thorough: 1e-6
    }
  }
}

/// Proposes pairs (M, Λ) for the slope inequality of a system, best rate first.
///
/// The starts are rescaled against each other (M against Λ), the best is improved by the method of centres in
/// coordinates where it is the identity, and the results are scaled back by powers of two. The rate of the
/// last is close to the optimum of the inequality unless the search ran into its caps; that the optimum is
/// not contracting proves nothing.
///
/// - Parameters:
///   - system: finite entries; anything else gives no proposal.
///   - starts: pairs to begin with, such as `SlopeStarts.candidates()`; M = Λ = I and the metric of
///     the linear system at the middle of the slopes are always added.
///   - sufficient: stop as soon as a rate at least this good is reached, absent for never.
/// - Returns: candidates with their rates, which need not be contracting; empty when none has a rate.
/// - Complexity: a start O((n+m)³). A Newton step n⁶/24 for n ≤ 40, beyond that conjugate gradients of
///   O((n+m)³) an iteration.
package func proposeSlopeLMI(
  _ system: LureSystem, effort: SlopeEffort = .thorough,
  starts: [(metric: Matrix, multiplier: [Double])] = [], sufficient: Double? = nil
) -> [SlopeCandidate] {
  let n = system.states
  let m = system.channels
  guard n > 0, m > 0, system.lower.isFinite, system.upper >= system.lower, system.upper.isFinite,
    [system.F, system.G, system.C].allSatisfy({ $0.values.allSatisfy(\.isFinite) })
  else { return [] }
  let form = SlopeForm(system)
  var ranked: [SlopeCandidate] = []
  func offer(_ M: Matrix, _ Λ: [Double]) {
    let (metric, multiplier) = normalisedPair(M, Λ)
    guard let rate = system.strictness(metric: metric, multiplier: multiplier) else { return }
    ranked.append(SlopeCandidate(metric: metric, multiplier: multiplier, rate: rate))
  }
  func sorted() -> [SlopeCandidate] { ranked.sorted { system.isBetter($0.rate, than: $1.rate) } }

  var trials: [(M: Matrix, Λ: [Double], rate: Double)] = []
  let identity = (metric: Matrix.identity(n), multiplier: [Double](repeating: 1, count: m))
  // The linear system at the middle of the slopes; for equal slopes it is all there is.
  let middle =
    system.isDiscrete
    ? LinearMatrixEquation.stein(form.F, .identity(n))
    : LinearMatrixEquation.lyapunov(form.F, .identity(n))
  let linear = middle.map { [(metric: $0, multiplier: identity.multiplier)] } ?? []
  for (M, Λ) in starts + [identity] + linear
  where M.isSquare && M.rows == n && Λ.count == m && M.values.allSatisfy(\.isFinite) {
    if let scaled = bestMultiplierScale(form, symmetricPart(M), Λ.map { 2 * $0 }) {
      trials.append(scaled)
    }
  }
  trials.sort { system.isBetter($0.rate, than: $1.rate) }
  for trial in trials.prefix(4) { offer(trial.M, trial.Λ.map { 0.5 * $0 }) }
  func isSufficient() -> Bool {
    guard let sufficient, let best = sorted().first else { return false }
    return best.rate == sufficient || system.isBetter(best.rate, than: sufficient)
  }
  if effort != .starts, form.radius > 0, !isSufficient(), let best = trials.first {
    let centres = slopeCentres(form, from: best, tolerance: effort.tolerance) { M, Λ, rate in
      guard let sufficient, system.isBetter(rate, than: sufficient) else { return false }
      let (metric, multiplier) = normalisedPair(M, Λ.map { 0.5 * $0 })
      guard let sure = system.strictness(metric: metric, multiplier: multiplier) else {
        return false
      }
      return sure == sufficient || system.isBetter(sure, than: sufficient)
    }
    for (M, Λ) in centres { offer(M, Λ.map { 0.5 * $0 }) }
  }
  return sorted()
}

/// M with its best multiple of Λ', by golden section over nine decades; the feasible multiples at a fixed
/// rate form an interval, so the rate has one peak.
private func bestMultiplierScale(_ form: SlopeForm, _ M: Matrix, _ Λ: [Double]) -> (
  M: Matrix, Λ: [Double], rate: Double
)? {
  var best: (M: Matrix, Λ: [Double], rate: Double)?
  // A badness that is lower for better rates and infinite outside the domain.
  func badness(_ exponent: Double) -> Double {
    let factor = exponential(exponent)
    let trial = exponent == 0 ? Λ : Λ.map { $0 * factor }
    guard let rate = form.rate(metric: M, multiplier: trial), rate.isFinite else {
      return .infinity
    }
    let value = form.isDiscrete ? rate : -rate
    if value < best.map({ form.isDiscrete ? $0.rate : -$0.rate }) ?? .infinity {
      best = (M, trial, rate)
    }
    return value
  }
  _ = badness(0)
  let evaluations = form.states <= 24 ? 22 : form.states <= 64 ? 8 : 0
  guard evaluations > 0 || best == nil else { return best }
  var coarse: [(Double, Double)] = []
  for k in -4...4 { coarse.append((2.5 * Double(k), badness(2.5 * Double(k)))) }
  guard let centre = coarse.min(by: { $0.1 < $1.1 }), centre.1.isFinite else { return best }
  var (low, high) = (centre.0 - 2.5, centre.0 + 2.5)
  let golden = 0.6180339887498949
  var x = high - golden * (high - low)
  var y = low + golden * (high - low)
  var (fx, fy) = (badness(x), badness(y))
  for _ in 0..<evaluations {
    if fx < fy {
      (high, y, fy) = (y, x, fx)
      x = high - golden * (high - low)
      fx = badness(x)
    } else {
      (low, x, fx) = (x, y, fy)
      y = low + golden * (high - low)
      fy = badness(y)
    }
  }
  return best
}

/// The pair times a power of two that brings the largest entry of M into [1, 2), or as it is.
private func normalisedPair(_ M: Matrix, _ Λ: [Double]) -> (Matrix, [Double]) {
  var largest = 0.0
  for i in 0..<M.rows { largest = max(largest, abs(M[i, i])) }
  guard largest.isNormal else { return (M, Λ) }
  let factor = Double(sign: .plus, exponent: -Int(largest.exponent), significand: 1)
  guard factor.isNormal else { return (M, Λ) }
  return (
    symmetricPart(
      Matrix(rows: M.rows, columns: M.columns, values: M.values.map { $0 * factor })),
    Λ.map { $0 * factor }
  )
}

/// Improves a pair by the method of centres and returns the last centre and the pair of best rate.
///
/// - Parameters:
///   - start: (M, Λ') with its rate, in the coordinates of `form`.
///   - tolerance: stops when the gain of a round falls below it relative to 1 + |rate|.
///   - isEnough: asked with each centre, to stop early.
private func slopeCentres(
  _ form: SlopeForm, from start: (M: Matrix, Λ: [Double], rate: Double), tolerance: Double,
  isEnough: (Matrix, [Double], Double) -> Bool
) -> [(Matrix, [Double])] {
  let n = form.states
  let s = (0..<n).map { 1 / nearestPowerOfTwo(max(start.M[$0, $0], 0).squareRoot()) }
  let c = start.Λ.map { 1 / nearestPowerOfTwo($0.squareRoot()) }
  let scaled = form.scaled(states: s, channels: c)
  func outward(_ barrier: SlopeBarrier) -> (Matrix, [Double]) {
    let inverse = s.map { 1 / $0 }
    return (
      scaling(barrier.M, rows: inverse, columns: inverse),
      zip(barrier.Λ, c).map { $0 / ($1 * $1) }
    )
  }
  // λ and ρ² are what the barrier moves; both directions are "towards the optimum".
  func parameter(_ rate: Double) -> Double { form.isDiscrete ? rate * rate : rate }
  let towards: Double = form.isDiscrete ? -1 : 1
  var barrier = SlopeBarrier(
    form: scaled, M: scaling(start.M, rows: s, columns: s),
    Λ: zip(start.Λ, c).map { $0 * $1 * $1 }, rate: parameter(start.rate))
  barrier.fixScale()
  let unit = rateScale(form)
  barrier.rate -= towards * 0.1 * max(unit, form.isDiscrete ? 0 : abs(barrier.rate))
  var best = (pair: outward(barrier), parameter: parameter(start.rate))
  var last = best.pair
  let direction: (SlopeBarrier, SlopeBarrier.State) -> NewtonStep? =
    n <= 14
    ? { $0.denseStep($1) } : { $0.iterativeStep($1) ?? ($0.n <= 32 ? $0.denseStep($1) : nil) }
  let rounds = n <= 40 ? 60 : 25
  var advance = 0.9
  var quiet = 0
  var reference = -towards * Double.infinity
  for round in 0..<rounds {
    let previous = barrier
    let centred = barrier.centre(
      steps: round == 0 ? 25 : 12, tolerance: 0.05, direction: direction)
    guard let rate = scaled.rate(metric: barrier.M, multiplier: barrier.Λ), rate.isFinite else {
      barrier = previous
      break
    }
    let reached = parameter(rate)
    let gain = towards * (reached - best.parameter)
    if gain > 0 { best = (outward(barrier), reached) }
    last = outward(barrier)
    if isEnough(last.0, last.1, rate) { return [last, best.pair] }
    // Near the boundary of contraction a little more may decide: λ = 0 and ρ² = 1.
    let progress = towards * (reached - reference)
    let missing = towards * ((form.isDiscrete ? 1 : 0) - reached)
    let mayDecide = missing >= 0 && missing < 20 * progress && progress > 1e-9 * unit
    quiet = progress > 0.1 * tolerance * unit || mayDecide ? 0 : quiet + 1
    reference = reached
    if quiet >= 2 { break }
    if !centred { advance = max(0.5, 0.8 * advance) }
    let room = towards * (reached - barrier.rate)
    if room <= 1e-13 * unit { break }
    barrier.rate += towards * advance * room
    barrier.fixScale()
  }
  return [best.pair, last]
}

/// The order of magnitude of rates: the largest |F_ii| in continuous, |1 − F_ii| in discrete time.
private func rateScale(_ form: SlopeForm) -> Double {
  var largest = 0.0
  for i in 0..<form.states { largest = max(largest, abs(form.F[i, i] - (form.isDiscrete ? 1 : 0))) }
  return largest > 1e-12 ? largest : 1
}
