package import CertifyKernel
package import Dynamics
internal import Foundation

/// A network whose tensors are functions of parameters, taken step by step in one scheme.
///
///     euler          x⁺ = x + h(−x + Wφ(x) + Lx + Kψ(x) + Uu + b)
///     semi-implicit  x⁺ = ((1 + h)I − hL)⁻¹(x + h(Wφ(x) + Kψ(x) + Uu + b))
///     split          x⁺ = Q[(I − A)x + A^{1/2}(WA^{1/2}φ(x) + Uu + b)],  Q = (I − hL/2)⁻¹(I + hL/2)
///     form inside    x⁺ = (1 − h)x + hφ(Wx + Uu + b)
///
/// W and L may carry a learned scaling e^{s_i − s_j}, which makes P = diag(e^{−2s}) the metric of both.
package final class TrainableNetwork {
  package let units: Int
  package let inputs: Int
  package let isInside: Bool
  package let scheme: Specification.Step.Scheme
  package let size: Double
  package let activation: ElementWise
  package var couplingActivation = ElementWise.identity
  package let modules: any MatrixSource
  package var coupling: (any MatrixSource)?
  package var nonlinear: (any MatrixSource)?
  package var leaks: Leaks?
  /// s, one a unit, where the scaling is learned.
  package var scaling: Range<Int>?
  /// Units whose output counts, in training with dropout; nil for all. A unit that is left out has slope 0, which
  /// every certificate allows.
  package var unitMask: [Bool]?
  let input: Range<Int>
  let bias: Range<Int>
  private var resolvent: Resolvent?

  // What `step` leaves for `back`.
  private var W: [Double] = []
  private var L: [Double] = []
  private var K: [Double] = []
  private var a: [Double] = []

  package init(
    units: Int, inputs: Int, isInside: Bool, scheme: Specification.Step.Scheme, size: Double,
    activation: ElementWise, modules: any MatrixSource, input: Range<Int>, bias: Range<Int>
  ) {
    precondition(!isInside || scheme == .euler, "form inside is trained as an Euler step")
    self.units = units
    self.inputs = inputs
    self.isInside = isInside
    self.scheme = scheme
    self.size = size
    self.activation = activation
    self.modules = modules
    self.input = input
    self.bias = bias
  }

  /// The tensors of the specification for these parameters: W, L, K, a and the scaling s.
  package struct Tensors {
    package let recurrent: [Double]
    package let coupling: [Double]
    package let nonlinear: [Double]
    package let leaks: [Double]
    package let scaling: [Double]
  }

  package func tensors(_ θ: [Double]) -> Tensors {
    let s = scaling.map { Array(θ[$0]) } ?? []
    return Tensors(
      recurrent: scaled(modules.forward(θ), modules.pattern, s),
      coupling: coupling.map { scaled($0.forward(θ), $0.pattern, s) } ?? [],
      nonlinear: nonlinear.map { scaled($0.forward(θ), $0.pattern, s) } ?? [],
      leaks: leaks?.forward(θ) ?? [], scaling: s)
  }

  /// The step for these parameters.
  package func step(_ θ: [Double]) -> Recurrence<Double> {
    let tensors = tensors(θ)
    (W, L, K, a) = (tensors.recurrent, tensors.coupling, tensors.nonlinear, tensors.leaks)
    let h = size
    var step = Recurrence<Double>(
      units: units, inputs: inputs, isInside: isInside, activation: activation,
      recurrent: .init(modules.pattern, W))
    step.couplingActivation = couplingActivation
    step.input = Array(θ[input])
    step.bias = Array(θ[bias])
    if let unitMask {
      modules.pattern.places { place, _, j in if !unitMask[j] { step.recurrent.values[place] = 0 } }
    }
    if isInside {
      step.decay = [Double](repeating: 1 - h, count: units)
      step.gain = [Double](repeating: h, count: units)
      if let coupling { step.linear = .init(coupling.pattern, L.map { h * $0 }) }
      return step
    }
    // Rows of everything that drives the state are scaled by the pace, the root of the leak or h.
    let pace = a.isEmpty ? [Double](repeating: h, count: units) : a.map { $0.squareRoot() }
    step.decay =
      switch scheme {
      case .split: a.map { 1 - $0 }
      case .semiImplicit: [Double](repeating: 1, count: units)
      default: [Double](repeating: 1 - h, count: units)
      }
    modules.pattern.places { place, i, j in
      step.recurrent.values[place] *= a.isEmpty ? h : pace[i] * pace[j]
    }
    if let nonlinear {
      var values = K
      nonlinear.pattern.places { place, i, _ in values[place] *= pace[i] }
      step.nonlinear = .init(nonlinear.pattern, values)
    }
    for i in 0..<units {
      step.bias[i] *= pace[i]
      for k in 0..<inputs { step.input[i * inputs + k] *= pace[i] }
    }
    guard let coupling else { return withoutCoupling(step) }
    switch scheme {
    case .split, .semiImplicit:
      if resolvent == nil {
        resolvent =
          scheme == .split
          ? .split(units: units, size: size) : .semiImplicit(units: units, size: size)
      }
      step.turn = resolvent!.forward(coupling.pattern, L)
    default: step.linear = .init(coupling.pattern, L.map { h * $0 })
    }
    return step
  }

  /// Without L the semi-implicit step divides by 1 + h.
  private func withoutCoupling(_ step: Recurrence<Double>) -> Recurrence<Double> {
    guard scheme == .semiImplicit else { return step }
    var step = step
    let share = 1 / (1 + size)
    for i in step.decay.indices { step.decay[i] *= share }
    for k in step.recurrent.values.indices { step.recurrent.values[k] *= share }
    for k in step.input.indices { step.input[k] *= share }
    for k in step.bias.indices { step.bias[k] *= share }
    if let count = step.nonlinear?.values.count {
      for k in 0..<count { step.nonlinear!.values[k] *= share }
    }
    return step
  }

  private func scaled(_ values: [Double], _ pattern: Pattern, _ s: [Double]) -> [Double] {
    guard !s.isEmpty else { return values }
    let factors = s.map { exp($0) }
    let inverses = s.map { exp(-$0) }
    var result = values
    pattern.places { place, i, j in result[place] *= factors[i] * inverses[j] }
    return result
  }
}

