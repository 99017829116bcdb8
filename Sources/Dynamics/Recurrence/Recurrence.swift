package import Certify
import CertifyKernel

/// One step of a network in the shape in which it is computed; every scheme comes down to it.
///
///     form outside   z  = d∘x + L x + W φ(x) + K ψ(x) + U u + b        x⁺ = c∘x + P z
///     form inside    z  = d∘x + L x + r∘φ(W x + U u + b)               x⁺ = c∘x + P z
///
/// The tensors are those of the step, not of the network: an Euler step of size h has d = 1 − h and W, L, U, b
/// multiplied by h. P is dense or absent (the identity), c absent (0). States are units × batch, batch fastest.
package struct Recurrence<S: Real>: Sendable {
  /// A matrix in the storage its products run in.
  package struct Operator: Sendable {
    package var pattern: Pattern
    package var values: [S] { didSet { packed = Packed() } }
    /// The values in the orders in which products run fastest; empty where not prepared.
    package private(set) var packed = Packed<S>()

    /// For many products with the same values.
    package mutating func prepare() { packed = pattern.packed(values) }

    package init(_ pattern: Pattern, _ values: [S]) {
      precondition(
        values.count == pattern.entries, "\(values.count) values, \(pattern.entries) places")
      self.pattern = pattern
      self.values = values
    }

    /// y ← y + A x; x and y are units × batch.
    func multiply(_ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, batch: Int) {
      pattern.multiply(values, x, into: y, batch: batch, packed: packed)
    }

    /// y ← y + Aᵀ x.
    package func multiplyTransposed(
      _ x: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, batch: Int
    ) {
      pattern.multiplyTransposed(values, x, into: y, batch: batch, packed: packed)
    }
  }

  package var units: Int
  package var inputs: Int
  package var isInside: Bool
  package var activation: ElementWise
  package var couplingActivation: ElementWise = .identity
  /// c; empty for 0.
  package var carry: [S] = []
  package var decay: [S]
  /// r; for form inside only.
  package var gain: [S] = []
  package var recurrent: Operator
  package var linear: Operator?
  package var nonlinear: Operator?
  /// P, n × n row by row; empty for the identity.
  package var turn: [S] = []
  /// U, n × inputs.
  package var input: [S]
  package var bias: [S]

  package init(
    units: Int, inputs: Int, isInside: Bool, activation: ElementWise, recurrent: Operator
  ) {
    self.units = units
    self.inputs = inputs
    self.isInside = isInside
    self.activation = activation
    self.recurrent = recurrent
    decay = [S](repeating: 0, count: units)
    gain = isInside ? [S](repeating: 0, count: units) : []
    input = [S](repeating: 0, count: units * inputs)
    bias = [S](repeating: 0, count: units)
  }
}

extension Recurrence {
  /// The same step with every number rounded to another format.
  package func converted<T: Real>(to _: T.Type) -> Recurrence<T> {
    func rounded(_ values: [S]) -> [T] { T.rounded(S.widened(values)) }
    func rounded(_ part: Operator) -> Recurrence<T>.Operator {
      var result = Recurrence<T>.Operator(part.pattern, rounded(part.values))
      result.prepare()
      return result
    }
    var result = Recurrence<T>(
      units: units, inputs: inputs, isInside: isInside, activation: activation,
      recurrent: rounded(recurrent))
    result.couplingActivation = couplingActivation
    result.carry = rounded(carry)
    result.decay = rounded(decay)
    result.gain = rounded(gain)
    result.linear = linear.map { rounded($0) }
    result.nonlinear = nonlinear.map { rounded($0) }
    result.turn = rounded(turn)
    result.input = rounded(input)
    result.bias = rounded(bias)
    return result
  }
}

