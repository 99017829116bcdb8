import CertifyKernel
import TestSupport
import Testing

/// Networks and certificates of so few bits that hardly an operation rounds. Where many round, each on the safe
/// side, one that rounds the wrong way is made good by the others; here it shows in the best bound.
@Suite struct FewBitsTests {
  @Test(arguments: Rule.allCases, UInt64(0)..<6)
  func bestBoundsHoldExactly(rule: Rule, seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    // The parts of an assembly, and the flow of a step, have their bounds searched for as well.
    let isComposed = [Rule.feedback, .hierarchy, .globalWorkspace, .interconnection, .step]
      .contains(rule)
    for _ in 0..<(isComposed ? 15 : 60) {
      let network = try FewBits.network(for: rule, &generator)
      for scope in network.scopes {
        let argument = FewBits.argument(rule, for: network, scope, &generator)
        guard let bound = network.tightestBound(argument, scope) else { continue }
        let proof = Proof(argument, bound: bound)
        let certificate = Certificate(scope: scope, claim: .contracts(proof))
        let exact = ExactNetwork(network)
        let context: Comment = "\(scope), \(network), \(certificate)"
        #expect(exact.satisfiesInequality(of: proof, scope) != false, context)
        #expect(exact.judge(certificate, slopeLimit: 8) == .confirmed, context)
        try expectOvershoot(network, certificate)
      }
    }
  }
}

enum FewBits {
  static func pick<T>(_ choices: [T], _ generator: inout SplitMix64) -> T {
    choices[generator.integer(in: 0...(choices.count - 1))]
  }

  /// A small quotient, not always a double.
  static func ratio(_ generator: inout SplitMix64) -> ExactRatio {
    pick(
      [
        .one, ExactRatio(0.5), ExactRatio(2), ExactRatio(3), ExactRatio(1, over: 3),
        ExactRatio(3, over: 10), ExactRatio(7, over: 5),
      ], &generator)
  }

  /// One or two units. Some weights are tiny, or nearly −1, so that a bound is near the pace of the leak and its
  /// last bit counts.
  static func network(
    for rule: Rule, _ generator: inout SplitMix64
  ) throws(InputError) -> Specification {
    let n = generator.integer(in: 1...2)
    let scale = pick([1.0, 1, 0.5, 0x1p-26, 0x1p-40, 0x1p-60], &generator)
    let shift = pick([0.0, 0, 0, -1], &generator)
    var W = matrix(n) { i, j in
      let entry = scale * Double(generator.integer(in: -6...6)) / 4
      return i == j ? entry + shift : pick([0.0, 1, 1], &generator) * entry
    }
    if n == 2, rule == .symmetric || rule == .productForm { W[1, 0] = W[0, 1] }
    if n == 2, rule == .triangular || rule == .hierarchy { W[0, 1] = 0 }
    let isCoupled = generator.integer(in: 0...3) == 0
    let L = matrix(n) { _, _ in 0.125 * Double(generator.integer(in: -2...2)) }
    let times = (0..<n).map { _ in ratio(&generator) }
    let isUniform = generator.integer(in: 0...1) == 0
    let steps = [0.5, 0.25, 1].map { ExactRatio($0) } + [ExactRatio(1, over: 3)]
    let slopes = try pick(
      [.unit, .unit, SlopeInterval(.zero, ExactRatio(1, over: 3)), SlopeInterval(.zero, .one)],
      &generator)
    let form = pick([Specification.Form.outside, .inside, .map], &generator)
    if form == .map { return try Specification(form: .map, recurrent: .dense(W), slopes: slopes) }
    return try Specification(
      form: form, recurrent: .dense(W), coupling: isCoupled ? .dense(L) : nil, slopes: slopes,
      timeConstants: isUniform ? [times[0]] : times,
      step: .init(size: pick(steps, &generator)))
  }

  /// What the rule's random argument is, with small whole numbers and halves in place of its own.
  static func argument(
    _ rule: Rule, for network: Specification, _ scope: Scope, _ generator: inout SplitMix64
  ) -> Argument {
    let n = network.units
    func positives(_ count: Int) -> [Double] {
      (0..<count).map { _ in pick([1.0, 1, 2, 0.5, 3, 5, 7], &generator) }
    }
    let argument = rule.randomArgument(for: network, scope, &generator)
    switch argument {
    case .absoluteValue:
      return .absoluteValue(columnScaling: positives(n), rowScaling: positives(n))
    case .singularValue(_, let norm, let drops):
      // The least power of two above twice the norm, or half of that.
      let power = norm > 0 ? norm.binade * pick([2.0, 4], &generator) : 0
      return .singularValue(
        metric: positives(n), norm: power, dropsInhibitoryDiagonal: drops)
    case .disk: return .disk(metric: positives(n))
    case .slopeLMI:
      return .slopeLMI(
        metric: Matrix(diagonal: positives(n)), multiplier: positives(n), floor: 0x1p-4)
    case .vertexLMI: return .vertexLMI(metric: Matrix(diagonal: positives(n)), floor: 0x1p-4)
    case .assembly(let assembly):
      let parts = assembly.components.count
      return .assembly(
        .init(
          assembly.structure, components: assembly.components, proofs: assembly.proofs,
          columnScaling: positives(parts), rowScaling: positives(parts)))
    case .step(let step):
      let parts = step.components.count
      return .step(
        .init(
          flow: step.flow, components: step.components, columnScaling: positives(parts),
          rowScaling: positives(parts)))
    case .splitStep(let split):
      return .splitStep(
        .init(
          metric: positives(n), components: split.components,
          norms: split.norms.map { _ in pick([0.25, 0.5, 1, 2], &generator) }))
    case .symmetric, .productForm, .triangular: return argument
    }
  }

  private static func matrix(_ n: Int, _ entry: (Int, Int) -> Double) -> Matrix {
    var result = Matrix(rows: n, columns: n)
    for i in 0..<n { for j in 0..<n { result[i, j] = entry(i, j) } }
    return result
  }
}
