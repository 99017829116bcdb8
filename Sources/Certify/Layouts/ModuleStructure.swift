internal import CertifyKernel
internal import Markup

// What a description says of modules, held against the tensors.

extension Specification {
  /// A workspace has couplings with its hub only.
  ///
  /// - Throws: `.rejected` with the first entry of W, L or K between two other modules.
  /// - Complexity: O(entries).
  func checkWorkspace(_ hub: Int) throws(ModelError) {
    var home: [Int] = []
    for (module, size) in modules.enumerated() {
      home += [Int](repeating: module, count: size)
    }
    let parts = [
      ("network.recurrent", recurrent), ("network.coupling", coupling),
      ("network.nonlinear-coupling", nonlinearCoupling?.weights),
    ]
    for case (let key, let weights?) in parts {
      guard let (row, column) = weights.firstEntry(between: home, except: hub) else { continue }
      throw .rejected(
        .structure,
        "network.workspace = \(hub): \(key)[\(row), \(column)] = \(weights[row, column]) couples modules "
          + "\(home[row]) and \(home[column]), and neither is the hub")
    }
  }
}

extension Weights {
  /// The first entry that is not 0 and lies between two modules other than `hub`, by rows.
  fileprivate func firstEntry(between home: [Int], except hub: Int) -> (row: Int, column: Int)? {
    let sparse = sparse()
    for row in 0..<sparse.rows where home[row] != hub {
      for k in sparse.rowPointers[row]..<sparse.rowPointers[row + 1] {
        let column = Int(sparse.columnIndices[k])
        let module = home[column]
        if module != hub, module != home[row], sparse.values[k] != 0 { return (row, column) }
      }
    }
    return nil
  }
}

extension Model {
  /// The metric that came with the file must be one at all; that it is one of this network is not asked.
  ///
  /// - Throws: `.rejected` with the block that floating point finds not positive definite.
  package func checkProposedMetric() throws(ModelError) {
    guard let (index, least) = proposedMetric?.firstIndefiniteBlock() else { return }
    var key = "metric.blocks[\(index)]"
    if case .blocks(let names) = manifest?.metric { key += ": \(printable(names[index]))" }
    throw .rejected(
      .metric,
      "\(key) is not positive definite: its least eigenvalue is about \(short(least)), and must be above 0"
    )
  }
}
