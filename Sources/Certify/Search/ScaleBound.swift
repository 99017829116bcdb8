import CertifyKernel

/// Looks for the largest s such that the network with sW in place of W is certified (theory F2).
enum ScaleBound {
  /// A multiple at which the kernel certified the network, within a thousandth of where the search gave up.
  ///
  /// Nil if not even a 2⁻²⁰ part of W is certified (a coupling L may forbid any), and for networks so large
  /// that the search would take minutes.
  static func largest(_ problem: Problem) -> Double? {
    guard problem.units <= 1024 else { return nil }
    let limit = problem.units <= 16
    func isCertified(_ s: Double) -> Bool {
      guard let scaled = try? problem.network.scalingRecurrent(by: s) else { return false }
      let part = Problem(scaled, problem.scope)
      var acceptance = Acceptance(scaled, problem.scope)
      proposeCheaply(part, to: &acceptance)
      if acceptance.best == nil, limit { SlopeLMIProposer.propose(part, to: &acceptance) }
      return acceptance.best != nil
    }
    var high = 1.0
    var low = 0.5
    while !isCertified(low) {
      high = low
      low /= 2
      guard low > 0x1p-20 else { return nil }
    }
    while high / low > 1.001 {
      let middle = (low * high).squareRoot()
      if isCertified(middle) { low = middle } else { high = middle }
    }
    return low
  }
}

extension Specification {
  /// The same network with sW in place of W, each entry rounded.
  fileprivate func scalingRecurrent(by s: Double) throws -> Specification {
    func scaled(_ weights: Weights) throws -> Weights {
      switch weights {
      case .dense(let m):
        return .dense(Matrix(rows: m.rows, columns: m.columns, values: m.values.map { $0 * s }))
      case .sparse(let m):
        return .sparse(
          try SparseMatrix(
            rows: m.rows, columns: m.columns, rowPointers: m.rowPointers,
            columnIndices: m.columnIndices, values: m.values.map { $0 * s }))
      case .blocks(let m):
        let blocks = m.blocks.map { block in
          let values = block.values
          return BlockMatrix.Block(
            row: block.row, column: block.column,
            values: Matrix(
              rows: values.rows, columns: values.columns, values: values.values.map { $0 * s }))
        }
        return .blocks(try BlockMatrix(sizes: m.sizes, blocks: blocks))
      }
    }
    return try Specification(
      form: form, recurrent: scaled(recurrent), coupling: coupling,
      nonlinearCoupling: nonlinearCoupling, slopes: slopes, timeConstants: timeConstants,
      modules: modules, step: step)
  }
}
