internal import Certify
internal import CertifyKernel

/// Implicit Euler steps y = x + hf(y), solved by damped Newton steps, column by column, in float64.
///
/// For a certified flow the equation has one solution: f is one-sided Lipschitz with a negative constant in the
/// certificate's metric. Cost: a factorisation of n × n for each Newton step of each column.
struct ImplicitSolver: Sendable {
  let network: RateNetwork
  private let W: Matrix
  private let L: Matrix?
  private let K: Matrix?
  private let h: [Double]

  init(_ network: RateNetwork) {
    self.network = network
    let spec = network.specification
    W = spec.recurrent.dense()
    L = spec.coupling?.dense()
    K = spec.nonlinearCoupling?.weights.dense()
    h = (0..<spec.units).map {
      (spec.step?.size.approximation ?? .nan) / spec.timeConstant($0).approximation
    }
  }

  func run(
    input: [Double], steps: Int, batch: Int, from start: [Double]?,
    visit: (Int, Int, Int, [Double]) -> Void
  ) throws(NetworkError) {
    let (n, k) = (network.units, network.input.inputs)
    let weights = network.input.weights
    for b in 0..<batch {
      var x = (0..<n).map { start?[$0 * batch + b] ?? 0 }
      for t in 0..<steps {
        var drive = network.input.bias.map(Double.init)
        for i in 0..<n {
          for j in 0..<k {
            drive[i] += Double(weights[i * k + j]) * input[(t * k + j) * batch + b]
          }
        }
        guard let y = solve(x, drive) else { throw .noSolution(step: t) }
        x = y
        visit(t, b, 1, x)
      }
    }
  }

  /// y with y = x + hf(y), to a residual of 1e-13 of the terms in it.
  private func solve(_ x: [Double], _ drive: [Double]) -> [Double]? {
    var y = x
    var (F, J, size) = residual(y, x, drive)
    for _ in 0..<100 {
      let length = norm(F)
      if length <= 1e-13 * size { return y }
      guard let Δ = LAPACKBackend.solve(J, Matrix(rows: F.count, columns: 1, values: F)) else {
        return nil
      }
      // At kinks a full step may overshoot; halves of it do not for ever.
      var share = 1.0
      while true {
        let next = zip(y, Δ.values).map { $0 - share * $1 }
        let (F₁, J₁, size₁) = residual(next, x, drive)
        if norm(F₁) < length || share < 1e-6 {
          (y, F, J, size) = (next, F₁, J₁, size₁)
          break
        }
        share /= 2
      }
    }
    return norm(F) <= 1e-9 * size ? y : nil
  }

  /// y − x − hf(y), its derivative, and the size of its terms.
  private func residual(
    _ y: [Double], _ x: [Double], _ drive: [Double]
  ) -> ([Double], Matrix, Double) {
    let n = y.count
    let φ = ElementWise(network.activation)
    let isInside = network.specification.form == .inside
    let argument =
      isInside ? zip(LAPACKBackend.multiply(W, y), drive).map { $0 + $1 } : y
    var (rates, slopes) = (argument, argument)
    let ones = [Double](repeating: 1, count: n)
    φ.apply(argument, &rates, count: n)
    φ.slopes(at: argument, times: ones, into: &slopes, count: n)
    var f =
      isInside
      ? rates : zip(LAPACKBackend.multiply(W, rates), drive).map { $0 + $1 }
    var J = Matrix(rows: n, columns: n)
    for i in 0..<n {
      for j in 0..<n { J[i, j] = isInside ? slopes[i] * W[i, j] : W[i, j] * slopes[j] }
    }
    if let L {
      let more = LAPACKBackend.multiply(L, y)
      for i in 0..<n {
        f[i] += more[i]
        for j in 0..<n { J[i, j] += L[i, j] }
      }
    }
    if let K, let ψ = network.couplingActivation.map(ElementWise.init) {
      var (rates, slopes) = (y, y)
      ψ.apply(y, &rates, count: n)
      ψ.slopes(at: y, times: ones, into: &slopes, count: n)
      let more = LAPACKBackend.multiply(K, rates)
      for i in 0..<n {
        f[i] += more[i]
        for j in 0..<n { J[i, j] += K[i, j] * slopes[j] }
      }
    }
    var size = 0.0
    var F = y
    for i in 0..<n {
      F[i] = (1 + h[i]) * y[i] - x[i] - h[i] * f[i]
      size += abs((1 + h[i]) * y[i]) + abs(x[i]) + h[i] * abs(f[i])
      for j in 0..<n { J[i, j] *= -h[i] }
      J[i, i] += 1 + h[i]
    }
    return (F, J, size + 1e-300)
  }

  private func norm(_ x: [Double]) -> Double {
    x.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
