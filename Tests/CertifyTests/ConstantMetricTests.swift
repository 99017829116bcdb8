import CertifyKernel
import TestSupport
import Testing

@testable import Certify

/// The search for a constant metric or its dual: exactly one of them, and each of them true.
@Suite struct ConstantMetricTests {
  struct Found {
    var certified: Certified<Specification>?
    var none: ProvedImpossibility?
  }

  static func ask(_ network: Specification, _ scope: Scope) -> Found {
    var acceptance = Acceptance(network, scope)
    let none = ImpossibilitySearch.constantMetric(Problem(network, scope), to: &acceptance)
    return Found(certified: acceptance.best, none: none)
  }

  /// 640 networks of two and three units: never both a metric and a dual, both checked by the oracle, and nearly
  /// always one of them.
  @Test(arguments: UInt64(0)..<32)
  func neverBoth(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var silent = 0
    for k in 0..<20 {
      let n = 2 + k % 2
      let form: Specification.Form = k % 4 < 2 ? .outside : .inside
      let W = (0..<(n * n)).map { _ in 1.6 * generator.roughlyNormal() - 0.3 }
      let network = try Specification(
        form: form, recurrent: .dense(Matrix(rows: n, columns: n, values: W)),
        step: .init(size: ExactRatio(1, over: 8)))
      let exact = ExactNetwork(network)
      for scope in k % 5 == 0 ? [.continuous, .asRun] : [Scope.continuous] {
        let found = Self.ask(network, scope)
        #expect(found.certified == nil || found.none == nil)
        if let certified = found.certified {
          #expect(exact.judge(certified.certificate) == .confirmed)
        }
        if let none = found.none {
          #expect(exact.holds(none.claim, scope) == true && none.excludesContraction)
          // Whatever rule is tried, nothing is certified.
          guard k % 4 == 0 else { continue }
          let finding = VectorsTests.checker.check(network, scope)
          #expect(VectorsTests.proof(finding) == nil, "\(network)")
        }
        if found.certified == nil, found.none == nil { silent += 1 }
      }
    }
    #expect(silent <= 1)
  }

  /// Two units without self-weights, on and off the boundary: the closed form and the search agree.
  @Test(arguments: UInt64(0)..<8)
  func twoUnits(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<40 {
      let b = Double(generator.integer(in: -12...12)) / 4
      let c = Double(generator.integer(in: -12...12)) / 4
      let network = try Specification(
        form: generator.integer(in: 0...1) == 0 ? .outside : .inside,
        recurrent: .dense(Matrix(rows: 2, columns: 2, values: [0, b, c, 0])))
      let exists = try #require(TwoUnits.hasConstantMetric(network) as Bool?)
      let found = Self.ask(network, .continuous)
      #expect((found.certified != nil) == exists && (found.none != nil) == !exists, "\(b) \(c)")
    }
  }

  /// A component without a metric inside a larger network, fed and feeding, in both forms.
  @Test(arguments: [Specification.Form.outside, .inside])
  func componentsOfLargerNetworks(form: Specification.Form) throws {
    var W = Matrix(rows: 5, columns: 5)
    (W[1, 3], W[3, 1]) = (-2.5, 2.5)
    (W[1, 0], W[2, 3], W[4, 2], W[4, 1]) = (3, -2, 7, 1)
    let network = try Specification(form: form, recurrent: .dense(W))
    let finding = VectorsTests.checker.check(network, .continuous)
    guard case .undecided(let shortfall) = finding.result else {
      Issue.record("\(finding.result)")
      return
    }
    let none = try #require(
      shortfall.impossibilities.first { $0.kind == .noConstantMetric })
    #expect(ExactNetwork(network).holds(none.claim, .continuous) == true)
    #expect(shortfall.impossibilities.contains { $0.kind == .perron })
  }

  /// [n3_gap]: a metric at the vertices where the multiplier inequality has none; both shown.
  @Test(.enabled(if: SharedFolder.isPresent, "needs the shared folder"))
  func gap() throws {
    let vector = try #require(Vectors.named("n3_gap"))
    for form in [Specification.Form.outside, .inside] {
      let network = try VectorsTests.network(vector, form: form)
      let finding = VectorsTests.checker.check(network, .continuous)
      let proof = try #require(VectorsTests.proof(finding))
      #expect(proof.rule == .vertexLMI)
      // The supremum lies in [237/4096, 119/2048].
      #expect(proof.bound > 0.0575 && Rational(proof.bound) <= Rational(119, over: 2048))
      let audit = ConstantMetricAudit(network, finding)
      let dual = try #require(
        audit.otherImpossibilities.first { $0.kind == .slopeLMIInfeasible })
      #expect(ExactNetwork(network).holds(dual.claim, .continuous) == true)
      #expect(audit.diagnoses.isEmpty)
    }
  }

  /// The duals of the vectors themselves, where doubles hold them.
  @Test(.enabled(if: SharedFolder.isPresent, "needs the shared folder"))
  func dualsOfTheVectors() throws {
    var accepted = 0
    for vector in Vectors.single where vector["const_cert"]?["kind"]?.text == "dual_Z" {
      let network = try VectorsTests.network(vector)
      let terms = try #require(vector["const_cert"]?["Z"]?.array).map { term in
        let slopes = try #require(term["D"]?.rationals)
        let Z = try #require(term["Z"]?.matrix)
        let values = Z.values.map(\.approximation)
        #expect(zip(Z.values, values).allSatisfy { $0 == Rational($1) })
        return MetricDual.Term(
          active: slopes.indices.filter { slopes[$0] != 0 }.map { Int32($0) },
          .matrix(Matrix(rows: Z.rows, columns: Z.columns, values: values)))
      }
      let claim = Impossibility.constantMetric(MetricDual(terms: terms, bound: 0))
      #expect(try network.prove(claim, .continuous).value != nil, "\(vector.id)")
      accepted += 1
    }
    #expect(accepted == 15)
  }
}
