public import CertifyKernel

/// Two trajectories with the same constant input that do not approach each other, in doubles.
///
/// One starts at the equilibrium of a witness, the other 10⁻⁶ away along the leading direction. A flow is
/// integrated by the classical Runge–Kutta method with steps a quarter of what the fastest unit allows; a map is
/// run as it is. It ends when the distance has grown tenfold, or when the budget is spent.
public struct Replay: Sendable, Hashable {
  public struct Sample: Sendable, Hashable {
    /// In the unit of the time constants; for a map the number of steps.
    public let time: Double
    public let distance: Double
  }

  public let scope: Scope
  /// At most 33, the first at time 0.
  public let samples: [Sample]
  /// The largest distance met, divided by the first.
  public let factor: Double
  /// The last distance divided by the first.
  public let finalFactor: Double
  /// The steps taken.
  public let steps: Int

  public static let separation = 1e-6
  public static let goal = 10.0
}

extension RealisedWitness {
  /// Runs the two trajectories.
  ///
  /// - Parameter budget: multiplications that may be spent.
  public func replay(budget: Int = 4_000_000_000) -> Replay {
    let isMap = witness.scope == .asRun
    let h = isMap ? 1 : 0.25 / max(system.speed, 1e-300)
    let most = max(16, budget / (system.cost * (isMap ? 2 : 8)))
    var x = zip(state, direction).map { $0 + Replay.separation * $1 }
    var y = state
    let start = distance(x, y)
    var samples = [Replay.Sample(time: 0, distance: start)]
    var every = 1
    var largest = start
    var current = start
    var step = 0
    while step < most, largest < Replay.goal * start {
      x = isMap ? euler(x) : rungeKutta(x, h)
      y = isMap ? euler(y) : rungeKutta(y, h)
      step += 1
      current = distance(x, y)
      guard current.isFinite else { break }
      largest = max(largest, current)
      if step % every == 0 { samples.append(.init(time: Double(step) * h, distance: current)) }
      if samples.count > 32 {
        samples = samples.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        every *= 2
      }
    }
    return Replay(
      scope: witness.scope, samples: samples, factor: largest / start,
      finalFactor: current / start, steps: step)
  }

  private func distance(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
  }

  private func euler(_ x: [Double]) -> [Double] {
    zip(x, system.change(x, input)).map { $0 + $1 }
  }

  private func rungeKutta(_ x: [Double], _ h: Double) -> [Double] {
    func moved(_ k: [Double], _ share: Double) -> [Double] { zip(x, k).map { $0 + share * $1 } }
    let a = system.change(x, input)
    let b = system.change(moved(a, h / 2), input)
    let c = system.change(moved(b, h / 2), input)
    let d = system.change(moved(c, h), input)
    return x.indices.map { x[$0] + h / 6 * (a[$0] + 2 * b[$0] + 2 * c[$0] + d[$0]) }
  }
}
