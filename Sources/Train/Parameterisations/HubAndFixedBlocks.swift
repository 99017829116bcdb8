package import Dynamics

/// Diagonal blocks of a workspace over modules that are there already: block 0, the hub, is learned under a spectral
/// norm, the others stay as they are.
package final class HubAndFixedBlocks: MatrixSource {
  package let pattern: Pattern
  package let bound: Double
  private let hub: SpectralBlocks
  private let fixed: [Double]

  /// - Parameter fixed: the blocks after the hub, row by row.
  package init(units: Int, size: Int, bound: Double, range: Range<Int>, fixed: [Double]) {
    pattern = .blocks(
      units: units, size: size, (0..<Int32(units / size)).map { (row: $0, column: $0) })
    precondition(fixed.count == pattern.entries - size * size)
    hub = SpectralBlocks(units: size, size: size, bound: bound, range: range)
    self.bound = bound
    self.fixed = fixed
  }

  package func forget() { hub.forget() }
  package func forward(_ θ: [Double]) -> [Double] { hub.forward(θ) + fixed }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    hub.backward(Array(g[..<(g.count - fixed.count)]), θ, into: &gradient)
  }
}
