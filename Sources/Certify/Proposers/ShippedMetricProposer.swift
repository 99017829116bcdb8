import CertifyKernel

/// Offers the metric that came with a file, by every rule that takes one: proposed, never believed.
enum ShippedMetricProposer {
  static func propose(_ problem: Problem, to acceptance: inout Acceptance) {
    guard problem.isSmall, let metric = problem.shippedMetric else { return }
    if case .diagonal(let p) = metric {
      DiskProposer.propose(problem, in: [p], to: &acceptance)
      SingularValueProposer.propose(problem, in: [p], to: &acceptance)
    }
    guard problem.units <= 1024 else { return }
    SlopeLMIProposer.propose(problem, in: metric.matrix, to: &acceptance)
  }
}

extension ProposedMetric {
  /// The whole metric, n × n.
  var matrix: Matrix {
    switch self {
    case .diagonal(let p): return Matrix(diagonal: p)
    case .blocks(let blocks):
      let n = blocks.reduce(0) { $0 + $1.rows }
      var m = Matrix(rows: n, columns: n)
      var start = 0
      for block in blocks {
        for i in 0..<block.rows {
          for j in 0..<block.columns { m[start + i, start + j] = block[i, j] }
        }
        start += block.rows
      }
      return m
    }
  }

  /// The index of the first block that floating point finds not positive definite, with its least eigenvalue.
  func firstIndefiniteBlock() -> (index: Int, leastEigenvalue: Double)? {
    guard case .blocks(let blocks) = self else { return nil }
    for (index, block) in blocks.enumerated() {
      guard let least = LAPACKBackend.extremeEigen(block, largest: false)?.value else { continue }
      if !(least > 0) { return (index, least) }
    }
    return nil
  }
}
