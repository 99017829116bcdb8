internal import Foundation
package import Dynamics

/// Blocks K_k0 and K_0k between a hub 0 and every leaf k, each of spectral norm below b_k, with Σ b_k² = β²: the
/// shares of the budget are learned (a softmax), so the arrow condition of a workspace keeps its left side.
/// Cost: a largest singular value of each block.
package final class SpokeBlocks: MatrixSource {
  package let pattern: Pattern
  package let bound: Double
  private let size: Int
  private let leaves: Int
  private let blocks: Range<Int>
  private let shares: Range<Int>
  /// The leaf of each block.
  private let leafOf: [Int]
  private var tops: [TopSingular]
  private var budgets: [Double] = []

  /// - Parameters:
  ///   - blocks: of R, in the order of the pattern, two a leaf.
  ///   - shares: one a leaf.
  package init(
    units: Int, size: Int, budget: Double, blocks: Range<Int>, shares: Range<Int>
  ) {
    leaves = units / size - 1
    precondition(blocks.count == 2 * leaves * size * size && shares.count == leaves)
    let places = (1...max(1, leaves)).flatMap { k in
      [(row: Int32(k), column: Int32(0)), (row: Int32(0), column: Int32(k))]
    }
    let made = Pattern.blocks(units: units, size: size, leaves == 0 ? [] : places)
    guard case .blocks(_, let rows, let columns) = made.storage else {
      preconditionFailure("blocks were asked for")
    }
    pattern = made
    leafOf = rows.indices.map { Int(max(rows[$0], columns[$0])) - 1 }
    self.size = size
    self.blocks = blocks
    self.shares = shares
    bound = budget
    tops = rows.indices.map { _ in TopSingular(size: size) }
  }

  package func forward(_ θ: [Double]) -> [Double] {
    let raw = Array(θ[shares])
    let largest = raw.max() ?? 0
    let weights = raw.map { exp($0 - largest) }
    let sum = weights.reduce(0, +)
    budgets = weights.map { bound * ($0 / sum).squareRoot() }
    let area = size * size
    var values = [Double](repeating: 0, count: blocks.count)
    for k in tops.indices {
      let start = blocks.lowerBound + k * area
      tops[k].update(θ[start..<(start + area)])
      let t = scale(k)
      for e in 0..<area { values[k * area + e] = t * θ[start + e] }
    }
    return values
  }

  package func forget() { for k in tops.indices { tops[k].forget() } }

  private func scale(_ k: Int) -> Double {
    let b = budgets[leafOf[k]]
    return b / max(b, (1 + normMargin) * tops[k].norm)
  }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    let area = size * size
    var byBudget = [Double](repeating: 0, count: leaves)
    for k in tops.indices {
      let (start, t, top) = (blocks.lowerBound + k * area, scale(k), tops[k])
      var along = 0.0
      for e in 0..<area { along += g[k * area + e] * θ[start + e] }
      guard t < 1 else {
        for e in 0..<area { gradient[start + e] += g[k * area + e] }
        continue
      }
      byBudget[leafOf[k]] += along * t / budgets[leafOf[k]]
      along /= top.norm
      for i in 0..<size {
        for j in 0..<size {
          let e = i * size + j
          gradient[start + e] += t * (g[k * area + e] - along * top.left[i] * top.right[j])
        }
      }
    }
    // b_k = β√q_k with q the softmax: d log b_k = ½(δ_kl − q_l) dc_l.
    let weighed = zip(byBudget, budgets).map { $0 * $1 }
    let total = weighed.reduce(0, +)
    for (l, p) in shares.enumerated() {
      let q = budgets[l] * budgets[l] / (bound * bound)
      gradient[p] += 0.5 * (weighed[l] - q * total)
    }
  }
}
