import Certify
import CertifyKernel
import Checkpoints
import Testing

/// Small networks with a certificate that the kernel accepts, one for every rule and refutation.
struct CertificateCase: Sendable, CustomTestStringConvertible {
  let name: String
  let form: Specification.Form
  let n: Int
  let weights: [Float]
  var coupling: [Float]?
  var step: String?
  var leak: [Float]?
  let certificates: [Certificate]

  var testDescription: String { name }

  /// Writes the network with its description in the metadata.
  func save(in folder: TemporaryFolder) throws -> String {
    var tensors = [try tensor("W", [n, n], weights)]
    var text = "[network]\nform = \"\(form.rawValue)\"\nrecurrent = \"W\"\nactivation = \"relu\"\n"
    if let coupling {
      tensors.append(try tensor("L", [n, n], coupling))
      text += "coupling = \"L\"\n"
    }
    if let step { text += "[step]\nsize = \"\(step)\"\n" }
    if let leak {
      tensors.append(try tensor("a", [n], leak))
      text += "scheme = \"split\"\nleak = \"a\"\n"
    }
    let path = folder.file("\(name).safetensors")
    try writeSafetensors(tensors, metadata: ["certify.network": text], to: path)
    return path
  }

  static func contracting(
    _ name: String, _ weights: [Float], _ argument: Argument, _ bound: Double,
    form: Specification.Form = .outside, n: Int = 2, scope: Scope = .continuous, step: String? = nil
  ) -> CertificateCase {
    CertificateCase(
      name: name, form: form, n: n, weights: weights, step: step,
      certificates: [
        Certificate(scope: scope, claim: .contracts(Proof(argument, bound: bound)))
      ])
  }

  static func unstable(
    _ name: String, _ weights: [Float], _ active: [Int32], _ reason: Instability.Reason,
    form: Specification.Form = .outside, n: Int = 2, scope: Scope = .continuous
  ) -> CertificateCase {
    CertificateCase(
      name: name, form: form, n: n, weights: weights,
      certificates: [
        Certificate(
          scope: scope, claim: .unstable(Instability(active: active, reason: reason)))
      ])
  }

  private static let swap: [Float] = [0, 0.25, 0.25, 0]
  private static let alone = Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: 0.75)
  private static let still = Proof(.triangular(order: [0]), bound: 1)

  private static func pair(
    _ structure: Argument.Structure, _ proof: Proof, norms: [NormClaim] = []
  ) -> Argument {
    .assembly(
      Argument.Assembly(
        structure, components: [[0], [1]], proofs: [proof, proof], columnScaling: [1, 1],
        rowScaling: [1, 1], norms: norms))
  }

  private static let turning = Proof(pair(.feedback, alone), bound: 0.5)
  private static let flippedSign = Matrix(diagonal: [-1, 1])

  static let all: [CertificateCase] = [
    contracting(
      "absolute-value", swap, .absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1]), 0.5),
    contracting("symmetric", swap, .symmetric, 0.5),
    contracting(
      "product-form", [-2, 0, 0, -1], .productForm(rowScaling: [1, 1], floor: 0.5), 0.75),
    contracting("triangular", [0, 0, 1, 0], .triangular(order: [0, 1]), 0.5),
    contracting(
      "singular-value", swap,
      .singularValue(metric: [1, 1], norm: 0.3125, dropsInhibitoryDiagonal: false), 0.5),
    contracting("disk", swap, .disk(metric: [1, 1]), 0.5, form: .inside),
    contracting(
      "slope-lmi", swap, .slopeLMI(metric: .identity(2), multiplier: [1, 1], floor: 0.5), 0.25),
    contracting("vertex-lmi", swap, .vertexLMI(metric: .identity(2), floor: 0.5), 0.25),
    contracting(
      "hierarchy", [0, 0, 0.25, 0],
      .assembly(
        Argument.Assembly(
          .hierarchy,
          components: [[0], [1]], proofs: [alone, alone], columnScaling: [1, 1], rowScaling: [1, 1])
      ),
      0.5),
    CertificateCase(
      name: "feedback", form: .outside, n: 2, weights: [0.25, 0, 0, 0.25], coupling: [0, 2, -2, 0],
      certificates: [Certificate(scope: .continuous, claim: .contracts(turning))]),
    contracting(
      "global-workspace", swap,
      pair(
        .globalWorkspace(hub: 1), still,
        norms: [NormClaim(first: 0, second: 1, kind: .toFirst, bound: 0.25)]), 0.5),
    contracting("interconnection", swap, pair(.interconnection, still), 0.5),
    CertificateCase(
      name: "step", form: .outside, n: 2, weights: [0.25, 0, 0, 0.25], coupling: [0, 2, -2, 0],
      step: "0x1p-4",
      certificates: [
        Certificate(
          scope: .asRun,
          claim: .contracts(
            Proof(
              .step(
                Argument.Step(
                  flow: turning, components: [[0], [1]], columnScaling: [1, 1],
                  rowScaling: [1, 1], couplingNorm: 2.5)), bound: 0.96875)))
      ]),
    CertificateCase(
      name: "split-step", form: .outside, n: 2, weights: swap, coupling: [0, 2, -2, 0],
      step: "1/10", leak: [0.5, 0.25],
      certificates: [
        Certificate(
          scope: .asRun,
          claim: .contracts(
            Proof(
              .splitStep(
                Argument.SplitStep(metric: [1, 1], components: [[0, 1]], norms: [0.3125])),
              bound: 0.9375)))
      ]),
    contracting(
      "as-run", swap, .absoluteValue(columnScaling: [1, 1], rowScaling: [1, 1]), 0.875,
      scope: .asRun, step: "3/10"),
    unstable("determinant", [2, 0, 0, 0], [0], .determinant),
    unstable("flip", [-2, 0, 0, 0], [0], .flip, form: .map, scope: .asRun),
    unstable(
      "inertia", [2, 0, 0, 0], [0],
      .inertia(metric: flippedSign, direction: [1, 0], margin: 0.5)),
    CertificateCase(
      name: "skew", form: .outside, n: 2, weights: [0, 0, 0, 0], coupling: [0, 10, -10, 0],
      step: "0x1p-4",
      certificates: [
        Certificate(
          scope: .asRun,
          claim: .unstable(Instability(active: [], reason: .skew(direction: [1, 0]))))
      ]),
    CertificateCase(
      name: "both-scopes", form: .inside, n: 2, weights: swap, step: "3/10",
      certificates: [
        Certificate(scope: .continuous, claim: .contracts(Proof(.symmetric, bound: 0.5))),
        Certificate(scope: .asRun, claim: .contracts(Proof(.symmetric, bound: 0.875))),
      ]),
  ]
}
