public import CertifyKernel

/// The activations that a manifest may name, each with the interval its slopes lie in.
///
/// A name stands for the slope interval and nothing else: the theorems use no other property of φ.
public enum Activation: Sendable, Hashable {
  case relu, tanh, sigmoid, softplus
  case hardTanh
  case identity
  /// x for x ≥ 0 and s x below; 0 ≤ s ≤ 1.
  case leakyReLU(negativeSlope: ExactRatio)

  /// The spellings, in the order of the contract.
  static let names = [
    "relu", "tanh", "sigmoid", "softplus", "leaky-relu", "hard-tanh", "identity",
  ]

  /// The activation of a name that needs no number.
  init?(name: String) {
    switch name {
    case "relu": self = .relu
    case "tanh": self = .tanh
    case "sigmoid": self = .sigmoid
    case "softplus": self = .softplus
    case "hard-tanh": self = .hardTanh
    case "identity": self = .identity
    default: return nil
    }
  }

  /// Every slope of the activation lies here: [0, 1] for ReLU, tanh, softplus and hard tanh, [0, 1/4] for the
  /// logistic sigmoid, [s, 1] for leaky ReLU, [1, 1] for the identity.
  ///
  /// - Throws: `InputError.slopes` for a leaky ReLU whose slope is not in [0, 1].
  public func slopes() throws(InputError) -> SlopeInterval {
    switch self {
    case .relu, .tanh, .softplus, .hardTanh: .unit
    case .sigmoid: try SlopeInterval(.zero, ExactRatio(0.25))
    case .identity: try SlopeInterval(.one, .one)
    case .leakyReLU(let s): try SlopeInterval(s, .one)
    }
  }
}
