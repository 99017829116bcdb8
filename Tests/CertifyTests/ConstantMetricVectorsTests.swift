import Certify
import CertifyKernel
import TestSupport
import Testing

/// The question whether a constant metric exists, for every vector that decides it.
@Suite(.enabled(if: SharedFolder.isPresent, "needs the shared folder"))
struct ConstantMetricVectorsTests {
  static let decided = Vectors.single.filter { $0["const_metric"]?.flag != nil }

  /// True: certified. False: refuted, or shown to have no constant metric.
  @Test(arguments: decided, [Specification.Form.outside, .inside])
  func isAnswered(vector: VectorCase, form: Specification.Form) throws {
    let network = try VectorsTests.network(vector, form: form)
    let finding = VectorsTests.checker.check(network, .continuous)
    if vector["const_metric"]?.flag == true {
      #expect(VectorsTests.proof(finding) != nil, "\(vector.id)")
    } else if case .undecided(let shortfall) = finding.result {
      let kinds = shortfall.impossibilities.map(\.kind)
      #expect(kinds.contains(.noConstantMetric), "\(vector.id) \(kinds)")
      #expect(!shortfall.impossibilities.contains { !$0.excludesContraction })
    } else {
      #expect(VectorsTests.isRefuted(finding), "\(vector.id)")
    }
  }
}
