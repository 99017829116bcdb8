internal import Foundation

/// The slopes (1, 0) → (1, 1) → (0, 1) → (1, 1), one turn, integrated numerically. It shows; it proves nothing.
///
/// (1, 0) is kept until tan θ = c, (1, 1) for the rest of the quarter turn, then the same a quarter further.
public struct Theorem7Replay: Sendable, Hashable {
  public let c: Double
  /// In units of τ.
  public let timePerTurn: Double
  /// ln of the factor by which |e| changes in a turn.
  public let logGrowthPerTurn: Double

  public var growthPerTurn: Double { exp(logGrowthPerTurn) }
  /// Per unit of τ.
  public var exponent: Double { logGrowthPerTurn / timePerTurn }

  /// Runge and Kutta's method with 2,000 steps a phase. Cost: 8,000 steps.
  init(c: Double) {
    self.c = c
    let rotation = atan(1 / c) / c
    let phases: [(slopes: (Double, Double), time: Double)] = [
      ((1, 0), 1), ((1, 1), rotation), ((0, 1), 1), ((1, 1), rotation),
    ]
    var e = (1.0, 0.0)
    var growth = 0.0
    // Two quarter turns, and by symmetry the two that follow.
    for phase in phases {
      let steps = 2000
      let h = phase.time / Double(steps)
      func rate(_ e: (Double, Double)) -> (Double, Double) {
        (-e.0 - c * phase.slopes.1 * e.1, -e.1 + c * phase.slopes.0 * e.0)
      }
      func moved(_ k: (Double, Double), _ h: Double) -> (Double, Double) {
        (e.0 + h * k.0, e.1 + h * k.1)
      }
      for _ in 0..<steps {
        let k1 = rate(e)
        let k2 = rate(moved(k1, h / 2))
        let k3 = rate(moved(k2, h / 2))
        let k4 = rate(moved(k3, h))
        e.0 += h / 6 * (k1.0 + 2 * k2.0 + 2 * k3.0 + k4.0)
        e.1 += h / 6 * (k1.1 + 2 * k2.1 + 2 * k3.1 + k4.1)
      }
      let size = hypot(e.0, e.1)
      growth += log(size)
      e = (e.0 / size, e.1 / size)
    }
    logGrowthPerTurn = 2 * growth
    timePerTurn = 4 * (1 + rotation)
  }
}
