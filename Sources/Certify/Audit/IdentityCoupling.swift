public import CertifyKernel

/// Three units that show why L = −Lᵀ needs the identity metric (theory §7, paper 002's baseline).
///
///     W = [[0, a, 0], [0, 0, 0], [0, 0, 0]]    modules {0, 1} (Theorems 1 and 4, any a) and {2}
///     L = [[0, 0, −1], [0, 0, 1], [1, −1, 0]] = −Lᵀ,   slopes in [0, 1]
///
/// At slopes 1 the eigenvalues λ = s − 1 solve s³ + 2s − a = 0: stable for a < 3, an eigenvalue 0 exactly at
/// a = 3, and above it an eigenvalue with positive real part.
public struct IdentityCouplingAudit: Sendable {
  public let a: Double
  public let network: Specification
  /// Of the flow.
  public let finding: Finding
  public let diagnoses: [Diagnosis]
  /// The largest real root of s³ + 2s − a, less 1: in floating point.
  public let leadingEigenvalue: Double

  /// - Throws: `.argument` unless a is finite.
  public init(a: Double) throws(AuditError) {
    guard a.isFinite else { throw .argument("--a \(a): expected a finite number") }
    self.a = a
    do {
      network = try Specification(
        form: .outside,
        recurrent: .dense(Matrix(rows: 3, columns: 3, values: [0, a, 0, 0, 0, 0, 0, 0, 0])),
        coupling: .dense(Matrix(rows: 3, columns: 3, values: [0, 0, -1, 0, 0, 1, 1, -1, 0])),
        modules: [2, 1])
    } catch {
      throw .argument("--a \(a): \(error)")
    }
    finding = Checker(findsMaximumStep: false).check(network, .continuous)
    diagnoses = AuditSubject(network, findings: [finding]).diagnoses()
    // s³ + 2s is increasing: Newton from above on the side of a converges.
    var s = max(1, abs(a))
    for _ in 0..<200 { s -= (s * s * s + 2 * s - abs(a)) / (3 * s * s + 2) }
    leadingEigenvalue = (a < 0 ? -s : s) - 1
  }
}