// MARK: Derivatives

extension TrainableNetwork {
  /// Whether the leaks are learned, so that the derivative by d matters.
  package var learnsDecay: Bool { leaks != nil }
  /// Whether the derivative by the entries of W matters, to its own parameters, the leaks or the scaling.
  package var learnsRecurrent: Bool { modules.isLearned || leaks != nil || scaling != nil }

  /// Adds to the derivative by θ that by the tensors of the step of the last call of `step`.
  package func back(_ g: RecurrenceGradient<Double>, _ θ: [Double], into gradient: inout [Double]) {
    let h = size
    var g = g
    if let unitMask {
      modules.pattern.places { place, _, j in if !unitMask[j] { g.recurrent[place] = 0 } }
    }
    if isInside {
      modulesBack(g.recurrent, θ, &gradient)
      couplingBack(g.linear.map { h * $0 }, θ, &gradient)
      for (k, p) in input.enumerated() { gradient[p] += g.input[k] }
      for (k, p) in bias.enumerated() { gradient[p] += g.bias[k] }
      return
    }
    var h₀ = h
    if scheme == .semiImplicit, coupling == nil { h₀ = h / (1 + h) }
    let pace = a.isEmpty ? [Double](repeating: h₀, count: units) : a.map { $0.squareRoot() }
    // By the paces, as far as leaks are learned.
    var byPace = [Double](repeating: 0, count: a.isEmpty ? 0 : units)
    var byW = g.recurrent
    modules.pattern.places { place, i, j in
      if a.isEmpty {
        byW[place] *= h₀
      } else {
        let weighed = g.recurrent[place] * W[place]
        byPace[i] += weighed * pace[j]
        byPace[j] += weighed * pace[i]
        byW[place] *= pace[i] * pace[j]
      }
    }
    var byK = g.nonlinear
    nonlinear?.pattern.places { place, i, _ in
      if !a.isEmpty { byPace[i] += g.nonlinear[place] * K[place] }
      byK[place] *= pace[i]
    }
    for i in 0..<units {
      let p = bias.lowerBound + i
      if !a.isEmpty { byPace[i] += g.bias[i] * θ[p] }
      gradient[p] += pace[i] * g.bias[i]
      for k in 0..<inputs {
        let (e, p) = (i * inputs + k, input.lowerBound + i * inputs + k)
        if !a.isEmpty { byPace[i] += g.input[e] * θ[p] }
        gradient[p] += pace[i] * g.input[e]
      }
    }
    if let leaks {
      let byLeak = (0..<units).map { byPace[$0] / (2 * pace[$0]) - g.decay[$0] }
      leaks.backward(byLeak, θ, into: &gradient)
    }
    modulesBack(byW, θ, &gradient)
    if let nonlinear {
      scalingBack(byK, K, nonlinear.pattern, θ, &gradient)
      nonlinear.backward(unscaled(byK, nonlinear.pattern, θ), θ, into: &gradient)
    }
    if let coupling {
      let byL = resolvent.map { $0.backward(g.turn, coupling.pattern) } ?? g.linear.map { h * $0 }
      couplingBack(byL, θ, &gradient)
    }
  }

  /// Iterations begin anew, so that what follows depends on the parameters alone.
  package func forgetIterations() {
    modules.forget()
    coupling?.forget()
    nonlinear?.forget()
  }

  private func modulesBack(_ g: [Double], _ θ: [Double], _ gradient: inout [Double]) {
    scalingBack(g, W, modules.pattern, θ, &gradient)
    modules.backward(unscaled(g, modules.pattern, θ), θ, into: &gradient)
  }

  private func couplingBack(_ g: [Double], _ θ: [Double], _ gradient: inout [Double]) {
    guard let coupling else { return }
    scalingBack(g, L, coupling.pattern, θ, &gradient)
    coupling.backward(unscaled(g, coupling.pattern, θ), θ, into: &gradient)
  }

  /// By s, of which the entry (i, j) is e^{s_i − s_j} times another.
  private func scalingBack(
    _ g: [Double], _ values: [Double], _ pattern: Pattern, _ θ: [Double], _ gradient: inout [Double]
  ) {
    guard let scaling else { return }
    var sums = [Double](repeating: 0, count: units)
    pattern.places { place, i, j in
      let weighed = g[place] * values[place]
      sums[i] += weighed
      sums[j] -= weighed
    }
    for (i, p) in scaling.enumerated() { gradient[p] += sums[i] }
  }

  private func unscaled(_ g: [Double], _ pattern: Pattern, _ θ: [Double]) -> [Double] {
    scaled(g, pattern, scaling.map { Array(θ[$0]) } ?? [])
  }
}
