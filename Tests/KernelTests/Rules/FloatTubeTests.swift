import CertifyKernel
import TestSupport
import Testing

/// Runs in small formats stay inside the tube around the run in double precision.
@Suite struct FloatTubeTests {
  /// A network that absolute-value certifies as run, and its metric diag(w/v).
  private struct Sample {
    let network: Specification
    let metric: [Double]
    let certified: Certified<Specification>

    init?(_ generator: inout SplitMix64, form: Specification.Form) throws {
      let n = 1 + Int(generator.next() % 8)
      // Weights of 8 bits, exact in every format.
      func weights(_ size: Double) -> Matrix {
        let values = (0..<(n * n)).map { _ in
          size * ((generator.unit() * 256).rounded() / 128 - 1) / Double(n)
        }
        return Matrix(rows: n, columns: n, values: values.map { ($0 * 128).rounded() / 128 })
      }
      let v = (0..<n).map { _ in [0.5, 1, 2][Int(generator.next() % 3)] }
      let w = (0..<n).map { _ in [0.5, 1, 4][Int(generator.next() % 3)] }
      network = try Specification(
        form: form, recurrent: .dense(weights(0.75)),
        coupling: form == .map ? nil : .dense(weights(0.125)),
        step: form == .map ? nil : .init(size: ExactRatio(0.25)))
      metric = zip(v, w).map { $1 / $0 }
      let argument = Argument.absoluteValue(columnScaling: v, rowScaling: w)
      guard let bound = network.tightestBound(argument, .asRun), bound < 1,
        case .certified(let found) = try network.certify(
          using: Certificate(scope: .asRun, claim: .contracts(Proof(argument, bound: bound))))
      else { return nil }
      certified = found
    }

    func norm(_ x: [Double]) -> Double {
      zip(metric, x).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }.squareRoot()
    }

