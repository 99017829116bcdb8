internal import Certify
internal import CertifyKernel
internal import Dynamics
internal import Foundation
internal import Markup
internal import Tasks

/// A network as a plan asks for it, with its first parameters.
package struct BuiltNetwork {
  package let plan: NetworkPlan
  package let network: TrainableNetwork
  package let layout: ParameterLayout
  package let θ: [Double]
  package let readoutWeights: Range<Int>
  package let readoutBias: Range<Int>
}

/// Draws networks. Every part has a random stream of its own, so one choice does not change the other parts.
///
/// First values: R = 0.95 I + 0.1 G and B Gaussian of variance 1/units, U of variance 1/inputs, leaks even by
/// their logarithm, the readout of variance 1/(4 · features) (design note on certified training).
package struct NetworkBuilder {
  let plan: NetworkPlan
  let inputs: Int
  let classes: Int
  /// How well norms of whole matrices are worked out; tests of derivatives ask for more than training needs.
  package var normTolerance = 1e-7
  private let seed: Seeded
  private var layout = ParameterLayout()
  private var θ: [Double] = []

  package init(_ plan: NetworkPlan, inputs: Int, classes: Int, seed: Int) {
    self.plan = plan
    self.inputs = inputs
    self.classes = classes
    self.seed = Seeded(seed: UInt64(truncatingIfNeeded: seed))
  }

  private enum Stream: UInt64 { case modules, coupling, input, leak, readout, adjacency, mask }

  private var units: Int { plan.totalUnits }
  private var size: Int { plan.units }

  private mutating func add(_ name: String, _ shape: [Int], _ values: [Double]) -> Range<Int> {
    let range = layout.add(name, shape)
    precondition(range.count == values.count)
    θ += values
    return range
  }

  private func normals(_ stream: Stream, _ count: Int, deviation: Double) -> [Double] {
    var generator = seed.child(stream.rawValue)
    return (0..<count).map { _ in deviation * generator.normal() }
  }

  package mutating func build() throws(TrainingError) -> BuiltNetwork {
    let modules = try modules()
    let input = add(
      "input", [units, inputs],
      normals(.input, units * inputs, deviation: 1 / Double(max(1, inputs)).squareRoot()))
    let bias = add("bias", [units], [Double](repeating: 0, count: units))
    let network = TrainableNetwork(
      units: units, inputs: inputs, isInside: plan.form == .inside, scheme: plan.scheme,
      size: plan.step.approximation, activation: ElementWise(plan.activation), modules: modules,
      input: input, bias: bias)
    couple(network)
    leak(network)
    if plan.learnsScaling {
      network.scaling = add("scaling", [units], [Double](repeating: 0, count: units))
    }
    let features = plan.features == .both ? 2 * units : units
    let weights = add(
      "readout.weight", [classes, features],
      normals(.readout, classes * features, deviation: (0.25 / Double(features)).squareRoot()))
    let readoutBias = add("readout.bias", [classes], [Double](repeating: 0, count: classes))
    return BuiltNetwork(
      plan: plan, network: network, layout: layout, θ: θ, readoutWeights: weights,
      readoutBias: readoutBias)
  }

  // MARK: Modules

  private mutating func modules() throws(TrainingError) -> any MatrixSource {
    let area = size * size
    switch plan.weights {
    case .spectral:
      let range = add("modules", [plan.modules, size, size], nearIdentity())
      return SpectralBlocks(units: units, size: size, bound: plan.bound, range: range)
    case .absolute:
      let range = add("modules", [plan.modules, size, size], nearIdentity())
      return AbsoluteBlocks(units: units, size: size, bound: plan.bound, range: range)
    case .svd:
      // U = V at first, and so W near ωI.
      var generator = seed.child(Stream.modules.rawValue)
      let values = (0..<plan.modules).flatMap { _ in
        let turn = (0..<area).map { _ in 0.1 * generator.normal() / Double(size).squareRoot() }
        return turn + turn + [Double](repeating: 1.5, count: size)
      }
      let range = add(
        "modules", [plan.modules, SingularBlocks.parameterCount(size: size)], values)
      return SingularBlocks(units: units, size: size, bound: plan.bound, range: range)
    case .diagonalTanh, .diagonalClip:
      let range = add(
        "modules", [units], normals(.modules, units, deviation: 0.3).map { 0.5 + $0 })
      return DiagonalMatrix(
        units: units, bound: plan.bound,
        limit: plan.weights == .diagonalTanh ? .tanh : .clip, range: range)
    case .sparse: return sparseModules()
    case .masked: return masked()
    case .trained: return try trainedModules()
    }
  }

  private func nearIdentity() -> [Double] {
    var values = normals(
      .modules, plan.modules * size * size, deviation: 0.1 / Double(size).squareRoot())
    for k in 0..<plan.modules {
      for i in 0..<size { values[(k * size + i) * size + i] += 0.95 }
    }
    return values
  }

  /// Entries uniform in [−1, 1] at the density, scaled until ‖|W_k|‖₂ = ω: Theorem 1 with P = I.
  private func sparseModules() -> any MatrixSource {
    var generator = seed.child(Stream.modules.rawValue)
    let area = size * size
    var values: [Double] = []
    for _ in 0..<plan.modules {
      var block = (0..<area).map { _ in
        generator.unit() < plan.density ? 2 * generator.unit() - 1 : 0
      }
      var top = TopSingular(size: size)
      top.update(block.map { abs($0) }[...])
      let scale = top.norm > 0 ? plan.bound * (1 - normMargin) / top.norm : 0
      for e in 0..<area { block[e] *= scale }
      values += block
    }
    let pattern = Pattern.blocks(
      units: units, size: size, (0..<Int32(plan.modules)).map { (row: $0, column: $0) })
    if plan.density < 0.3 {
      // Products with the entries that are there are faster than with blocks that are mostly zero.
      var places = [[Int32]](repeating: [], count: units)
      var entries: [Double] = []
      pattern.places { place, i, j in
        guard values[place] != 0 else { return }
        places[i].append(Int32(j))
        entries.append(values[place])
      }
      return FixedMatrix(.sparse(columns: units, places), entries, bound: plan.bound)
    }
    return FixedMatrix(pattern, values, bound: plan.bound)
  }

  private mutating func masked() -> any MatrixSource {
    let width = plan.grid[1]
    var places = [[Int32]](repeating: [], count: units)
    let reach = plan.radius * plan.radius
    for i in 0..<units {
      for j in 0..<units {
        let (dy, dx) = (Double(i / width - j / width), Double(i % width - j % width))
        if dy * dy + dx * dx <= reach { places[i].append(Int32(j)) }
      }
    }
    if plan.mask == .random { places = shuffled(places) }
    let count = places.reduce(0) { $0 + $1.count }
    let mean = Double(count) / Double(units)
    let values = normals(.modules, count, deviation: 1 / (2 * mean.squareRoot()))
    let base = FreeMatrix(
      .sparse(columns: units, places), range: add("recurrent", [count], values))
    return NormBudget(base, bound: plan.bound, tolerance: normTolerance)
  }

  /// As many connections into every unit, from units anywhere.
  private func shuffled(_ places: [[Int32]]) -> [[Int32]] {
    var generator = seed.child(Stream.mask.rawValue)
    return places.map { row in
      var chosen: Set<Int32> = []
      while chosen.count < row.count { chosen.insert(Int32(generator.below(units))) }
      return chosen.sorted()
    }
  }

  // MARK: Couplings and leaks

  private func adjacency() -> Adjacency {
    let p = plan.modules
    var pairs: [(row: Int, column: Int)] = []
    var generator = seed.child(Stream.adjacency.rawValue)
    for i in 0..<p {
      for j in 0..<i {
        let isPair =
          switch plan.adjacency {
          case .all: true
          case .workspace: j == 0
          case .hubs: j < plan.hubs
          case .random: generator.unit() < plan.fraction
          case .none: false
          }
        if isPair { pairs.append((i, j)) }
      }
    }
    return Adjacency(pairs: pairs)
  }

  private mutating func couple(_ network: TrainableNetwork) {
    let adjacency = adjacency()
    guard !adjacency.pairs.isEmpty else { return }
    let deviation = 1 / Double(size).squareRoot()
    if plan.coupling == .psi {
      let count = 2 * (plan.modules - 1)
      let blocks = add(
        "spokes", [count, size, size],
        normals(.coupling, count * size * size, deviation: deviation))
      let shares = add(
        "spokes.share", [plan.modules - 1], [Double](repeating: 0, count: plan.modules - 1))
      network.nonlinear = SpokeBlocks(
        units: units, size: size, budget: plan.budget, blocks: blocks, shares: shares)
      network.couplingActivation = ElementWise(plan.activation)
      return
    }
    let count = SkewCoupling.parameterCount(adjacency, size: size)
    let range = add(
      "coupling", [adjacency.pairs.count, size, size],
      normals(.coupling, count, deviation: deviation))
    let skew = SkewCoupling(units: units, size: size, adjacency, range: range)
    network.coupling =
      plan.eulerBudget.map {
        NormBudget(skew, bound: $0, tolerance: normTolerance)
      } ?? skew
  }

  private mutating func leak(_ network: TrainableNetwork) {
    guard plan.scheme == .split else { return }
    let group = plan.leak == .module ? size : 1
    let count = units / group
    var generator = seed.child(Stream.leak.rawValue)
    let (lower, upper) = plan.leakRange
    let values = (0..<count).map { _ in
      let leak =
        plan.leak == .fixed
        ? plan.step.approximation : lower * pow(upper / lower, generator.unit())
      return Leaks.parameter(for: leak)
    }
    network.leaks = Leaks(
      units: units, group: group, range: add("leak", [count], values))
  }

  /// The hub, learned under a spectral norm, and the weights of networks trained before, as they are.
  private mutating func trainedModules() throws(TrainingError) -> any MatrixSource {
    guard plan.modules == plan.sources.count + 1 else {
      throw .configuration(
        "network.modules = \(plan.modules): \(plan.sources.count) sources and the hub make "
          + "\(plan.sources.count + 1)")
    }
    var fixed: [Double] = []
    for path in plan.sources {
      let model: Model
      do {
        model = try Model.load(path: path)
      } catch {
        throw .data("network.sources: \(printable(path)): \(error)")
      }
      guard model.form == plan.form else {
        throw .configuration(
          "network.sources: \(printable(path)) is of form \(model.form.rawValue), the network of form "
            + "\(plan.form.rawValue); network.form says which")
      }
      guard model.specification.units == size else {
        throw .configuration(
          "network.sources: \(printable(path)) has \(model.specification.units) units, network.units is \(size)"
        )
      }
      fixed += model.specification.recurrent.dense().values
    }
    var values = normals(.modules, size * size, deviation: 0.1 / Double(size).squareRoot())
    for i in 0..<size { values[i * size + i] += 0.95 }
    let range = add("hub", [size, size], values)
    return HubAndFixedBlocks(
      units: units, size: size, bound: plan.bound, range: range, fixed: fixed)
  }
}

extension NetworkPlan {
  /// What an Euler step leaves for the norm of a skew coupling: √((1 − m − hω)² − (1 − h)²)/h, m a margin (theory
  /// E3); nil where the scheme bounds nothing.
  var eulerBudget: Double? {
    guard scheme == .euler, adjacency != .none, coupling == .skew else { return nil }
    let h = step.approximation
    let rest = 1 - 1e-4 - h * bound
    let square = rest * rest - (1 - h) * (1 - h)
    return square > 0 ? square.squareRoot() / h : 0
  }
}
