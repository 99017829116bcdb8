import Certify
import CertifyKernel
import Dynamics
import TestSupport
import Testing

/// Two runs with the same input never separate faster than certified.
@Suite struct ContractionTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let scheme: Specification.Step.Scheme
    var form = Specification.Form.outside
    var isCoupled = true
    var hasPsi = false
    var activation = Activation.relu
    var step = ExactRatio(exactly: "1/4")!

    var testDescription: String {
      "\(scheme.rawValue) \(form.rawValue)\(isCoupled ? " L" : "")\(hasPsi ? " K" : "") \(activation)"
    }

    static let all: [Case] = [
      Case(scheme: .euler), Case(scheme: .euler, isCoupled: false, activation: .tanh),
      Case(scheme: .euler, hasPsi: true, step: ExactRatio(exactly: "1/16")!),
      Case(scheme: .euler, form: .inside, isCoupled: false, activation: .sigmoid),
      Case(scheme: .semiImplicit, step: ExactRatio(exactly: "3")!),
      Case(scheme: .semiImplicit, form: .inside, activation: .tanh),
      Case(scheme: .exponential, step: ExactRatio(exactly: "2")!),
      Case(scheme: .exponential, isCoupled: false), Case(scheme: .implicit),
      Case(scheme: .implicit, form: .inside, activation: .softplus),
      Case(scheme: .split, activation: .hardTanh), Case(scheme: .split, isCoupled: false),
    ]
  }

  /// Weights of norm about ½, so that every scheme can be certified.
  static func network(_ example: Case, seed: UInt64) throws -> RateNetwork {
    var generator = SplitMix64(seed: seed)
    let n = 6
    func entry() -> Double { (2 * generator.unit() - 1) * 0.16 }
    var W = Matrix(rows: n, columns: n)
    var L = Matrix(rows: n, columns: n)
    var K = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n {
        W[i, j] = entry()
        if i / 3 != j / 3 { K[i, j] = 0.2 * entry() }
      }
      // Couplings lie between the two modules.
      for j in 0..<i where i / 3 != j / 3 {
        L[i, j] = 6 * entry()
        L[j, i] = -L[i, j]
      }
    }
    let leak = (0..<n).map { _ in 0.2 + 0.6 * generator.unit() }
    let specification = try Specification(
      form: example.form, recurrent: .dense(W), coupling: example.isCoupled ? .dense(L) : nil,
      nonlinearCoupling: example.hasPsi ? .init(weights: .dense(K), slopes: .unit) : nil,
      slopes: try example.activation.slopes(), modules: [3, 3],
      step: .init(
        scheme: example.scheme, size: example.step, leak: example.scheme == .split ? leak : []))
    return try RateNetwork(
      specification, activation: example.activation,
      couplingActivation: example.hasPsi ? .tanh : nil,
      input: InputLayer(
        units: n, inputs: 2, weights: (0..<(2 * n)).map { _ in Float(entry() * 6) },
        bias: (0..<n).map { _ in Float(entry()) }))
  }

  @Test(arguments: Case.all) func distancesShrinkAsCertified(_ example: Case) throws {
    for seed in 0..<UInt64(4) {
      let network = try Self.network(example, seed: seed)
      let integrator = try AnyIntegrator(certifying: network, isDouble: true)
      #expect(integrator.factor < 1)
      let (n, steps, batch) = (network.units, 30, 3)
      var generator = SplitMix64(seed: seed &+ 99)
      let inputs = (0..<(steps * 2 * batch)).map { _ in 4 * generator.unit() - 2 }
      let starts = (0..<2).map { _ in (0..<(n * batch)).map { _ in 10 * generator.unit() - 5 } }
      var runs = [[Double]](repeating: [Double](repeating: 0, count: steps * n * batch), count: 2)
      for k in 0..<2 {
        try integrator.walk(input: inputs, steps: steps, batch: batch, from: starts[k], threads: 2)
        {
          t, first, share, x in
          for i in 0..<n {
            for b in 0..<share { runs[k][(t * n + i) * batch + first + b] = x[i * share + b] }
          }
        }
      }
      for b in 0..<batch {
        func distance(_ a: [Double], _ c: [Double], _ offset: Int) -> Double {
          var sum = 0.0
          for i in 0..<n {
            let d = a[(offset * n + i) * batch + b] - c[(offset * n + i) * batch + b]
            sum += d * d
          }
          return sum.squareRoot()
        }
        let first = distance(starts[0], starts[1], 0)
        var allowed = first * max(1, integrator.guarantee.overshoot)
        for t in 0..<steps {
          allowed *= integrator.factor
          let found = distance(runs[0], runs[1], t)
          #expect(
            found <= allowed + 1e-12 * first, "seed \(seed), step \(t): \(found) > \(allowed)")
        }
      }
    }
  }

  @Test func forgettingTimeIsThatOfTheBound() throws {
    let network = try Self.network(Case(scheme: .split), seed: 1)
    let step = try CertifiedStep<SplitStep>(certifying: network)
    let k = try #require(step.forgettingSteps(to: 0.01))
    func bound(_ k: Int) -> Double {
      (0..<k).reduce(max(1, step.guarantee.overshoot)) { bound, _ in bound * step.factor }
    }
    #expect(bound(k) <= 0.01 * (1 + 1e-9) && bound(k - 1) > 0.01 * (1 - 1e-9))
  }
}
