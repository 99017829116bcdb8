internal import Certify
import CertifyKernel

extension Recurrence {
  /// The step of a specification, as its certificate speaks of it; nil for implicit steps, which solve equations.
  ///
  /// Computed in float64 and rounded once. Cost: O(entries), and for couplings in any scheme but Euler's a
  /// factorisation of all units.
  package init?(_ network: RateNetwork) {
    let spec = network.specification
    let n = spec.units
    self.init(
      units: n, inputs: network.input.inputs, isInside: spec.form != .outside,
      activation: ElementWise(network.activation),
      recurrent: Operator(spec.recurrent, modules: spec.modules))
    if let ψ = network.couplingActivation { couplingActivation = ElementWise(ψ) }
    let h = (0..<n).map { i in
      (spec.step?.size.approximation ?? 1) / spec.timeConstant(i).approximation
    }
    let L = spec.coupling
    var pace = h
    var kept = h.map { 1 - $0 }
    switch spec.step?.scheme {
    case nil:
      pace = [Double](repeating: 1, count: n)
      kept = [Double](repeating: 0, count: n)
    case .euler:
      if let L { linear = Operator(L, modules: spec.modules, rows: h) }
    case .semiImplicit:
      if let L {
        let K = Self.combination(1 + h[0], L, -h[0])
        guard let P = LAPACKBackend.solve(K, .identity(n)) else { return nil }
        turn = P.values.map { S($0) }
        kept = [Double](repeating: 1, count: n)
      } else {
        pace = h.map { $0 / (1 + $0) }
        kept = pace.map { 1 - $0 }
      }
    case .exponential:
      if let L {
        let A = Self.combination(1, L, -1)
        let E = exponential(Matrix(rows: n, columns: n, values: A.values.map { -h[0] * $0 }))
        guard let E else { return nil }
        var rest = Matrix(rows: n, columns: n, values: E.values.map { -$0 })
        for i in 0..<n { rest[i, i] += 1 }
        guard let Φ = LAPACKBackend.solve(A, rest) else { return nil }
        turn = Φ.values.map { S($0) }
        carry = [S](repeating: 1, count: n)
        linear = Operator(L, modules: spec.modules)
        pace = [Double](repeating: 1, count: n)
        kept = [Double](repeating: -1, count: n)
      } else {
        pace = h.map { 1 - decayed($0) }
        kept = pace.map { 1 - $0 }
      }
    case .split:
      let a = spec.step?.leak ?? []
      guard a.count == n else { return nil }
      pace = a.map { $0.squareRoot() }
      kept = a.map { 1 - $0 }
      recurrent = Operator(spec.recurrent, modules: spec.modules, columns: pace)
      if let L {
        let half = (spec.step?.size.approximation ?? 0) / 2
        guard
          let Q = LAPACKBackend.solve(
            Self.combination(1, L, -half), Self.combination(1, L, half))
        else { return nil }
        turn = Q.values.map { S($0) }
      }
    case .implicit: return nil
    }
    decay = kept.map { S($0) }
    input = network.input.weights.map { S($0) }
    bias = network.input.bias.map { S($0) }
    if isInside {
      gain = pace.map { S($0) }
      return
    }
    recurrent.scaleRows(pace)
    if let K = spec.nonlinearCoupling {
      nonlinear = Operator(K.weights, modules: spec.modules, rows: pace)
    }
    for i in 0..<n {
      bias[i] = S(pace[i] * Double(bias[i]))
      for k in 0..<inputs { input[i * inputs + k] = S(pace[i] * Double(input[i * inputs + k])) }
    }
  }

  /// c I + f L.
  private static func combination(_ c: Double, _ L: Weights, _ f: Double) -> Matrix {
    let dense = L.dense()
    var result = Matrix(
      rows: dense.rows, columns: dense.columns, values: dense.values.map { f * $0 })
    for i in 0..<dense.rows { result[i, i] += c }
    return result
  }
}

extension Recurrence.Operator {
  /// Weights in the storage that suits them: blocks where all entries lie in modules of one size, dense where half
  /// of them are there, else sparse. Columns are scaled first, then rows.
  init(
    _ weights: Weights, modules: [Int], rows: [Double]? = nil, columns: [Double]? = nil
  ) {
    let sparse = weights.sparse()
    let n = sparse.rows
    let size = modules[0]
    let isEven = modules.count > 1 && size >= 4 && modules.allSatisfy { $0 == size }
    var occupied: Set<Int> = []
    if isEven {
      for i in 0..<n {
        for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] where sparse.values[k] != 0 {
          occupied.insert(i / size * modules.count + Int(sparse.columnIndices[k]) / size)
        }
      }
    }
    let entries = sparse.values.count
    let blockEntries = occupied.count * size * size
    let pattern: Pattern
    if isEven, 3 * entries > blockEntries, 5 * blockEntries < 4 * n * n {
      pattern = .blocks(
        units: n, size: size,
        occupied.sorted().map {
          (row: Int32($0 / modules.count), column: Int32($0 % modules.count))
        })
    } else if 5 * entries > 2 * n * n {
      pattern = .dense(n, n)
    } else {
      pattern = .sparse(
        columns: n,
        (0..<n).map { i in
          (sparse.rowPointers[i]..<sparse.rowPointers[i + 1]).map { sparse.columnIndices[$0] }
        })
    }
    var values = [S](repeating: 0, count: pattern.entries)
    func scaled(_ value: Double, _ i: Int, _ j: Int) -> S {
      S(value * (columns?[j] ?? 1) * (rows?[i] ?? 1))
    }
    if case .sparse = pattern.storage {
      for i in 0..<n {
        for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] {
          values[k] = scaled(sparse.values[k], i, Int(sparse.columnIndices[k]))
        }
      }
    } else {
      let dense = sparse.dense()
      pattern.places { values[$0] = scaled(dense[$1, $2], $1, $2) }
    }
    self.init(pattern, values)
  }

  mutating func scaleRows(_ factors: [Double]) {
    var scaled = values
    pattern.places { place, i, _ in scaled[place] = S(factors[i] * Double(values[place])) }
    values = scaled
  }
}
