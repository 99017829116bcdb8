internal import Foundation
package import Dynamics

/// AdaDiag: a diagonal W, kept below ω by tanh or by clipping (De Caro, Ceni, Bacciu and Gallicchio). The papers'
/// "at most 1" is a rate of 0, so ω is below 1.
package final class DiagonalMatrix: MatrixSource {
  package enum Limit: String, Sendable, Hashable, CaseIterable { case tanh, clip }

  package let pattern: Pattern
  package let bound: Double
  private let limit: Limit
  private let range: Range<Int>

  package init(units: Int, bound: Double, limit: Limit, range: Range<Int>) {
    precondition(range.count == units && bound > 0 && bound < 1)
    pattern = .sparse(columns: units, (0..<Int32(units)).map { [$0] })
    self.bound = bound
    self.limit = limit
    self.range = range
  }

  package func forward(_ θ: [Double]) -> [Double] {
    θ[range].map { raw in
      switch limit {
      case .tanh: bound * Foundation.tanh(raw)
      case .clip: max(-bound, min(bound, raw))
      }
    }
  }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    for (k, p) in range.enumerated() {
      switch limit {
      case .tanh:
        let t = Foundation.tanh(θ[p])
        gradient[p] += bound * g[k] * (1 - t * t)
      case .clip:
        // Beyond the bound only what leads back counts, so that no weight is stuck there.
        let isInside = abs(θ[p]) < bound
        if isInside || (g[k] > 0) == (θ[p] > 0) { gradient[p] += g[k] }
      }
    }
  }
}
