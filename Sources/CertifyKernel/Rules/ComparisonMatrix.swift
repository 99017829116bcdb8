/// Entry-by-entry bounds on WD + L + KD′ (or DW + L) over all slopes: what the comparison rules need.
///
///     off the diagonal  N_ij ≥ sup |L_ij + d W_ij + d′ K_ij|
///     on it             diagonal(i) ∋ L_ii + d W_ii + d′ K_ii   for all d in [l, g], d′ in [l′, g′]
///
/// For a network without couplings and with slopes from 0, N = g |W| and nothing is copied: `entries` is W
/// itself, signs and diagonal included, and `gain` is g.
struct ComparisonMatrix {
  /// |entries| · gain bounds the off-diagonal part; diagonal entries in it are to be skipped.
  let entries: Weights
  let gain: Double
  private var diagonal: Diagonal

  /// W_ii, to be multiplied by [0, g] when asked for, or the sums of several parts.
  private enum Diagonal {
    case plain([Double])
    case summed([Interval])
  }

  /// An interval that holds L_ii + d W_ii + d′ K_ii for all slopes.
  func diagonal(_ i: Int) -> Interval {
    switch diagonal {
    case .summed(let entries): return entries[i]
    case .plain(let entries):
      let own = entries[i]
      return own >= 0
        ? Interval(0, own.multiplyingUp(gain)) : Interval(own.multiplyingDown(gain), 0)
    }
  }

  /// Whether N = g |W| with nonnegative diagonal bounds: slopes from 0 and no couplings.
  var isPlain: Bool { if case .plain = diagonal { true } else { false } }

  let units: Int

  /// - Parameter readsDiagonal: false where `readDiagonal` comes later, so that products find the room.
  init(_ network: Specification, readsDiagonal: Bool = true) {
    let slopes = network.slopes.enclosure
    if network.coupling == nil, network.nonlinearCoupling == nil, network.slopes.startsAtZero {
      gain = network.slopes.upper.enclosure.upper
      entries =
        if case .blocks(let blocks) = network.recurrent { .sparse(blocks.sparse()) } else {
          network.recurrent
        }
      diagonal = .plain(readsDiagonal ? entries.diagonal : [])
      units = network.units
      return
    }
    var parts = [(network.recurrent.sparse(), slopes)]
    if let coupling = network.coupling { parts.append((coupling.sparse(), Interval(1))) }
    if let coupling = network.nonlinearCoupling {
      parts.append((coupling.weights.sparse(), coupling.slopes.enclosure))
    }
    let (merged, diagonal) = ComparisonMatrix.merge(parts)
    self.gain = 1
    self.entries = .sparse(merged)
    self.diagonal = .summed(diagonal)
    units = network.units
  }

  /// Before `diagonal` is asked, where the initialiser left it out.
  mutating func readDiagonal() {
    if case .plain = diagonal { diagonal = .plain(entries.diagonal) }
  }

  /// Sums the parts, each times its interval of slopes. Cost: O(entries · parts).
  private static func merge(
    _ parts: [(matrix: SparseMatrix, slopes: Interval)]
  ) -> (SparseMatrix, [Interval]) {
    let n = parts[0].matrix.rows
    var pointers = [0]
    var indices: [Int32] = []
    var values: [Double] = []
    var diagonal = [Interval](repeating: Interval(0), count: n)
    for i in 0..<n {
      var row: [Int32: Interval] = [:]
      for (matrix, slopes) in parts {
        for k in matrix.rowPointers[i]..<matrix.rowPointers[i + 1] {
          let term = Interval(matrix.values[k]) * slopes
          let j = matrix.columnIndices[k]
          row[j] = row[j].map { $0 + term } ?? term
        }
      }
      if let own = row.removeValue(forKey: Int32(i)) { diagonal[i] = own }
      for (j, entry) in row.sorted(by: { $0.key < $1.key }) {
        indices.append(j)
        values.append(entry.magnitude)
      }
      pointers.append(values.count)
    }
    let matrix = SparseMatrix(
      trustedRows: n, columns: n, rowPointers: pointers, columnIndices: indices, values: values)
    return (matrix, diagonal)
  }

