import CertifyKernel
import TestSupport
import Testing

/// An assembly inside an assembly: the scales of the inner one belong to the metric that the outer one sees.
@Suite struct NestedMetricTests {
  /// Modules {0, 1} (symmetric, so that form outside knows M⁻¹ only) and {2} with scales θ, and {3} outside.
  private static func argument(
    θ: [Double], rate: Double, structure: Argument.Structure = .feedback, norms: [NormClaim] = []
  ) -> Argument {
    let slack = 0x1p-40
    let inner = Argument.assembly(
      .init(
        .interconnection, components: [[0, 1], [2]],
        proofs: [Proof(.symmetric, bound: rate), Proof(.symmetric, bound: rate)],
        columnScaling: [1, 1], rowScaling: θ))
    return .assembly(
      .init(
        structure, components: [[0, 1, 2], [3]],
        proofs: [
          Proof(inner, bound: rate - slack),
          Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: rate),
        ],
        columnScaling: [1, 1], rowScaling: [1, 1], norms: norms))
  }

  /// Skew in blkdiag(θ_0 M_0, θ_1 M_1, 1) is free; with the inner scale forgotten or inverted it is not.
  @Test(arguments: [Specification.Form.outside, .inside], [4.0, 0.25])
  func innerScalesMultiplyTheMetric(form: Specification.Form, θ: Double) throws {
    let W = Matrix([[0.25, 0.5, 0, 0], [0.5, 0.25, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    // With a = ¾, K = 2aI − W is M (form inside) or M⁻¹ (form outside), and 2a the same of unit 2.
    let K = [[1.25, -0.5], [-0.5, 1.25]]
    let (y, z) = ([2.0, -3], 5.0)
    func network(scale: Double) throws -> Specification {
      var L = Matrix(rows: 4, columns: 4)
      for i in 0..<2 {
        let image = K[i][0] * y[0] + K[i][1] * y[1]
        // Outside: L_i3 = (θM)⁻¹y = Ky/θ and L_3i = −yᵀ. Inside: L_i3 = y and L_3i = −θyᵀM.
        (L[i, 3], L[3, i]) =
          form == .outside ? (image / scale, -y[i]) : (y[i], -image * scale)
      }
      // Unit 2 in the scale 1.
      (L[2, 3], L[3, 2]) = form == .outside ? (1.5 * z, -z) : (z, -1.5 * z)
      return try Specification(form: form, recurrent: .dense(W), coupling: .dense(L))
    }
    let argument = Self.argument(θ: [θ, 1], rate: 0.25 - 0x1p-40)
    let right = try network(scale: θ)
    let found = try #require(confirmedRate(right, argument))
    #expect(found.isTrue && found.bound > 0.25 - 1e-9, "\(found.bound)")
    for wrong in [1, 1 / θ, θ * θ] {
      let other = try network(scale: wrong)
      #expect(other.tightestBound(argument, .continuous) == nil, "\(wrong)")
    }
  }

  /// r = ½ m x / √m for L_03 = x and m = θ M_00: the scale is in the matrix and in what it is measured by.
  @Test(arguments: [Specification.Form.outside, .inside], [4.0, 0.25, 1])
  func residualInAScaledMetric(form: Specification.Form, θ: Double) throws {
    let x = 0.0625
    var L = Matrix(rows: 4, columns: 4)
    L[0, 3] = x
    let network = try Specification(
      form: form, recurrent: .dense(Matrix(rows: 4, columns: 4)), coupling: .dense(L))
    func argument(_ norms: [NormClaim] = []) -> Argument {
      Self.argument(θ: [θ, 1], rate: 0.25, structure: .interconnection, norms: norms)
    }
    let m = form == .outside ? θ / 1.5 : θ * 1.5
    let r = 0.5 * x * m.squareRoot()
    let claimed = argument(claim(0, 1, .residual, above: r))
    let found = try #require(confirmedRate(network, claimed))
    #expect(found.isTrue && (found.bound - (0.25 - r)).magnitude < 1e-9, "\(found.bound) \(r)")
    let forged = argument(claim(0, 1, .residual, above: r, by: -1e-9))
    #expect(
      try network.answer(forged, bound: 0x1p-30)
        == .undecided(.normNotShown(first: 0, second: 1, bound: r * (1 - 1e-9))))
    // Unclaimed, √m is measured by the bound that the rule gives: K ⪰ aI for K = 2aI.
    let plain = try #require(confirmedRate(network, argument()))
    let loose = r * (2.0).squareRoot()
    #expect(
      plain.isTrue && (plain.bound - (0.25 - loose)).magnitude < 1e-9, "\(plain.bound) \(loose)")
  }
}
