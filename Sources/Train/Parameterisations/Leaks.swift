internal import Foundation
internal import Dynamics

/// Leaks a_i = lowest + (1 − lowest)·sigmoid(α), learned for each unit or each module of a split step.
package struct Leaks: Sendable {
  /// The parameter of each unit.
  private let owner: [Int]
  /// Below the smallest leak anybody wants, so that sigmoids that saturate in float32 leave a positive one.
  static var lowest: Double { 0x1p-14 }

  /// - Parameter group: units that share a leak: 1, or the size of a module.
  package init(units: Int, group: Int, range: Range<Int>) {
    precondition(range.count * group == units)
    owner = (0..<units).map { range.lowerBound + $0 / group }
  }

  package func forward(_ θ: [Double]) -> [Double] {
    owner.map { p in
      let sigmoid = 1 / (1 + exp(-θ[p]))
      // Rounded to float32 it is at most 1, where W of norm below 1 still contracts.
      return Self.lowest + (1 - Self.lowest) * sigmoid
    }
  }

  package func backward(_ g: [Double], _ θ: [Double], into gradient: inout [Double]) {
    for (i, p) in owner.enumerated() {
      let sigmoid = 1 / (1 + exp(-θ[p]))
      gradient[p] += g[i] * (1 - Self.lowest) * sigmoid * (1 - sigmoid)
    }
  }

  /// The parameter that gives a leak.
  package static func parameter(for leak: Double) -> Double {
    let sigmoid = (leak - lowest) / (1 - lowest)
    return log(sigmoid / (1 - sigmoid))
  }
}
