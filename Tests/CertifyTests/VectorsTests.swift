import Certify
import CertifyKernel
import TestSupport
import Testing

/// The exact ground truth of the vectors, through the whole search.
@Suite(.enabled(if: SharedFolder.isPresent, "needs the shared folder"))
struct VectorsTests {
  static let checker = Checker(findsMaximumStep: false, findsLargestScale: false)

  static func network(
    _ vector: VectorCase, weights: String = "W", form: Specification.Form = .outside
  ) throws -> Specification {
    let rows = try #require(vector[weights]?.array).map { row in
      try #require(row.array).map { try #require($0.double) }
    }
    // Doubles and small whole quotients: what the file holds.
    let parts = (vector["g"]?.text ?? "1").split(separator: "/").compactMap { Double($0) }
    return try Specification(
      form: form,
      recurrent: .dense(Matrix(rows: rows.count, columns: rows.count, values: rows.flatMap { $0 })),
      slopes: SlopeInterval(.zero, ExactRatio(parts[0], over: parts.count > 1 ? parts[1] : 1)))
  }

  static func proof(_ finding: Finding) -> Proof? {
    guard case .certified(let certified) = finding.result,
      case .contracts(let proof) = certified.certificate.claim
    else { return nil }
    return proof
  }

  static func isRefuted(_ finding: Finding) -> Bool {
    if case .refuted = finding.result { true } else { false }
  }

  /// No certificate where no constant metric exists, equality included; what is certified holds exactly.
  @Test(arguments: Vectors.single, [Specification.Form.outside, .inside])
  func neverACertificateWhereThereIsNoMetric(vector: VectorCase, form: Specification.Form) throws {
    let network = try Self.network(vector, form: form)
    let finding = Self.checker.check(network, .continuous)
    if vector["const_metric"]?.flag == false { #expect(Self.proof(finding) == nil) }
    if let certificate = finding.certificate {
      #expect(ExactNetwork(network).judge(certificate) == .confirmed)
    }
    if vector["p_matrix_I_minus_gW"]?.flag == false, network.units <= 8 {
      #expect(Self.isRefuted(finding), "a principal minor that is not positive is found, and exact")
    }
    if vector["const_metric"]?.flag == true { #expect(!Self.isRefuted(finding)) }
  }

  @Test(
    arguments: Vectors.single.filter { $0["lmi"]?.flag == true },
    [Specification.Form.outside, .inside])
  func everythingWithAMultiplierInequalityIsCertified(
    vector: VectorCase, form: Specification.Form
  ) throws {
    let finding = Self.checker.check(try Self.network(vector, form: form), .continuous)
    #expect(Self.proof(finding) != nil, "\(vector.id)")
  }

  /// Within 1e-9 below the supremum where it is attained, and never above it.
  @Test(
    arguments: Vectors.single.filter { $0["thm1_sup_rate"]?.text != nil },
    [Specification.Form.outside, .inside])
  func rateOfTheoremOne(vector: VectorCase, form: Specification.Form) throws {
    let network = try Self.network(vector, form: form)
    let supremum = try #require(vector["thm1_sup_rate"]?.text.flatMap { Double($0) })
    let finding = Self.checker.check(network, .continuous)
    let proof = try #require(Self.proof(finding), "\(vector.id)")
    if vector["thm1_rate_attained"]?.flag == true { #expect(proof.bound >= supremum - 1e-9) }
    // A full metric may do better than a diagonal one; by rule 1 alone nothing does.
    if case .absoluteValue = proof.argument { #expect(proof.bound <= supremum.nextUp) }
    if case .triangular = proof.argument { #expect(proof.bound <= supremum.nextUp) }
  }

  /// 1 − gλmax is what no metric exceeds: never above it, and within 1e-9 where λmax > 0.
  @Test(
    arguments: Vectors.single.filter { $0["thm2_sup_rate"]?.text != nil },
    [Specification.Form.outside, .inside])
  func rateOfTheoremTwo(vector: VectorCase, form: Specification.Form) throws {
    let network = try Self.network(vector, form: form)
    let supremum = try #require(vector["thm2_sup_rate"]?.text.flatMap { Double($0) })
    let proof = try #require(Self.proof(Self.checker.check(network, .continuous)), "\(vector.id)")
    // The text is correct to its digits; W and g give the supremum itself: (1 − λ)I − gW stays ⪰ 0.
    let exact = ExactNetwork(network)
    let rest = RationalMatrix.identity(network.units) * (1 - Rational(proof.bound))
    #expect((rest - exact.W * exact.slopes.upper).isPositiveSemidefinite)
    #expect(proof.bound <= 1)
    if supremum < 1 { #expect(proof.bound >= supremum - 1e-9) }
  }

  /// No rate above the bracket in which the supremum of all constant metrics lies.
  @Test(arguments: Vectors.single.filter { $0["const_sup_rate_bracket"] != nil })
  func neverAboveTheBestConstantMetric(vector: VectorCase) throws {
    let bracket = try #require(vector["const_sup_rate_bracket"]?.array)
    let upper = bracket.last.flatMap { $0.double ?? $0.text.flatMap { Double($0) } }
    let limit = try #require(upper ?? bracket.last?.rational?.approximation)
    for form in [Specification.Form.outside, .inside] {
      let finding = Self.checker.check(try Self.network(vector, form: form), .continuous)
      if let proof = Self.proof(finding) { #expect(proof.bound <= limit + 1e-12, "\(vector.id)") }
    }
  }

  /// ρ(N) from below and above: `absolute-value` certifies up to 1 − ρ and no further.
  @Test(arguments: Vectors.group("perron"))
  func perron(vector: VectorCase) throws {
    let network = try Self.network(vector, weights: "N")
    let supremum = try #require(vector["rate_sup"]?.text.flatMap { Double($0) })
    let finding = Self.checker.check(network, .continuous)
    let proof = Self.proof(finding)
    #expect((proof != nil) == (vector["thm1"]?.flag == true))
    // Not attained without connections back: the overshoot limits how near the bound comes.
    if let proof { #expect(proof.bound <= supremum && proof.bound > supremum / 2) }
    // Scaled to a spectral radius of one half, the supremum is one half.
    let radius = try #require(vector["rho"]?.text.flatMap { Double($0) })
    guard radius > 0 else { return }
    let half = try network.scalingWeights(by: 0.5 / radius)
    let bound = try #require(Self.proof(Self.checker.check(half, .continuous))).bound
    #expect(bound > 0.5 - 1e-9 && bound < 0.5 + 1e-9)
  }

  /// One network in both forms: certified in both, in the metric that each form needs.
  @Test(arguments: Vectors.group("form_B"))
  func bothForms(vector: VectorCase) throws {
    for form in [Specification.Form.outside, .inside] {
      for isTransposed in [false, true] {
        var network = try Self.network(vector, form: form)
        if isTransposed {
          network = try network.with(recurrent: network.recurrent.dense().transposed())
        }
        let finding = Self.checker.check(network, .continuous)
        let certificate = try #require(finding.certificate, "\(vector.id)")
        #expect(Self.proof(finding) != nil, "\(vector.id), \(form)")
        #expect(ExactNetwork(network).judge(certificate) == .confirmed)
      }
    }
  }

  /// Euler steps of a skew coupling with all units off, from the search: E4 refutes what it must.
  @Test(arguments: Vectors.group("euler"))
  func euler(vector: VectorCase) throws {
    let rows = try #require(vector["L"]?.matrix)
    let L = Matrix(
      rows: rows.rows, columns: rows.rows, values: rows.values.map(\.approximation))
    let h = try #require(vector["h"]?.text).split(separator: "/").compactMap { Double($0) }
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix(rows: L.rows, columns: L.rows)),
      coupling: .dense(L), step: .init(size: ExactRatio(h[0], over: h[1])))
    let finding = Self.checker.check(network, .asRun)
    let expands = vector["D0_verdict"]?.text == "expanding"
    #expect(Self.isRefuted(finding) == expands)
    if let certificate = finding.certificate {
      #expect(ExactNetwork(network).judge(certificate) == .confirmed)
    }
    // The flow contracts whatever the step does.
    #expect(Self.proof(Self.checker.check(network, .continuous)) != nil)
  }
}
