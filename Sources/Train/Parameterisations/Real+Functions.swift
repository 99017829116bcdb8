internal import Foundation
package import Dynamics

extension Real {
  /// eˣ, computed in float64.
  static func exponential(_ x: Self) -> Self { Self(exp(Double(x))) }
}
