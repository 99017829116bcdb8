/// What somebody says about a network and why; data, believed by nobody until the kernel has checked it.
public struct Certificate: Sendable, Hashable {
  public let scope: Scope
  public let claim: Claim

  public init(scope: Scope, claim: Claim) {
    self.scope = scope
    self.claim = claim
  }
}

public enum Claim: Sendable, Hashable {
  /// The network contracts, for this reason.
  case contracts(Proof)
  /// Some slopes admit no positive rate in any metric, for this reason.
  case unstable(Instability)
}

/// A rule, the numbers it needs, and the bound it is said to give.
///
/// `bound` is the rate λ > 0 for the flow, in 1/(unit of time) and for distances (not for their squares), or
/// the factor ρ < 1 a step for the map that runs.
public struct Proof: Sendable, Hashable {
  public let argument: Argument
  public let bound: Double

  public init(_ argument: Argument, bound: Double) {
    self.argument = argument
    self.bound = bound
  }

  public var rule: Rule { argument.rule }
}

/// The numbers that each rule needs; see the rule's file for its statement.
public indirect enum Argument: Sendable, Hashable {
  /// v, w > 0, n each. Metric diag(τ w / v).
  case absoluteValue(columnScaling: [Double], rowScaling: [Double])
  /// W is exactly symmetric; nothing else is needed.
  case symmetric
  /// s > 0, n, with diag(s) W = (diag(s) W)ᵀ exactly, and μ > 0 with −diag(s) W ⪰ μ I.
  case productForm(rowScaling: [Double], floor: Double)
  /// The units, each once, such that every connection runs from an earlier to a later one.
  case triangular(order: [Int32])
  /// p > 0, n, and s ≥ ‖P^{1/2} W P^{-1/2}‖₂; with `dropsInhibitoryDiagonal`, negative W_ii count as 0.
  case singularValue(metric: [Double], norm: Double, dropsInhibitoryDiagonal: Bool)
  /// p > 0, n.
  case disk(metric: [Double])
  /// M, n × n, symmetric; Λ, n, the multipliers; μ > 0 with M ⪰ μ I.
  case slopeLMI(metric: Matrix, multiplier: [Double], floor: Double)
  /// M, n × n, symmetric; μ > 0 with M ⪰ μ I; checked at all vertices of the slopes.
  case vertexLMI(metric: Matrix, floor: Double)
  /// Modules with a proof each, and how they are weighed against each other.
  case assembly(Assembly)
  /// A proof for the flow, and how large the parts of the right-hand side are in its metric.
  case step(Step)
  /// p, and components of W with a norm each, for a split step.
  case splitStep(SplitStep)

  public var rule: Rule {
    switch self {
    case .absoluteValue: .absoluteValue
    case .symmetric: .symmetric
    case .productForm: .productForm
    case .triangular: .triangular
    case .singularValue: .singularValue
    case .disk: .disk
    case .slopeLMI: .slopeLMI
    case .vertexLMI: .vertexLMI
    case .assembly(let assembly): assembly.structure.rule
    case .step: .step
    case .splitStep: .splitStep
    }
  }

  /// The proofs that this one rests on: of its modules, or of the flow.
  public var children: [Proof] {
    switch self {
    case .assembly(let assembly): assembly.proofs
    case .step(let step): [step.flow]
    default: []
    }
  }
}

/// Slopes at which the linear network does not decay, and why.
///
/// The slopes are g at the units in `active` and l elsewhere.
public struct Instability: Sendable, Hashable {
  /// Strictly ascending.
  public let active: [Int32]
  public let reason: Reason

  public init(active: [Int32], reason: Reason) {
    self.active = active
    self.reason = reason
  }

  public enum Reason: Sendable, Hashable {
    /// det(−J) ≤ 0, evaluated exactly: J has a real eigenvalue ≥ 0 (a map: one ≥ 1).
    case determinant
    /// det(I + A) ≤ 0, exactly, for the map's matrix A: it has a real eigenvalue ≤ −1.
    case flip
    /// M symmetric, x ≠ 0 and c: sym(M(J − cI)) ≺ 0, c ≥ 0 (a map: c²M − AᵀMA ≻ 0, c ≥ 1) and xᵀMx ≤ 0.
    case inertia(metric: Matrix, direction: [Double], margin: Double)
    /// L exactly skew, all slopes 0, Euler: x with |(1 − h)x + hLx| ≥ |x|.
    case skew(direction: [Double])
  }

  public var refutation: Refutation {
    switch reason {
    case .determinant: .principalMinor
    case .skew: .eulerSkew
    case .flip, .inertia: .unstableVertex
    }
  }
}
