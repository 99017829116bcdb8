public import CertifyKernel

/// Families of random networks, each with what another has not: what a rule needs, or what it cannot take.
public enum Ensemble: String, Sendable, CaseIterable {
  case dense, sparse, symmetric, nearlySymmetric, product, triangular, skew, nonnegative, integers
  case coupled, nonlinear, slopesAboveZero, unitTimes, rationalStep

  /// A network of n units with an Euler step, unless it is a map.
  public func network(
    units n: Int, _ generator: inout SplitMix64
  ) throws(InputError) -> Specification {
    let W = weights(n, &generator)
    switch self {
    case .coupled:
      let L = coupling(n, &generator)
      return try Specification(
        form: generator.integer(in: 0...1) == 0 ? .outside : .inside, recurrent: .dense(W),
        coupling: .dense(L), slopes: .unit,
        timeConstants: generator.integer(in: 0...2) == 0 ? Self.times(n, &generator) : [.one],
        step: Self.step(&generator))
    case .nonlinear:
      let K = Self.matrix(n) { _, _ in 0.2 * generator.roughlyNormal() }
      let slopes = generator.integer(in: 0...1) == 0 ? .unit : try Self.slopes(&generator)
      return try Specification(
        form: .outside, recurrent: .dense(W),
        coupling: generator.integer(in: 0...2) == 0 ? .dense(coupling(n, &generator)) : nil,
        nonlinearCoupling: .init(weights: .dense(K), slopes: slopes), step: Self.step(&generator))
    default:
      let form = Specification.Form.allCases[generator.integer(in: 0...2)]
      let slopes: SlopeInterval =
        self == .slopesAboveZero || generator.integer(in: 0...7) == 0
        ? try Self.slopes(&generator) : .unit
      if form == .map { return try Specification(form: .map, recurrent: .dense(W), slopes: slopes) }
      var times = [ExactRatio.one]
      if self == .unitTimes {
        times = Self.times(n, &generator)
      } else if generator.integer(in: 0...5) == 0 {
        times = [ExactRatio(Double(generator.integer(in: 1...20)), over: 10)]
      }
      let step =
        self == .rationalStep
        ? Specification.Step(
          size: ExactRatio(Double(generator.integer(in: 1...39)), over: [10, 30, 7][n % 3]))
        : Self.step(&generator)
      return try Specification(
        form: form, recurrent: .dense(W), slopes: slopes, timeConstants: times, step: step)
    }
  }

  private func weights(_ n: Int, _ generator: inout SplitMix64) -> Matrix {
    let size = (0.3 + 2 * generator.unit()) / Double(n).squareRoot()
    switch self {
    case .symmetric, .nearlySymmetric:
      var W = Self.matrix(n) { _, _ in size * generator.roughlyNormal() }
      for i in 0..<n { for j in 0..<i { W[i, j] = W[j, i] } }
      if self == .nearlySymmetric, n > 1 { W[1, 0] = W[1, 0].nextUp }
      return W
    case .sparse:
      return Self.matrix(n) { _, _ in
        generator.unit() < 0.4 ? 2 * size * generator.roughlyNormal() : 0
      }
    case .product: return Self.product(n, &generator)
    case .triangular:
      var order = Array(0..<n)
      order.shuffle(using: &generator)
      return Self.matrix(n) { i, j in
        if i == j { return generator.unit() < 0.3 ? 0 : 1.5 * generator.symmetric() - 0.5 }
        return order[i] > order[j] && generator.unit() < 0.7 ? 4 * generator.roughlyNormal() : 0
      }
    case .skew:
      var W = Matrix(rows: n, columns: n)
      for i in 0..<n {
        for j in 0..<i {
          W[i, j] = size * generator.roughlyNormal()
          W[j, i] = -W[i, j]
        }
      }
      return W
    case .nonnegative: return Self.matrix(n) { _, _ in size * generator.unit() }
    case .integers:
      let unit = [1.0, 0.5, 0.5, 0.25][generator.integer(in: 0...3)]
      return Self.matrix(n) { _, _ in unit * Double(generator.integer(in: -2...2)) }
    default: return Self.matrix(n) { _, _ in size * generator.roughlyNormal() }
    }
  }

