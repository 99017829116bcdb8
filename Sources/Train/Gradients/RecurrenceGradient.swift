package import Dynamics

/// The derivative of a loss by each tensor of a step, in the storage of the step.
package struct RecurrenceGradient<S: Real>: Sendable {
  package var decay: [S]
  package var gain: [S]
  package var recurrent: [S]
  package var linear: [S]
  package var nonlinear: [S]
  package var turn: [S]
  package var input: [S]
  package var bias: [S]
  /// Whether d and r are learned; their sums cost a pass over the state each.
  let learnsDecay: Bool
  /// Whether anything behind W is learned.
  let learnsRecurrent: Bool

  package init(like step: Recurrence<S>, learnsDecay: Bool, learnsRecurrent: Bool = true) {
    func zeros(_ count: Int) -> [S] { [S](repeating: 0, count: count) }
    decay = zeros(step.units)
    gain = zeros(step.gain.count)
    recurrent = zeros(step.recurrent.values.count)
    linear = zeros(step.linear?.values.count ?? 0)
    nonlinear = zeros(step.nonlinear?.values.count ?? 0)
    turn = zeros(step.turn.count)
    input = zeros(step.input.count)
    bias = zeros(step.units)
    self.learnsDecay = learnsDecay
    self.learnsRecurrent = learnsRecurrent
  }

  /// The derivative in float64, in which parameters live.
  package var widened: RecurrenceGradient<Double> {
    func wide(_ values: [S]) -> [Double] { S.widened(values) }
    return RecurrenceGradient<Double>(
      decay: wide(decay), gain: wide(gain), recurrent: wide(recurrent), linear: wide(linear),
      nonlinear: wide(nonlinear), turn: wide(turn), input: wide(input), bias: wide(bias),
      learnsDecay: learnsDecay, learnsRecurrent: learnsRecurrent)
  }

  private init(
    decay: [S], gain: [S], recurrent: [S], linear: [S], nonlinear: [S], turn: [S], input: [S],
    bias: [S], learnsDecay: Bool, learnsRecurrent: Bool
  ) {
    self.decay = decay
    self.gain = gain
    self.recurrent = recurrent
    self.linear = linear
    self.nonlinear = nonlinear
    self.turn = turn
    self.input = input
    self.bias = bias
    self.learnsDecay = learnsDecay
    self.learnsRecurrent = learnsRecurrent
  }

  package mutating func clear() {
    each { array, _ in
      array.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }
  }

  package mutating func add(_ other: Self) {
    each { array, path in
      let more = other[keyPath: path]
      for k in array.indices { array[k] += more[k] }
    }
  }

  private mutating func each(_ body: (inout [S], WritableKeyPath<Self, [S]>) -> Void) {
    let paths: [WritableKeyPath<Self, [S]>] = [
      \.decay, \.gain, \.recurrent, \.linear, \.nonlinear, \.turn, \.input, \.bias,
    ]
    for path in paths { body(&self[keyPath: path], path) }
  }
}

extension Recurrence {
  /// Carries the derivative back through one step and adds what falls to the tensors.
  ///
  /// - Parameters:
  ///   - δ: the derivative by x⁺ when called, by x afterwards; units × batch. It trades places with an array of
  ///     `scratch`.
  ///   - x, u: what the step was taken from.
  ///   - z: what `step(keeping:)` left; nil where the step has no turn and is of form outside.
  package func back(
    _ δ: inout UnsafeMutablePointer<S>, x: UnsafePointer<S>, input u: UnsafePointer<S>,
    z: UnsafePointer<S>?, into g: inout RecurrenceGradient<S>, _ scratch: BackScratch<S>
  ) {
    if isInside {
      backInside(&δ, x, u, z!, &g, scratch)
    } else {
      backOutside(&δ, x, u, z, &g, scratch)
    }
  }

