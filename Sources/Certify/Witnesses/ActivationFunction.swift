internal import Glibc
import CertifyKernel

/// An activation as a function, and where its slopes are nearest to the ends of their interval.
///
/// Where only slopes [l, g] are known it is g x above 0 and l x below, which has exactly these slopes.
struct ActivationFunction {
  private enum Kind { case tanh, sigmoid, softplus, hardTanh, pieces(below: Double, above: Double) }
  private let kind: Kind

  /// Where the slope is g, or nearest to it, and where it is l, or nearest to it.
  let upperPoint: Double
  let lowerPoint: Double
  /// Whether both ends are reached exactly; otherwise they are the supremum and the infimum.
  let isExact: Bool

  init(_ activation: Activation?, _ slopes: SlopeInterval) {
    switch activation {
    case .tanh: (kind, upperPoint, lowerPoint, isExact) = (.tanh, 0, -20, false)
    case .sigmoid: (kind, upperPoint, lowerPoint, isExact) = (.sigmoid, 0, -40, false)
    case .softplus: (kind, upperPoint, lowerPoint, isExact) = (.softplus, 40, -40, false)
    case .hardTanh: (kind, upperPoint, lowerPoint, isExact) = (.hardTanh, 0, -2, true)
    case .relu, .identity, .leakyReLU, nil:
      kind = .pieces(below: slopes.lower.approximation, above: slopes.upper.approximation)
      (upperPoint, lowerPoint, isExact) = (1, -1, true)
    }
  }

  func callAsFunction(_ x: Double) -> Double {
    switch kind {
    case .tanh: Glibc.tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .softplus: x > 0 ? x + log1p(exp(-x)) : log1p(exp(x))
    case .hardTanh: max(-1, min(1, x))
    // Adding 0 turns −0 into 0.
    case .pieces(let below, let above): (x > 0 ? above : below) * x + 0
    }
  }

  /// An upper bound on the slope at `lowerPoint`, 0 where it is exact.
  var lowerSlope: Double {
    switch kind {
    // tanh′(20) = 4e⁻⁴⁰/(1 + e⁻⁴⁰)² and σ′(40) < softplus′(−40) < e⁻⁴⁰ < 2⁻⁵⁷.
    case .tanh: 0x1p-55
    case .sigmoid, .softplus: 0x1p-57
    case .hardTanh, .pieces: 0
    }
  }
}
