/// The metric of one module as a matrix K that is M on some units and M⁻¹ on the others, block by block.
///
/// Some rules know M, some only its inverse; neither is ever inverted. With A = K, B = I where M is known and
/// A = I, B = K where its inverse is, M = B⁻¹A, and the congruence by B turns sym(ML) into products.
struct ModuleMetric {
  /// The scaled block-diagonal matrix, symmetric.
  let matrix: EnclosedMatrix
  /// Whether a unit's block is the inverse.
  let isInverse: [Bool]
  /// diag(floor) ⪯ K.
  let floor: [Double]

  var units: Int { floor.count }

  /// Nil if no more than bounds are known of some block.
  init?(_ metric: MetricBounds, units n: Int) {
    var known: [(units: [Int32], scale: Interval, metric: MetricBounds)] = []
    if case .blocks(let blocks) = metric {
      known = blocks.map { ($0.units, $0.scale, $0.metric) }
    } else {
      known = [((0..<Int32(n)).map { $0 }, Interval(1), metric)]
    }
    var middle = Matrix(rows: n, columns: n)
    var radius = Matrix(rows: n, columns: n)
    var isInverse = [Bool](repeating: false, count: n)
    var floor = [Double](repeating: .nan, count: n)
    for (units, scale, metric) in known {
      func place(_ entry: (Int, Int) -> Interval) {
        for (a, i) in units.enumerated() {
          for (b, j) in units.enumerated() {
            let (m, r) = entry(a, b).centre
            middle[Int(i), Int(j)] = m
            radius[Int(i), Int(j)] = r
          }
        }
      }
      switch metric {
      case .full, .blocks: return nil
      case .diagonal(let lower, let upper):
        for (a, i) in units.enumerated() {
          let entry = scale * Interval(lower[a], upper[a])
          let (m, r) = entry.centre
          middle[Int(i), Int(i)] = m
          radius[Int(i), Int(i)] = r
          floor[Int(i)] = entry.lower
        }
      case .matrix(let m, let lower, _):
        place { scale * m[$0, $1] }
        for i in units { floor[Int(i)] = scale.lower.multiplyingDown(lower) }
      case .inverse(let inverse, _, let upper):
        place { inverse[$0, $1] / scale }
        for i in units {
          isInverse[Int(i)] = true
          floor[Int(i)] = (1.0).dividingDown(scale.upper.multiplyingUp(upper))
        }
      }
    }
    self.matrix = EnclosedMatrix(middle, radius: radius)
    self.isInverse = isInverse
    self.floor = floor
  }

  /// A X and B X for X with `units` rows. Cost: one product.
  func multiplied(_ x: EnclosedMatrix) -> (byA: EnclosedMatrix, byB: EnclosedMatrix) {
    let product = matrix.multiplied(by: x)
    let (m, n) = (x.rows, x.columns)
    return (
      EnclosedMatrix(rows: m, columns: n) { isInverse[$0] ? x[$0, $1] : product[$0, $1] },
      EnclosedMatrix(rows: m, columns: n) { isInverse[$0] ? product[$0, $1] : x[$0, $1] }
    )
  }
}
