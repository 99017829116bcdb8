import Certify
import CertifyKernel
import Checkpoints
import Testing

@Suite struct CertificateFileTests {
  let folder = TemporaryFolder()

  /// What verifying throws; a test fault if it does not.
  private func refusal(_ path: String, _ model: Model) throws -> VerifyError {
    do {
      _ = try CertificateFile.verify(certificatePath: path, model: model)
    } catch {
      return error
    }
    throw TestFault.noError
  }

  @Test(arguments: CertificateCase.all)
  func roundTrip(_ example: CertificateCase) throws {
    let model = try Model.load(path: try example.save(in: folder))
    let path = folder.file("\(example.name).cert.json")
    let file = CertificateFile(claims: example.certificates, binding: try model.binding())
    try file.write(to: path)
    let first = try contents(of: path)
    #expect(try CertificateFile(contentsOf: path) == file)
    let verified = try CertificateFile.verify(certificatePath: path, model: model)
    #expect(verified.map(\.scope) == example.certificates.map(\.scope))
    try file.write(to: path)
    #expect(try contents(of: path) == first, "the bytes depend on the content only")
    let text = String(decoding: first, as: UTF8.self)
    #expect(!text.contains(folder.path), "no paths")
  }

  @Test func theCasesCoverEveryRuleAndRefutation() {
    var rules: Set<Rule> = []
    var refutations: Set<Refutation> = []
    for certificate in CertificateCase.all.flatMap(\.certificates) {
      switch certificate.claim {
      case .contracts(let proof): rules.insert(proof.rule)
      case .unstable(let instability): refutations.insert(instability.refutation)
      }
    }
    #expect(rules == Set(Rule.allCases) && refutations == Set(Refutation.allCases))
  }

  @Test func oneByteOfATensorRefuses() throws {
    let example = CertificateCase.all[0]
    let source = try example.save(in: folder)
    let path = folder.file("c.cert.json")
    try CertificateFile(
      claims: example.certificates, binding: try Model.load(path: source).binding()
    ).write(to: path)
    var bytes = try contents(of: source)
    bytes[bytes.count - 13] ^= 1
    try AtomicFile.write(bytes, to: source)
    let error = try refusal(path, try Model.load(path: source))
    #expect(error.field == "model.tensors[0].sha256", "\(error)")
  }

  @Test func aClaimTooLargeSaysWhatIsAttained() throws {
    let example = CertificateCase.contracting(
      "large", [0, 0.25, 0.25, 0], .absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1]), 0.8125
    )
    let model = try Model.load(path: try example.save(in: folder))
    let path = folder.file("c.cert.json")
    try CertificateFile(claims: example.certificates, binding: try model.binding()).write(to: path)
    let error = try refusal(path, model)
    #expect(error.field == "claims[0].bound")
    #expect(error.description.contains("claimed 0x1.ap-1, attained 0.74999"), "\(error)")
  }

  @Test func aClaimOfAChildIsNamedByItsPath() throws {
    let good = Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: 0.5)
    let bad = Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: 1.5)
    let example = CertificateCase.contracting(
      "child", [0, 0, 0.25, 0],
      .assembly(
        Argument.Assembly(
          .hierarchy,
          components: [[0], [1]], proofs: [good, bad], columnScaling: [1, 1], rowScaling: [1, 1])),
      0.25)
    let model = try Model.load(path: try example.save(in: folder))
    let path = folder.file("c.cert.json")
    try CertificateFile(claims: example.certificates, binding: try model.binding()).write(to: path)
    #expect(try refusal(path, model).field == "claims[0].children[1].bound")
  }

  @Test func aStepOfTheCommandLineComesFromTheCertificate() throws {
    let example = CertificateCase.contracting(
      "step", [0, 0.25, 0.25, 0], .absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1]), 0.875,
      scope: .asRun)
    let source = try example.save(in: folder)
    func options(_ step: Double) -> ModelOptions { ModelOptions(step: ExactRatio(step)) }
    let model = try Model.load(path: source, options: options(0.3125))
    let path = folder.file("c.cert.json")
    try CertificateFile(claims: example.certificates, binding: try model.binding()).write(to: path)
    let verified = try CertificateFile.verify(
      certificatePath: path, model: try Model.load(path: source))
    guard case .certified(let certified) = verified[0] else { throw TestFault.noError }
    #expect(certified.specification.step?.size == ExactRatio(0.3125))
    let error = try refusal(path, try Model.load(path: source, options: options(0.25)))
    #expect(error.field == "specification.step.size", "\(error)")
  }

  @Test func longArraysStandInTheTensorFile() throws {
    let n = 65
    let example = CertificateCase.contracting(
      "long", [Float](repeating: 0, count: n * n),
      .slopeLMI(
        metric: .identity(n), multiplier: [Double](repeating: 1, count: n), floor: 0.5), 0.25, n: n)
    let model = try Model.load(path: try example.save(in: folder))
    let path = folder.file("c.cert.json")
    let sidecar = folder.file("c.cert.safetensors")
    let file = CertificateFile(claims: example.certificates, binding: try model.binding())
    try file.write(to: path)
    #expect(try CertificateFile(contentsOf: path) == file)
    #expect(try CertificateFile.verify(certificatePath: path, model: model).count == 1)
    let bytes = try contents(of: sidecar)
    var changed = bytes
    changed[changed.count - 1] ^= 1
    try AtomicFile.write(changed, to: sidecar)
    let error = try refusal(path, model)
    #expect(error.field == "claims[0].arguments.metric.sha256")
    guard case .certificate(.digest) = error else { throw TestFault.noError }
    try writeSafetensors(
      [
        Tensor(
          name: "claims[0].arguments.metric", shape: [n, n], doubles: Matrix.identity(n).values),
        tensor("more", [1]),
      ], to: sidecar)
    #expect(try refusal(path, model).field == "more")
    try writeSafetensors([tensor("more", [1])], to: sidecar)
    #expect(try refusal(path, model).field == nil)
  }

  @Test(
    arguments: [
      ("m.ckpt", "certs/m.ckpt.cert.json"), ("/a/b/m.pt", "certs/a/b/m.pt.cert.json"),
      ("../../a/m.pt", "certs/a/m.pt.cert.json"), ("./a//m.pt", "certs/a/m.pt.cert.json"),
      ("a/../../../etc/m", "certs/etc/m.cert.json"),
    ])
  func pathsMirrorTheModel(_ model: String, _ expected: String) {
    #expect(CertificateFile.path(forModel: model, in: "certs") == expected)
    #expect(CertificateFile.path(forModel: model, in: "certs/") == expected)
  }
}
