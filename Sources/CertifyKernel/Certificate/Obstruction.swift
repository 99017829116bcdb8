/// Why the kernel does not accept a claim: where, by how much, and what may be tried.
///
/// An obstruction says nothing about the network beyond the claim at hand.
public struct Obstruction: Sendable, Hashable {
  /// The rule that declined; nil when the claim fails before any rule is consulted.
  public let rule: String?
  /// The index of the component in a hierarchy, outermost first; empty at the root.
  public let path: [Int]
  public let reason: Reason

  public init(rule: String? = nil, path: [Int] = [], _ reason: Reason) {
    self.rule = rule
    self.path = path
    self.reason = reason
  }

  init(_ rule: Rule, _ reason: Reason) { self.init(rule: rule.rawValue, reason) }
  init(_ rule: Refutation, _ reason: Reason) { self.init(rule: rule.rawValue, reason) }

  func inside(component: Int) -> Obstruction {
    Obstruction(rule: rule, path: [component] + path, reason)
  }

  public enum Reason: Sendable, Hashable {
    /// The bound claimed is not a rate above 0 or a factor in [0, 1).
    case notContracting(bound: Double)
    /// The rule gives `attained`, which is worse than `claimed`.
    case boundNotReached(claimed: Double, attained: Double)
    /// The Cholesky factorisation of `matrix` met a pivot that is not positive.
    case notDefinite(matrix: String, pivot: Int, value: Double)
    /// `row`, `column` and their mirror image differ.
    case notSymmetric(matrix: String, row: Int, column: Int, entry: Double, mirror: Double)
    /// An entry of a vector that must be positive and finite.
    case notPositive(InputError.Part, index: Int, value: Double)
    /// A connection runs against the order, or between units of components that are not ordered.
    case againstOrder(from: Int, to: Int)
    /// Something runs between two modules through slopes, where only linear couplings may.
    case nonlinearBetween(first: Int, second: Int)
    /// Two modules are coupled, and neither is the hub.
    case notASpoke(first: Int, second: Int, hub: Int)
    /// The norm of a coupling was not shown to lie below the bound claimed for it.
    case normNotShown(first: Int, second: Int, bound: Double)
    /// The entries that must be all units, each once, are not.
    case notAPartition(InputError.Part, unit: Int)
    /// The rule does not speak of networks like this one.
    case notCovered(Limitation)
    /// The scope does not exist for this network.
    case noSuchScope(Scope)
    /// The sign that would refute was not shown: the bound obtained, which had to be ≤ 0.
    case signNotShown(bound: Double)
    /// A matrix, or a number, of a dual certificate that had to be ⪰ 0 and exactly is not.
    case notSemidefinite(matrix: String)
    /// No slope pattern of this kind: an index out of range or not ascending.
    case notAPattern(index: Int)
  }

  /// What a rule cannot handle.
  public enum Limitation: String, Sendable, Hashable {
    case linearCoupling = "a linear coupling L"
    case nonlinearCoupling = "a nonlinear coupling K"
    case timeConstantsDiffer = "time constants that differ between units"
    case slopesAboveZero = "slopes bounded away from 0"
    case scheme = "this integration scheme"
    case stepTooLarge = "a step above 1 in units of the time constant"
    case notEuler = "anything but an Euler step"
    case notAFlow = "anything but a step taken from a proof for the flow"
    case noStep = "a map that is not a step of a flow"
    case noLeak = "anything but a split step with its leaks"
    case splitMetric = "a full metric that spans several components"
    case couplingNotSkew = "a coupling that is not exactly skew"
    case tooManyUnits = "as many units as this"
    case map = "a map that runs"
    case unfinished = "a check whose pieces were not all run"
    case notTwoPlainUnits =
      "anything but two units without self-weights, couplings or slopes above 0"
  }
}

/// What a rule says: it accepts with a value, or declines with the reason. Declining refutes nothing.
public enum Outcome<Value> {
  case accepted(Value)
  case declined(Obstruction)

  /// The value, if accepted.
  public var value: Value? {
    if case .accepted(let value) = self { value } else { nil }
  }
}

extension Outcome: Sendable where Value: Sendable {}
