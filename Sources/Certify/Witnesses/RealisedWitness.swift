public import CertifyKernel

/// A refutation as something one can watch: a state and a constant input at which the network rests, with the
/// slopes that refute it, and a direction in which a small difference does not decay.
///
///     outside   x_i where the slope is wanted,  u = x − Wφ(x) − Lx
///     inside    p_i where the slope is wanted,  (I − L)h = φ(p),  u = p − Wh
///     map       the same with L = 0
///
/// The proof is the kernel's, about the slopes; this is an illustration in doubles. For ReLU, hard tanh and given
/// slopes the state has exactly these slopes. For tanh, sigmoid and softplus they are the ends of the interval,
/// approached in the limit: units at slope g sit at 0 (softplus: at 40), the others are saturated at a slope below
/// 2⁻⁵⁵.
public struct RealisedWitness: Sendable {
  public let witness: Witness
  /// x (form outside) or h.
  public let state: [Double]
  /// u, constant.
  public let input: [Double]
  /// Whether the slopes at the state are exactly those of the witness.
  public let slopesAreExact: Bool
  /// Where they are not: whether the kernel accepts the same refutation with the lower slopes raised to a bound on
  /// what they really are. Nil where they are exact.
  public let holdsNearby: Bool?
  /// The eigenvalue that leads at these slopes (the largest real part, or modulus for a map), in floating point.
  public let eigenvalue: (real: Double, imaginary: Double)
  /// The direction that belongs to it, of length 1.
  public let direction: [Double]

  let system: SimulatedNetwork

  /// Why a witness cannot be realised by this construction.
  public enum Failure: Error, Sendable, Hashable {
    /// A coupling K ψ(x) is taken at slope 0, which the same state need not have.
    case nonlinearCoupling
    /// More units than dense eigenvectors are worked out for.
    case tooLarge(units: Int, limit: Int)
    /// The map is not an Euler step.
    case scheme
    /// I − L is singular, or an eigenvalue problem failed.
    case numerical

    public var reason: String {
      switch self {
      case .nonlinearCoupling:
        "the coupling K psi(x) is taken at slope 0, which the same state need not have"
      case .tooLarge(let units, let limit):
        "\(units) units; states are worked out for at most \(limit)"
      case .scheme: "states are worked out for Euler steps only"
      case .numerical: "the equations for the state could not be solved in floating point"
      }
    }
  }

  /// The most units for which eigenvectors are worked out.
  public static let limit = 2048

  /// - Complexity: an eigenvalue problem of size n with vectors, 25n³ flops.
  public init(
    _ network: Specification, _ witness: Witness, activation: Activation?
  ) throws(Failure) {
    guard network.nonlinearCoupling == nil else { throw .nonlinearCoupling }
    guard witness.scope == .continuous || network.step?.scheme ?? .euler == .euler else {
      throw .scheme
    }
    guard network.units <= Self.limit else {
      throw .tooLarge(units: network.units, limit: Self.limit)
    }
    let φ = ActivationFunction(activation, network.slopes)
    let problem = Problem(network, witness.scope)
    var points = [Double](repeating: φ.lowerPoint, count: network.units)
    for unit in witness.instability.active { points[Int(unit)] = φ.upperPoint }
    let system = SimulatedNetwork(problem, φ)
    guard let (state, input) = system.equilibrium(at: points),
      let (eigenvalue, direction) = Self.leading(problem, witness.instability.active)
    else { throw .numerical }
    self.witness = witness
    self.state = state
    self.input = input
    self.system = system
    self.eigenvalue = eigenvalue
    self.direction = direction
    slopesAreExact = φ.isExact
    holdsNearby =
      φ.isExact ? nil : Self.holds(witness, network, lowerSlope: φ.lowerSlope)
  }

  private static func holds(_ witness: Witness, _ network: Specification, lowerSlope: Double)
    -> Bool
  {
    let certificate = Certificate(scope: witness.scope, claim: .unstable(witness.instability))
    guard
      let slopes = try? SlopeInterval(ExactRatio(lowerSlope), network.slopes.upper),
      let nearby = try? Specification(
        form: network.form, recurrent: network.recurrent, coupling: network.coupling,
        slopes: slopes, timeConstants: network.timeConstants, modules: network.modules,
        step: network.step),
      case .refuted? = try? nearby.certify(using: certificate)
    else { return false }
    return true
  }

  private static func leading(
    _ problem: Problem, _ active: [Int32]
  ) -> (eigenvalue: (real: Double, imaginary: Double), direction: [Double])? {
    let a = vertexMatrix(problem, active)
    guard let eigen = LAPACKBackend.generalEigen(a, vectors: true),
      let k = eigen.real.indices.max(by: {
        excess(problem.scope, eigen.real[$0], eigen.imaginary[$0])
          < excess(problem.scope, eigen.real[$1], eigen.imaginary[$1])
      })
    else { return nil }
    let x = eigen.right(k).real
    let length = x.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard length > 0, length.isFinite else { return nil }
    return ((eigen.real[k], eigen.imaginary[k]), x.map { $0 / length })
  }
}