  private func backOutside(
    _ δ: inout UnsafeMutablePointer<S>, _ x: UnsafePointer<S>, _ u: UnsafePointer<S>,
    _ z: UnsafePointer<S>?, _ g: inout RecurrenceGradient<S>, _ scratch: BackScratch<S>
  ) {
    let kernels = S.kernels
    let batch = scratch.batch
    let (n, b, count) = (Int64(units), Int64(batch), units * batch)
    // ζ: the derivative by z.
    var ζ = δ
    if !turn.isEmpty {
      S.product(
        transposeA: false, transposeB: true, units, units, batch, δ, batch, z!, batch, beta: 1,
        &g.turn, units)
      ζ = scratch.first
      S.product(
        transposeA: true, transposeB: false, units, batch, units, turn, units, δ, batch, beta: 0,
        ζ, batch)
    }
    collect(ζ, u, &g, batch)
    if g.learnsDecay { kernels.rowDots(n, ζ, x, &g.decay, b) }
    let s = scratch.second
    if g.learnsRecurrent {
      activation.apply(x, s, count: count)
      if let strips = scratch.strips {
        strips.next.update(from: ζ, count: count)
        strips.add(s)
      } else {
        recurrent.pattern.outer(ζ, s, into: &g.recurrent, batch: batch)
      }
    }
    linear?.pattern.outer(ζ, x, into: &g.linear, batch: batch)
    if let nonlinear {
      couplingActivation.apply(x, s, count: count)
      nonlinear.pattern.outer(ζ, s, into: &g.nonlinear, batch: batch)
    }
    // The derivative by x, from the parts where x enters.
    let q = scratch.third
    q.update(repeating: 0, count: count)
    recurrent.multiplyTransposed(ζ, into: q, batch: batch)
    kernels.join(activation.code, S(activation.slope), n, decay, x, ζ, q, b)
    if let nonlinear {
      s.update(repeating: 0, count: count)
      nonlinear.multiplyTransposed(ζ, into: s, batch: batch)
      couplingActivation.addSlopes(at: x, times: s, into: q, count: count)
    }
    linear?.multiplyTransposed(ζ, into: q, batch: batch)
    if !carry.isEmpty { kernels.scaleRowsAccumulate(n, carry, δ, q, b) }
    scratch.swapThird(with: &δ)
  }

  private func backInside(
    _ δ: inout UnsafeMutablePointer<S>, _ x: UnsafePointer<S>, _ u: UnsafePointer<S>,
    _ a: UnsafePointer<S>, _ g: inout RecurrenceGradient<S>, _ scratch: BackScratch<S>
  ) {
    precondition(turn.isEmpty && nonlinear == nil, "form inside is trained as an Euler step")
    let kernels = S.kernels
    let batch = scratch.batch
    let (n, b, count) = (Int64(units), Int64(batch), units * batch)
    let α = g.learnsRecurrent ? scratch.strips?.next ?? scratch.first : scratch.first
    if g.learnsDecay {
      kernels.rowDots(n, δ, x, &g.decay, b)
      activation.apply(a, α, count: count)
      kernels.rowDots(n, δ, α, &g.gain, b)
    }
    // α: the derivative by the argument of φ.
    let q = scratch.third
    kernels.unblend(activation.code, S(activation.slope), n, decay, gain, δ, a, α, q, b)
    collect(α, u, &g, batch)
    recurrent.multiplyTransposed(α, into: q, batch: batch)
    if g.learnsRecurrent {
      if let strips = scratch.strips {
        strips.add(x)
      } else {
        recurrent.pattern.outer(α, x, into: &g.recurrent, batch: batch)
      }
    }
    if let linear {
      linear.pattern.outer(δ, x, into: &g.linear, batch: batch)
      linear.multiplyTransposed(δ, into: q, batch: batch)
    }
    scratch.swapThird(with: &δ)
  }

  /// What falls to b and U.
  private func collect(
    _ ζ: UnsafePointer<S>, _ u: UnsafePointer<S>, _ g: inout RecurrenceGradient<S>, _ batch: Int
  ) {
    S.kernels.collect(Int64(units), ζ, inputs == 1 ? u : nil, &g.bias, &g.input, Int64(batch))
    if inputs > 1 {
      S.product(
        transposeA: false, transposeB: true, units, inputs, batch, ζ, batch, u, batch, beta: 1,
        &g.input, inputs)
    }
  }
}

/// Arrays of one thread for a backward pass.
package final class BackScratch<S: Real> {
  let batch: Int
  let first: UnsafeMutablePointer<S>
  let second: UnsafeMutablePointer<S>
  private(set) var third: UnsafeMutablePointer<S>
  /// The derivative by W, where W is in strips.
  let strips: StripsDerivative<S>?
  private let all: UnsafeMutablePointer<S>

  package init(units: Int, batch: Int, strips: StripsDerivative<S>? = nil) {
    self.batch = batch
    self.strips = strips
    let count = units * batch
    all = .zeros(3 * count)
    (first, second, third) = (all, all + count, all + 2 * count)
  }

  /// The array of δ becomes a scratch one, and the third scratch array that of δ.
  fileprivate func swapThird(with δ: inout UnsafeMutablePointer<S>) { swap(&third, &δ) }

  deinit { all.deallocate() }
}
