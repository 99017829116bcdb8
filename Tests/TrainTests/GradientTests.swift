import Certify
import CertifyKernel
import Dynamics
import TestSupport
import Testing
import Train

/// Backpropagation through time against differences of the loss, in float64.
@Suite struct GradientTests {
  /// A network of two or three modules of three units, with everything learned that the case has.
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var scheme = Specification.Step.Scheme.split
    var modules = "spectral"
    var activation = Activation.tanh
    var coupling = true
    var adjacency = Adjacency(pairs: [(1, 0), (2, 0), (2, 1)])
    var isInside = false
    var leakGroup: Int?
    var scaling = false
    var nonlinear = false
    var question = Question.lastStep
    var features = Readout<Double>.Features.both
    var memory = Int.max
    var threads = 2
    var inputs = 2

    var testDescription: String { name }

    static let all: [Case] = [
      Case(name: "split, a leak a unit", leakGroup: 1),
      Case(name: "split, a leak a module, star", adjacency: star, leakGroup: 3),
      Case(name: "split, recomputed states", leakGroup: 1, question: .everyStep, memory: 0),
      Case(name: "split, scaling", modules: "absolute", leakGroup: 1, scaling: true),
      Case(name: "euler", scheme: .euler),
      Case(name: "euler, star, every step", scheme: .euler, adjacency: star, question: .everyStep),
      Case(name: "euler, scaling", scheme: .euler, modules: "absolute", scaling: true),
      Case(name: "semi-implicit", scheme: .semiImplicit, features: .state),
      Case(name: "semi-implicit alone", scheme: .semiImplicit, coupling: false),
      Case(name: "softplus", activation: .softplus, leakGroup: 1, features: .rates),
      Case(
        name: "inside", scheme: .euler, activation: .sigmoid, coupling: false, isInside: true,
        question: .everyStep, memory: 0),
      Case(name: "one input", scheme: .euler, leakGroup: nil, features: .state, inputs: 1),
      Case(name: "six inputs, split", leakGroup: 1, inputs: 6),
      Case(name: "no input, inside", scheme: .euler, coupling: false, isInside: true, inputs: 0),
      Case(name: "strips", modules: "band", leakGroup: 1, memory: 0),
      Case(
        name: "strips, inside, one input", scheme: .euler, modules: "band", coupling: false,
        isInside: true,
        question: .everyStep, features: .state, inputs: 1),
    ]
    static let star = Adjacency(pairs: [(1, 0), (2, 0)])
  }

  @Test(arguments: Case.all) func derivativeIsThatOfDifferences(_ example: Case) throws {
    var generator = SplitMix64(seed: 7)
    let (units, size, steps, batch, classes) = (9, 3, 6, 5, 4)
    let inputs = example.inputs
    var layout = ParameterLayout()
    let modules: any MatrixSource
    if example.modules == "band" {
      let band = Pattern.band(units, 6)
      #expect(band.strips != nil)
      modules = FreeMatrix(band, range: layout.add("modules", [band.entries]))
    } else {
      let raw = layout.add("modules", [3, size, size])
      modules =
        example.modules == "absolute"
        ? AbsoluteBlocks(units: units, size: size, bound: 0.9, range: raw)
        : SpectralBlocks(units: units, size: size, bound: 0.9, range: raw)
    }
    let network = TrainableNetwork(
      units: units, inputs: inputs, isInside: example.isInside, scheme: example.scheme, size: 0.3,
      activation: ElementWise(example.activation), modules: modules,
      input: layout.add("input", [units, inputs]), bias: layout.add("bias", [units]))
    if example.coupling {
      let count = SkewCoupling.parameterCount(example.adjacency, size: size)
      network.coupling = SkewCoupling(
        units: units, size: size, example.adjacency, range: layout.add("coupling", [count]))
    }
    if let group = example.leakGroup {
      network.leaks = Leaks(units: units, group: group, range: layout.add("leak", [units / group]))
    }
    if example.scaling { network.scaling = layout.add("scaling", [units]) }
    let width = example.features == .both ? 2 * units : units
    let weights = layout.add("readout.weight", [classes, width])
    let bias = layout.add("readout.bias", [classes])
    let θ = (0..<layout.count).map { _ in 2 * generator.unit() - 1 }
    let trainer = Trainer<Double>(
      network, θ: θ, readoutWeights: weights, readoutBias: bias, features: example.features,
      classes: classes, steps: steps, batch: batch, question: example.question,
      threads: example.threads, memory: example.memory)
    let input = (0..<(steps * inputs * batch)).map { _ in Float(2 * generator.unit() - 1) }
    let count = (example.question == .everyStep ? steps : 1) * batch
    let labels = (0..<count).map { $0 == 3 ? -1 : Int32(generator.next() % UInt64(classes)) }

    check(trainer, layout, input, labels, &generator)
  }

  /// Plans of every kind, each small.
  static let plans: [(name: String, plan: NetworkPlan)] = {
    var plans = NetworkKind.allCases.filter { $0 != .trainedWorkspace }.map {
      (name: $0.rawValue, plan: NetworkPlan($0))
    }
    func variant(_ name: String, _ kind: NetworkKind, _ change: (inout NetworkPlan) -> Void) {
      var plan = NetworkPlan(kind)
      change(&plan)
      plans.append((name, plan))
    }
    variant("adadiag clip", .adaDiag) { $0.weights = .diagonalClip }
    variant("euler budget", .combo) { ($0.scheme, $0.leak, $0.bound) = (.euler, .fixed, 0.5) }
    variant("semi-implicit", .sparseCombo) { ($0.scheme, $0.leak) = (.semiImplicit, .fixed) }
    variant("psi semi-implicit", .workspacePsi) { $0.scheme = .semiImplicit }
    variant("random mask", .lmRNN) { $0.mask = .random }
    variant("hubs, a leak a module", .combo) { ($0.adjacency, $0.leak) = (.hubs, .module) }
    return plans
  }()

  @Test(arguments: plans.indices) func everyKindHasItsDerivative(_ index: Int) throws {
    var plan = Self.plans[index].plan
    (plan.modules, plan.units, plan.grid, plan.radius) = (3, 4, [3, 4], 1.5)
    if plan.weights == .sparse { plan.density = 0.5 }
    // ReLU has a kink in every interval; a smooth activation has differences to compare with.
    plan.activation = .tanh
    var builder = NetworkBuilder(plan, inputs: 2, classes: 3, seed: 5)
    builder.normTolerance = 1e-16
    let built = try builder.build()
    var θ = built.θ
    // Large enough that every bound is reached, whose derivative is the delicate part.
    for part in built.layout.parts where ["recurrent", "coupling", "spokes"].contains(part.name) {
      for p in part.range { θ[p] *= 4 }
    }
    let (steps, batch) = (5, 4)
    let question: Question = index % 2 == 0 ? .lastStep : .everyStep
    let trainer = Trainer<Double>(
      built.network, θ: θ, readoutWeights: built.readoutWeights,
      readoutBias: built.readoutBias, features: .init(rawValue: plan.features.rawValue)!,
      classes: 3, steps: steps, batch: batch, question: question, threads: 1, memory: .max)
    var generator = SplitMix64(seed: UInt64(index))
    let input = (0..<(steps * 2 * batch)).map { _ in Float(2 * generator.unit() - 1) }
    let labels = (0..<((question == .everyStep ? steps : 1) * batch)).map { _ in
      Int32(generator.next() % 3)
    }
    check(trainer, built.layout, input, labels, &generator, Self.plans[index].name)
  }

  /// Every parameter of small parts and some of large ones, against differences of fourth order.
  private func check(
    _ trainer: Trainer<Double>, _ layout: ParameterLayout, _ input: [Float], _ labels: [Int32],
    _ generator: inout SplitMix64, _ name: String = ""
  ) {
    let θ = trainer.θ
    let (_, gradient) = trainer.gradient(input: input, labels: labels)
    let norm = gradient.reduce(0) { $0 + $1 * $1 }.squareRoot()
    #expect(norm > 1e-3)
    for part in layout.parts {
      // Every parameter of small parts, some of large ones.
      for p in part.range where part.range.count < 12 || generator.next() % 3 == 0 {
        let ε = 1e-5
        func loss(_ change: Double) -> Double {
          trainer.θ = θ
          trainer.θ[p] += change
          return trainer.gradient(input: input, labels: labels).0.loss
        }
        let difference = (8 * (loss(ε) - loss(-ε)) - (loss(2 * ε) - loss(-2 * ε))) / (12 * ε)
        #expect(
          abs(difference - gradient[p]) <= 1e-6 * max(norm, abs(difference)),
          "\(name) \(part.name)[\(p - part.range.lowerBound)]: \(gradient[p]), differences \(difference)"
        )
      }
    }
  }
}

extension Pattern {
  /// Entries (i, j) with |i − j| at most `width`.
  static func band(_ units: Int, _ width: Int) -> Pattern {
    .sparse(
      columns: units,
      (0..<units).map { i in (max(0, i - width)...min(units - 1, i + width)).map { Int32($0) } })
  }
}