/// An activation by its number in `CRecurrent`.
package struct ElementWise: Sendable, Hashable {
  package let code: Int32
  package let slope: Double

  package static let identity = ElementWise(code: 0, slope: 0)

  package init(code: Int32, slope: Double) {
    self.code = code
    self.slope = slope
  }

  package init(_ activation: Activation) {
    switch activation {
    case .identity: self.init(code: 0, slope: 0)
    case .relu: self.init(code: 1, slope: 0)
    case .leakyReLU(let slope): self.init(code: 2, slope: slope.approximation)
    case .tanh: self.init(code: 3, slope: 0)
    case .hardTanh: self.init(code: 4, slope: 0)
    case .sigmoid: self.init(code: 5, slope: 0)
    case .softplus: self.init(code: 6, slope: 0)
    }
  }

  package func apply<S: Real>(
    _ x: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, count: Int
  ) { S.kernels.activate(code, S(slope), Int64(count), x, y) }

  /// y ← φ′(x)∘d.
  package func slopes<S: Real>(
    at x: UnsafePointer<S>, times d: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int
  ) { S.kernels.slopeMultiply(code, S(slope), Int64(count), x, d, y) }

  /// y ← y + φ′(x)∘d.
  package func addSlopes<S: Real>(
    at x: UnsafePointer<S>, times d: UnsafePointer<S>, into y: UnsafeMutablePointer<S>, count: Int
  ) { S.kernels.slopeMultiplyAdd(code, S(slope), Int64(count), x, d, y) }
}

/// Arrays that one thread needs for steps on its share of a batch.
package final class StepScratch<S: Real> {
  package let batch: Int
  package let units: Int
  package let first: UnsafeMutablePointer<S>
  package let second: UnsafeMutablePointer<S>
  let zeros: [S]

  package init(units: Int, batch: Int) {
    self.units = units
    self.batch = batch
    zeros = [S](repeating: 0, count: units)
    first = .zeros(units * batch)
    second = .zeros(units * batch)
  }

  deinit {
    first.deallocate()
    second.deallocate()
  }
}

extension Recurrence {
  /// y ← the state after x with the input u (inputs × batch).
  ///
  /// - Parameters:
  ///   - z: where z is left for a backward pass; nil where nobody asks. For form inside it is the argument of φ.
  ///   - y: may not be x.
  package func step(
    _ x: UnsafePointer<S>, input u: UnsafePointer<S>, into y: UnsafeMutablePointer<S>,
    keeping z: UnsafeMutablePointer<S>? = nil, _ scratch: StepScratch<S>
  ) {
    let kernels = S.kernels
    let batch = scratch.batch
    let (n, b, count) = (Int64(units), Int64(batch), units * batch)
    let sum = turn.isEmpty ? y : (isInside ? scratch.second : z ?? scratch.second)
    if isInside {
      let argument = z ?? scratch.first
      kernels.affineRows(n, scratch.zeros, bias, x, argument, b)
      addInput(u, argument, batch)
      recurrent.multiply(x, into: argument, batch: batch)
      kernels.blend(activation.code, S(activation.slope), n, decay, gain, x, argument, sum, b)
      linear?.multiply(x, into: sum, batch: batch)
    } else {
      let few = inputs <= 4
      kernels.drive(
        activation.code, S(activation.slope), n, decay, bias, few ? Int64(inputs) : 0, input, u, x,
        sum,
        scratch.first, b)
      if !few { addInput(u, sum, batch) }
      linear?.multiply(x, into: sum, batch: batch)
      recurrent.multiply(scratch.first, into: sum, batch: batch)
      if let nonlinear {
        couplingActivation.apply(x, scratch.first, count: count)
        nonlinear.multiply(scratch.first, into: sum, batch: batch)
      }
    }
    guard !turn.isEmpty else {
      precondition(carry.isEmpty, "a carry needs a turn")
      return
    }
    if !carry.isEmpty { kernels.scaleRows(n, carry, x, y, b) }
    S.product(
      transposeA: false, transposeB: false, units, batch, units, turn, units, sum, batch,
      beta: carry.isEmpty ? 0 : 1, y, batch)
  }

  private func addInput(_ u: UnsafePointer<S>, _ y: UnsafeMutablePointer<S>, _ batch: Int) {
    guard inputs > 0 else { return }
    if inputs <= 40 {
      S.kernels.rank(Int64(units), Int64(inputs), input, u, y, Int64(batch))
    } else {
      S.product(
        transposeA: false, transposeB: false, units, batch, inputs, input, inputs, u, batch,
        beta: 1, y, batch)
    }
  }
}

extension UnsafeMutablePointer where Pointee: Real {
  /// Room for `count` zeros, from where a vector of any width is loaded without crossing a cache line.
  package static func zeros(_ count: Int) -> Self {
    let bytes = Swift.max(1, count) * MemoryLayout<Pointee>.stride
    let base = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 64)
      .bindMemory(to: Pointee.self, capacity: count)
    base.initialize(repeating: 0, count: count)
    return base
  }
}