  /// Upper bounds on (N v)_i and (Nᵀ w)_i for the off-diagonal N and nonnegative v, w, one pass.
  ///
  /// Dense rows: a sum of k products of nonnegative doubles in any order is at most
  /// fl · (1 + 2.2(k + 2)u) + (k + 1)η (theory §8). Sparse rows: every partial sum is inflated by 1 + 4u, more
  /// than its three roundings can take away, so that no count of a column's entries is needed; n + 1
  /// products that underflow cost (n + 1)η. Cost: a few operations an entry.
  func offDiagonalProducts(_ v: [Double], _ w: [Double]) -> (rows: [Double], columns: [Double]) {
    precondition(
      v.count == units && w.count == units, "\(v.count) and \(w.count) for \(units) units")
    switch entries {
    case .dense(let m): return denseProducts(m, v, w)
    case .sparse(let m): return sparseProducts(m, v, w)
    case .blocks: preconditionFailure("blocks were unfolded on entry")
    }
  }

  private func denseProducts(
    _ m: Matrix, _ v: [Double], _ w: [Double]
  ) -> (rows: [Double], columns: [Double]) {
    let n = units
    var right = [Double](repeating: 0, count: n)
    var left = right
    right.withUnsafeMutableBufferPointer { right in
      left.withUnsafeMutableBufferPointer { left in
        v.withUnsafeBufferPointer { v in
          w.withUnsafeBufferPointer { w in
            m.values.withUnsafeBufferPointer { denseSums($0, v, w, right, left) }
          }
        }
      }
    }
    let inflation = (1 + 1.1 * Double(n + 2) * Double.ulpOfOne).nextUp
    for i in 0..<n {
      // A sum is exactly 0 only if no product entered it; products that underflowed do not count as none.
      if right[i] != 0 || !isRowEmpty(m, i) { right[i] = raised(right[i].multiplyingUp(inflation)) }
      if left[i] != 0 || !isColumnEmpty(m, i) { left[i] = raised(left[i].multiplyingUp(inflation)) }
    }
    return (right, left)
  }

  private func sparseProducts(
    _ m: SparseMatrix, _ v: [Double], _ w: [Double]
  ) -> (rows: [Double], columns: [Double]) {
    var rows = [Double]()
    let columns = [Double](unsafeUninitializedCapacity: units) { columns, columnCount in
      rows = [Double](unsafeUninitializedCapacity: units) { rows, rowCount in
        v.withUnsafeBufferPointer { v in
          w.withUnsafeBufferPointer { w in sparseSums(m, v, w, rows, columns) }
        }
        // In sparse storage every product leaves a sum above 0.
        for i in 0..<units where rows[i] != 0 { rows[i] = raised(rows[i]) }
        rowCount = units
      }
      for j in 0..<units where columns[j] != 0 { columns[j] = raised(columns[j]) }
      columnCount = units
    }
    return (rows, columns)
  }

  /// A sum of products that is already above its roundings, with what may have underflowed, times the gain.
  private func raised(_ sum: Double) -> Double {
    // For larger sums (n + 1)η is far below what the inflation adds beyond the roundings.
    let full =
      sum >= 0x1p-900 ? sum : sum.addingUp(Double(units + 1) * Double.leastNonzeroMagnitude)
    return gain == 1 ? full : full.multiplyingUp(gain)
  }

  /// Whether row i holds no product.
  private func isRowEmpty(_ m: Matrix, _ i: Int) -> Bool {
    (0..<units).allSatisfy { $0 == i || m[i, $0] == 0 }
  }

  private func isColumnEmpty(_ m: Matrix, _ j: Int) -> Bool {
    (0..<units).allSatisfy { $0 == j || m[$0, j] == 0 }
  }
}

