/// A block of the metric of a proof, in floating point: for pictures and proposers, never for a decision.
public struct MetricPart: Sendable, Hashable {
  public enum Body: Sendable, Hashable {
    /// The diagonal of M.
    case diagonal([Double])
    /// M.
    case matrix(Matrix)
    /// M⁻¹, which is what the rule knows.
    case inverse(Matrix)
  }

  /// The units of the block.
  public let units: [Int32]
  /// The block of the whole metric is `scale` times the body.
  public let scale: Double
  public let body: Body
}

extension Certified {
  /// The metric, block by block; nil if the rule knows no more than bounds. Cost: O(its entries).
  public var metricParts: [MetricPart]? {
    metric.parts(units: (0..<Int32(specification.units)).map { $0 }, scale: 1)
  }
}

extension MetricBounds {
  fileprivate func parts(units: [Int32], scale: Double) -> [MetricPart]? {
    switch self {
    case .full: return nil
    case .diagonal(let lower, let upper):
      let middle = zip(lower, upper).map { $0 + ($1 - $0) / 2 }
      return [MetricPart(units: units, scale: scale, body: .diagonal(middle))]
    case .matrix(let m, _, _):
      return [MetricPart(units: units, scale: scale, body: .matrix(m.middle))]
    case .inverse(let m, _, _):
      return [MetricPart(units: units, scale: scale, body: .inverse(m.middle))]
    case .blocks(let blocks):
      var parts: [MetricPart] = []
      for block in blocks {
        let own = block.metric.parts(
          units: block.units.map { units[Int($0)] }, scale: scale * block.scale.centre.middle)
        guard let own else { return nil }
        parts += own
      }
      return parts
    }
  }
}
