extension Argument {
  /// How the couplings between modules may run; it decides which theorem is used, not the inequality.
  public enum Structure: Sendable, Hashable {
    /// Linear couplings only.
    case feedback
    /// From earlier to later modules only.
    case hierarchy
    /// Between the hub and the other modules only.
    case globalWorkspace(hub: Int)
    /// In any way.
    case interconnection
  }

  /// Modules of a network, a proof for each alone, and v, w > 0, one a module.
  ///
  /// A module may be an assembly itself, to any depth.
  public struct Assembly: Sendable, Hashable {
    public let structure: Structure
    /// The units of each module; every unit of the network once.
    public let components: [[Int32]]
    public let proofs: [Proof]
    /// v; the scale of module i's metric in the whole is w_i / v_i.
    public let columnScaling: [Double]
    /// w.
    public let rowScaling: [Double]
    /// Norms of couplings, where sums of magnitudes say too little.
    public let norms: [NormClaim]

    public init(
      _ structure: Structure, components: [[Int32]], proofs: [Proof], columnScaling: [Double],
      rowScaling: [Double], norms: [NormClaim] = []
    ) {
      self.structure = structure
      self.components = components
      self.proofs = proofs
      self.columnScaling = columnScaling
      self.rowScaling = rowScaling
      self.norms = norms
    }
  }
}

extension Argument {
  /// What turns a proof for the flow into one for the map that runs.
  public struct Step: Sendable, Hashable {
    /// A proof that the flow contracts; its metric is that of the map.
    public let flow: Proof
    /// Sets of units, each unit once, along which the metric is block diagonal.
    public let components: [[Int32]]
    /// x, y > 0, one a component: the norm of a matrix of norms B is √(max (By)_i/x_i · max (Bᵀx)_j/y_j).
    public let columnScaling: [Double]
    public let rowScaling: [Double]
    /// Norms of blocks, where sums of magnitudes say too little; first = second inside a component.
    public let norms: [NormClaim]
    /// ℓ ≥ ‖L‖ in a diagonal metric, shown for the whole matrix at once; nil to use the blocks.
    public let couplingNorm: Double?

    public init(
      flow: Proof, components: [[Int32]], columnScaling: [Double], rowScaling: [Double],
      norms: [NormClaim] = [], couplingNorm: Double? = nil
    ) {
      self.flow = flow
      self.components = components
      self.columnScaling = columnScaling
      self.rowScaling = rowScaling
      self.norms = norms
      self.couplingNorm = couplingNorm
    }
  }
}

/// A spectral norm that a certificate claims of the couplings between two modules; see `PairLoad`.
public struct NormClaim: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// What is left of the linear couplings' skewness in the modules' metrics.
    case residual
    /// What the slopes add from the second module to the first.
    case toFirst = "to-first"
    /// What the slopes add from the first module to the second.
    case toSecond = "to-second"
  }

  /// Which norm is meant.
  public struct Place: Sendable, Hashable {
    public let first: Int
    public let second: Int
    public let kind: Kind

    public init(first: Int, second: Int, kind: Kind) {
      self.first = first
      self.second = second
      self.kind = kind
    }
  }

  public let place: Place
  public let bound: Double

  public init(first: Int, second: Int, kind: Kind, bound: Double) {
    place = Place(first: first, second: second, kind: kind)
    self.bound = bound
  }
}
