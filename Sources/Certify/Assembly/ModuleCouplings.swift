import CertifyKernel

/// What runs between modules, in floating point and divided by the time constants; see `PairLoad`.
struct ModuleCouplings {
  /// One pair of coupled modules; matrices are local, `toFirst` of first × second, `toSecond` the other way.
  struct Pair {
    let first: Int
    let second: Int
    /// L and the middle of the slopes.
    var linearToFirst: Matrix
    var linearToSecond: Matrix
    /// What the slopes add; nil where nothing does.
    var slopesToFirst: Matrix?
    var slopesToSecond: Matrix?
    var slopesOfW = false
    var slopesOfK = false

    var hasSlopes: Bool { slopesOfW || slopesOfK }
  }

  private(set) var pairs: [Pair] = []

  /// Nil if a pair of modules is too large to write out.
  init?(_ network: Specification, modules: [[Int32]]) {
    var home = [Int](repeating: 0, count: network.units)
    var place = home
    for (index, units) in modules.enumerated() {
      for (k, unit) in units.enumerated() {
        home[Int(unit)] = index
        place[Int(unit)] = k
      }
    }
    var indices: [[Int]: Int] = [:]
    let l = network.slopes.lower.approximation
    let g = network.slopes.upper.approximation
    var parts = [(weights: network.recurrent, middle: (l + g) / 2, spread: (g - l) / 2, source: 0)]
    if let coupling = network.coupling { parts.append((coupling, 1, 0, 1)) }
    if let coupling = network.nonlinearCoupling {
      let (a, b) = (coupling.slopes.lower.approximation, coupling.slopes.upper.approximation)
      parts.append((coupling.weights, (a + b) / 2, (b - a) / 2, 2))
    }
    for part in parts {
      let sparse = part.weights.sparse()
      for i in 0..<sparse.rows {
        let pace = 1 / network.timeConstant(i).approximation
        var last = (-1, -1, -1)
        for k in sparse.rowPointers[i]..<sparse.rowPointers[i + 1] {
          let j = Int(sparse.columnIndices[k])
          let value = sparse.values[k]
          let (to, from) = (home[i], home[j])
          if to == from || value == 0 { continue }
          let (a, b) = (min(to, from), max(to, from))
          if last.0 != a || last.1 != b {
            if let known = indices[[a, b]] {
              last = (a, b, known)
            } else {
              let (m, n) = (modules[a].count, modules[b].count)
              guard m * n <= 1 << 22 else { return nil }
              last = (a, b, pairs.count)
              indices[[a, b]] = pairs.count
              pairs.append(
                Pair(
                  first: a, second: b, linearToFirst: Matrix(rows: m, columns: n),
                  linearToSecond: Matrix(rows: n, columns: m)))
            }
          }
          let index = last.2
          let (row, column) = (place[i], place[j])
          if to == a {
            pairs[index].linearToFirst[row, column] += pace * part.middle * value
          } else {
            pairs[index].linearToSecond[row, column] += pace * part.middle * value
          }
          guard part.spread != 0 else { continue }
          let (m, n) = (modules[a].count, modules[b].count)
          if pairs[index].slopesToFirst == nil {
            pairs[index].slopesToFirst = Matrix(rows: m, columns: n)
            pairs[index].slopesToSecond = Matrix(rows: n, columns: m)
          }
          if part.source == 0 {
            pairs[index].slopesOfW = true
          } else {
            pairs[index].slopesOfK = true
          }
          if to == a {
            pairs[index].slopesToFirst?[row, column] += pace * part.spread * value
          } else {
            pairs[index].slopesToSecond?[row, column] += pace * part.spread * value
          }
        }
      }
    }
  }
}

extension ModuleCouplings.Pair {
  /// The ratio θ_second / θ_first at which the linear part is most nearly skew, and how nearly it is: the
  /// cosine between M_a A_ab and −A_baᵀ M_b. Nil if it runs one way only.
  func skewRatio(_ a: FloatMetric, _ b: FloatMetric) -> (ratio: Double, cosine: Double)? {
    let x = a.times(linearToFirst).values
    let y = b.times(linearToSecond).transposed().values
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for k in x.indices {
      xx += x[k] * x[k]
      xy += x[k] * y[k]
      yy += y[k] * y[k]
    }
    guard xx > 0, yy > 0 else { return nil }
    return (-xy / yy, -xy / (xx * yy).squareRoot())
  }
}
