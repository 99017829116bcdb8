import CertifyKernel

/// The network's right-hand side in doubles, with a constant input.
struct SimulatedNetwork {
  private let form: Specification.Form
  private let recurrent: SparseMatrix
  private let coupling: SparseMatrix?
  private let denseCoupling: Matrix?
  private let φ: ActivationFunction
  /// 1/τ_i (flow) or step/τ_i (map).
  let paces: [Double]
  private let gain: Double

  init(_ problem: Problem, _ φ: ActivationFunction) {
    let network = problem.network
    form = network.form
    recurrent = network.recurrent.sparse()
    coupling = network.coupling?.sparse()
    denseCoupling = problem.denseCoupling
    self.φ = φ
    paces = (0..<network.units).map { problem.pace($0) }
    gain = max(1, problem.slopes.upper)
  }

  /// The state and the input at which the arguments of φ are `points` and nothing moves; nil if I − L is singular.
  func equilibrium(at points: [Double]) -> (state: [Double], input: [Double])? {
    let values = points.map { φ($0) }
    if form == .outside {
      let drive = recurrent.times(values)
      let linear = coupling?.times(points)
      return (
        points, points.indices.map { points[$0] - drive[$0] - (linear?[$0] ?? 0) }
      )
    }
    var state = values
    if let l = denseCoupling {
      var a = Matrix(rows: l.rows, columns: l.columns, values: l.values.map { -$0 })
      for i in 0..<a.rows { a[i, i] += 1 }
      guard
        let solved = LAPACKBackend.solve(
          a, Matrix(rows: values.count, columns: 1, values: values))
      else { return nil }
      state = solved.values
    }
    let drive = recurrent.times(state)
    return (state, points.indices.map { points[$0] - drive[$0] })
  }

  /// What is added to the state: T⁻¹ times the right-hand side for the flow, H times it for a step.
  func change(_ x: [Double], _ input: [Double]) -> [Double] {
    var result: [Double]
    if form == .outside {
      result = recurrent.times(x.map { φ($0) })
      for i in result.indices { result[i] += input[i] }
    } else {
      result = recurrent.times(x)
      for i in result.indices { result[i] = φ(result[i] + input[i]) }
    }
    let linear = coupling?.times(x)
    for i in result.indices { result[i] = paces[i] * (result[i] - x[i] + (linear?[i] ?? 0)) }
    return result
  }

  /// A bound on how fast anything changes, for the length of steps.
  var speed: Double {
    var rows = [Double](repeating: 1, count: paces.count)
    for (part, weight) in [(Optional(recurrent), gain), (coupling, 1)] {
      guard let part else { continue }
      for i in 0..<part.rows {
        for k in part.rowPointers[i]..<part.rowPointers[i + 1] {
          rows[i] += weight * abs(part.values[k])
        }
      }
    }
    return zip(rows, paces).map(*).max() ?? 1
  }

  /// Multiplications an evaluation takes.
  var cost: Int { recurrent.entryCount + (coupling?.entryCount ?? 0) + 8 * paces.count }
}

extension SparseMatrix {
  /// A x in plain floating point.
  fileprivate func times(_ x: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: rows)
    for i in 0..<rows {
      var sum = 0.0
      for k in rowPointers[i]..<rowPointers[i + 1] { sum += values[k] * x[Int(columnIndices[k])] }
      result[i] = sum
    }
    return result
  }
}
