public import Certify
public import CertifyKernel

/// A rate network with what the theorems do not speak of: the activation itself, input and readout layers.
///
///     outside   τx' = −x + Wφ(x) + Lx + Kψ(x) + Uu + b       inside   τh' = −h + φ(Wh + Uu + b) + Lh
///
/// A value; it runs only through an `Integrator`, which takes it certified for the step.
public struct RateNetwork: Certifiable {
  public let specification: Specification
  public let activation: Activation
  /// ψ; nil where there is no nonlinear coupling.
  public let couplingActivation: Activation?
  public let input: InputLayer
  public let readout: ReadoutLayer?

  /// - Throws: `.slopes` if an activation has slopes outside those of the specification, which its certificate
  ///   would then say nothing about; `.layer` if a layer does not fit the units.
  public init(
    _ specification: Specification, activation: Activation, couplingActivation: Activation? = nil,
    input: InputLayer? = nil, readout: ReadoutLayer? = nil
  ) throws(NetworkError) {
    try Self.check(activation, within: specification.slopes)
    if let coupling = specification.nonlinearCoupling {
      guard let couplingActivation else { throw .noCouplingActivation }
      try Self.check(couplingActivation, within: coupling.slopes)
    }
    let input = input ?? .identity(units: specification.units)
    guard input.units == specification.units else {
      throw .layer("input", found: input.units, expected: specification.units)
    }
    if let readout, readout.featureCount(specification.units) != readout.width {
      throw .layer(
        "readout", found: readout.width, expected: readout.featureCount(specification.units))
    }
    self.specification = specification
    self.activation = activation
    self.couplingActivation = specification.nonlinearCoupling == nil ? nil : couplingActivation
    self.input = input
    self.readout = readout
  }

  private static func check(
    _ activation: Activation, within slopes: SlopeInterval
  ) throws(NetworkError) {
    guard let own = try? activation.slopes(), isAtMost(slopes.lower, own.lower),
      isAtMost(own.upper, slopes.upper)
    else { throw .slopes(activation) }
  }

  private static func isAtMost(_ a: ExactRatio, _ b: ExactRatio) -> Bool {
    a == b || a.enclosure.upper <= b.enclosure.lower
  }

  public var units: Int { specification.units }
}

/// Uu + b: what drives the units.
public struct InputLayer: Sendable, Hashable {
  public let units: Int
  public let inputs: Int
  /// U, units × inputs, row by row; empty for the identity.
  public let weights: [Float]
  public let bias: [Float]

  /// - Precondition: `weights.count == units * inputs`, `bias.count == units`.
  public init(units: Int, inputs: Int, weights: [Float], bias: [Float]) {
    precondition(weights.count == units * inputs && bias.count == units, "an input layer's shapes")
    self.units = units
    self.inputs = inputs
    self.weights = weights
    self.bias = bias
  }

  /// One input a unit, as it is.
  public static func identity(units: Int) -> InputLayer {
    var weights = [Float](repeating: 0, count: units * units)
    for i in 0..<units { weights[i * units + i] = 1 }
    return InputLayer(
      units: units, inputs: units, weights: weights, bias: [Float](repeating: 0, count: units))
  }
}

/// Logits of a state: F x + c, F φ(x) + c, or F [x; φ(x)] + c.
public struct ReadoutLayer: Sendable, Hashable {
  public enum Features: String, Sendable, Hashable, CaseIterable { case state, rates, both }

  public let classes: Int
  public let features: Features
  /// F, classes × width, row by row.
  public let weights: [Float]
  public let bias: [Float]

  /// - Precondition: `bias.count == classes`, and `weights.count` is a multiple of it.
  public init(classes: Int, features: Features, weights: [Float], bias: [Float]) {
    precondition(
      classes > 0 && bias.count == classes && weights.count % classes == 0, "a readout's shapes")
    self.classes = classes
    self.features = features
    self.weights = weights
    self.bias = bias
  }

  public var width: Int { weights.count / classes }

  public func featureCount(_ units: Int) -> Int { features == .both ? 2 * units : units }
}

/// Why a network cannot be made, or cannot run.
public enum NetworkError: Error, Sendable, CustomStringConvertible {
  case slopes(Activation)
  case noCouplingActivation
  case layer(String, found: Int, expected: Int)
  /// The certificate speaks of something else than this scheme on this network.
  case notForScheme(expected: String, found: String)
  case notThisNetwork
  /// The search found no certificate for the step.
  case notCertified(Finding)
  case input(String)
  /// The equation of an implicit step was not solved.
  case noSolution(step: Int)

  public var description: String {
    switch self {
    case .slopes(let activation):
      "\(activation) has slopes outside those that the specification allows"
    case .noCouplingActivation: "a nonlinear coupling needs the activation psi"
    case .layer(let name, let found, let expected):
      "the \(name) layer is made for \(found) values, the network has \(expected)"
    case .notForScheme(let expected, let found):
      "certified \(found), which does not allow to run \(expected)"
    case .notThisNetwork: "the certificate is that of another network"
    case .notCertified(let finding):
      "the network as it runs is not certified (\(finding.result.word))" + finding.reason
    case .input(let reason): reason
    case .noSolution(let step): "step \(step): the implicit equation was not solved"
    }
  }
}

extension Finding {
  /// What the nearest proposal lacked.
  fileprivate var reason: String {
    guard case .undecided(let shortfall) = result else { return "" }
    return ": \(shortfall.obstruction.explanation)"
  }
}

extension Finding.Result {
  /// The verdict in one word.
  public var word: String {
    switch self {
    case .certified: "certified"
    case .refuted: "refuted"
    case .undecided: "undecided"
    }
  }
}
