public import CertifyKernel

/// Eigenvalues of the linear network at a vertex of the slopes, in floating point: a picture, never a decision.
public struct Spectrum: Sendable, Hashable {
  /// Which vertex it is.
  public enum Vertex: Sendable, Hashable {
    /// Every slope at its lower end, at its upper end, or as a refutation has them.
    case lower, upper, witness
  }

  public struct Value: Sendable, Hashable {
    public let real: Double
    public let imaginary: Double
  }

  public let scope: Scope
  public let vertex: Vertex
  /// Of T⁻¹J for the flow, of the map's matrix for the map that runs.
  public let values: [Value]

  /// The most units for which eigenvalues are worked out.
  public static let limit = 512

  /// Nil where the linear network is not worked out: too many units, a coupling through other slopes, or a scheme
  /// that is no Euler step.
  ///
  /// - Parameter active: units with the upper slope; for the witness only.
  /// - Complexity: about 10n³ flops.
  init?(_ network: Specification, _ scope: Scope, _ vertex: Vertex, active: [Int32] = []) {
    guard network.units <= Self.limit, network.nonlinearCoupling == nil,
      scope == .continuous || network.runsAsEuler
    else { return nil }
    let active =
      switch vertex {
      case .lower: [Int32]()
      case .upper: (0..<Int32(network.units)).map { $0 }
      case .witness: active
      }
    let matrix = vertexMatrix(Problem(network, scope), active)
    guard let eigen = LAPACKBackend.generalEigen(matrix) else { return nil }
    self.scope = scope
    self.vertex = vertex
    values = zip(eigen.real, eigen.imaginary).map { Value(real: $0, imaginary: $1) }
  }
}