private func denseSums(
  _ values: UnsafeBufferPointer<Double>, _ v: UnsafeBufferPointer<Double>,
  _ w: UnsafeBufferPointer<Double>, _ right: UnsafeMutableBufferPointer<Double>,
  _ left: UnsafeMutableBufferPointer<Double>
) {
  let n = v.count
  for i in 0..<n {
    let row = UnsafeBufferPointer(rebasing: values[(i * n)..<((i + 1) * n)])
    let wi = w[i]
    // Eight partial sums, so that additions overlap; any order is covered by the bound.
    var sums = SIMD8<Double>.zero
    var j = 0
    func add(_ from: Int, _ to: Int) {
      var sum = 0.0
      for j in from..<to {
        let a = row[j].magnitude
        sum += a * v[j]
        left[j] += a * wi
      }
      sums[0] += sum
    }
    func addWide(_ from: Int, _ to: Int) -> Int {
      var j = from
      while j + 8 <= to {
        var a = SIMD8<Double>.zero
        var x = SIMD8<Double>.zero
        var l = SIMD8<Double>.zero
        for t in 0..<8 {
          a[t] = row[j + t].magnitude
          x[t] = v[j + t]
          l[t] = left[j + t]
        }
        sums += a * x
        l += a * wi
        for t in 0..<8 { left[j + t] = l[t] }
        j += 8
      }
      return j
    }
    j = addWide(0, i)
    add(j, i)
    j = addWide(i + 1, n)
    add(j, n)
    right[i] = sums.sum()
  }
}

/// Raised by 1 + 4u, more than three roundings lose.
private let perTerm = 1 + 2 * Double.ulpOfOne

private func sparseSums(
  _ m: SparseMatrix, _ v: UnsafeBufferPointer<Double>, _ w: UnsafeBufferPointer<Double>,
  _ right: UnsafeMutableBufferPointer<Double>, _ left: UnsafeMutableBufferPointer<Double>
) {
  let n = v.count
  let η = Double.leastNonzeroMagnitude
  // v_j and the running sum of column j lie side by side: one line of cache an entry.
  withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n) { pairs in
    for j in 0..<n {
      pairs.initializeElement(at: 2 * j, to: v[j])
      pairs.initializeElement(at: 2 * j + 1, to: 0)
    }
    m.rowPointers.withUnsafeBufferPointer { pointers in
      m.columnIndices.withUnsafeBufferPointer { indices in
        m.values.withUnsafeBufferPointer { values in
          // A short stretch of entries is looked up before it is summed, so that many lines are under way
          // at once; the time goes into waiting for them.
          withUnsafeTemporaryAllocation(of: Double.self, capacity: 256) { fetched in
            var i = 0
            var sum = 0.0
            var start = 0
            while start < values.count {
              let end = min(start + 256, values.count)
              for k in start..<end {
                fetched.initializeElement(at: k - start, to: pairs[2 * Int(indices[k])])
              }
              for k in start..<end {
                while k == pointers[i + 1] {
                  right.initializeElement(at: i, to: sum)
                  sum = 0
                  i += 1
                }
                let j = Int(indices[k])
                let a = values[k].magnitude
                if j == i || a == 0 { continue }
                sum = (sum + (a * fetched[k - start] + η)) * perTerm
                pairs[2 * j + 1] = (pairs[2 * j + 1] + (a * w[i] + η)) * perTerm
              }
              start = end
            }
            while i < n {
              right.initializeElement(at: i, to: sum)
              sum = 0
              i += 1
            }
          }
        }
      }
    }
    for j in 0..<n { left.initializeElement(at: j, to: pairs[2 * j + 1]) }
  }
}

extension SlopeInterval {
  var enclosure: Interval { Interval(lower.enclosure.lower, upper.enclosure.upper) }
}

extension Weights {
  /// The diagonal, length n.
  var diagonal: [Double] {
    switch self {
    case .dense(let m): (0..<m.rows).map { m[$0, $0] }
    case .sparse(let m): m.diagonal
    case .blocks(let m): m.sparse().diagonal
    }
  }
}

extension SparseMatrix {
  /// The diagonal of a square matrix, one pass over the entries.
  fileprivate var diagonal: [Double] {
    var result = [Double](repeating: 0, count: rows)
    columnIndices.withUnsafeBufferPointer { indices in
      rowPointers.withUnsafeBufferPointer { pointers in
        for i in 0..<rows {
          for k in pointers[i]..<pointers[i + 1] where Int(indices[k]) == i {
            result[i] = values[k]
          }
        }
      }
    }
    return result
  }
}
