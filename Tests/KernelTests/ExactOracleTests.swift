import TestSupport
import Testing

/// The tests' own oracle against the vectors, whose certificates came from another program.
@Suite(.enabled(if: SharedFolder.isPresent, "needs the shared folder"))
struct ExactOracleVectorTests {
  static func oracle(_ vector: VectorCase, form: ExactOracle.Form = .outside) throws -> ExactOracle
  {
    ExactOracle(
      form: form, W: try #require(vector["W"]?.matrix),
      slopes: .init(0, try #require(vector["g"]?.rational)))
  }

  @Test func allVectorsAreThere() {
    #expect(Vectors.single.count == 56 && Vectors.named("n3_gap") != nil)
    #expect(Vectors.group("no such group").isEmpty)
  }

  /// Metrics certify a rate above 0 at every vertex; dual matrices exclude every metric.
  @Test(arguments: Vectors.single)
  func certificatesOfConstantMetrics(vector: VectorCase) throws {
    let oracle = try Self.oracle(vector)
    let certificate = try #require(vector["const_cert"])
    let exists = vector["const_metric"]?.flag == true
    switch certificate["kind"]?.text {
    case "primal_M":
      let M = try #require(certificate["M"]?.matrix)
      #expect(exists && oracle.certifiesSomeRate(M) && oracle.certifies(M, rate: 0))
      #expect(!oracle.certifies(M, rate: Rational(1, over: 1) + Rational(1, over: 1 << 40)))
      #expect(!oracle.hasUnstableVertex)
    case "dual_Z":
      let witnesses = try #require(certificate["Z"]?.array).map { witness in
        (
          slopes: try #require(witness["D"]?.rationals), Z: try #require(witness["Z"]?.matrix)
        )
      }
      #expect(!exists && oracle.refutesMetrics(witnesses))
      #expect(!oracle.refutesMetrics(witnesses, rate: -1), "these witnesses speak of rate 0")
      #expect(!oracle.certifiesSomeRate(.identity(oracle.dimension)))
    case "lmi":
      #expect(exists && vector["lmi_cert"] != nil)
    case "p_matrix":
      #expect(!exists && oracle.pMatrixViolation() != nil)
    default:
      Issue.record("unknown kind of certificate")
    }
  }

  /// The multiplier inequality at rate 0, and what it implies: the metric holds at all vertices.
  @Test(arguments: Vectors.single.filter { $0["lmi"]?.flag == true })
  func certificatesOfMultiplierInequality(vector: VectorCase) throws {
    let oracle = try Self.oracle(vector)
    let M = try #require(vector["lmi_cert"]?["M"]?.matrix)
    let multipliers = try #require(vector["lmi_cert"]?["Lambda"]?.rationals)
    #expect(oracle.satisfiesMultiplierInequality(M, multipliers: multipliers, rate: 0))
    #expect(!oracle.satisfiesMultiplierInequality(M, multipliers: multipliers, rate: 2))
    if oracle.dimension <= 8 { #expect(oracle.certifies(M, rate: 0)) }
  }

  @Test(arguments: Vectors.single.filter { $0["n"]?.double ?? 99 <= 8 })
  func principalMinors(vector: VectorCase) throws {
    let oracle = try Self.oracle(vector)
    let found = oracle.pMatrixViolation()
    #expect(vector["p_matrix_I_minus_gW"]?.flag == (found == nil))
    if let violation = vector["p_matrix_violation"] {
      let subset = try #require(violation["subset"]?.integers)
      #expect(oracle.principalMinor(subset) == violation["minor"]?.rational)
    }
    // A principal minor that is not positive is an eigenvalue that is not negative at that vertex.
    if let found {
      let d = (0..<oracle.dimension).map { found.subset.contains($0) ? oracle.slopes.upper : 0 }
      #expect(!ExactOracle.isHurwitz(oracle.jacobian(d)))
    }
  }

  @Test(arguments: Vectors.group("form_B"))
  func metricsOfFormInside(vector: VectorCase) throws {
    let outside = try Self.oracle(vector)
    let inside = try Self.oracle(vector, form: .inside)
    let M = try #require(vector["M_formA"]?.matrix)
    #expect(outside.certifiesSomeRate(M))
    #expect(inside.certifiesSomeRate(M) == vector["M_formA_is_formB_metric"]?.flag)
    if let image = vector["M_formB_WtMW"]?.matrix { #expect(inside.certifiesSomeRate(image)) }
    let transposed = ExactOracle(form: .inside, W: outside.W.transposed, slopes: outside.slopes)
    #expect(transposed.certifiesSomeRate(try #require(vector["M_formB_of_transpose"]?.matrix)))
    #expect(transposed.certifiesSomeRate(try #require(M.inverse)))
  }

  @Test(arguments: Vectors.group("euler"))
  func eulerStepsWithAllUnitsOff(vector: VectorCase) throws {
    let L = try #require(vector["L"]?.matrix)
    let h = try #require(vector["h"]?.rational)
    let n = L.rows
    let oracle = ExactOracle(
      form: .outside, W: .zero(n, n), slopes: .init(0, 1), L: L)
    let contracts = vector["D0_verdict"]?.text == "contracting"
    #expect((oracle.unstableVertex(step: h) == nil) == contracts)
    #expect(oracle.certifiesDiscrete(.identity(n), factor: 1, step: h) == contracts)
    #expect(!oracle.hasUnstableVertex && oracle.certifies(.identity(n), rate: 1))
  }

  @Test func metricsAfterAblation() throws {
    let vector = try #require(Vectors.named("ablate_formA_full_metric"))
    let whole = try Self.oracle(vector)
    let M = try #require(vector["M"]?.matrix)
    let left = ExactOracle(
      form: .outside, W: try #require(vector["W_ablated"]?.matrix), slopes: whole.slopes)
    #expect(whole.certifiesSomeRate(M))
    #expect(!left.certifiesSomeRate(M.principalSubmatrix([0, 1])))
    #expect(left.certifiesSomeRate(try #require(vector["schur_complement"]?.matrix)))
  }

  @Test(arguments: ["nf_seed002_a3", "nf_seed002_a4"])
  func identityCouplingIsNotHurwitz(id: String) throws {
    let vector = try #require(Vectors.named(id))
    let oracle = ExactOracle(
      form: .outside, W: try #require(vector["W"]?.matrix), slopes: .init(0, 1),
      L: try #require(vector["L"]?.matrix))
    #expect(oracle.unstableVertex() != nil)
    #expect(oracle.jacobian([1, 1, 1]).determinant.signum == (id.hasSuffix("a3") ? 0 : 1))
  }
}