    /// One step with ReLU in a format, sums from left to right.
    func step<T: BinaryFloatingPoint>(_ x: [T], _ input: [T]) -> [T] {
      let W = network.recurrent.dense()
      let L = network.coupling?.dense()
      let h = T(network.step?.size.approximation ?? 1)
      return x.indices.map { i in
        var sum = input[i]
        if network.form == .outside {
          for j in x.indices { sum += T(W[i, j]) * max(0, x[j]) }
        } else {
          for j in x.indices { sum += T(W[i, j]) * x[j] }
          sum = max(0, sum)
        }
        if let L { for j in x.indices { sum += T(L[i, j]) * x[j] } }
        return network.form == .map ? sum : x[i] + h * (sum - x[i])
      }
    }
  }

  @Test(arguments: UInt64(0)..<40)
  func runsStayInside(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    let form = [Specification.Form.outside, .inside, .map][Int(seed % 3)]
    guard let sample = try Sample(&generator, form: form) else { return }
    func check<T: BinaryFloatingPoint>(_ type: T.Type, _ format: FloatTube.Format) {
      guard let tube = sample.certified.floatTube(format),
        let fine = sample.certified.floatTube(.float64)
      else { return }
      let n = sample.network.units
      let scale = Double(sign: .plus, exponent: Int(seed % 9) - 4, significand: 1)
      var exact = (0..<n).map { _ in Double(T(scale * (generator.unit() - 0.5))) }
      var rounded = exact.map { T($0) }
      let h = sample.network.step?.size.approximation ?? 1
      var size = sample.norm(exact)
      for k in 0..<300 {
        // Noise, and stretches of constant input, where errors add up on one side.
        let input = (0..<n).map { i in
          Double(T(scale * (k < 150 ? generator.unit() - 0.5 : Double(i + 1) / 3)))
        }
        size = max(size, sample.norm(input) * h)
        exact = sample.step(exact, input)
        rounded = sample.step(rounded, input.map { T($0) })
        size = max(size, sample.norm(exact))
        let distance = sample.norm(zip(exact, rounded).map { $0 - Double($1) })
        let allowed = tube.relative * size + tube.absolute + fine.relative * size + fine.absolute
        #expect(
          distance <= allowed * (1 + 1e-12),
          "seed \(seed), \(format.rawValue), step \(k): \(distance) > \(allowed)")
      }
    }
    check(Float.self, .float32)
    #if !(os(macOS) && arch(x86_64))
      check(Float16.self, .float16)
    #endif
  }

  /// One unit, W = 0, h = 1: k = 20, ‖X‖ = 2, κ = 1, ρ = 0.
  @Test func formula() throws {
    let network = try Specification.of([[0]], step: ExactRatio(1))
    let argument = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
    let certificate = Certificate(
      scope: .asRun, claim: .contracts(Proof(argument, bound: 0x1p-60)))
    guard case .certified(let certified) = try network.certify(using: certificate) else {
      Issue.record("W = 0 is not certified")
      return
    }
    let tube = try #require(certified.floatTube(.float32))
    let γ = 20 * 0x1p-24 / (1 - 20 * 0x1p-24)
    let expected = γ * 3 / (1 - 2 * γ)
    #expect(tube.relative >= expected * (1 - 1e-14) && tube.relative <= expected * (1 + 1e-12))
    #expect(tube.absolute > 0 && tube.absolute < 1e-40)
  }

  /// A weight that a format cannot hold is lost, and a metric that magnifies it shows the loss.
  @Test func weightsBelowTheFormat() throws {
    // 2⁻²⁶ is 0 in float16; in the metric diag(2⁵⁰, 1) it weighs ½.
    let network = try Specification.of([[0, 0x1p-26], [0, 0]], step: ExactRatio(0.5))
    let argument = Argument.absoluteValue(columnScaling: [0x1p-25, 1], rowScaling: [0x1p25, 1])
    let bound = try #require(network.tightestBound(argument, .asRun))
    let certificate = Certificate(scope: .asRun, claim: .contracts(Proof(argument, bound: bound)))
    guard case .certified(let certified) = try network.certify(using: certificate) else {
      Issue.record("not certified")
      return
    }
    // Unit 1 is held at 1; unit 0 rests at 2⁻²⁶ exactly, and at 0 in float16: ½ apart, S² = 1 + ¼.
    if let tube = certified.floatTube(.float16) {
      #expect(tube.relative * 1.25.squareRoot() >= 0.5)
    }
    #expect(try #require(certified.floatTube(.float32)).relative < 1e-4)
  }

  /// A step that the format cannot hold has no tube.
  @Test func stepsBelowTheFormat() throws {
    let network = try Specification.of([[0]], step: ExactRatio(0x1p-26))
    let argument = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
    let bound = try #require(network.tightestBound(argument, .asRun))
    let certificate = Certificate(scope: .asRun, claim: .contracts(Proof(argument, bound: bound)))
    guard case .certified(let certified) = try network.certify(using: certificate) else {
      Issue.record("not certified")
      return
    }
    #expect(certified.floatTube(.float16) == nil && certified.floatTube(.float64) != nil)
  }

  @Test func noTubeWhereRoundingOutweighsContraction() throws {
    let network = try Specification.of([[1 - 0x1p-9]], step: ExactRatio(0.5))
    let argument = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
    let bound = try #require(network.tightestBound(argument, .asRun))
    let certificate = Certificate(scope: .asRun, claim: .contracts(Proof(argument, bound: bound)))
    guard case .certified(let certified) = try network.certify(using: certificate) else {
      Issue.record("not certified")
      return
    }
    #expect(certified.floatTube(.float16) == nil && certified.floatTube(.bfloat16) == nil)
    #expect(certified.floatTube(.float32) != nil)
  }

  @Test func aFlowHasNoTube() throws {
    let network = try Specification.of([[0]])
    let argument = Argument.absoluteValue(columnScaling: [1], rowScaling: [1])
    let certificate = Certificate(
      scope: .continuous, claim: .contracts(Proof(argument, bound: 0.5)))
    guard case .certified(let certified) = try network.certify(using: certificate) else {
      Issue.record("not certified")
      return
    }
    #expect(certified.floatTube(.float32) == nil)
  }

  /// One unit, M = 1: r = γ(‖X‖ + 1)/(1 − ρ − γ‖X‖) with ‖X‖ = 2 + |w|, never rounded below it.
  @Test(arguments: UInt64(0)..<8)
  func tubesOfOneUnitAreRoundedUp(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    for _ in 0..<60 {
      let w = Double(generator.integer(in: -63...63)) / 64
      let factor = 1 - Double(generator.integer(in: 1...7)) / 512
      guard
        case .certified(let certified) = try Specification.of([[w]], .map).certify(
          using: Certificate(
            scope: .asRun,
            claim: .contracts(
              Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: factor))))
      else { continue }
      for (format, u, η) in [
        (FloatTube.Format.float64, 0x1p-53, 0x1p-1074), (.float32, 0x1p-24, 0x1p-149),
      ] {
        let tube = try #require(certified.floatTube(format))
        let k = (w == 0 ? 20 : 21) * Rational(u)
        let γ = k / (1 - k)
        let norm = 2 + Rational(w).magnitude
        let slack = 1 - Rational(factor) - γ * norm
        #expect(Rational(tube.relative) >= γ * (norm + 1) / slack, "w = \(w), \(factor)")
        let lost = norm * (w == 0 ? 20 : 21) * 2 * 2
        #expect(Rational(tube.absolute) >= lost * Rational(η) / slack, "w = \(w), \(factor)")
      }
    }
  }

  /// A step below the normal numbers of the format, with weights that make up for it.
  @Test func stepsThatTheFormatCannotHold() throws {
    let network = try Specification.of(
      [[-8192]], slopes: SlopeInterval(.one, .one), step: ExactRatio(0x1p-14))
    guard
      case .certified(let certified) = try network.certify(
        using: Certificate(
          scope: .asRun,
          claim: .contracts(
            Proof(.absoluteValue(columnScaling: [1], rowScaling: [1]), bound: 0.75))))
    else {
      Issue.record("not certified")
      return
    }
    #expect(certified.floatTube(.float16) == nil && certified.floatTube(.float32) != nil)
  }

  /// Only steps that are taken as they are written.
  @Test func schemesOfMoreThanSumsHaveNoTube() throws {
    let network = try Specification(
      form: .outside, recurrent: .dense(Matrix([[0]])),
      step: .init(scheme: .split, size: .one, leak: [0.5]))
    guard
      case .certified(let certified) = try network.certify(
        using: Certificate(
          scope: .asRun,
          claim: .contracts(
            Proof(
              .splitStep(.init(metric: [1], components: [[0]], norms: [0.25])), bound: 0.75))))
    else {
      Issue.record("not certified")
      return
    }
    #expect(certified.floatTube(.float64) == nil)
  }
}