  /// −diag(s)⁻¹ Q with Q ≻ 0 whole and s powers of two, so that the product is exact.
  private static func product(_ n: Int, _ generator: inout SplitMix64) -> Matrix {
    let A = matrix(n) { _, _ in Double(generator.integer(in: -2...2)) }
    let scales = (0..<n).map { _ in
      Double(sign: .plus, exponent: generator.integer(in: -3...3), significand: 1)
    }
    return matrix(n) { i, j in
      var entry = i == j ? 0.5 : 0
      for k in 0..<n { entry += A[k, i] * A[k, j] }
      return -entry * scales[i]
    }
  }

  private func coupling(_ n: Int, _ generator: inout SplitMix64) -> Matrix {
    let size = 1.5 * generator.unit()
    let isSkew = generator.integer(in: 0...2) > 0
    var L = Self.matrix(n) { _, _ in 0.3 * size * generator.roughlyNormal() }
    if isSkew {
      for i in 0..<n {
        L[i, i] = 0
        for j in 0..<i { L[i, j] = -L[j, i] }
      }
    }
    return L
  }

  private static func times(_ n: Int, _ generator: inout SplitMix64) -> [ExactRatio] {
    (0..<n).map { _ in ExactRatio(Double(generator.integer(in: 1...30)), over: 10) }
  }

  private static func slopes(_ generator: inout SplitMix64) throws(InputError) -> SlopeInterval {
    let choices: [(ExactRatio, ExactRatio)] = [
      (.zero, ExactRatio(0.5)), (.zero, ExactRatio(1, over: 3)), (ExactRatio(0.125), .one),
      (ExactRatio(1, over: 10), .one), (ExactRatio(1, over: 3), ExactRatio(4, over: 3)),
      (.one, .one),
      (.zero, .zero), (.zero, ExactRatio(2)),
    ]
    let (l, g) = choices[generator.integer(in: 0...(choices.count - 1))]
    return try SlopeInterval(l, g)
  }

  private static func step(_ generator: inout SplitMix64) -> Specification.Step {
    let sizes = [
      ExactRatio(0.5), ExactRatio(0.25), .one, ExactRatio(1, over: 10), ExactRatio(1.25),
      ExactRatio(0x1p-5), ExactRatio(3, over: 10),
    ]
    return Specification.Step(size: sizes[generator.integer(in: 0...(sizes.count - 1))])
  }

  private static func matrix(_ n: Int, _ entry: (Int, Int) -> Double) -> Matrix {
    var result = Matrix(rows: n, columns: n)
    for i in 0..<n { for j in 0..<n { result[i, j] = entry(i, j) } }
    return result
  }
}

extension Specification {
  /// The same network with some parts replaced.
  public func with(
    form: Form? = nil, recurrent: Matrix? = nil, slopes: SlopeInterval? = nil
  ) throws(InputError) -> Specification {
    try Specification(
      form: form ?? self.form, recurrent: recurrent.map { .dense($0) } ?? self.recurrent,
      coupling: coupling, nonlinearCoupling: nonlinearCoupling, slopes: slopes ?? self.slopes,
      timeConstants: timeConstants, modules: modules, step: step)
  }

  /// The same network with sW in place of W, each entry rounded.
  public func scalingWeights(by s: Double) throws(InputError) -> Specification {
    let W = recurrent.dense()
    return try with(
      recurrent: Matrix(rows: W.rows, columns: W.columns, values: W.values.map { $0 * s }))
  }

  /// The scopes that exist: the flow unless it is a map, the map unless nothing runs.
  public var scopes: [Scope] {
    form == .map ? [.asRun] : step == nil ? [.continuous] : [.continuous, .asRun]
  }
}
