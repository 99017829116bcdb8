import TestSupport
import Testing

@testable import CertifyKernel

/// What is said of metrics: ends of entries, of the extent, of roots, each on its side.
@Suite struct MetricDirectionTests {
  private static func metric(
    _ rule: Argument, _ network: Specification, _ scope: Scope, _ bound: Double
  ) -> MetricBounds? {
    guard case .accepted(let checked)? = try? network.check(Proof(rule, bound: bound), scope)
    else { return nil }
    return checked.metric
  }

  /// 2a − gw with a = 1 − λτ rounded down, between a and 2a + g|w|; its inverse for form outside.
  @Test(arguments: UInt64(0)..<8)
  func symmetricFlow(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let n = generator.integer(in: 1...2)
      var W = Matrix(rows: n, columns: n)
      for i in 0..<n {
        for j in 0...i {
          W[i, j] = generator.awkwardWeight(0.125)
          W[j, i] = W[i, j]
        }
      }
      let network = try Specification(
        form: generator.isTrue() ? .outside : .inside, recurrent: .dense(W),
        slopes: SlopeInterval(.zero, generator.awkwardRatio()),
        timeConstants: [generator.awkwardRatio()])
      let λ = generator.awkward() * 0x1p-4
      guard let metric = Self.metric(.symmetric, network, .continuous, λ) else { continue }
      let exact = ExactNetwork(network)
      let a = (1.0).subtractingDown(λ.dividingUp(network.pace(.continuous, unit: 0).lower))
      faults.expect(a, below: 1 - Rational(λ) * exact.tau[0], "a of \(network)")
      let g = exact.slopes.upper
      let size = (0..<n).map { i in
        (0..<n).reduce(Rational.zero) { $0 + g * exact.W[i, $1].magnitude }
      }.reduce(Rational.zero) { max($0, $1) }
      let greatest = 2 * Rational(a) + size
      let inside: EnclosedMatrix
      switch metric {
      case .matrix(let m, let lower, let upper):
        inside = m
        faults.expect(lower, below: Rational(a), "\(network)")
        faults.expect(upper, above: greatest, "\(network)")
      case .inverse(let m, let lower, let upper):
        inside = m
        faults.expect(lower, below: 1 / greatest, "\(network)")
        faults.expect(upper, above: 1 / Rational(a), "\(network)")
      default:
        faults.append("no matrix: \(network)")
        continue
      }
      for i in 0..<n {
        for j in 0..<n
        where !inside[i, j].contains(
          (i == j ? 2 * Rational(a) : 0) - g * exact.W[i, j])
        {
          faults.append("entry of \(network)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Between ρ − |1 − h| and ρ + |1 − h|; the inverse for form outside.
  @Test(arguments: UInt64(0)..<8)
  func symmetricMap(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<300 {
      let h = [
        ExactRatio(0.5), .one, ExactRatio(0.75), ExactRatio(1.25), ExactRatio(1, over: 3),
        ExactRatio(7, over: 10), ExactRatio(generator.unit() + 0.25),
      ][generator.integer(in: 0...6)]
      let network = try Specification(
        form: generator.isTrue() ? .outside : .inside, recurrent: .dense(Matrix([[0x1p-60]])),
        step: .init(size: h))
      let rest = (1 - Rational(h)).magnitude
      let ρ = [0.75, 0.875, 0.5 + 0.5 * generator.unit(), 1 - 0x1p-40][generator.integer(in: 0...3)]
      guard let metric = Self.metric(.symmetric, network, .asRun, ρ) else { continue }
      guard case .full(let lower, let upper) = metric else {
        faults.append("no bounds: \(network)")
        continue
      }
      let (low, high) = (Rational(ρ) - rest, Rational(ρ) + rest)
      let isInverse = network.form == .outside
      faults.expect(lower, below: isInverse ? 1 / high : low, "\(network), \(ρ)")
      faults.expect(upper, above: isInverse ? 1 / low : high, "\(network), \(ρ)")
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Q = −sw between μ and s|w|, and sQ⁻¹s between s²/(s|w|) and s²/μ.
  @Test(arguments: UInt64(0)..<8)
  func productForm(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let n = generator.integer(in: 1...2)
      let w = (0..<n).map { _ in generator.awkward() }
      let s = (0..<n).map { _ in generator.awkward() }
      let network = try Specification(
        form: generator.isTrue() ? .outside : .inside,
        recurrent: .dense(Matrix(diagonal: w.map { -$0 })))
      let floor = generator.awkward() * 0x1p-6
      let argument = Argument.productForm(rowScaling: s, floor: floor)
      guard let metric = Self.metric(argument, network, .continuous, 0.5) else { continue }
      let Q = (0..<n).map { Rational(s[$0]) * Rational(w[$0]) }
      let size = Q.reduce(Q[0]) { max($0, $1) }
      let (least, most) = (Rational(s.min() ?? 0), Rational(s.max() ?? 0))
      switch metric {
      case .matrix(let m, let lower, let upper):
        faults.expect(lower, below: Rational(floor), "\(network)")
        faults.expect(upper, above: size, "\(network), \(s)")
        for i in 0..<n where !m[i, i].contains(Q[i]) { faults.append("entry: \(network)") }
      case .inverse(let m, let lower, let upper):
        faults.expect(lower, below: least * least / size, "\(network), \(s)")
        faults.expect(upper, above: most * most / Rational(floor), "\(network), \(s), \(floor)")
        for i in 0..<n where !m[i, i].contains(Rational(w[i]) / Rational(s[i])) {
          faults.append("entry: \(network)")
        }
      default: faults.append("no matrix: \(network)")
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Vectors of a triangular network: v_1 = N_10 v_0 / slack_1 and w_0 = N_10 w_1 / slack_0 or more, v_0 = w_1 = 1.
  @Test(arguments: UInt64(0)..<8)
  func triangular(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let n = generator.integer(in: 2...3)
      var W = Matrix(rows: n, columns: n)
      for i in 1..<n { for j in 0..<i { W[i, j] = generator.awkward() } }
      let network = try Specification(
        form: .outside, recurrent: .dense(W),
        slopes: SlopeInterval(.zero, generator.awkwardRatio()),
        step: .init(
          size: [ExactRatio(0.5), ExactRatio(1, over: 3), .one][generator.integer(in: 0...2)]))
      let exact = ExactNetwork(network)
      for scope in Scope.allCases {
        let claimed =
          scope == .continuous ? generator.unit() * 0.875 : 0.75 + 0.25 * generator.unit()
        let order = Argument.triangular(order: (0..<Int32(n)).map { $0 })
        guard let metric = Self.metric(order, network, scope, claimed) else { continue }
        guard case .diagonal(let lower, let upper) = metric else {
          faults.append("not diagonal: \(network)")
          continue
        }
        let h = exact.pace(scope, 0)
        let share = scope == .continuous ? 1 : h
        let slack = scope == .continuous ? 1 - Rational(claimed) : Rational(claimed) - (1 - h)
        var (v, w) = ([Rational](repeating: 1, count: n), [Rational](repeating: 1, count: n))
        for i in 1..<n {
          v[i] = (0..<i).reduce(Rational.zero) { $0 + share * exact.weight(i, $1) * v[$1] } / slack
        }
        for i in (0..<(n - 1)).reversed() {
          w[i] =
            ((i + 1)..<n).reduce(Rational.zero) { $0 + share * exact.weight($1, i) * w[$1] } / slack
        }
        let context = "\(scope), \(network), \(claimed)"
        // Where one of the two is 1 the entry shows the other.
        faults.expect(upper[0], above: w[0], context)
        faults.expect(lower[n - 1], below: 1 / v[n - 1], context)
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  private static func ends(_ generator: inout SplitMix64) -> (Double, Double) {
    let low = generator.awkward()
    return (low, generator.isTrue() ? low : low * (1 + generator.awkward()))
  }

  /// A random metric of two units; each kind.
  private static func bounds(_ generator: inout SplitMix64) -> MetricBounds {
    let (low, high) = ends(&generator)
    let matrix = EnclosedMatrix(
      Matrix([[low, 0], [0, high]]),
      radius: generator.isTrue() ? Matrix([[low * 0x1p-20, 0], [0, 0]]) : nil)
    switch generator.integer(in: 0...3) {
    case 0: return .full(lower: low, upper: high)
    case 1:
      let other = ends(&generator)
      return .diagonal(lower: [low, other.0], upper: [high, other.1])
    case 2: return .matrix(matrix, lower: low, upper: high)
    default: return .inverse(matrix, lower: 1 / high, upper: 1 / low)
    }
  }

  /// Extent, roots and overshoot of blocks, each from the exact ends of its parts.
  @Test(arguments: UInt64(0)..<8)
  func extentsAndRoots(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let parts = (0..<2).map { _ in Self.bounds(&generator) }
      let scales = (0..<2).map { _ -> Interval in
        let (low, high) = Self.ends(&generator)
        return Interval(low, high)
      }
      let whole = MetricBounds.blocks(
        (0..<2).map { ([2 * Int32($0), 2 * Int32($0) + 1], scales[$0], parts[$0]) }, units: 4)
      let context = "\(parts), \(scales)"
      let diagonal = whole.diagonalBounds(units: 4)
      var (least, greatest) = (Rational(0x1p100), Rational.zero)
      for part in 0..<2 {
        let own = parts[part].diagonalBounds(units: 2)
        let extent = parts[part].extent
        var (low, high) = (Rational(extent.lower), Rational(extent.upper))
        if case .diagonal(let a, let b) = parts[part] {
          (low, high) = (Rational(min(a[0], a[1])), Rational(max(b[0], b[1])))
          faults.expect(extent.lower, below: low, context)
          faults.expect(extent.upper, above: high, context)
        }
        least = min(least, low * Rational(scales[part].lower))
        greatest = max(greatest, high * Rational(scales[part].upper))
        for k in 0..<2 {
          let (a, b) = (
            Rational(own[k].lower) * Rational(scales[part].lower),
            Rational(own[k].upper) * Rational(scales[part].upper)
          )
          faults.expect(diagonal[2 * part + k].lower, below: a, context)
          faults.expect(diagonal[2 * part + k].upper, above: b, context)
        }
        // Of one part alone, where nothing has been rounded before.
        let roots = parts[part].factors(units: 2)
        let overshoot = parts[part].overshoot
        if Rational(overshoot) * Rational(overshoot) < high / low { faults.append(context) }
        for k in 0..<2 {
          let (left, right) = (Rational(roots.left[k]), Rational(roots.right[k]))
          if left * left < Rational(own[k].upper) { faults.append("left root: \(context)") }
          if right * right * Rational(own[k].lower) < 1 { faults.append("right root: \(context)") }
        }
        let set = ModuleSet(
          form: .outside, units: [[0, 1]], metrics: [parts[part]], total: 2)
        for k in 0..<2 {
          let (left, right) = (Rational(set.left[k]), Rational(set.right[k]))
          if left * left < Rational(own[k].upper) { faults.append("left of a set: \(context)") }
          if right * right * Rational(own[k].lower) < 1 {
            faults.append("right of a set: \(context)")
          }
        }
      }
      faults.expect(whole.extent.lower, below: least, context)
      faults.expect(whole.extent.upper, above: greatest, context)
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Ends that are not positive and finite bound nothing.
  @Test func extentsThatAreNone() {
    func extent(_ low: Double, _ high: Double) -> (lower: Double, upper: Double) {
      MetricBounds.diagonal(lower: [1, low], upper: [2, high]).extent
    }
    for (low, high) in [(0, 2), (-1, 2), (.nan, 2), (1, .infinity), (1, .nan)] as [(Double, Double)]
    {
      #expect(extent(low, high) == (0, .infinity), "\(low), \(high)")
      #expect(MetricBounds.diagonal(lower: [low], upper: [high]).overshoot == .infinity)
      #expect(MetricBounds.full(lower: low, upper: high).overshoot == .infinity)
      for (scale, metric) in [
        (Interval(low, high), MetricBounds.full(lower: 1, upper: 1)),
        (Interval(1), .full(lower: low, upper: high)),
      ] {
        let block = MetricBounds.Block(units: [0], scale: scale, metric: metric)
        #expect(MetricBounds.blocks([block]).extent == (0, .infinity), "\(low), \(high)")
      }
    }
    #expect(extent(0x1p-1074, 0x1p1023) == (0x1p-1074, 0x1p1023))
  }

  /// K of a module's metric: scale · M or M⁻¹ / scale, and a floor below its eigenvalues.
  @Test(arguments: UInt64(0)..<8)
  func metricsOfModules(seed: UInt64) throws {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let metric = Self.bounds(&generator)
      let (low, high) = Self.ends(&generator)
      let scale = Interval(low, high)
      let blocks = MetricBounds.blocks([.init(units: [1, 0], scale: scale, metric: metric)])
      let context = "\(metric), \(scale)"
      guard let module = ModuleMetric(blocks, units: 2) else {
        if case .full = metric { continue }
        faults.append("no module: \(context)")
        continue
      }
      for k in 0..<2 {
        let (entry, floor) = (module.matrix[1 - k, 1 - k], module.floor[1 - k])
        func expectEnds(_ a: Rational, _ b: Rational) {
          if !entry.contains(a) || !entry.contains(b) { faults.append("entry: \(context)") }
        }
        switch metric {
        case .diagonal(let lower, let upper):
          let a = Rational(low) * Rational(lower[k])
          expectEnds(a, Rational(high) * Rational(upper[k]))
          faults.expect(floor, below: a, context)
        case .matrix(let m, let lower, _):
          expectEnds(
            Rational(low) * Rational(m[k, k].lower), Rational(high) * Rational(m[k, k].upper))
          faults.expect(floor, below: Rational(low) * Rational(lower), context)
        case .inverse(let m, _, let upper):
          expectEnds(
            Rational(m[k, k].lower) / Rational(high), Rational(m[k, k].upper) / Rational(low))
          faults.expect(floor, below: 1 / (Rational(high) * Rational(upper)), context)
        case .full, .blocks: faults.append("a module: \(context)")
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// √(‖X‖₁ ‖X‖_∞) of scaled entries; few of many places as well.
  @Test(arguments: UInt64(0)..<8)
  func normsOfScaledEntries(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let isSparse = generator.isTrue()
      let n = isSparse ? 100 : 3
      let left = (0..<n).map { _ in generator.awkward() }
      let right = (0..<n).map { _ in generator.awkward() }
      var scaled = ScaledEntries()
      var (rows, columns) = ([Rational](repeating: 0, count: n), [Rational](repeating: 0, count: n))
      for _ in 0..<generator.integer(in: 1...3) {
        let (i, j) = (generator.integer(in: 0...1), generator.integer(in: 0...1))
        let size = generator.awkward() * (generator.isTrue() ? 1 : 0x1p-54)
        scaled.entries.append((i, j, size))
        let exact = Rational(size) * Rational(left[i]) * Rational(right[j])
        rows[i] += exact
        columns[j] += exact
      }
      let bound = scaled.bound(rows: n, columns: n, left: left, right: right)
      let square =
        rows.reduce(Rational.zero) { max($0, $1) } * columns.reduce(Rational.zero) { max($0, $1) }
      if !(Rational(bound) * Rational(bound) >= square) { faults.append("\(scaled.entries)") }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }

  /// Row sums of a matrix, also with a radius and with what is no number.
  @Test(arguments: UInt64(0)..<4)
  func rowSums(seed: UInt64) {
    var generator = SplitMix64(seed: seed)
    var faults = Faults()
    for _ in 0..<200 {
      let entries = (0..<4).map { _ in generator.awkwardWeight(generator.isTrue() ? 1 : 0x1p-54) }
      let radii = (0..<4).map { _ in generator.isTrue() ? 0 : generator.awkward() * 0x1p-53 }
      func sum(_ x: [Double]) -> Rational {
        max(
          Rational(x[0]).magnitude + Rational(x[1]).magnitude,
          Rational(x[2]).magnitude + Rational(x[3]).magnitude)
      }
      let matrix = Matrix(rows: 2, columns: 2, values: entries)
      faults.expect(matrix.rowSumBound(), above: sum(entries), "\(entries)")
      let enclosed = EnclosedMatrix(matrix, radius: Matrix(rows: 2, columns: 2, values: radii))
      // The sums of both, one by one.
      let (m, r) = (
        Rational(matrix.rowSumBound()),
        Rational(Matrix(rows: 2, columns: 2, values: radii).rowSumBound())
      )
      faults.expect(enclosed.rowSumNorm, above: m + r, "\(entries), \(radii)")
      for bad in [Double.nan, .infinity] {
        for place in 0..<4 {
          var values = entries
          values[place] = bad
          if Matrix(rows: 2, columns: 2, values: values).rowSumBound() != .infinity {
            faults.append("\(values)")
          }
        }
      }
    }
    #expect(faults.first == nil, "\(faults.count) faults")
  }
}
