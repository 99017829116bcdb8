import Certify
import CertifyKernel
import Dynamics
import TestSupport
import Testing

/// Each step against the equation that defines it, written out in plain loops.
@Suite struct StepEquationTests {
  private static func value(_ activation: Activation, _ x: Double) -> Double {
    var y = [0.0]
    ElementWise(activation).apply([x], &y, count: 1)
    return y[0]
  }

  @Test(arguments: ContractionTests.Case.all)
  func stepSolvesItsEquation(_ example: ContractionTests.Case) throws {
    for seed in 0..<UInt64(3) {
      let network = try ContractionTests.network(example, seed: seed)
      let spec = network.specification
      let n = network.units
      var generator = SplitMix64(seed: seed &+ 7)
      let x = (0..<n).map { _ in 4 * generator.unit() - 2 }
      let u = (0..<2).map { _ in 2 * generator.unit() - 1 }
      let integrator = try AnyIntegrator(certifying: network, isDouble: true)
      var y: [Double] = []
      try integrator.walk(input: u, steps: 1, batch: 1, from: x) { y = $3 }

      let W = spec.recurrent.dense()
      let L = spec.coupling?.dense() ?? Matrix(rows: n, columns: n)
      let h = try #require(spec.step).size.approximation
      func times(_ A: Matrix, _ x: [Double]) -> [Double] {
        (0..<n).map { i in (0..<n).reduce(0) { $0 + A[i, $1] * x[$1] } }
      }
      let constant = (0..<n).map { i in
        Double(network.input.bias[i])
          + (0..<2).reduce(0) { $0 + Double(network.input.weights[i * 2 + $1]) * u[$1] }
      }
      func drive(_ x: [Double]) -> [Double] {
        if spec.form == .inside {
          return zip(times(W, x), constant).map { Self.value(example.activation, $0 + $1) }
        }
        var sum = zip(times(W, x.map { Self.value(example.activation, $0) }), constant).map(+)
        if let K = spec.nonlinearCoupling?.weights.dense() {
          sum = zip(sum, times(K, x.map { Self.value(.tanh, $0) })).map(+)
        }
        return sum
      }
      // Both sides of the equation.
      var (left, right): ([Double], [Double])
      switch example.scheme {
      case .euler:
        left = y
        let (driven, turned) = (drive(x), times(L, x))
        right = (0..<n).map { i -> Double in x[i] + h * (driven[i] + turned[i] - x[i]) }
      case .semiImplicit:
        left = zip(y, times(L, y)).map { (1 + h) * $0 - h * $1 }
        right = zip(x, drive(x)).map { $0 + h * $1 }
      case .implicit:
        let (driven, turned) = (drive(y), times(L, y))
        left = (0..<n).map { i -> Double in y[i] - h * (driven[i] + turned[i] - y[i]) }
        right = x
      case .exponential:
        // x' = −x + Lx + drive(x₀) for the time h: many small steps of a method of fourth order.
        let c = drive(x)
        var z = x
        let count = 2000
        let s = h / Double(count)
        func slope(_ z: [Double]) -> [Double] {
          let more = times(L, z)
          return (0..<n).map { -z[$0] + more[$0] + c[$0] }
        }
        for _ in 0..<count {
          let k1 = slope(z)
          let k2 = slope(zip(z, k1).map { $0 + s / 2 * $1 })
          let k3 = slope(zip(z, k2).map { $0 + s / 2 * $1 })
          let k4 = slope(zip(z, k3).map { $0 + s * $1 })
          for i in 0..<n {
            let middle = k2[i] + k3[i]
            z[i] += s / 6 * (k1[i] + 2 * middle + k4[i])
          }
        }
        (left, right) = (y, z)
      case .split:
        let a = spec.step?.leak ?? []
        // √a W √a φ(x): the leaks stand on both sides of W.
        let roots = a.map { $0.squareRoot() }
        let rates = x.map { Self.value(example.activation, $0) }
        let inner = times(W, zip(roots, rates).map { $0 * $1 })
        let z = (0..<n).map { i -> Double in
          (1 - a[i]) * x[i] + roots[i] * (inner[i] + constant[i])
        }
        let (turned, turning) = (times(L, y), times(L, z))
        left = zip(y, turned).map { $0 - h / 2 * $1 }
        right = zip(z, turning).map { $0 + h / 2 * $1 }
      }
      for i in 0..<n {
        #expect(abs(left[i] - right[i]) < 1e-11, "seed \(seed), unit \(i): \(left[i]), \(right[i])")
      }
    }
  }
}
