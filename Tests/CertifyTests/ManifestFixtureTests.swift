import Certify
import CertifyKernel
import Testing

/// The bundled networks of Fixtures/networks.
@Suite struct ManifestFixtureTests {
  static let folder =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/Fixtures/networks"

  @Test func theRingIsWhatItsGeneratorSays() throws {
    let model = try Model.load(path: Self.folder + "/ring.safetensors")
    #expect(model.specification.units == 16 && model.form == .outside)
    #expect(model.description == .metadata)
    #expect(model.specification.step == Specification.Step(size: ExactRatio(0.03)))
    let ones = [Double](repeating: 1, count: 16)
    let proof = Proof(.absoluteValue(columnScaling: ones, rowScaling: ones), bound: 0.2499)
    let verdict = try model.specification.certify(
      using: Certificate(scope: .continuous, claim: .contracts(proof)))
    guard case .certified = verdict else {
      Issue.record("\(verdict)")
      return
    }
  }
}
