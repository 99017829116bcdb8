import TestSupport
import Testing

@testable import CertifyKernel

/// Rules that end in a factorisation, for one unit: then it is the sign of one number, and what was rounded on the
/// way to it decides.
@Suite struct OneUnitDirectionTests {
  private static func network(
    _ rule: Rule, _ generator: inout SplitMix64
  ) throws -> Specification {
    // Near −1 and 0 a bound is near the pace of the leak, and its last bits count; near 1 it is near 0.
    let tiny = generator.power(-56...(-2)) * generator.awkward()
    let w =
      switch generator.integer(in: 0...5) {
      case 0: -1 + tiny
      case 1: 1 - tiny
      case 2: tiny
      case 3: -tiny
      default: generator.awkwardWeight(0.75)
      }
    let gains = [ExactRatio(1, over: 3), ExactRatio(0.5), ExactRatio(3), ExactRatio(7, over: 10)]
    let gain = generator.isTrue() ? .one : gains[generator.integer(in: 0...3)]
    let takesSlopes = [Rule.singularValue, .slopeLMI, .vertexLMI, .triangular].contains(rule)
    let lower: ExactRatio =
      takesSlopes && generator.integer(in: 0...2) == 0 ? ExactRatio(1, over: 8) : .zero
    let slopes = try SlopeInterval(lower, gain)
    if generator.integer(in: 0...4) == 0 {
      return try Specification(form: .map, recurrent: .dense(Matrix([[w]])), slopes: slopes)
    }
    let isCoupled = takesSlopes && generator.integer(in: 0...2) == 0
    return try Specification(
      form: generator.isTrue() ? .outside : .inside, recurrent: .dense(Matrix([[w]])),
      coupling: isCoupled
        ? .dense(Matrix([[generator.awkwardWeight(generator.isTrue() ? 0.125 : 0x1p-40)]])) : nil,
      slopes: slopes, timeConstants: [generator.awkwardRatio()],
      step: .init(size: generator.awkwardRatio()))
  }

  private static func argument(
    _ rule: Rule, _ network: Specification, _ generator: inout SplitMix64
  ) -> Argument? {
    let w = network.recurrent[0, 0].magnitude
    switch rule {
    case .symmetric: return .symmetric
    case .disk: return .disk(metric: [generator.awkward()])
    case .productForm: return .productForm(rowScaling: [generator.awkward()], floor: 0x1p-80)
    case .triangular: return .triangular(order: [0])
    case .singularValue:
      let norm = [w.nextUp.nextUp.nextUp, 2 * w.binade, w == 0 ? 0 : w + w.ulp * 5][
        generator.integer(in: 0...2)]
      return .singularValue(
        metric: [generator.awkward()], norm: norm, dropsInhibitoryDiagonal: generator.isTrue())
    case .slopeLMI:
      return .slopeLMI(
        metric: Matrix([[generator.awkward()]]), multiplier: [generator.awkward()], floor: 0x1p-20)
    case .vertexLMI: return .vertexLMI(metric: Matrix([[generator.awkward()]]), floor: 0x1p-20)
    default: return nil
    }
  }

  @Test(
    arguments: [
      Rule.symmetric, .disk, .productForm, .triangular, .singularValue, .slopeLMI, .vertexLMI,
    ], UInt64(0)..<4)
  func bestBoundsAreTrue(rule: Rule, seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<150 {
      let network = try Self.network(rule, &generator)
      guard let argument = Self.argument(rule, network, &generator) else { continue }
      for scope in network.scopes {
        guard let bound = network.tightestBound(argument, scope) else { continue }
        let proof = Proof(argument, bound: bound)
        if ExactNetwork(network).satisfiesInequality(of: proof, scope) == false {
          faults.append("\(scope), \(network), \(proof)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// The last number between two that a test accepts.
  private static func last(
    accepted good: Double, refused bad: Double, _ isAccepted: (Double) throws -> Bool
  ) rethrows -> Double {
    var (good, bad) = (good, bad)
    while true {
      let middle = good + (bad - good) / 2
      guard middle != good, middle != bad else { return good }
      if try isAccepted(middle) { good = middle } else { bad = middle }
    }
  }

  /// The greatest μ that passes for −s w ⪰ μ, and the least s for the norm of w.
  @Test(arguments: UInt64(0)..<8)
  func floorsAndNorms(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<150 {
      let (s, w) = (generator.awkward(), generator.awkward())
      let product = try Specification.of([[-w]])
      let floor = try Self.last(accepted: 0, refused: 1024) {
        try product.answer(.productForm(rowScaling: [s], floor: $0), bound: 0.5).isCertified
      }
      faults.expect(floor, below: Rational(s) * Rational(w), "floor of \(s) · \(w)")
      let p = [generator.awkward()]
      let matrix = EnclosedMatrix(Matrix([[w]]))
      let norm = Self.last(accepted: 1024, refused: 0) {
        matrix.normFault(in: p, below: Interval($0)) == nil
      }
      faults.expect(norm, above: Rational(w), "norm of \(w) in \(p)")
      // A matrix and a metric that are known up to an interval.
      let (wide, scale) = (Interval(w, w * (1 + 0x1p-51)), Interval(p[0], p[0] * (1 + 0x1p-51)))
      let enclosed = EnclosedMatrix(rows: 1, columns: 1) { _, _ in wide }
      let greatest = Self.last(accepted: 1024, refused: 0) {
        enclosed.normFault(in: [scale], below: Interval($0)) == nil
      }
      faults.expect(greatest, above: Rational(wide.upper), "norm of \(wide) in \(scale)")
      // [[σu, y], [y, σv]] ≻ 0.
      let (u, y) = (generator.awkward(), generator.awkward())
      func diagonal(_ x: Double) -> EnclosedMatrix { EnclosedMatrix(diagonal: [Interval(x)]) }
      let σ = Self.last(accepted: 0x1p20, refused: 0) {
        EnclosedMatrix(Matrix([[y]])).isBelow($0, rows: diagonal(u), columns: diagonal(w))
      }
      let square = Rational(y) * Rational(y) / (Rational(u) * Rational(w))
      if Rational(σ) * Rational(σ) < square { faults.append("\(y) over √(\(u) · \(w))") }
      // Whether a residual of a factor is below the shift.
      let c = Self.last(accepted: w * 0.5, refused: 2 * w) {
        matrix.isPositiveDefinite(withFactor: Matrix([[0x1p-30]]), shift: $0)
      }
      let residual = (Rational(w) - Rational(c) - Rational(0x1p-60)).magnitude
      if !(residual < Rational(c)) { faults.append("residual of \(w) with \(c)") }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// (gw − 1)p + p(gw − 1) ≤ −cp: gw ≤ 1 − c/2.
  @Test(arguments: UInt64(0)..<4)
  func slowSlopes(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<150 {
      let network = try Specification.of(
        [[generator.awkwardWeight(0.5)]],
        slopes: SlopeInterval(.zero, generator.awkwardRatio()))
      let p = [generator.awkward()]
      guard try SlowSlopes.fault(network, metric: p, rate: 0x1p-60) == nil else { continue }
      let c = try Self.last(accepted: 0x1p-60, refused: 4) {
        try SlowSlopes.fault(network, metric: p, rate: $0) == nil
      }
      let exact = ExactNetwork(network)
      faults.expect(c, below: 2 - 2 * exact.slopes.upper * exact.W[0, 0], "\(network), \(p)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }
}
